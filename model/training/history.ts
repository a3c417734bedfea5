/**
 * The epochs of a training, in columns of doubles. An epoch is added in constant time on average, and a file takes the
 * columns as they are, so the time of an epoch does not depend on how many there were before.
 *
 * @module
 */

import { readCell, writeCell } from "../files/history_columns.ts";
import type { EpochMetrics, EpochRecord } from "./report.ts";
import type { MetricValues } from "./set_metrics.ts";

/** The fields of an epoch, in the order in which they are written. */
export const epochFields = [
  "epoch",
  "trainLoss",
  "trainError",
  "validationError",
  "validationLoss",
  "seconds",
  "samplesPerSecond",
] as const satisfies readonly (keyof EpochRecord)[];

/** Fields that only some trainings have. */
const usedFields = ["learningRateScale"] as const satisfies readonly (keyof EpochRecord)[];

/** Whether only some trainings have a field, such as one of a metric. */
export function isUsedField(field: string): boolean {
  return metricSetOf(field) !== undefined || usedFields.some((one) => one === field);
}

/** The name of a field of an epoch. */
export type EpochField = typeof epochFields[number];

/** A column for each field; an epoch has two words in each. Metrics have more, such as `metrics/training/f1`. */
export type EpochColumns = Readonly<Record<string, Uint32Array<ArrayBuffer>>>;

/** A number of an epoch, or null. */
type Cell = number | null | undefined;

const METRICS = "metrics";

/** The sets whose metrics epochs have. */
const metricSets = ["training", "validation"] as const;

/** The set of the metric in a column; undefined for other fields. */
export function metricSetOf(field: string): typeof metricSets[number] | undefined {
  const [group, set, ...name] = field.split("/");
  return group === METRICS && name.length > 0 ? metricSets.find((one) => one === set) : undefined;
}

/** An epoch as numbers by field. */
export function flatEpoch({ metrics, ...others }: EpochRecord): Readonly<Record<string, Cell>> {
  if (!metrics) return others;
  const entries = metricSets.flatMap((set) =>
    Object.keys(metrics.training).map((name) => [`${METRICS}/${set}/${name}`, metrics[set]?.[name] ?? null] as const)
  );
  return { ...others, ...Object.fromEntries(entries) };
}

/** The values of the metrics of a set, from the fields of an epoch; null if there are none. */
function metricsIn(fields: ReadonlyMap<string, Cell>, set: typeof metricSets[number]): MetricValues | null {
  const prefix = `${METRICS}/${set}/`;
  const found: [string, number][] = [];
  for (const [field, value] of fields) {
    if (field.startsWith(prefix) && typeof value === "number") found.push([field.slice(prefix.length), value]);
  }
  return found.length > 0 ? Object.fromEntries(found) : null;
}

const FIRST_CAPACITY = 16;

/** Columns that grow. Several histories share them if each is the beginning of the next one. */
interface Store {
  columns: EpochColumns;
  /** The number of epochs, of which a history may have only the first ones. */
  length: number;
}

/** The epochs of a training. Immutable. */
export class History {
  readonly #store: Store;

  private constructor(store: Store, readonly length: number) {
    this.#store = store;
  }

  /** The history of these epochs. */
  static of(records: readonly EpochRecord[]): History {
    const store = { columns: emptyColumns(epochFields, FIRST_CAPACITY), length: 0 };
    records.forEach((record) => push(store, record));
    return new History(store, store.length);
  }

  /** The history in columns, which are not copied and must not change. */
  static ofColumns(columns: EpochColumns): History {
    const length = columns.epoch.length / 2;
    return new History({ columns, length }, length);
  }

  /** The history with one more epoch. */
  with(record: EpochRecord): History {
    const { length } = this;
    const isWhole = length === this.#store.length;
    const store = isWhole ? this.#store : { columns: resized(this.#store.columns, length, length), length };
    push(store, record);
    return new History(store, store.length);
  }

  /** The columns, which share the memory of the history. */
  columns(): EpochColumns {
    const { columns } = this.#store;
    return mapColumns(Object.keys(columns), (field) => columns[field].subarray(0, 2 * this.length));
  }

  /** The epochs as records. */
  records(): EpochRecord[] {
    const { epoch, trainLoss, trainError, validationError, validationLoss, seconds, samplesPerSecond, ...used } =
      this.#store.columns;
    const scales = Object.hasOwn(used, "learningRateScale") ? used.learningRateScale : undefined;
    const fields = Object.keys(this.#store.columns).filter((field) => metricSetOf(field) !== undefined);
    return Array.from({ length: this.length }, (_, i) => ({
      epoch: numberIn(epoch, i),
      trainLoss: numberIn(trainLoss, i),
      trainError: numberIn(trainError, i),
      validationError: readCell(validationError, i) ?? null,
      validationLoss: readCell(validationLoss, i) ?? null,
      seconds: numberIn(seconds, i),
      samplesPerSecond: numberIn(samplesPerSecond, i),
      ...(scales && { learningRateScale: numberIn(scales, i) }),
      ...(fields.length > 0 && { metrics: this.#metricsOf(fields, i) }),
    }));
  }

  #metricsOf(fields: readonly string[], i: number): EpochMetrics {
    const cells = new Map(fields.map((field) => [field, readCell(this.#store.columns[field], i)]));
    return { training: metricsIn(cells, "training") ?? {}, validation: metricsIn(cells, "validation") };
  }
}

function numberIn(column: Uint32Array, i: number): number {
  return readCell(column, i) ?? NaN;
}

function fieldsOf(record: EpochRecord): string[] {
  return [...epochFields, ...Object.keys(flatEpoch(record)).filter(isUsedField)];
}

function push(store: Store, record: EpochRecord): void {
  // The metrics of a training are known when its first epoch is.
  if (store.length === 0) store.columns = emptyColumns(fieldsOf(record), FIRST_CAPACITY);
  const { length, columns } = store;
  if (2 * length === columns.epoch.length) {
    store.columns = resized(columns, length, Math.max(FIRST_CAPACITY, 2 * length));
  }
  const values = flatEpoch(record);
  for (const field in store.columns) writeCell(store.columns[field], length, values[field]);
  store.length++;
}

/** A copy of the first `length` epochs, with memory for `capacity` epochs. */
function resized(columns: EpochColumns, length: number, capacity: number): EpochColumns {
  const larger = emptyColumns(Object.keys(columns), capacity);
  for (const field in larger) larger[field].set(columns[field].subarray(0, 2 * length));
  return larger;
}

function emptyColumns(fields: readonly string[], capacity: number): EpochColumns {
  return mapColumns(fields, () => new Uint32Array(2 * capacity));
}

function mapColumns(fields: readonly string[], column: (field: string) => Uint32Array<ArrayBuffer>): EpochColumns {
  return Object.fromEntries(fields.map((field) => [field, column(field)]));
}

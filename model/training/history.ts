/**
 * The epochs of a training, in columns of doubles. An epoch is added in constant time on average, and a file takes the
 * columns as they are, so the time of an epoch does not depend on how many there were before.
 *
 * @module
 */

import { readCell, writeCell } from "../files/history_columns.ts";
import type { EpochRecord } from "./report.ts";

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

/** The name of a field of an epoch. */
export type EpochField = typeof epochFields[number];

/** A column for each field; an epoch has two words in each. */
export type EpochColumns = Readonly<Record<EpochField, Uint32Array<ArrayBuffer>>>;

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
    const store = { columns: emptyColumns(Math.max(FIRST_CAPACITY, records.length)), length: 0 };
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
    return mapColumns((field) => this.#store.columns[field].subarray(0, 2 * this.length));
  }

  /** The epochs as records. */
  records(): EpochRecord[] {
    const { epoch, trainLoss, trainError, validationError, validationLoss, seconds, samplesPerSecond } =
      this.#store.columns;
    return Array.from({ length: this.length }, (_, i) => ({
      epoch: numberIn(epoch, i),
      trainLoss: numberIn(trainLoss, i),
      trainError: numberIn(trainError, i),
      validationError: readCell(validationError, i) ?? null,
      validationLoss: readCell(validationLoss, i) ?? null,
      seconds: numberIn(seconds, i),
      samplesPerSecond: numberIn(samplesPerSecond, i),
    }));
  }
}

function numberIn(column: Uint32Array, i: number): number {
  return readCell(column, i) ?? NaN;
}

function push(store: Store, record: EpochRecord): void {
  const { length, columns } = store;
  if (2 * length === columns.epoch.length) {
    store.columns = resized(columns, length, Math.max(FIRST_CAPACITY, 2 * length));
  }
  for (const field of epochFields) writeCell(store.columns[field], length, record[field]);
  store.length++;
}

/** A copy of the first `length` epochs, with memory for `capacity` epochs. */
function resized(columns: EpochColumns, length: number, capacity: number): EpochColumns {
  const larger = emptyColumns(capacity);
  for (const field of epochFields) larger[field].set(columns[field].subarray(0, 2 * length));
  return larger;
}

function emptyColumns(capacity: number): EpochColumns {
  return mapColumns(() => new Uint32Array(2 * capacity));
}

function mapColumns(column: (field: EpochField) => Uint32Array<ArrayBuffer>): EpochColumns {
  return Object.fromEntries(epochFields.map((field) => [field, column(field)])) as EpochColumns;
}

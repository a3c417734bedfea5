/**
 * The events of a run, as far as they can be read.
 *
 * @module
 */

import type { FileFormatError } from "../../model/files/errors.ts";
import { isRecord } from "../../model/files/json.ts";
import type { MetricValues } from "../../model/training/set_metrics.ts";
import type { EpochMetrics, EpochRecord } from "../../model/training/report.ts";
import { type Line, linesIn } from "./lines.ts";

/** The events of a run. */
export interface RunEvents {
  /** The first event of the run, and the first one since it was last resumed. */
  readonly first?: Line | undefined;
  readonly start?: Line | undefined;
  /** The last event. */
  readonly last?: Line | undefined;
  /** The last event that ended a training. */
  readonly end?: Line | undefined;
  readonly history: readonly EpochRecord[];
  /** The first line that cannot be read. */
  readonly damage?: FileFormatError | undefined;
}

/**
 * Reads the events of a run.
 *
 * @throws {FileError} if the file cannot be read.
 * @throws {NewerFormatError} if a later version wrote it.
 */
export function readEvents(file: string): RunEvents {
  let [first, start, last, end]: (Line | undefined)[] = [];
  let damage: FileFormatError | undefined;
  const history: EpochRecord[] = [];
  for (const line of linesIn(file, (error) => damage ??= error)) {
    if (typeof line.event === "string") last = line;
    if (line.event === "end") end = line;
    if (line.event === "start") [first, start] = [first ?? line, line];
    if (line.event !== "epoch" || typeof line.epoch !== "number") continue;
    // Epochs that a resumed run has done again, or will do again, are replaced.
    while ((history.at(-1)?.epoch ?? -Infinity) >= line.epoch) history.pop();
    history.push(epochOf(line, line.epoch));
  }
  return { first, start, last, end, history, damage };
}

/** The first event of a run; undefined if there is none. Later events are not read. */
export function readStart(file: string): Line | undefined {
  return linesIn(file, () => {}).find(({ event }) => event === "start");
}

/** The record of an epoch from JSON, which has null for numbers that are not finite. */
export function epochOf(line: Line, epoch: number): EpochRecord {
  const number = (value: unknown): number => typeof value === "number" ? value : NaN;
  const orNull = (value: unknown): number | null => typeof value === "number" ? value : null;
  const { metrics: _metrics, ...others } = line;
  return {
    ...others,
    epoch,
    trainLoss: number(line.trainLoss),
    trainError: number(line.trainError),
    validationError: orNull(line.validationError),
    validationLoss: orNull(line.validationLoss),
    seconds: number(line.seconds),
    samplesPerSecond: number(line.samplesPerSecond),
    ...(isRecord(line.metrics) && { metrics: metricsOf(line.metrics) }),
  };
}

/** Metrics from JSON, which has null for NaN. */
function metricsOf({ training, validation }: Line): EpochMetrics {
  const values = (of: unknown): MetricValues =>
    Object.fromEntries(
      Object.entries(isRecord(of) ? of : {}).map(([name, value]) => [name, typeof value === "number" ? value : NaN]),
    );
  return { training: values(training), validation: isRecord(validation) ? values(validation) : null };
}

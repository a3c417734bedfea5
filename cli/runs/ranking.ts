/**
 * The order of runs by their results.
 *
 * @module
 */

import type { SavedRun } from "./read.ts";

/** The parts of a run that determine its rank. */
export type RankedRun = Pick<SavedRun, "monitor" | "errorUnit" | "validationError" | "validationLoss">;

/** The monitored result of a run: its validation error, or its validation loss; null before the first validation. */
export function scoreOf(run: RankedRun): number | null {
  const score = run[run.monitor];
  return score === null || Number.isNaN(score) ? null : score;
}

/** The kinds of results, which cannot be compared with each other: rates, other errors, and losses. */
const kinds = ["validationError %", "validationError ", "validationLoss "];

function kindOf({ monitor, errorUnit }: RankedRun): number {
  return kinds.indexOf(`${monitor} ${monitor === "validationLoss" ? "" : errorUnit}`);
}

/** Whether results of several kinds are among those of runs. */
export function areMixed(runs: readonly RankedRun[]): boolean {
  return new Set(runs.filter((run) => scoreOf(run) !== null).map(kindOf)).size > 1;
}

/** Runs sorted by kinds of results, the best one of each kind first, and those without a result last. */
export function ranked<R extends RankedRun>(runs: readonly R[]): R[] {
  const keys = runs.map((run) => ({
    run,
    kind: scoreOf(run) === null ? kinds.length : kindOf(run),
    score: scoreOf(run),
  }));
  const sorted = keys.toSorted((a, b) => a.kind - b.kind || (a.score ?? 0) - (b.score ?? 0) || 0);
  return sorted.map(({ run }) => run);
}

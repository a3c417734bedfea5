/**
 * The option `progress` of a training: how its progress is shown.
 *
 * @module
 */

import type { TrainingEvent } from "../training/events.ts";
import { isTestRun } from "./runs_tests.ts";
import { attempt, standardError } from "./standard_error.ts";
import type { ProgressOutput, ProgressWatcher } from "./watch_training.ts";

/** Whether progress is shown, or a function that shows it. */
export type ProgressOption = boolean | ((event: TrainingEvent) => void) | undefined;

/** Shows the progress of a training. */
export interface ProgressDisplay extends ProgressWatcher {
  /** Whether it needs the loss during an epoch. */
  readonly isLive: boolean;
}

/** Where and how progress can be shown. */
export interface Surroundings {
  /** The standard error; undefined in browsers. */
  readonly output: ProgressOutput | undefined;
  /** Whether lines of a log are printed as well, which say the same. */
  readonly hasLog: boolean;
  /** Whether a test runner runs this program. */
  readonly isTest: boolean;
}

const nothing: ProgressDisplay = { tell: () => {}, clear: () => {}, isLive: false };

/** The progress that an option asks for. */
export function progressOf(option: ProgressOption, hasLog: boolean): Promise<ProgressDisplay> {
  return chooseProgress(option, { output: standardError(), hasLog, isTest: isTestRun() });
}

/**
 * By default there is a bar on a terminal, and elsewhere one line per epoch. In browsers, under test runners, and if
 * there is a log, nothing is printed by default where there is no terminal. What prints is loaded only if something is
 * printed.
 */
export async function chooseProgress(
  option: ProgressOption,
  { output, hasLog, isTest }: Surroundings,
): Promise<ProgressDisplay> {
  if (option === false) return nothing;
  if (typeof option === "function") return { tell: option, clear: () => {}, isLive: true };
  const isLive = output?.columns() !== undefined;
  if (option === undefined && !isLive && (!output || isTest || hasLog)) return nothing;
  const lines = { epochs: hasLog ? "none" : option ? "all" : "few", frame: !hasLog } as const;
  const { watchTraining } = await import("./watch_training.ts");
  return { ...watchTraining(isLive ? output : linesOn(output), lines), isLive };
}

/**
 * Lines on the console, which notebooks and browsers show. Where there is a process, it writes to standard error. Lines
 * that cannot be written are left out.
 */
function linesOn(output: ProgressOutput | undefined): ProgressOutput {
  const print = output ? console.error : console.info;
  return { note: (text) => attempt(() => print(text.trimEnd())), columns: () => undefined };
}

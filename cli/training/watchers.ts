/**
 * The watchers of a training from the command line.
 *
 * @module
 */

import type { ModelTrainOptions } from "../../model/training/train_options.ts";
import type { TrainingEvent } from "../../model/training/events.ts";
import type { Context } from "../command.ts";
import { watchJson } from "../json_lines.ts";
import type { LoadedData } from "../load_data.ts";
import { type Watcher, watchTraining } from "../../model/progress/watch_training.ts";
import type { RunFolder } from "../runs/folder.ts";
import type { TrainingRequest } from "./request.ts";

/** What a request says about its watchers. */
export type WatchingRequest = Pick<
  TrainingRequest,
  "quiet" | "json" | "choice" | "tensorboard" | "trainSize" | "overfit"
>;

/** Several watchers as one. */
export interface Watchers extends Disposable {
  /** The options of the training that report its events to them. */
  readonly options: Pick<ModelTrainOptions, "onEvent" | "progress">;
  /** The file of the last save; undefined if there was none, or it failed. */
  readonly saved: () => string | undefined;
}

/** What watchers need in addition to the request. */
export interface Watched {
  readonly loaded: LoadedData;
  readonly folder: RunFolder | undefined;
}

/** The watchers: progress, JSON output, the run folder, and TensorBoard. */
export async function makeWatchers(
  { quiet, json, choice, tensorboard, trainSize, overfit }: WatchingRequest,
  { loaded, folder }: Watched,
  { output, args }: Context,
): Promise<Watchers> {
  const told = { args, choice, loaded, trainSize };
  const board = tensorboard === undefined ? undefined : await openBoard(tensorboard, output.note);
  const watchers: readonly Watcher[] = [
    quiet
      ? tellFailures(output.note)
      : watchTraining(output, { epochs: overfit === undefined ? "all" : "few", frame: false }).tell,
    ...(json ? [watchJson(output.result, told)] : []),
    ...(folder ? [watchJson((line) => folder.append(line), told)] : []),
    ...(board ? [board.write] : []),
  ];
  let saved: string | undefined;
  const tell: Watcher = (event) => {
    if (event.event === "save") saved = event.file;
    if (event.event === "saveFailed") saved = undefined;
    watchers.forEach((watch) => watch(event));
  };
  // Only the bar needs the loss during an epoch, which events for `progress` have.
  const hasBar = !quiet && output.columns() !== undefined;
  return {
    options: hasBar ? { progress: tell } : { progress: false, onEvent: tell },
    saved: () => saved,
    [Symbol.dispose]: () => board?.[Symbol.dispose](),
  };
}

/** Opens TensorBoard's files; its code is loaded only if it is requested. */
async function openBoard(folder: string, note: (text: string) => void) {
  const { tensorBoardWriter } = await import("../../views/events/tensor_board.ts");
  return tensorBoardWriter(folder, { onFailure: ({ message }) => note(`${message}\n`) });
}

/** Reports only saves that failed, and a reason that stays the same once. */
function tellFailures(note: (text: string) => void): Watcher {
  let last: string | undefined;
  return (event: TrainingEvent) => {
    if (event.event === "save") last = undefined;
    if (event.event !== "saveFailed") return;
    const { message } = event.error;
    if (message !== last) note(`${message}\n`);
    last = message;
  };
}

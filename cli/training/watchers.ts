/**
 * The watchers of a training from the command line.
 *
 * @module
 */

import type { TrainingEvent } from "../../model/training/events.ts";
import type { Context } from "../command.ts";
import { watchJson } from "../json_lines.ts";
import type { LoadedData } from "../load_data.ts";
import { type Watcher, watchProgress } from "./progress.ts";
import type { RunFolder } from "../runs/folder.ts";
import type { TrainingRequest } from "./request.ts";

/** Several watchers as one. */
export interface Watchers extends Disposable {
  readonly tell: Watcher;
}

/** What watchers need in addition to the request. */
export interface Watched {
  readonly loaded: LoadedData;
  readonly folder: RunFolder | undefined;
}

/** The watchers: progress, JSON output, the run folder, and TensorBoard. */
export async function makeWatchers(
  { quiet, json, choice, tensorboard, trainSize }: TrainingRequest,
  { loaded, folder }: Watched,
  { output, args }: Context,
): Promise<Watchers> {
  const told = { args, choice, loaded, trainSize };
  const board = tensorboard === undefined ? undefined : await openBoard(tensorboard, output.note);
  const watchers: readonly Watcher[] = [
    quiet ? tellFailures(output.note) : watchProgress(output),
    ...(json ? [watchJson(output.result, told)] : []),
    ...(folder ? [watchJson((line) => folder.append(line), told)] : []),
    ...(board ? [board.write] : []),
  ];
  return {
    tell: (event) => watchers.forEach((watch) => watch(event)),
    [Symbol.dispose]: () => board?.[Symbol.dispose](),
  };
}

/** Opens TensorBoard's files; its code is loaded only if it is requested. */
async function openBoard(folder: string, note: (text: string) => void) {
  const { tensorBoardWriter } = await import("../../views/events/tensor_board.ts");
  return tensorBoardWriter(folder, { onFailure: ({ message }) => note(`${message}\n`) });
}

/** Reports only saves that failed. */
function tellFailures(note: (text: string) => void): Watcher {
  return (event: TrainingEvent) => {
    if (event.event === "saveFailed") note(`${event.error.message}\n`);
  };
}

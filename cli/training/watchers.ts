/**
 * Everybody who watches a training from the command line.
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

/** Watchers, told together. */
export interface Watchers extends Disposable {
  readonly tell: Watcher;
}

/** What watchers are made of besides the request. */
export interface Watched {
  readonly loaded: LoadedData;
  readonly folder: RunFolder | undefined;
}

/** Those who watch: people, programs, the run folder, and TensorBoard. */
export async function makeWatchers(
  { quiet, json, choice, tensorboard }: TrainingRequest,
  { loaded, folder }: Watched,
  { output, args }: Context,
): Promise<Watchers> {
  const told = { args, choice, loaded };
  const board = tensorboard === undefined ? undefined : await openBoard(tensorboard);
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

/** Loaded only when it is asked for. */
async function openBoard(folder: string) {
  const { tensorBoardWriter } = await import("../../views/events/tensor_board.ts");
  return tensorBoardWriter(folder);
}

/** Tells nothing but that something could not be saved. */
function tellFailures(note: (text: string) => void): Watcher {
  return (event: TrainingEvent) => {
    if (event.event === "saveFailed") note(`${event.error.message}\n`);
  };
}

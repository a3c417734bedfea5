/**
 * When and where a training is saved.
 *
 * @module
 */

import { pathOf } from "../../core/host_files.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import { type FileHandle, fileName, isHandle } from "../../core/web_file.ts";
import { checkWritable } from "../files/atomic.ts";
import { FileError } from "../files/errors.ts";
import type { ModelConfiguration } from "../files/configuration.ts";
import { fileNameOf } from "../files/file_name.ts";
import { type ReservedFile, takeLease, takeNewFile } from "../files/lease.ts";
import type { TrainingChoices } from "../files/saved_schema.ts";
import { epochsOf, type Progress } from "./progress.ts";
import type { Position, SaveEvent, SaveFailedEvent } from "./events.ts";
import type { Report, Seconds } from "./report.ts";
import type { SaveMode, SaveOptions } from "./train_options.ts";
import { encodeSavedModel, type SavedModel, writeSavedModel } from "../files/model_file.ts";
import { keptWeights, type PretrainingSnapshot, type Snapshot } from "./snapshot.ts";

/** The content of every save of a training. */
export interface SavedAlways {
  readonly configuration: ModelConfiguration;
  readonly choices: TrainingChoices;
  readonly dataHash: string;
  /** Batches per epoch. */
  readonly batches: number;
  /** The update rule, whose averages are kept instead of the last weights. */
  readonly rule: UpdateRule;
}

const modes: Readonly<Record<SaveMode, "checkpoint" | "epoch" | null>> = {
  stop: null,
  end: null,
  each: "checkpoint",
  epoch: "epoch",
};

/** Where and when a training is saved. The place is reserved until it is disposed. */
export interface SavingPlace extends Disposable {
  readonly file: string | FileHandle;
  readonly each: "checkpoint" | "epoch" | null;
  /** Whether a training is saved when it is finished; one that is stopped or diverges is always saved. */
  readonly atEnd: boolean;
}

/**
 * Where and when a training is saved, checked and reserved before anything is done; undefined for never.
 *
 * @param name the name of the model, for the default name of the file
 * @throws {FileError} if the file cannot be written, or another training is writing to it.
 */
export function savingPlace({ saveMode, file }: SaveOptions, name: string): SavingPlace | undefined {
  const mode = saveMode === undefined ? file === undefined ? null : "end" : saveMode;
  if (mode === null) return undefined;
  const place = file === undefined ? newFile(name) : isHandle(file) ? handle(file) : knownFile(pathOf(file));
  return { ...place, each: modes[mode], atEnd: mode !== "stop", [Symbol.dispose]: () => place.lease[Symbol.dispose]() };
}

/** Reserves a file of the user. */
function knownFile(file: string): ReservedFile {
  checkWritable(file);
  return { file, lease: takeLease(file) };
}

/** A file of the browser's file system, which is not reserved: browsers replace it in one step. */
function handle(file: FileHandle): { readonly file: FileHandle; readonly lease: Disposable } {
  return { file, lease: { [Symbol.dispose]: () => {} } };
}

/** Reserves a file that is named after a model. */
function newFile(name: string): ReservedFile {
  const path = `${fileNameOf(name)}_${timestamp(new Date())}`;
  checkWritable(pathOf(`${path}.ym`));
  return takeNewFile(path);
}

/** `20261127190312`: local time, down to seconds. */
function timestamp(now: Date): string {
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes()];
  return [...parts, now.getSeconds()].map((part) => String(part).padStart(2, "0")).join("");
}

/** Saves a training, and returns the event that reports it. */
export async function saveSnapshot(
  file: string | FileHandle,
  always: SavedAlways,
  snapshot: Snapshot,
  { report }: { readonly report: Report | null },
): Promise<SaveEvent> {
  await writeSavedModel(file, contentOf(always, snapshot, { report }));
  return { event: "save", file: fileName(file), ...positionOf(snapshot.progress, always.batches) };
}

/** The number of bytes of a save, which is not written. */
export async function bytesOfSave(...[always, snapshot, options]: Parameters<typeof contentOf>): Promise<number> {
  const parts = await encodeSavedModel(contentOf(always, snapshot, options));
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** The content of the file of a training. */
function contentOf(
  { configuration, choices, dataHash, rule }: SavedAlways,
  snapshot: Snapshot,
  { report }: { readonly report: Report | null },
): SavedModel {
  const { progress, state, best } = snapshot;
  const kept = keptWeights(snapshot, { ...choices, rule });
  return {
    configuration,
    training: { choices, dataHash, progress, pretraining: null },
    report,
    tensors: { kept, training: state, best: best && best !== kept ? best : undefined },
  };
}

/** The same, but if the file cannot be written, the event reports that. */
export async function trySaveSnapshot(
  ...[file, always, snapshot, options]: Parameters<typeof saveSnapshot>
): Promise<SaveEvent | SaveFailedEvent> {
  try {
    return await saveSnapshot(file, always, snapshot, options);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { event: "saveFailed", error, ...positionOf(snapshot.progress, always.batches) };
  }
}

/** Saves a pre-training, and returns the event that reports it. */
export async function savePretraining(
  file: string | FileHandle,
  { configuration, choices, dataHash, batches }: SavedAlways,
  { layer, epoch, batch, state, weights }: PretrainingSnapshot,
  { seconds, report }: { readonly seconds: Seconds; readonly report: Report | null },
): Promise<SaveEvent> {
  await writeSavedModel(file, {
    configuration,
    training: { choices, dataHash, progress: null, pretraining: { layer, epoch, batch, seconds } },
    report,
    tensors: { kept: weights, pretraining: state },
  });
  return { event: "save", file: fileName(file), epoch: 0, batch: 0, batches, iteration: 0 };
}

function positionOf(progress: Progress, batches: number): Position {
  return { epoch: epochsOf(progress), batch: progress.batch, batches, iteration: progress.iteration };
}

/**
 * The content of `.ym` files: a model's configuration and weights, and everything needed to resume its training.
 *
 * The tensors are in groups: `params` and `state` are the weights that are kept, `training` is the state after the last
 * step, `best` has the best weights if other weights are kept, and `pretraining` is the state after the last step of
 * pre-training. `history` has the epochs, which the training and its report share; in files of format 1, both have a copy
 * in JSON.
 *
 * @module
 */

import { pathOf } from "../../core/host_files.ts";
import { isWebFile, type WebFile, type WritableFile } from "../../core/web_file.ts";
import { readOptions } from "../../core/options/read.ts";
import { type ByteSource, openSource } from "./byte_source.ts";
import { type ReadOptions, tensorFileOptions } from "./read_options.ts";
import { checkConfiguration, jsonOf, type ModelConfiguration } from "./configuration.ts";
import { encodeModel, type ModelFile, modelFrom } from "./container.ts";
import { TensorMismatchError } from "./errors.ts";
import { type JsonRecord, plainCopy } from "./json.ts";
import { historyColumns, readHistory } from "./saved_history.ts";
import { readSavedState, type SavedState } from "./saved_schema.ts";
import type { TensorEntries } from "./safetensors.ts";
import { entriesOf, mismatches, treeOf } from "./tensor_entries.ts";
import { readWebFile, writeAnyFile } from "./web_file.ts";
import { labelsOf } from "../search/row.ts";
import type { LayerState } from "../training/snapshot.ts";
import type { TrainingState } from "../training/step.ts";
import type { Weights } from "../weights.ts";

/** The tensors of a `.ym` file. */
export interface SavedTensors {
  readonly kept: Weights;
  readonly training?: TrainingState | undefined;
  readonly best?: Weights | undefined;
  readonly pretraining?: LayerState | undefined;
}

/** The content of a `.ym` file, for writing. */
export interface SavedModel extends SavedState {
  readonly configuration: ModelConfiguration;
  readonly tensors: SavedTensors;
}

/** A `.ym` file that was read and checked. Its tensors are not on the device yet. */
export interface LoadedFile extends SavedState {
  readonly file: string;
  readonly configuration: ModelConfiguration;
  readonly groups: ModelFile["groups"];
}

/** Reads the tensors from the device, and writes a `.ym` file in one step. */
export async function writeSavedModel(file: WritableFile, saved: SavedModel): Promise<void> {
  await writeAnyFile(file, await encodeSavedModel(saved));
}

/** Reads the tensors from the device, and makes the content of a `.ym` file, in consecutive parts. */
export async function encodeSavedModel(saved: SavedModel): Promise<Uint8Array<ArrayBuffer>[]> {
  const { kept, ...others } = saved.tensors;
  const given = Object.entries({ ...kept, ...others }).filter(([, tree]) => tree !== undefined);
  const groups = await Promise.all(given.map(async ([group, tree]) => [group, await entriesOf(tree)] as const));
  const { fields, columns } = historyColumns(saved);
  return encodeModel({
    configuration: jsonOf(saved.configuration),
    state: { ...stateOf(saved), history: [...fields] },
    groups: { ...Object.fromEntries(groups), ...(fields.length > 0 && { history: columns }) },
  });
}

/**
 * Reads and checks a `.ym` file.
 *
 * @throws {FileError} if it cannot be read.
 * @throws {FileFormatError} if it is damaged, of another kind, of a later version, or a field is invalid.
 */
export function readSavedModel(path: string | URL, options: ReadOptions = {}): LoadedFile {
  const { limitBytes } = readOptions("load a model", tensorFileOptions, options);
  using source = openSource(pathOf(path), limitBytes);
  return savedModelFrom(source);
}

/** Reads and checks a `.ym` file of the machine or of the web. */
export async function readAnySavedModel(file: string | URL | WebFile): Promise<LoadedFile> {
  return isWebFile(file) ? savedModelFrom(await readWebFile(file)) : readSavedModel(file);
}

/** Decodes and checks the content of a `.ym` file. */
export function savedModelFrom(source: ByteSource): LoadedFile {
  const { file } = source;
  const { configuration, state, groups } = modelFrom(source);
  const { history = {}, ...trees } = groups;
  const saved = withHistory(state, history, file);
  return { file, configuration: checkConfiguration(configuration, file), ...saved, groups: trees };
}

/**
 * Trees of the form of `like`, by group, with the tensors of a file.
 *
 * @throws {TensorMismatchError} if a tensor is missing, unexpected, or of another type or shape; all of them are
 * listed.
 */
export function tensorsOf<L extends object>({ file, groups }: LoadedFile, like: L): L {
  const problems = Object.entries(like).flatMap(([group, tree]) =>
    mismatches(groups[group] ?? {}, tree).map((problem) => `${problem} in ${group}`)
  );
  if (problems.length > 0) throw new TensorMismatchError(file, problems);
  const trees = Object.entries(like).map(([group, tree]) => [group, treeOf(groups[group] ?? {}, tree)]);
  return Object.fromEntries(trees) as L;
}

/** The state without the epochs, which are in columns. */
function stateOf({ training, report }: SavedState): JsonRecord {
  const progress = training?.progress && { ...training.progress, history: [] };
  const plain = report && { ...report, hyperparameters: labelsOf(report.hyperparameters), history: [] };
  return { training: plainCopy(training && { ...training, progress: progress ?? null }), report: plainCopy(plain) };
}

/** The state of a file with the epochs in their places. In files of format 1, they are there already. */
function withHistory({ history: fields, ...state }: JsonRecord, columns: TensorEntries, file: string): SavedState {
  const { training, report } = readSavedState(state, file);
  if (fields === undefined) return { training, report };
  const history = readHistory(fields, columns, file);
  return {
    training: training && { ...training, progress: training.progress && { ...training.progress, history } },
    report: report && { ...report, history: history.records() },
  };
}

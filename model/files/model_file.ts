/**
 * The content of `.ym` files: a model's configuration and weights, and everything needed to resume its training.
 *
 * The tensors are in groups: `params` and `state` are the weights that are kept, `training` is the state after the last
 * step, `best` has the best weights if other weights are kept, and `pretraining` is the state after the last step of
 * pre-training.
 *
 * @module
 */

import { pathOf } from "./atomic.ts";
import { checkConfiguration, jsonOf, type ModelConfiguration } from "./configuration.ts";
import { type ModelFile, readModel, writeModel } from "./container.ts";
import { TensorMismatchError } from "./errors.ts";
import { type JsonRecord, plainCopy } from "./json.ts";
import { readSavedState, type SavedState } from "./saved_schema.ts";
import { entriesOf, mismatches, treeOf } from "./tensor_entries.ts";
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
export async function writeSavedModel(file: string | URL, saved: SavedModel): Promise<void> {
  const { kept, ...others } = saved.tensors;
  const given = Object.entries({ ...kept, ...others }).filter(([, tree]) => tree !== undefined);
  const groups = await Promise.all(given.map(async ([group, tree]) => [group, await entriesOf(tree)] as const));
  writeModel(file, {
    configuration: jsonOf(saved.configuration),
    state: stateOf(saved),
    groups: Object.fromEntries(groups),
  });
}

/**
 * Reads and checks a `.ym` file.
 *
 * @throws {FileError} if it cannot be read.
 * @throws {FileFormatError} if it is damaged, of another kind, of a later version, or a field is invalid.
 */
export function readSavedModel(path: string | URL): LoadedFile {
  const file = pathOf(path);
  const { configuration, state, groups } = readModel(path);
  return { file, configuration: checkConfiguration(configuration, file), ...readSavedState(state, file), groups };
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

function stateOf({ training, report }: SavedState): JsonRecord {
  const plain = report && { ...report, hyperparameters: labelsOf(report.hyperparameters) };
  return { training: plainCopy(training), report: plainCopy(plain) };
}

/**
 * Reads a saved training to resume it.
 *
 * @module
 */

import type { WebFile } from "../../core/web_file.ts";
import type { ModelConfiguration } from "../files/configuration.ts";
import { type ComparableConfiguration, configurationDifferences } from "../files/configuration_differences.ts";
import { differences } from "../files/differences.ts";
import { ResumeError } from "../files/errors.ts";
import type { JsonRecord } from "../files/json.ts";
import type { SavedTraining, TrainingChoices } from "../files/saved_schema.ts";
import { type LoadedFile, readAnySavedModel } from "../files/model_file.ts";

/** A saved training that belongs to the model that resumes it. */
export interface ResumableFile extends LoadedFile {
  readonly training: SavedTraining;
}

/** The model that resumes a training, which is compared with the saved one. */
export interface ResumingModel {
  readonly configuration: ModelConfiguration;
  /** The choices that were given; the others are taken from the file. */
  readonly choices: Partial<TrainingChoices>;
  readonly dataHash: string;
}

/**
 * A saved training, if it belongs to this model: with the same layers, hyperparameters (except the number of epochs),
 * update rule, objective, metric, data and choices, so that it continues as if it had never stopped.
 *
 * @throws {FileError} if the file cannot be read.
 * @throws {FileFormatError} if it is damaged or of another kind.
 * @throws {ResumeError} if it belongs to another training; all differences are listed.
 */
export async function readResumable(from: string | URL | WebFile, model: ResumingModel): Promise<ResumableFile> {
  const loaded = await readAnySavedModel(from);
  const { file, training } = loaded;
  if (!training) {
    throw new ResumeError(file, [
      "it contains only a model, not a training: load the model with loadModel, and train it",
    ]);
  }
  const { choices: chosen } = model;
  const kept = Object.fromEntries(
    Object.entries({ labelSmoothing: 0, augment: [], metrics: [], ...training.choices }).filter(([name]) =>
      Object.hasOwn(chosen, name)
    ),
  );
  const problems = [
    ...configurationDifferences(comparable(loaded.configuration), comparable(model.configuration)),
    ...differences(byPlace(kept), byPlace(chosen)),
    ...differences({ data: training.dataHash }, { data: model.dataHash }),
  ];
  if (problems.length > 0) throw new ResumeError(file, problems.map((problem) => `expected ${problem}`));
  return { ...loaded, training };
}

/** Choices with the augmentations by their places, so differences name one of them. */
function byPlace({ augment, ...others }: Readonly<Record<string, unknown>>): object {
  return Array.isArray(augment) ? { ...others, augment: { ...augment } } : others;
}

/**
 * The part of a configuration that must be the same. Its name and the number of epochs may differ; the preprocessing
 * belongs to the data, whose digest is compared.
 */
function comparable(
  { name: _name, preprocessing: _preprocessing, hyperparameters = {}, ...others }: ModelConfiguration,
): ComparableConfiguration {
  const values = Object.entries(hyperparameters)
    .filter(([name]) => name !== "nEpochs")
    .map(([name, value]) => [name, Array.isArray(value) ? value[0] : value] as const);
  const plain: JsonRecord = Object.fromEntries(values);
  return { ...others, hyperparameters: plain };
}

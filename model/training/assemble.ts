/**
 * Makes a model ready to train.
 *
 * @module
 */

import type { NamedData } from "../../data/data.ts";
import { checkClasses, checkFit } from "../check_data.ts";
import { configurationOf } from "../files/model_configuration.ts";
import type { ResolvedParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { preprocessingOf } from "../predict_table.ts";
import type { Assembly } from "./assembly.ts";
import { chosenObjectives } from "./choose_outputs.ts";
import { makePrograms, type Programs } from "./programs.ts";
import { settingsOf, valuesOf } from "./settings.ts";
import { taskOf, type TaskOptions } from "./task_of.ts";

/** The parts of a model that is trained. */
export interface AssembledParts extends ResolvedParts<NamedData> {
  readonly name: string;
  readonly network: Network;
  readonly data: NamedData;
}

/** How a model is made ready. */
export interface AssemblyChoice {
  /** Whether objectives and metrics are needed; pre-training does without. */
  readonly judge: boolean;
  /** What was compiled ahead of use; it is not freed. */
  readonly ahead: Programs | undefined;
  /** The options of a training that change what it computes (default: none). */
  readonly options?: TaskOptions;
}

/**
 * A model that is ready to train. Nothing is compiled.
 *
 * @throws {TypeError} if network, data and hyperparameters do not fit together.
 */
export function assemble(parts: AssembledParts, choice: AssemblyChoice): Assembly {
  const { network, data, name } = parts;
  const { judge, ahead: compiled, options = {} } = choice;
  const values = valuesOf(parts.hyperparameters ?? {});
  const settings = settingsOf(values);
  checkFit(parts, { network, data }, settings.batchSize);
  const ahead = hasKeys(options) ? undefined : compiled;
  const programs = ahead ?? makePrograms(taskOf(parts, { judge, options }), data.training.length);
  if (judge) checkClasses(programs.task, data);
  const preprocessing = preprocessingOf(data) ?? parts.preprocessing;
  const chosen = judge ? chosenObjectives(programs.task.outputs, parts.objective) : parts.chosenObjectives;
  const configuration = configurationOf({ ...parts, preprocessing, chosenObjectives: chosen });
  const free = (): void => {
    if (programs !== compiled) programs[Symbol.dispose]();
  };
  const assembly = { name, data, programs, values, settings, configuration, [Symbol.dispose]: free };
  const emphasize = (options: TaskOptions): Assembly =>
    hasKeys(options) ? assemble(parts, { ...choice, options }) : { ...assembly, emphasize };
  return { ...assembly, emphasize };
}

function hasKeys(record: object): boolean {
  return Object.keys(record).length > 0;
}

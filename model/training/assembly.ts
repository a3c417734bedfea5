/**
 * A model that is ready to train.
 *
 * @module
 */

import type { NamedData } from "../../data/data.ts";
import type { ModelConfiguration } from "../files/configuration.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { Programs } from "./programs.ts";
import type { TrainingSettings } from "./settings.ts";
import type { TaskOptions } from "./task_of.ts";

/** The parts of a model that training needs; disposing them frees what was not compiled ahead of use. */
export interface Assembly extends Disposable {
  readonly name: string;
  readonly data: NamedData;
  readonly programs: Programs;
  readonly values: HyperparameterValues;
  readonly settings: TrainingSettings;
  /** The configuration that rebuilds the model. */
  readonly configuration: ModelConfiguration;
  /** The same with these options of a training, which change what it computes. */
  emphasize(options: TaskOptions): Assembly;
}

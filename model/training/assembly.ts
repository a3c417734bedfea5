/**
 * A model that is ready to train.
 *
 * @module
 */

import type { Data } from "../../data/data.ts";
import type { ModelConfiguration } from "../files/configuration.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { Programs } from "./programs.ts";
import type { TrainingSettings } from "./settings.ts";

/** What a model brings to a training. */
export interface Assembly {
  readonly name: string;
  readonly data: Data;
  readonly programs: Programs;
  readonly values: HyperparameterValues;
  readonly settings: TrainingSettings;
  /** What makes the model again. */
  readonly configuration: ModelConfiguration;
}

/**
 * Options of the commands that train networks.
 *
 * @module
 */

import { oneOf } from "../../core/options/values.ts";
import { settingsOptions } from "../../model/known_hyperparameters.ts";
import { trainOptions } from "../../model/training/train_options.ts";
import { updateRules } from "../../optim/registry.ts";
import { numericRate } from "../../optim/update_rule.ts";
import type { Settings } from "../example.ts";
import { networkSettings } from "../network_settings.ts";
import { type GivenValues, section, valued } from "./option.ts";

/** Hyperparameters that a command line does not set have the values of the network. */
const ofNetwork = { otherwise: "that of the network" };

/** The choice of an update rule. */
export const updateOption = oneOf(Object.keys(updateRules), {
  help: `update rule: ${Object.keys(updateRules).join(", ")}`,
  ...ofNetwork,
});

/** Options for training. */
export const trainingOptions = section("Training", {
  epochs: valued("N", { ...settingsOptions.nEpochs, ...ofNetwork }),
  pretrainingEpochs: valued("N", { ...networkSettings.pretrainingEpochs, ...ofNetwork }),
  batchSize: valued("N", { ...settingsOptions.batchSize, ...ofNetwork }),
  learningRate: valued("R", { ...numericRate, ...ofNetwork }),
  update: valued("RULE", updateOption),
  seed: valued("N", trainOptions.seed),
});

/** The hyperparameters that these options set. `pretrainingEpochs` is set only if the network has it. */
export function directSettings(
  { epochs, pretrainingEpochs, batchSize, learningRate }: GivenValues<typeof trainingOptions>,
  own: Settings,
): Settings {
  return {
    ...(epochs !== undefined && { nEpochs: epochs }),
    ...(batchSize !== undefined && { batchSize }),
    ...(learningRate !== undefined && { learningRate }),
    ...(pretrainingEpochs !== undefined && Object.hasOwn(own, "pretrainingEpochs") && { pretrainingEpochs }),
  };
}

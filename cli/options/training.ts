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
import { UsageError } from "../errors.ts";
import type { Example, Settings } from "../example.ts";
import { networkSettings } from "../network_settings.ts";
import { type GivenValues, section, switchOption, valued } from "./option.ts";

/** Hyperparameters that a command line does not set have the values of the network. */
const ofNetwork = { otherwise: "that of the network" };

/** Numbers of epochs are those of its short training. */
const ofShort = { otherwise: "that of the network, reduced unless --full" };

/** The choice of an update rule. */
export const updateOption = oneOf(Object.keys(updateRules), {
  help: `update rule: ${Object.keys(updateRules).join(", ")}`,
  ...ofNetwork,
});

/** Options for training. */
export const trainingOptions = section("Training", {
  epochs: valued("N", { ...settingsOptions.nEpochs, ...ofShort }),
  pretrainingEpochs: valued("N", {
    ...networkSettings.pretrainingEpochs,
    otherwise: "that of the network, reduced unless --full",
  }),
  batchSize: valued("N", { ...settingsOptions.batchSize, ...ofNetwork }),
  learningRate: valued("R", { ...numericRate, ...ofNetwork }),
  update: valued("RULE", updateOption),
  full: switchOption("train as documented: for all epochs of the network, or until validation error stops improving"),
  seed: valued("N", trainOptions.seed),
  classWeights: valued("LIST", {
    ...trainOptions.classWeights,
    help: "weight of each class in training, such as 1,5, or balanced",
  }),
  labelSmoothing: valued("S", trainOptions.labelSmoothing),
});

/** What the training of an example says about its length, unless the command line sets it. */
export function lengthOf({ hyperparameters, short }: Example, set: Settings): string | undefined {
  if (short === undefined || Object.hasOwn(set, "nEpochs")) return undefined;
  const { nEpochs, pretrainingEpochs } = { ...short, ...set };
  const before = pretrainingEpochs === undefined ? "" : `${pretrainingEpochs} epochs of pre-training per layer, then `;
  return `Training: ${before}${nEpochs} epochs; with --full as documented: up to ${hyperparameters.nEpochs}, until the ` +
    "validation error stops improving";
}

/**
 * Throws if the epochs of pre-training are set for a network that has none, where they would have no effect.
 *
 * @throws {UsageError} that names the option.
 */
export function checkPretraining({ pretrainingEpochs }: GivenValues<typeof trainingOptions>, own: Settings): void {
  if (pretrainingEpochs === undefined || Object.hasOwn(own, "pretrainingEpochs")) return;
  throw new UsageError(
    `option --pretraining-epochs cannot be ${pretrainingEpochs}: this network has no hyperparameter pretrainingEpochs`,
  );
}

/** The hyperparameters that these options set. */
export function directSettings(
  { epochs, pretrainingEpochs, batchSize, learningRate }: GivenValues<typeof trainingOptions>,
): Settings {
  return {
    ...(epochs !== undefined && { nEpochs: epochs }),
    ...(batchSize !== undefined && { batchSize }),
    ...(learningRate !== undefined && { learningRate }),
    ...(pretrainingEpochs !== undefined && { pretrainingEpochs }),
  };
}

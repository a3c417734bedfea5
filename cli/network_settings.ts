/**
 * The hyperparameters of networks that the command line knows by name, whatever the network. A number at the end of a name
 * does not matter: `nFilters2`.
 *
 * @module
 */

import { count, finite, positive, share } from "../core/options/numbers.ts";
import type { AnyOption } from "../core/options/option.ts";
import { flag, text } from "../core/options/values.ts";
import { knownHyperparameters } from "../model/known_hyperparameters.ts";
import type { Settings } from "./example.ts";

/** Hyperparameters that the example networks have in common. */
export const networkSettings = {
  nUnits: count({ help: "units of a hidden layer" }),
  nFilters: count({ help: "filters of a convolutional layer" }),
  pretrainingEpochs: count({ least: 0, help: "epochs in which each unsupervised layer learns from its input" }),
  pretrainingLearningRate: positive({ help: "step size while a layer learns from its input" }),
  inputCorruption: share({ help: "share of the inputs that are dropped" }),
  hiddenCorruption: share({ help: "share of the hidden units that are dropped" }),
  corruptionLevel: share({ help: "share of a layer's inputs that are dropped" }),
  sigma: finite({ least: 0, help: "standard deviation of the noise" }),
  contractionLevel: finite({ least: 0, help: "factor of the contraction in the cost" }),
};

const known: Readonly<Record<string, AnyOption>> = { ...knownHyperparameters, ...networkSettings };

/** What a hyperparameter may be: by its name, or else by the value that the network has. */
export function settingOption(name: string, own: Settings): AnyOption {
  const named = known[name] ?? known[name.replace(/\d+$/, "")];
  if (named) return named;
  return typeof own[name] === "boolean" ? flag() : typeof own[name] === "string" ? text() : finite();
}

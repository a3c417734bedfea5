/**
 * The hyperparameters of networks that the command line knows by name, for all networks. A number at the end of a name
 * is ignored: `nFilters2`.
 *
 * @module
 */

import { count, finite } from "../core/options/numbers.ts";
import type { AnyOption } from "../core/options/option.ts";
import { flag, text } from "../core/options/values.ts";
import { denseOptions } from "../layers/dense.ts";
import { dropoutKind } from "../layers/dropout/dropout.ts";
import { noiseOptions } from "../layers/unsupervised/auto_encoder.ts";
import { pretrainingOptions } from "../layers/unsupervised/pretraining.ts";
import { knownHyperparameters } from "../model/known_hyperparameters.ts";
import type { Settings } from "./example.ts";

const { corruptionLevel } = dropoutKind.options;

/** Hyperparameters that the example networks share; most are options of layers under other names. */
export const networkSettings = {
  nUnits: denseOptions.nUnits,
  nFilters: count({ help: "number of filters" }),
  pretrainingEpochs: {
    ...pretrainingOptions.epochs,
    help: "epochs of pre-training for each unsupervised layer",
  },
  pretrainingLearningRate: {
    ...pretrainingOptions.learningRate,
    help: "step size of pre-training",
  },
  inputCorruption: { ...corruptionLevel, help: "probability of dropping each input" },
  hiddenCorruption: { ...corruptionLevel, help: "probability of dropping each hidden unit" },
  ...noiseOptions,
};

const known: Readonly<Record<string, AnyOption>> = { ...knownHyperparameters, ...networkSettings };

/** The declaration of a hyperparameter: by its name, otherwise by the kind of the network's value. */
export function settingOption(name: string, own: Settings): AnyOption {
  const named = known[name] ?? known[name.replace(/\d+$/, "")];
  if (named) return named;
  return typeof own[name] === "boolean" ? flag() : typeof own[name] === "string" ? text() : finite();
}

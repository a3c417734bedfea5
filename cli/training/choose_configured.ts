/**
 * Models from files, in place of the networks that the program knows by name.
 *
 * @module
 */

import type { ModelConfiguration } from "../../model/files/configuration.ts";
import { Hyperparameters } from "../../model/hyperparameters.ts";
import { model, type ModelParts } from "../../model/model.ts";
import { UsageError } from "../errors.ts";
import { type Example, settingsIn } from "../example.ts";
import { type Choice, choose, type Wishes } from "../settings.ts";

/** What training takes where a file says nothing of it. */
const defaults = { batchSize: 100, nEpochs: 100, learningRate: 0.1, momentum: 0.9, patience: 10_000 };

/**
 * The model of a configuration, with the hyperparameters of training that are wished for; its layers are those of the file.
 *
 * @param wishes those that come later count where they differ
 * @throws {UsageError} if the file names functions that only its author has, or has no such hyperparameter.
 * @throws {RangeError} if the file names something that this library does not know.
 */
export function chooseConfigured(conf: ModelConfiguration, ...wishes: readonly Wishes[]): Choice {
  const { network: built, updates, ...others } = partsOf(conf);
  const name = conf.name ?? conf.network.name;
  const { hyperparameters: given = {} } = others;
  const own = settingsIn(given instanceof Hyperparameters ? given.values : given);
  const trained = Object.fromEntries(Object.entries(own).filter(([one]) => Object.hasOwn(defaults, one)));
  const update = typeof conf.updates === "string" ? conf.updates : conf.updates?.[0];
  const stand: Example = {
    title: name,
    hyperparameters: { ...defaults, ...trained },
    ...(update !== undefined && { update }),
    build: () => built,
  };
  const chosen = choose(name, stand, ...wishes);
  const changed = Object.entries(chosen.hyperparameters)
    .filter(([one, value]) => Object.hasOwn(own, one) || value !== stand.hyperparameters[one]);
  const hyperparameters = { ...own, ...Object.fromEntries(changed) };
  const isOwnRule = updates !== undefined && chosen.update === update;
  const parts = { ...chosen.parts, ...others, name, hyperparameters, ...(isOwnRule && { updates }) };
  return { ...chosen, hyperparameters, parts };
}

type Parts = ModelParts & { readonly network: NonNullable<ModelParts["network"]> };

function partsOf(conf: ModelConfiguration): Parts {
  try {
    const { network, parts } = model().fromConf(conf);
    return { ...parts, network };
  } catch (cause) {
    // Functions of the user's own cannot come from a file.
    if (cause instanceof TypeError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

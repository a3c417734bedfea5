/**
 * Models from files, instead of the networks that the program knows by name.
 *
 * @module
 */

import type { ModelConfiguration } from "../../model/files/configuration.ts";
import { partsFromConfiguration } from "../../model/files/model_configuration.ts";
import { Model } from "../../model/model.ts";
import type { ModelParts } from "../../model/model_options.ts";
import { valuesOf } from "../../model/training/settings.ts";
import { ruleHyperparameters, settingsOptions } from "../../model/known_hyperparameters.ts";
import { isComposed } from "../../optim/configured_rule.ts";
import { momentumOptions } from "../../optim/updates.ts";
import { getUpdate } from "../../optim/registry.ts";
import { MissingFunction } from "../../model/files/schema.ts";
import { UsageError } from "../errors.ts";
import { type Example, type Settings, settingsIn } from "../example.ts";
import { type Choice, chooseModel, wishedUpdate, type Wishes } from "../settings.ts";

/** Defaults for hyperparameters that a file does not contain. */
const defaults = {
  batchSize: settingsOptions.batchSize.default,
  nEpochs: settingsOptions.nEpochs.default,
  patience: settingsOptions.patience.default,
  learningRate: 0.1,
  momentum: momentumOptions.momentum.default,
};

/** A configuration, and the file that it is from. */
export interface FromFile {
  readonly configuration: ModelConfiguration;
  readonly file?: string | undefined;
}

/**
 * The model of a configuration, with the hyperparameters of training that are set. Its layers are those of the file.
 *
 * @param wishes later ones take precedence
 * @throws {UsageError} if the file refers to functions that a file cannot contain, or a hyperparameter is unknown.
 * @throws {FileFormatError} if the file refers to something that this library does not know.
 */
export function chooseConfigured(from: FromFile, ...wishes: readonly Wishes[]): Choice {
  const { configuration: conf } = from;
  const { network: built, updates, ...others } = partsOf(from);
  const name = conf.name ?? conf.network.name;
  const own = settingsIn(valuesOf(others.hyperparameters ?? {}));
  const trained = Object.fromEntries(Object.entries(own).filter(([one]) => Object.hasOwn(defaults, one)));
  const [update, ruleOptions] = ruleIn(conf.updates);
  const stand: Example = {
    title: name,
    hyperparameters: { ...defaults, ...trained, ...ruleOptions },
    ...(update !== undefined && { update }),
    build: () => built,
  };
  const chosen = chooseModel(name, stand, ...wishes);
  const changed = Object.entries(chosen.set);
  const isComposedRule = typeof updates === "object" && update === undefined &&
    wishedUpdate(stand, wishes) === undefined;
  if (isComposedRule) checkComposed(name, chosen.set);
  const isOwnRule = updates !== undefined && (isComposedRule || chosen.update === update);
  const ofRule = isOwnRule ? changed.filter(([one]) => Object.hasOwn(ruleOptions, one)) : [];
  const hyperparameters = { ...own, ...Object.fromEntries(changed.filter((one) => !ofRule.includes(one))) };
  const rule = ofRule.length === 0
    ? updates
    : getUpdate(chosen.update)({ ...ruleOptions, ...Object.fromEntries(ofRule) });
  const parts = { ...chosen.parts, ...others, name, hyperparameters, ...(isOwnRule && { updates: rule }) };
  const named = isComposedRule ? { update: updates.name } : {};
  return { ...chosen, ...named, hyperparameters, parts };
}

/** Refuses options of update rules for a rule that is composed of parts. */
function checkComposed(name: string, set: Settings): void {
  const ofRules = Object.keys(set).find((one) => ruleHyperparameters.has(one));
  if (ofRules === undefined) return;
  throw new UsageError(
    `${name} cannot have another ${ofRules}: its update rule is composed of parts, each with its own options; choose ` +
      "another rule by --update",
  );
}

/** The update rule in a file, and its options; neither if it is composed of parts. */
function ruleIn(updates: ModelConfiguration["updates"]): readonly [name: string | undefined, options: Settings] {
  if (typeof updates === "object" && isComposed(updates[0])) return [undefined, {}];
  return typeof updates === "object" ? [updates[0], settingsIn(updates[1])] : [updates, {}];
}

type Parts = ModelParts & { readonly network: NonNullable<ModelParts["network"]> };

function partsOf({ configuration, file }: FromFile): Parts {
  try {
    const { network, parts } = new Model(partsFromConfiguration(configuration, {}, { file }));
    return { ...parts, network };
  } catch (cause) {
    // A file cannot contain the user's own functions.
    if (cause instanceof MissingFunction) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

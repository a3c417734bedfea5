/**
 * The hyperparameters that a command line sets.
 *
 * @module
 */

import { nearestName } from "../core/nearest.ts";
import type { ModelParts } from "../model/model.ts";
import type { Network } from "../model/network.ts";
import { getUpdate, updates } from "../optim/registry.ts";
import { UsageError } from "./errors.ts";
import type { Example, Setting, Settings } from "./example.ts";
import type { Reader } from "./options/option.ts";
import { count, countOrNone, finite, oneOf, positive, positiveOrNone, share } from "./options/readers.ts";

/** What is trained: an example with its own hyperparameters, or others. */
export interface Choice {
  /** The name of the network. */
  readonly network: string;
  /** The name of the update rule. */
  readonly update: string;
  readonly hyperparameters: Settings;
  /** The model without its data. */
  readonly parts: ModelParts;
}

/** A hyperparameter and its value, as they come from a command line: `name=value`. */
export interface Assignment {
  readonly name: string;
  readonly text: string;
}

/** How hyperparameters are read whose names say what they must be; a number at the end of a name does not matter. */
const readers: Readonly<Record<string, Reader<number>>> = {
  batchSize: count,
  nEpochs: count,
  patience: count,
  nUnits: count,
  nFilters: count,
  pretrainingEpochs: countOrNone,
  learningRate: positive,
  pretrainingLearningRate: positive,
  epsilon: positive,
  momentum: share,
  rho: share,
  beta: share,
  inputCorruption: share,
  hiddenCorruption: share,
  corruptionLevel: share,
  l1Reg: positiveOrNone,
  l2Reg: positiveOrNone,
  sigma: positiveOrNone,
  contractionLevel: positiveOrNone,
};

/** Hyperparameters of update rules that not every network names. */
const ruleSettings: Readonly<Record<string, readonly string[]>> = {
  adagrad: ["epsilon"],
  rmsprop: ["rho", "epsilon"],
  adadelta: ["rho", "epsilon"],
  adam: ["beta1", "beta2", "epsilon"],
  adamax: ["beta1", "beta2", "epsilon"],
  nadam: ["beta1", "beta2", "epsilon"],
  adamw: ["beta1", "beta2", "epsilon"],
};

/** The text of `--set` as a name and what it is to be. */
export const assignment: Reader<Assignment> = (given, option) => {
  const { name, text } = /^(?<name>[^=\s]+)=(?<text>.*)$/s.exec(given)?.groups ?? {};
  if (name && text) return { name, text };
  throw new UsageError(`${option} cannot be ${given}: expected name=value, such as learningRate=0.05`);
};

/** What a network is, and what its update rule takes besides. */
export interface Settable {
  /** The name of the example. */
  readonly network: string;
  readonly example: Example;
  /** The names of all update rules that it may be trained with. */
  readonly updates: readonly string[];
}

/**
 * The right name of a hyperparameter; case, hyphens and underscores do not matter.
 *
 * @throws {UsageError} if there is none; the message has the nearest one.
 */
export function settingName(given: string, { network, example, updates }: Settable): string {
  const ofRules = updates.flatMap((rule) => ruleSettings[rule] ?? []);
  const names = [...new Set([...Object.keys(example.hyperparameters), ...ofRules, "update"])];
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, "");
  const found = names.find((name) => plain(name) === plain(given));
  if (found !== undefined) return found;
  const near = nearestName(given, names);
  const hint = near ? `did you mean ${near}?` : `expected one of ${names.join(", ")}`;
  throw new UsageError(`${network} has no hyperparameter ${given}: ${hint}`);
}

/** The value of a hyperparameter, of the kind that it must be. */
export function readSetting(name: string, text: string, { hyperparameters }: Example): Setting {
  if (name === "update") return oneOf(Object.keys(updates))(text, "update");
  const subject = `hyperparameter ${name}`;
  const reader = readers[name] ?? readers[name.replace(/\d+$/, "")];
  if (reader) return reader(text, subject);
  const own = hyperparameters[name];
  if (typeof own === "boolean") return oneOf(["true", "false"])(text, subject) === "true";
  return typeof own === "string" ? text : finite(text, subject);
}

/** What a command line, or a file, says about the training of a network. */
export interface Wishes {
  readonly update: string | undefined;
  readonly set: readonly Assignment[];
  /** Hyperparameters that have options of their own. */
  readonly direct: Settings;
}

/**
 * The example of a name with the hyperparameters that are wished for.
 *
 * @param wishes those that come later count where they differ
 * @throws {UsageError} if it has no such hyperparameter, or one cannot have that value.
 */
export function choose(network: string, example: Example, ...wishes: readonly Wishes[]): Choice {
  const own = example.update ?? "momentum";
  const update = wishes.reduce((before, { update, set }) => update ?? assignedUpdate(set, example) ?? before, own);
  const settable = { network, example, updates: [update] };
  const layers = wishes.map(({ set, direct }) => {
    const assigned = set.flatMap(({ name: given, text }) => {
      const name = settingName(given, settable);
      return name === "update" ? [] : [[name, readSetting(name, text, example)] as const];
    });
    return { ...Object.fromEntries(assigned), ...direct };
  });
  const hyperparameters: Settings = Object.assign({}, example.hyperparameters, ...layers);
  const built = build(network, example, hyperparameters);
  const parts = { name: network, network: built, hyperparameters, updates: getUpdate(update) };
  return { network, update, hyperparameters, parts };
}

/** The update rule that is set as if it were a hyperparameter. */
function assignedUpdate(set: readonly Assignment[], example: Example): string | undefined {
  const found = set.findLast(({ name }) => name.toLowerCase() === "update");
  return found && String(readSetting("update", found.text, example));
}

/** Makes the layers, before anything is loaded: where they cannot be made, it is the user's choice that is wrong. */
function build(network: string, example: Example, hyperparameters: Settings): Network {
  try {
    return example.build(hyperparameters);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new UsageError(`${network} cannot have these hyperparameters: ${error.message}`, { cause: error });
  }
}

/**
 * The hyperparameters that a command line sets.
 *
 * @module
 */

import { nearestName } from "../core/nearest.ts";
import { custom } from "../core/options/option.ts";
import { ruleHyperparameters } from "../model/known_hyperparameters.ts";
import type { ModelParts } from "../model/model_options.ts";
import type { Network } from "../model/network.ts";
import { getUpdate, updateRules } from "../optim/registry.ts";
import { UsageError } from "./errors.ts";
import { type Example, isSetting, type Setting, type Settings } from "./example.ts";
import { settingOption } from "./network_settings.ts";
import { readOptionText } from "./options/read_text.ts";
import { updateOption } from "./options/training.ts";

/** The model to train: an example with its hyperparameters. */
export interface Choice {
  /** The name of the network. */
  readonly network: string;
  /** The name of the update rule. */
  readonly update: string;
  readonly hyperparameters: Settings;
  /** Those that were set. */
  readonly set: Settings;
  /** The model without its data. */
  readonly parts: ModelParts;
}

/** A hyperparameter and its value, as on the command line: `name=value`. */
export interface Assignment {
  readonly name: string;
  readonly text: string;
}

/** The value of `--set`: a name and its value. */
export const assignmentOption = custom<Assignment>({
  expected: "name=value, such as learningRate=0.05",
  accepts: (value): value is Assignment => typeof value === "object" && value !== null && "name" in value,
  parse: (given) => {
    const { name, text } = /^(?<name>[^=\s]+)=(?<text>.*)$/s.exec(given)?.groups ?? {};
    return name && text ? { name, text } : undefined;
  },
});

/** A network and its update rules, whose hyperparameters can be set. */
export interface Settable {
  /** The name of the example. */
  readonly network: string;
  readonly example: Example;
  /** The names of all update rules with which it may be trained. */
  readonly updates: readonly string[];
}

/**
 * The exact name of a hyperparameter; case, hyphens and underscores are ignored.
 *
 * @throws {UsageError} if it is unknown; the message has the nearest name, or the update rules that take it.
 */
export function settingName(given: string, { network, example, updates }: Settable): string {
  const ofRules = updates.flatMap((rule) => Object.keys(updateRules[rule]?.options ?? {}));
  const names = [...new Set([...Object.keys(example.hyperparameters), ...ofRules, "update"])];
  const found = names.find((name) => plain(name) === plain(given));
  if (found !== undefined) return found;
  const foreign = [...ruleHyperparameters.keys()].find((name) => plain(name) === plain(given));
  const near = nearestName(given, names);
  const hint = foreign !== undefined
    ? whoTakes(foreign, updates)
    : near
    ? `did you mean ${near}?`
    : `expected one of ${names.join(", ")}`;
  throw new UsageError(`${network} has no hyperparameter ${given}: ${hint}`);
}

/** Which update rules take an option. */
function whoTakes(name: string, updates: readonly string[]): string {
  const rules = ruleHyperparameters.get(name)?.rules.join(", ");
  return `${name} is an option of update rule ${rules}, not of ${updates.join(", ")}`;
}

/**
 * Throws if a momentum is set although no update rule takes one. All examples have a momentum, so it is a known name.
 *
 * @throws {UsageError} with the update rules that take it.
 */
export function checkMomentum(
  set: readonly Assignment[],
  { network, updates }: Pick<Settable, "network" | "updates">,
): void {
  const isSet = set.some(({ name }) => plain(name) === "momentum");
  const mayTake = (rule: string): boolean =>
    !Object.hasOwn(updateRules, rule) || Object.hasOwn(updateRules[rule].options, "momentum");
  if (!isSet || updates.some(mayTake)) return;
  throw new UsageError(`${network} cannot use hyperparameter momentum: ${whoTakes("momentum", updates)}`);
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, "");
}

/**
 * The value of a hyperparameter, of the declared kind.
 *
 * @throws {UsageError} if the text is not a valid value.
 */
export function readSetting(name: string, text: string, { hyperparameters }: Example): Setting {
  if (name === "update") return readOptionText(updateOption, text, "update");
  const option = settingOption(name, hyperparameters);
  const value = readOptionText(option, text, `hyperparameter ${name}`);
  if (isSetting(value)) return value;
  throw new UsageError(`hyperparameter ${name} cannot be ${text}: expected ${option.expected}`);
}

/** The settings of a training from a command line or a file. */
export interface Wishes {
  readonly update: string | undefined;
  readonly set: readonly Assignment[];
  /** Hyperparameters with their own options. */
  readonly direct: Settings;
}

/**
 * Throws if a hyperparameter is set twice, for example by `--set` and by its own option.
 *
 * @throws {UsageError} that names both values.
 */
export function checkSetOnce({ update, set, direct }: Wishes): void {
  const own = Object.entries({ ...direct, ...(update !== undefined && { update }) });
  const found = new Map(own.map(([name, value]) => [plain(name), `${name}=${value}`]));
  for (const { name, text } of set) {
    const before = found.get(plain(name));
    if (before !== undefined) {
      throw new UsageError(`hyperparameter ${name} takes one value, got ${before} and ${name}=${text}: set it once`);
    }
    found.set(plain(name), `${name}=${text}`);
  }
}

/**
 * The example with the hyperparameters that are set.
 *
 * @param wishes later ones take precedence
 * @throws {UsageError} if a hyperparameter is unknown, or a value is invalid.
 */
export function chooseModel(network: string, example: Example, ...wishes: readonly Wishes[]): Choice {
  const update = wishedUpdate(example, wishes) ?? example.update ?? "momentum";
  const settable = { network, example, updates: [update] };
  const layers = wishes.map(({ set, direct }) => {
    const assigned = set.flatMap(({ name: given, text }) => {
      const name = settingName(given, settable);
      return name === "update" ? [] : [[name, readSetting(name, text, example)] as const];
    });
    return { ...Object.fromEntries(assigned), ...direct };
  });
  const set: Settings = Object.assign({}, ...layers);
  const hyperparameters: Settings = { ...example.hyperparameters, ...set };
  const built = build(network, example, hyperparameters);
  const parts = { name: network, network: built, hyperparameters, updates: getUpdate(update) };
  return { network, update, set, hyperparameters, parts };
}

/** The update rule that is asked for, if any. */
export function wishedUpdate(example: Example, wishes: readonly Wishes[]): string | undefined {
  return wishes.reduce<string | undefined>(
    (before, { update, set }) => update ?? assignedUpdate(set, example) ?? before,
    undefined,
  );
}

/** The update rule that is set like a hyperparameter. */
function assignedUpdate(set: readonly Assignment[], example: Example): string | undefined {
  const found = set.findLast(({ name }) => name.toLowerCase() === "update");
  return found && String(readSetting("update", found.text, example));
}

/** Builds the layers before anything is loaded. If that fails, the hyperparameters are invalid. */
function build(network: string, example: Example, hyperparameters: Settings): Network {
  try {
    return example.build(hyperparameters);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    throw new UsageError(`${network} cannot have these hyperparameters: ${error.message}`, { cause: error });
  }
}

/**
 * The settings of training, from the hyperparameters.
 *
 * @module
 */

import { type Named, nameIn } from "../../core/options/nested.ts";
import type { AnyDeclaration } from "../../core/options/option.ts";
import { checkArguments, readUntyped, refusalError, refusalOf } from "../../core/options/read.ts";
import { type AllUpdateOptions, type DeclaredUpdate, updateRules } from "../../optim/registry.ts";
import { ruleKind } from "../../optim/rule_kinds.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import { Hyperparameters, type HyperparameterValue, type HyperparameterValues } from "../hyperparameters.ts";
import { checkName, ruleHyperparameters, settingsOptions, type TrainingSettings } from "../known_hyperparameters.ts";
import type { Network } from "../network.ts";
import { isMadeWith, isOpaque, isOptionOf } from "./made_rule.ts";

export type { TrainingSettings };

/** Options of update rules, from the hyperparameters. Each rule takes those that it declares. */
export type UpdateHyperparameters = AllUpdateOptions;

/** An update rule, or a function such as `momentum` that makes one from the hyperparameters. */
export type Updates = UpdateRule | ((options: UpdateHyperparameters) => UpdateRule);

/** Hyperparameters, or one combination of them. */
export type HyperparametersOrValues = Hyperparameters | HyperparameterValues;

/** The hyperparameters of all rules. */
const ruleDeclaration: AnyDeclaration = Object.fromEntries(
  [...ruleHyperparameters].map(([name, { option }]) => [name, option]),
);

/** Names that every training accepts, with any rule: those that all examples have. */
const common: ReadonlySet<string> = new Set(["learningRate", "momentum"]);

/** The values of hyperparameters, which may be a plain record. */
export function valuesOf(given: HyperparametersOrValues): HyperparameterValues {
  if (given instanceof Hyperparameters) return given.values;
  Object.keys(given).forEach(checkName);
  return given;
}

/**
 * The settings of a training.
 *
 * @throws {RangeError} if one is not a whole number of at least 1.
 * @throws {TypeError} if one is not a number.
 */
export function settingsOf(values: HyperparameterValues): TrainingSettings {
  return readUntyped("train", settingsOptions, pick(values, settingsOptions));
}

/** The values of declared names. Null is one, which no option accepts: it is not taken for the default. */
function pick(values: HyperparameterValues, declaration: AnyDeclaration): Readonly<Record<string, unknown>> {
  const given = Object.keys(declaration).filter((name) => values[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, values[name]]));
}

/** The choice of a rule, for a network. */
export interface RuleChoice {
  readonly updates: Updates;
  readonly values: HyperparameterValues;
  readonly network: Network;
}

/**
 * The update rule of a training.
 *
 * @throws {TypeError} if one of its options is of another kind.
 * @throws {RangeError} if one of its options is out of bounds, or a hyperparameter belongs only to other rules.
 */
export function updateRuleOf({ updates, values, network }: RuleChoice): UpdateRule {
  const maker = makerOf(updates);
  const unused = Object.keys(pick(values, ruleDeclaration)).find((name) =>
    !common.has(name) && !Object.hasOwn(maker.options, name) && !isOptionOf(network, name) &&
    !(typeof updates === "object" && (isOpaque(updates) || isMadeWith(updates, name, values[name])))
  );
  if (unused !== undefined) {
    throw new RangeError(`Cannot train with hyperparameter ${unused}: ${reasonOf(unused, maker)}`);
  }
  const rule = maker.make(optionsFor(maker, values));
  checkArguments("train", { "the result of updates": rule }, ruleKind);
  return rule;
}

/** The options of a rule, from the hyperparameters. */
function optionsFor({ options }: Maker, values: HyperparameterValues): Readonly<Record<string, unknown>> {
  const given = pick(values, options);
  const refusal = refusalOf(options, given);
  if (refusal) throw refusalError("train", "", refusal);
  return given;
}

/**
 * Throws if no training with an update rule can have some hyperparameters, or one of the values of their ranges.
 *
 * @throws {TypeError} if one is of another kind.
 * @throws {RangeError} if one is out of bounds.
 */
export function checkValues(updates: Updates, given: HyperparametersOrValues): void {
  const maker = makerOf(updates);
  const check = (values: HyperparameterValues): void => {
    settingsOf(values);
    optionsFor(maker, values);
  };
  check(valuesOf(given));
  if (!(given instanceof Hyperparameters)) return;
  for (const [name, range] of Object.entries<readonly HyperparameterValue[] | undefined>(given.ranges)) {
    for (const value of range ?? []) check({ [name]: value });
  }
}

/** A function that makes a rule from options. */
interface Maker extends Named<(options: UpdateHyperparameters) => UpdateRule> {
  readonly name: string;
  /** Whether the rule is already made, so that no hyperparameter can change it. */
  readonly isMade: boolean;
}

function makerOf(updates: Updates): Maker {
  if (typeof updates === "object") return { make: () => updates, options: {}, name: updates.name, isMade: true };
  const name = nameIn(updateRules, updates);
  if (name !== undefined) return { ...updateRules[name], name, isMade: false };
  // A function without a declaration may take the options of all rules.
  const options = isDeclared(updates) ? updates.options : ruleDeclaration;
  return { make: updates, options, name: updates.name, isMade: false };
}

function isDeclared(make: object): make is DeclaredUpdate {
  return "options" in make;
}

/** Why a hyperparameter of other rules has no effect. */
function reasonOf(unused: string, { name, options, isMade }: Maker): string {
  if (isMade) {
    return `the update rule ${name} already has its options; pass ${unused} to it, or pass the function that makes it`;
  }
  const rules = ruleHyperparameters.get(unused)?.rules.join(", ");
  return `the update rule ${name} takes ${Object.keys(options).join(", ")}; ${unused} is an option of ${rules}`;
}

/**
 * Whether hyperparameters have an effect on an update rule that is already made.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import { updateRules } from "../../optim/registry.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import { Hyperparameters, type HyperparameterValue } from "../hyperparameters.ts";
import { ruleHyperparameters } from "../known_hyperparameters.ts";
import type { NamedData } from "../../data/data.ts";
import type { ResolvedParts } from "../model_options.ts";
import type { Network } from "../network.ts";

/**
 * Throws if the update rule of a model is already made, and a hyperparameter is named like an option of update rules,
 * unless the rule was made with this value: the hyperparameter would have no effect.
 *
 * @throws {RangeError} with the hyperparameter, the rule and the cure.
 */
export function checkMadeRule(action: string, { updates, hyperparameters, network }: ResolvedParts<NamedData>): void {
  if (typeof updates !== "object" || hyperparameters === undefined) return;
  const values = hyperparameters instanceof Hyperparameters ? hyperparameters.values : hyperparameters;
  const unused = Object.entries(values).find(([name, value]) =>
    ruleHyperparameters.has(name) && (value ?? null) !== null && !isMadeWith(updates, name, value) &&
    !(network && isOptionOf(network, name))
  )?.[0];
  if (unused === undefined) return;
  const [own] = valuesIn(updates, unused);
  const made = own === undefined ? "made" : `made, with ${unused} ${showValue(own)}`;
  throw new RangeError(
    `Cannot ${action} with hyperparameter ${unused} ${showValue(values[unused])}: the update rule ${updates.name} is ` +
      `already ${made}, so the hyperparameter would have no effect; leave it out${makerFor(updates, unused)}`,
  );
}

/** The function that makes a rule from hyperparameters, as a cure, if the rule takes this one. */
function makerFor({ name, configuration }: UpdateRule, unused: string): string {
  if (configuration !== undefined) return ", or pass a function that makes the rule from hyperparameters";
  const takes = Object.hasOwn(updateRules, name) && Object.hasOwn(updateRules[name].options, unused);
  return takes ? `, or pass the function that makes the rule from hyperparameters: updates: ${name}` : "";
}

/** Whether a rule was made with this value of an option. */
export function isMadeWith(rule: UpdateRule, name: string, value: HyperparameterValue | undefined): boolean {
  return valuesIn(rule, name).includes(value);
}

/** Whether the options of a rule are unknown, because they contain a function: a search may have made it with any values. */
export function isOpaque({ options, configuration }: UpdateRule): boolean {
  return options === undefined && configuration === undefined;
}

/** The values of an option in a rule, and in the parts of which it is composed as far as they are plain data. */
function valuesIn({ options, configuration, learningRate }: UpdateRule, name: string): unknown[] {
  const own = name === "learningRate" && learningRate !== undefined ? [learningRate] : [];
  return [...own, ...valuesOf({ options, configuration }, name)];
}

/** The values that have a name, at any depth. */
function valuesOf(data: unknown, name: string): unknown[] {
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => key === name ? [value] : valuesOf(value, name));
}

/** Whether a layer has an option of this name, which then may be a hyperparameter of the network. */
export function isOptionOf({ layers }: Network, name: string): boolean {
  return layers.some(({ layer }) => Object.hasOwn(layer.configuration, name));
}

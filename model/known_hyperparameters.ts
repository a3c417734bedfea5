/**
 * The hyperparameters that training knows, each declared once: those of the loop here, those of the update rules with the
 * rules.
 *
 * @module
 */

import { nearestName } from "../core/nearest.ts";
import { count, finite } from "../core/options/numbers.ts";
import type { AnyDeclaration, AnyOption, Declaration } from "../core/options/option.ts";
import { updateRules } from "../optim/registry.ts";

/** What the training loop takes from the hyperparameters. */
export interface TrainingSettings {
  /** Examples per step (default: 100). */
  readonly batchSize: number;
  /** The greatest number of epochs (default: 100). */
  readonly nEpochs: number;
  /** Iterations before early stopping may stop (default: 10 000). */
  readonly patience: number;
}

/** The hyperparameters of the training loop. */
export const settingsOptions = {
  batchSize: count({ default: 100, help: "examples per step" }),
  nEpochs: count({ default: 100, help: "greatest number of epochs" }),
  patience: count({ default: 10_000, help: "iterations before early stopping may stop" }),
} satisfies Declaration<Partial<TrainingSettings>>;

/** What the documentation calls penalties; networks read them, not the training. */
const penalties = {
  l1Reg: finite({ least: 0, help: "factor of the mean size of the weights in the cost" }),
  l2Reg: finite({ least: 0, help: "factor of the mean square of the weights in the cost" }),
};

/** A hyperparameter of update rules. */
export interface RuleHyperparameter {
  /** Its declaration; that of the first rule that takes it, whose default may differ from that of others. */
  readonly option: AnyOption;
  /** The names of the rules that take it. */
  readonly rules: readonly string[];
}

/** The hyperparameters of all update rules by name, `learningRate` first. */
export const ruleHyperparameters: ReadonlyMap<string, RuleHyperparameter> = collectRuleHyperparameters();

function collectRuleHyperparameters(): Map<string, RuleHyperparameter> {
  const found = new Map<string, RuleHyperparameter>();
  for (const [rule, { options }] of Object.entries(updateRules)) {
    for (const [name, option] of Object.entries(options)) {
      const known = found.get(name);
      found.set(name, { option: known?.option ?? option, rules: [...known?.rules ?? [], rule] });
    }
  }
  return found;
}

/** Every hyperparameter that training knows by name. */
export const knownHyperparameters: AnyDeclaration = {
  ...settingsOptions,
  ...Object.fromEntries([...ruleHyperparameters].map(([name, { option }]) => [name, option])),
  ...penalties,
};

/** Fails for a name that is nearly, but not quite, one that training knows. */
export function checkName(name: string): void {
  if (Object.hasOwn(knownHyperparameters, name)) return;
  const meant = nearestName(name, Object.keys(knownHyperparameters));
  // Short names are near to too many others to be suspected.
  if (meant === undefined || name.length < 6) return;
  throw new RangeError(`Cannot declare hyperparameter ${name}: did you mean ${meant}?`);
}

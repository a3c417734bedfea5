/**
 * The hyperparameters that training reads. Each is declared once: those of the loop here, those of the update rules
 * with the rules.
 *
 * @module
 */

import { nearestName } from "../core/nearest.ts";
import { nameKind } from "../core/options/kinds.ts";
import { count, finite } from "../core/options/numbers.ts";
import type { AnyDeclaration, AnyOption, Declaration } from "../core/options/option.ts";
import { checkArgument } from "../core/options/read.ts";
import { showText } from "../core/options/show.ts";
import { updateRules } from "../optim/registry.ts";
import { modelTrainOptions } from "./training/train_options.ts";

/** The hyperparameters of the training loop. */
export interface TrainingSettings {
  /** Examples per step (default: 100). */
  readonly batchSize: number;
  /** The maximum number of epochs (default: 100). */
  readonly nEpochs: number;
  /** Steps before early stopping may end training (default: 10 000). */
  readonly patience: number;
  /**
   * Epochs without an improvement of the validation after which training ends, instead of the patience in steps (default:
   * none).
   */
  readonly patienceEpochs?: number | undefined;
}

/** {@linkcode TrainingSettings}, declared. */
export const settingsOptions = {
  batchSize: count({ default: 100, help: "examples per step" }),
  nEpochs: count({ default: 100, help: "maximum number of epochs" }),
  patience: count({ default: 10_000, help: "number of steps before early stopping may end training" }),
  patienceEpochs: count({
    otherwise: "patience in steps",
    help: "epochs without an improvement of the validation after which training ends",
  }),
} satisfies Declaration<Partial<TrainingSettings>>;

/** The penalties of the documentation; networks read them, training does not. */
const penalties = {
  l1Reg: finite({ least: 0, help: "factor of the l1 penalty, the mean absolute value of the weights" }),
  l2Reg: finite({ least: 0, help: "factor of the l2 penalty, the mean square of the weights" }),
};

/** A hyperparameter of update rules. */
export interface RuleHyperparameter {
  /** Its declaration in the first rule that takes it; other rules may have another default. */
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

/** All hyperparameters that training reads, by name. */
export const knownHyperparameters: AnyDeclaration = {
  ...settingsOptions,
  ...Object.fromEntries([...ruleHyperparameters].map(([name, { option }]) => [name, option])),
  ...penalties,
};

/** Options of a training that are named like nothing else, so that a name close to one probably means it. */
const distinctiveOptions = Object.keys(modelTrainOptions).filter(({ length }) => length > 8);

/**
 * Throws for a name that would have no effect: that of an option of a training, or one that is close, but not equal, to
 * one that training reads. Names that records cannot hold safely are refused, too.
 */
export function checkName(name: string): void {
  if (Object.hasOwn(knownHyperparameters, name)) return;
  if (Object.hasOwn(modelTrainOptions, name)) throw optionError(name, name);
  checkReadName(name);
  const meant = nearestName(name, distinctiveOptions);
  if (meant !== undefined) throw optionError(name, meant);
}

/** The error for a hyperparameter that is meant as an option of a training. */
function optionError(name: string, option: string): RangeError {
  return new RangeError(
    `Cannot declare hyperparameter ${showText(name)}: ${option} is an option of a training; pass it to train`,
  );
}

/** The same for a name in a file: earlier versions wrote any name that is not close to one that training reads. */
export function checkReadName(name: string): void {
  if (Object.hasOwn(knownHyperparameters, name)) return;
  const shown = showText(String(name));
  checkArgument(`declare hyperparameter ${shown}`, name, nameKind);
  // Short names are close to too many others to be a likely misspelling.
  const meant = name.length < 6 ? undefined : nearestName(name, Object.keys(knownHyperparameters));
  if (meant === undefined) return;
  throw new RangeError(`Cannot declare hyperparameter ${shown}: did you mean ${meant}?`);
}

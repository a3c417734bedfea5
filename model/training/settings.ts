/**
 * What training takes from the hyperparameters.
 *
 * @module
 */

import type { Schedule, UpdateRule } from "../../optim/update_rule.ts";
import { checkName, Hyperparameters, type HyperparameterValues } from "../hyperparameters.ts";

/** Options that update rules know, as they come from the hyperparameters. */
export interface UpdateHyperparameters {
  /** A number, or a function of the number of steps done. */
  readonly learningRate?: number | Schedule;
  /** The share of the velocity that stays. */
  readonly momentum?: number;
  /** The share of a running mean that stays. */
  readonly rho?: number;
  /** What keeps divisors from 0. */
  readonly epsilon?: number;
  /** The share of the first moment that stays. */
  readonly beta1?: number;
  /** The share of the second moment that stays. */
  readonly beta2?: number;
}

/** An update rule, or a function such as `momentum` that makes one of the hyperparameters. */
export type Updates = UpdateRule | ((options: UpdateHyperparameters) => UpdateRule);

/** Hyperparameters, or one combination of them. */
export type HyperparametersOrValues = Hyperparameters | HyperparameterValues;

/** What training takes from the hyperparameters. */
export interface TrainingSettings {
  /** Examples a step; 100 where not given. */
  readonly batchSize: number;
  /** The most epochs; 100 where not given. */
  readonly nEpochs: number;
  /** Iterations before early stopping may stop; 10 000 where not given. */
  readonly patience: number;
}

const defaults: TrainingSettings = { batchSize: 100, nEpochs: 100, patience: 10_000 };

const ruleNumbers = ["momentum", "rho", "epsilon", "beta1", "beta2"] as const;

/** The values of hyperparameters that were given as such or as a plain record. */
export function valuesOf(given: HyperparametersOrValues): HyperparameterValues {
  if (given instanceof Hyperparameters) return given.values;
  Object.keys(given).forEach(checkName);
  return given;
}

/**
 * The settings of a training.
 *
 * @throws {RangeError} if one is no whole number of at least 1.
 */
export function settingsOf(values: HyperparameterValues): TrainingSettings {
  const count = (name: keyof TrainingSettings): number => {
    const value = values[name] ?? defaults[name];
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
    throw new RangeError(`Cannot train with ${name} ${String(value)}: expected a whole number of at least 1`);
  };
  return { batchSize: count("batchSize"), nEpochs: count("nEpochs"), patience: count("patience") };
}

/**
 * The update rule of a training.
 *
 * @throws {TypeError} if one of its options is no number.
 */
export function ruleOf(updates: Updates, values: HyperparameterValues): UpdateRule {
  if (typeof updates !== "function") return updates;
  const given = ruleNumbers.filter((name) => values[name] !== undefined);
  const numbers = given.map((name) => [name, numberOf(name, values[name])] as const);
  return updates({ ...Object.fromEntries(numbers), ...rateOf(values.learningRate) });
}

function rateOf(rate: HyperparameterValues[string] | undefined): UpdateHyperparameters {
  if (rate === undefined) return {};
  // A schedule cannot be told from another function.
  return { learningRate: typeof rate === "function" ? rate as Schedule : numberOf("learningRate", rate) };
}

function numberOf(name: string, value: HyperparameterValues[string]): number {
  if (typeof value === "number") return value;
  throw new TypeError(`Cannot update with ${name} ${String(value)}: expected a number`);
}

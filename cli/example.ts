/**
 * What the command line trains.
 *
 * @module
 */

import type { Network } from "../model/mod.ts";

/** A value of a hyperparameter that can be written on a command line. */
export type Setting = number | string | boolean;

/** Values of hyperparameters by name. */
export type Settings = Readonly<Record<string, Setting>>;

/** The hyperparameters of a network: those that all have, and its own. */
export interface ExampleHyperparameters extends Settings {
  readonly batchSize: number;
  readonly learningRate: number;
  readonly nEpochs: number;
  readonly momentum: number;
  readonly patience: number;
}

/** A network that can be asked for by name. */
export interface Example {
  /** What it is, in a few words. */
  readonly title: string;
  readonly hyperparameters: ExampleHyperparameters;
  /** The update rule, where it is not `momentum`. */
  readonly update?: string;
  /**
   * The layers, from rows of 784 pixels in [0, 1] to the probabilities of 10 classes.
   *
   * @param changed hyperparameters that are to be others than its own
   */
  build(changed?: Settings): Network;
}

/** Networks by name. */
export type Examples = Readonly<Record<string, Example>>;

/** An example whose layers are made of its hyperparameters. */
export function example<H extends ExampleHyperparameters>(
  { build, ...rest }: Omit<Example, "hyperparameters" | "build"> & {
    readonly hyperparameters: H;
    readonly build: (hyperparameters: H) => Network;
  },
): Example {
  return { ...rest, build: (changed = {}) => build({ ...rest.hyperparameters, ...changed }) };
}

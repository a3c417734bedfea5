/**
 * The networks that the command line trains.
 *
 * @module
 */

import type { Network } from "../model/network.ts";

/** A hyperparameter value that can be written on a command line. */
export type Setting = number | string | boolean;

/** Hyperparameter values by name. */
export type Settings = Readonly<Record<string, Setting>>;

/** Whether a value can be written on a command line. */
export function isSetting(value: unknown): value is Setting {
  return ["number", "string", "boolean"].includes(typeof value);
}

/** The values that can be written on a command line. */
export function settingsIn(values: Readonly<Record<string, unknown>>): Settings {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Setting] => isSetting(entry[1])),
  );
}

/** The hyperparameters of a network: those that all networks have, and its own. */
export interface ExampleHyperparameters extends Settings {
  /** Examples per step. */
  readonly batchSize: number;
  /** The step size of the update rule. */
  readonly learningRate: number;
  /** The maximum number of epochs. */
  readonly nEpochs: number;
  /** The share of the velocity that is kept. */
  readonly momentum: number;
  /** Steps before early stopping may end training. */
  readonly patience: number;
}

/** Hyperparameters that end a training sooner. */
export interface ShortTraining {
  /** The number of epochs. */
  readonly nEpochs: number;
  /** Epochs of pre-training for each unsupervised layer. */
  readonly pretrainingEpochs?: number;
}

/** A network that the command line knows by name. */
export interface Example {
  /** A description in a few words. */
  readonly title: string;
  /** The hyperparameters that a command line may set, and from which the layers are built. */
  readonly hyperparameters: ExampleHyperparameters;
  /** What replaces its hyperparameters unless the command line has `--full` (default: nothing). */
  readonly short?: ShortTraining;
  /** The update rule (default: `momentum`). */
  readonly update?: string;
  /**
   * The layers, from rows of 784 pixels in [0, 1] to the probabilities of 10 classes.
   *
   * @param changed hyperparameters that replace its own
   */
  build(changed?: Settings): Network;
}

/** Networks by name. */
export type Examples = Readonly<Record<string, Example>>;

/**
 * An example network. Its layers are built from its hyperparameters, which a command line may change.
 *
 * @example
 * ```ts
 * import { example } from "@yadll/yadll/cli";
 * import { denseLayer, inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { network } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * const small = example({
 *   title: "one dense layer",
 *   hyperparameters: { batchSize: 20, learningRate: 0.1, nEpochs: 9, momentum: 0.9, patience: 1000, nUnits: 30 },
 *   build({ nUnits }) {
 *     const input = inputLayer({ shape: [null, 784] });
 *     const hidden = denseLayer(input, { nUnits });
 *     return network("small", [input, hidden, logisticRegression(hidden, { nClass: 10 })]);
 *   },
 * });
 * assertEquals(small.build({ nUnits: 5 }).layers[1].layer.outputShape, [null, 5]);
 * ```
 */
export function example<H extends ExampleHyperparameters>(
  { build, ...rest }: Omit<Example, "hyperparameters" | "build"> & {
    readonly hyperparameters: H;
    readonly build: (hyperparameters: H) => Network;
  },
): Example {
  return { ...rest, build: (changed = {}) => build({ ...rest.hyperparameters, ...changed }) };
}

/** The example with the hyperparameters of its short training. */
export function shortened(example: Example): Example {
  const { hyperparameters, short, build } = example;
  return {
    ...example,
    hyperparameters: { ...hyperparameters, ...short },
    build: (changed = {}) => build({ ...short, ...changed }),
  };
}

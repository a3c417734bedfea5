/**
 * What the command line trains.
 *
 * @module
 */

import type { PretrainingOptions } from "../layers/mod.ts";
import type { Network } from "../model/mod.ts";

/** The hyperparameters that every network of the command line has. */
export interface ExampleHyperparameters {
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
   * @param pretraining what unsupervised layers are to do otherwise than documented
   */
  build(pretraining?: PretrainingOptions): Network;
}

/** Networks by name. */
export type Examples = Readonly<Record<string, Example>>;

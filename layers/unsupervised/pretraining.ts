/**
 * What layers that learn from their own input share.
 *
 * @module
 */

import { checkCount } from "../define.ts";
import type { Json } from "../layer.ts";

/** The hyperparameters of a layer's pre-training. */
export interface PretrainingOptions {
  /** How often the whole training set is shown; 15 where not given. */
  readonly epochs?: number | undefined;
  /** The examples of one step; 20 where not given. */
  readonly batchSize?: number | undefined;
  /** 0.01 where not given. */
  readonly learningRate?: number | undefined;
}

/** Hyperparameters with nothing left open. */
export interface PretrainingHyperparameters {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly [name: string]: Json;
}

/** Fills in and checks the hyperparameters of a layer's pre-training. */
export function completePretraining(title: string, options: PretrainingOptions = {}): PretrainingHyperparameters {
  const { epochs = 15, batchSize = 20, learningRate = 0.01 } = options;
  checkCount(title, "epochs", epochs, 0);
  checkCount(title, "batchSize", batchSize);
  if (learningRate >= 0) return { epochs, batchSize, learningRate };
  throw new RangeError(`Cannot make ${title}: expected learningRate to be at least 0, got ${learningRate}`);
}

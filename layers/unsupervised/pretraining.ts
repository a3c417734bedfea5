/**
 * Shared by all layers that learn from their own input.
 *
 * @module
 */

import type { Json } from "../../core/json.ts";
import { count, finite } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import type { Tensor } from "../../core/tensor.ts";

/** The hyperparameters of a layer's pre-training. */
export interface PretrainingOptions {
  /** Passes over the training set; default: 15. */
  readonly epochs?: number | undefined;
  /** Examples per step; default: 20. */
  readonly batchSize?: number | undefined;
  /** The learning rate; default: 0.01. */
  readonly learningRate?: number | undefined;
}

/** {@linkcode PretrainingOptions}, declared. */
export const pretrainingOptions = {
  epochs: count({ least: 0, default: 15, help: "passes over the training set" }),
  batchSize: count({ default: 20, help: "examples per step" }),
  learningRate: finite({ least: 0, default: 0.01, help: "learning rate" }),
} satisfies Declaration<PretrainingOptions>;

/** Hyperparameters with defaults filled in. */
export interface PretrainingHyperparameters {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly [name: string]: Json;
}

/** The hyperparameters of a layer's pre-training, with defaults filled in. */
export function completePretraining(title: string, options?: PretrainingOptions): PretrainingHyperparameters {
  return readOptions(`make ${title}`, pretrainingOptions, options);
}

/** Reshapes examples to rows for weights of [inputs, units]; with more leading axes, each time step is a row. */
export function rowsFor(W: Tensor, input: Tensor): Tensor {
  return input.reshape([-1, W.shape[0]]);
}

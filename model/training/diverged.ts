/**
 * The error of a training that diverged.
 *
 * @module
 */

import type { Weights } from "../weights.ts";

/** What is known about a training that diverged. */
export interface DivergenceFacts {
  /** The name of the model, or of the layer that was pre-trained. */
  readonly model: string;
  /** The step, counted from 1, whose cost was not finite; if `exact` is false, this step or an earlier one. */
  readonly iteration: number;
  readonly exact: boolean;
  /** The cost: infinite or NaN. */
  readonly cost: number;
  /** The first layer whose output was not finite; null if all were finite. */
  readonly layer: string | null;
  /** The last weights that were known to be finite. */
  readonly weights: Weights;
}

/**
 * The cost became infinite or NaN, because the learning rate is too high, or the data or a layer contain such numbers.
 */
export class Diverged extends Error {
  /** The name in stack traces. */
  override readonly name = "Diverged";
  /** The step, counted from 1, whose cost was not finite. */
  readonly iteration: number;
  /** The cost: infinite or NaN. */
  readonly cost: number;
  /** The first layer whose output was not finite; null if all were finite. */
  readonly layer: string | null;
  /** The last weights that were known to be finite: those after the last validation or epoch. */
  readonly weights: Weights;

  /** The message names the step and the layer. */
  constructor({ model, iteration, exact, cost, layer, weights }: DivergenceFacts) {
    const where = layer === null
      ? "the outputs of all layers were finite, so it comes from the objective or from a penalty"
      : `the first layer whose output is not finite is ${JSON.stringify(layer)}`;
    super(
      `Cannot continue training ${model}: the cost became ${cost} in ${exact ? "" : "or before "}step ${iteration}; ` +
        `${where}; a smaller learning rate may help, or clipping gradients, or scaling the data`,
    );
    this.iteration = iteration;
    this.cost = cost;
    this.layer = layer;
    this.weights = weights;
  }
}

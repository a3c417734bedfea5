/**
 * Training that went wrong.
 *
 * @module
 */

import type { Weights } from "../weights.ts";

/** What is known of a training that went wrong. */
export interface DivergenceFacts {
  /** The name of the model, or of the layer that was pre-trained. */
  readonly model: string;
  /** The step, counted from 1, whose cost was not finite; where `exact` is false, it or one before it. */
  readonly iteration: number;
  readonly exact: boolean;
  /** The cost: infinite, or no number. */
  readonly cost: number;
  /** The first layer whose output was not finite; null where all were. */
  readonly layer: string | null;
  /** The last weights that were known to be good. */
  readonly weights: Weights;
}

/** The cost became infinite or no number: the learning rate is too high, or the data or a layer give such numbers. */
export class Diverged extends Error {
  /** What stack traces call it. */
  override readonly name = "Diverged";
  /** The step, counted from 1, whose cost was not finite. */
  readonly iteration: number;
  /** The cost: infinite, or no number. */
  readonly cost: number;
  /** The first layer whose output was not finite; null where all were. */
  readonly layer: string | null;
  /** The last weights that were known to be good: those after the last validation or epoch. */
  readonly weights: Weights;

  /** Says in which step the cost was not finite, and from which layer on. */
  constructor({ model, iteration, exact, cost, layer, weights }: DivergenceFacts) {
    const where = layer === null
      ? "the outputs of all layers were finite, so it comes from the objective or from a penalty"
      : `the first layer whose output is not finite is ${JSON.stringify(layer)}`;
    super(
      `Cannot continue training ${model}: the cost became ${cost} in ${exact ? "" : "or before "}step ${iteration}; ` +
        `${where}; a smaller learning rate may help, or clipped gradients, or scaled data`,
    );
    this.iteration = iteration;
    this.cost = cost;
    this.layer = layer;
    this.weights = weights;
  }
}

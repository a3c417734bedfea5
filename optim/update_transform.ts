/**
 * Transforms: the parts of which update rules are composed.
 *
 * @module
 */

import type { Json } from "../core/json.ts";
import type { Tensor } from "../core/tensor.ts";

/** A part of a rule as plain data: the name of the function that makes it, and its options. */
export type PartConfiguration = readonly [name: string, options: { readonly [name: string]: Json }];

/** The gradients and the parameters of a step, both trees of one form, on their way from transform to transform. */
export interface Update<P> {
  /** The gradients, as the transforms before this one have left them. */
  readonly gradients: P;
  /** The parameters, as the transforms and the rule before this transform have left them. */
  readonly params: P;
}

/** What a transform may know of the step. */
export interface UpdateContext<P> {
  /** The parameters before the step. */
  readonly before: P;
  /** The number of this update, 1 for the first one, an i32 scalar. */
  readonly count: Tensor;
  /**
   * The learning rate of the rule at this step, an f32 scalar.
   *
   * @throws {TypeError} if there is not exactly one rule with a learning rate in the chain.
   */
  readonly learningRate: () => Tensor;
}

/**
 * A part of a chain that changes gradients before a rule uses them, or parameters, at its place in the chain. It is pure:
 * whatever it remembers is in its state.
 */
export interface UpdateTransform {
  /** The name of the function that made it. */
  readonly name: string;
  /** What files contain of it; `undefined` if it contains a function. */
  readonly configuration?: PartConfiguration | undefined;
  /** What tells it from other transforms of its name, for resuming a training, if files cannot contain it. */
  readonly description?: PartConfiguration | undefined;
  /** The state before the first step, a tree of tensors. */
  init(params: unknown): unknown;
  /** Gradients, parameters and state after this transform. */
  apply<P>(update: Update<P>, state: unknown, context: UpdateContext<P>): Update<P> & { readonly state: unknown };
  /** The parameters to validate and to keep instead of those of the last step, if the transform computes such. */
  readonly averaged?: (<P>(state: unknown, params: P) => P) | undefined;
}

/**
 * Reduces the learning rate when the validation stops improving.
 *
 * Source: `ReduceLROnPlateau` of Keras, with `min_delta=0` and without cooldown.
 *
 * @module
 */

import { full, tensor } from "../../core/creation.ts";
import { count, finite } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import type { Tensor } from "../../core/tensor.ts";
import { scheduleOf, type UpdateRule, type UpdateState } from "../../optim/update_rule.ts";

/** How a learning rate is reduced. */
export interface PlateauOptions {
  /** The factor by which it is multiplied, above 0 and below 1 (default: 0.1). */
  readonly factor?: number;
  /** Epochs without a better validation before it is reduced, and before it is reduced again (default: 10). */
  readonly patience?: number;
  /** The least learning rate (default: 0). */
  readonly least?: number;
}

/** {@linkcode PlateauOptions}, declared. */
export const plateauOptions = {
  factor: finite({ above: 0, below: 1, default: 0.1, help: "factor by which the learning rate is multiplied" }),
  patience: count({ default: 10, help: "epochs without a better validation before the learning rate is reduced" }),
  least: finite({ least: 0, default: 0, help: "least learning rate" }),
} satisfies Declaration<PlateauOptions>;

/** How a learning rate is reduced, with the defaults. */
export function readPlateau(options: PlateauOptions): Required<PlateauOptions> {
  return readOptions("reduce the learning rate", plateauOptions, options);
}

/** How far a learning rate is reduced. */
export interface Plateau {
  /** The product of all factors so far. */
  readonly scale: number;
  /** The iteration of the last reduction; 0 before the first. */
  readonly reduced: number;
}

/** A learning rate that is not reduced yet. */
export const noPlateau: Plateau = { scale: 1, reduced: 0 };

/** Where a training is at the end of an epoch. */
export interface EpochEnd {
  readonly iteration: number;
  /** The iteration, counted from 0, with the best validation; -1 before the first. */
  readonly bestIteration: number;
  /** Batches per epoch. */
  readonly batches: number;
  /** The learning rate of the rule. */
  readonly learningRate: UpdateRule["learningRate"];
}

/** The reduction after an epoch; a learning rate that is a number is not scaled below the least one. */
export function afterPlateau(
  before: Plateau,
  { factor, patience, least }: Required<PlateauOptions>,
  { iteration, bestIteration, batches, learningRate }: EpochEnd,
): Plateau {
  if (iteration - Math.max(bestIteration + 1, before.reduced) < patience * batches) return before;
  return { scale: Math.max(before.scale * factor, leastScale(learningRate, least)), reduced: iteration };
}

/** The scale of the least learning rate; 0 if the rate is a schedule. */
function leastScale(learningRate: UpdateRule["learningRate"], least: number): number {
  if (typeof learningRate !== "number") return 0;
  return learningRate > least ? least / learningRate : 1;
}

/** A reduction, for events. */
export interface Reduction {
  readonly scale: number;
  /** The learning rate from then on; null if it is a schedule. */
  readonly learningRate: number | null;
}

/** The reduction between two scales of a rule; undefined if the learning rate was the least one already. */
export function reductionOf(
  { learningRate: base }: UpdateRule,
  { before, after: scale, least }: { readonly before: number; readonly after: number; readonly least: number },
): Reduction | undefined {
  if (typeof base !== "number") return { scale, learningRate: null };
  const rateWith = (scale: number): number => Math.max(base * scale, least);
  const learningRate = rateWith(scale);
  return learningRate < rateWith(before) ? { scale, learningRate } : undefined;
}

/**
 * A rule whose learning rate is multiplied by `scale` of its state, a tensor, so that another one needs no other code.
 *
 * @throws {TypeError} if the rule does not have exactly one learning rate.
 */
export function reducible(action: string, rule: UpdateRule, { least }: Required<PlateauOptions>): UpdateRule {
  const { learningRate, withLearningRate, averaged } = rule;
  if (learningRate === undefined || withLearningRate === undefined) {
    throw new TypeError(
      `Cannot ${action} with reduceOnPlateau and the update rule ${rule.name}: expected a rule with one learning rate, ` +
        "such as those of this library",
    );
  }
  const base = scheduleOf(learningRate);
  const rateWith = (scale: Tensor) => (step: Tensor): Tensor => {
    const rate = base(step);
    return least === 0 ? rate.mul(scale) : rate.mul(scale).maximum(rate.minimum(least));
  };
  return {
    ...rule,
    withLearningRate: undefined,
    init: (params) => ({ step: full([], 0, { dtype: "i32" }), scale: tensor(1), rule: rule.init(params) }),
    update: (gradients, state, params) => {
      const scale = state.scale as Tensor;
      const after = withLearningRate(rateWith(scale)).update(gradients, state.rule as UpdateState, params);
      return { params: after.params, state: { step: state.step.add(1), scale, rule: after.state } };
    },
    averaged: averaged && ((state, params) => averaged(state.rule as UpdateState, params)),
  };
}

/** The state of such a rule with another scale. */
export function withScale(state: UpdateState, scale: number): UpdateState {
  (state.scale as Tensor).dispose();
  return { ...state, scale: tensor(scale) };
}

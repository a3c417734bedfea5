/**
 * Weighted sums over examples, or over their time steps.
 *
 * @module
 */

import { sameShape, type Shape, showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { inFloats } from "../../optim/targets.ts";

/** Weights as they are used: floats, and of one number per example, [example, 1] to [example]. */
export function readWeights(given: Tensor): Tensor {
  const weights = inFloats(given);
  const [examples, ...others] = weights.shape;
  return others.length === 1 && others[0] === 1 ? weights.reshape([examples]) : weights;
}

/**
 * The sum of the weighted values of each example, [example]. What has the weight 0 does not count, even if it is infinite.
 *
 * @param values [example, …]; axes that the weights lack are averaged
 * @param weights [example], or [example, time]
 * @throws {TypeError} if the values do not begin with the axes of the weights.
 */
export function weigh(name: "objective" | "metric" | "loss", values: Tensor, weights: Tensor): Tensor {
  const rank = weights.shape.length;
  const own = values.shape.slice(0, rank);
  if (!sameShape(own, weights.shape)) {
    throw new TypeError(
      `Cannot weigh the ${name} of shape ${showShape(values.shape)}: expected weights of ${
        showShape(own)
      }, one per example or per time step, got ${showShape(weights.shape)}`,
    );
  }
  const others = values.shape.slice(rank).map((_, i) => rank + i);
  const means = others.length === 0 ? values : values.mean({ axis: others });
  return sumsOfExamples(weights.equal(0).where(0, means).mul(weights));
}

/**
 * A prediction through which no gradient flows where the weight is 0: there the target may be NaN, and 0 · NaN is NaN.
 *
 * @param prediction [example, …], which begins with the axes of the weights; others are refused where costs are weighed
 * @param weights [example], or [example, time]
 */
export function heldWhere0(prediction: Tensor, weights: Tensor): Tensor {
  if (!sameShape(prediction.shape.slice(0, weights.shape.length), weights.shape)) return prediction;
  return widened(weights.equal(0), prediction.shape).where(prediction.stopGradient(), prediction);
}

/** Weights with a number for each position of `shape`, which begins with their axes. */
export function widened(weights: Tensor, shape: Shape): Tensor {
  if (sameShape(weights.shape, shape)) return weights;
  return weights.reshape([...weights.shape, ...shape.slice(weights.shape.length).map(() => 1)]).broadcastTo(shape);
}

/** The sums of weights over their axes from `rank` on. */
export function summedFrom(rank: number, weights: Tensor): Tensor {
  const axes = weights.shape.map((_, i) => i).slice(rank);
  return axes.length === 0 ? weights : weights.sum({ axis: axes });
}

/** The sum over the time steps of each example: [example, …] to [example]. */
export function sumsOfExamples(values: Tensor): Tensor {
  return summedFrom(1, values);
}

/** The product of weights, [example] and [example, time] in any combination; undefined without any. */
export function productOf(...given: readonly (Tensor | undefined)[]): Tensor | undefined {
  const weights = given.filter((one) => one !== undefined);
  const rank = Math.max(...weights.map(({ shape }) => shape.length));
  const wide = weights.map((one) => one.reshape([...one.shape, ...Array(rank - one.shape.length).fill(1)]));
  return wide.length === 0 ? undefined : wide.reduce((product, one) => product.mul(one));
}

/** The sum of costs by that of their weights; 0 if all weights are 0. */
export function weightedMean(sum: Tensor, weight: Tensor): Tensor {
  return sum.div(weight.equal(0).where(1, weight));
}

/**
 * Gradients at points where functions have none, or several: what the library promises there, as other frameworks do.
 *
 * @module
 */

import { tensor } from "../../../core/creation.ts";
import * as activation from "../../../core/functions/activations.ts";
import { clipGradient } from "../../../core/functions/clip_gradient.ts";
import { expm1, log1p } from "../../../core/functions/near_zero.ts";
import { logSumExp } from "../../../core/functions/reduction.ts";
import { clip, where } from "../../../core/functions/selection.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { grad } from "../../../core/gradients.ts";
import { huberError, rootMeanSquaredError } from "../../../optim/objectives.ts";

/** A function, where its gradient is taken, and the gradient of the sum of its results. */
interface Kink {
  readonly name: string;
  readonly fn: (x: Tensor) => Tensor;
  readonly at: readonly number[];
  readonly gradient: readonly number[];
}

/** A function of which the gradient by the first argument is taken at each of some points. */
const kink = (
  name: string,
  fn: (x: Tensor) => Tensor,
  [at, gradient]: readonly [readonly number[], readonly number[]],
): Kink => ({
  name,
  fn,
  at,
  gradient,
});

/** The promises. */
export const kinks: readonly Kink[] = [
  kink("|x|", (x) => x.abs(), [[0, -2, 2], [0, -1, 1]]),
  kink("√x", (x) => x.sqrt(), [[0, 4], [Infinity, 0.25]]),
  kink("log x", (x) => x.log(), [[0, 2], [Infinity, 0.5]]),
  kink("1 / x", (x) => x.reciprocal(), [[2, -2], [-0.25, -0.25]]),
  kink("x²", (x) => x.pow(2), [[0, -3], [0, -6]]),
  kink("x⁰", (x) => x.pow(0), [[0, 5], [0, 0]]),
  kink("x^y at x = 0", (x) => x.pow(tensor([1, 2, 0])), [[0, 0, 0], [1, 0, 0]]),
  kink("2^y", (y) => tensor([1, 4]).pow(y), [[3, 0.5], [0, 2 * Math.log(4)]]),
  kink("maximum of equals", (x) => x.maximum(tensor([1, 2, 3])), [[1, 1, 4], [0.5, 0, 1]]),
  kink("minimum of equals", (x) => x.minimum(tensor([1, 2, 3])), [[1, 1, 4], [0.5, 1, 0]]),
  kink("greatest of equals", (x) => x.max(), [[3, 7, 7], [0, 1, 0]]),
  kink("least of equals", (x) => x.min(), [[3, 7, 3], [1, 0, 0]]),
  kink("clip to 0 … 1", (x) => clip(x, 0, 1), [[-1, 0, 0.5, 1, 2], [0, 1, 1, 1, 0]]),
  kink("floor", (x) => x.floor(), [[0, 1.5], [0, 0]]),
  kink("sign", (x) => x.sign(), [[0, 1.5], [0, 0]]),
  kink("remainder by 2", (x) => x.mod(2), [[0, 5, -5], [1, 1, 1]]),
  kink("where", (x) => where(x.greater(0), x, 0), [[0, 1, -1], [0, 1, 0]]),
  kink("relu", (x) => activation.relu(x), [[0, -0, 1, -1], [0, 0, 1, 0]]),
  kink("relu with alpha 0.5", (x) => activation.relu(x, { alpha: 0.5 }), [[0, 1, -1], [0.5, 1, 0.5]]),
  kink("elu", (x) => activation.elu(x), [[0, 1], [1, 1]]),
  kink("softplus", (x) => activation.softplus(x), [[0], [0.5]]),
  kink("sigmoid", (x) => x.sigmoid(), [[0], [0.25]]),
  kink("tanh", (x) => x.tanh(), [[0], [1]]),
  kink("erf", (x) => x.erf(), [[0], [2 / Math.sqrt(Math.PI)]]),
  kink("gelu", (x) => activation.gelu(x), [[0], [0.5]]),
  kink("eˣ − 1", expm1, [[0], [1]]),
  kink("log(1 + x)", log1p, [[0], [1]]),
  kink("product with a 0", (x) => x.prod(), [[2, 0, 3], [0, 6, 0]]),
  kink("product with two 0", (x) => x.prod(), [[0, 2, 0], [0, 0, 0]]),
  kink("log Σ exp of −∞", (x) => logSumExp(x), [[-Infinity, -Infinity], [0, 0]]),
  kink("root of the mean squared error of equals", (x) => rootMeanSquaredError(x, x.stopGradient()), [[1, 2], [0, 0]]),
  kink("Huber's error at δ", (x) => huberError(x, x.zerosLike()), [[1, -1, 2], [1, -1, 1]]),
  kink("stopGradient", (x) => x.stopGradient().mul(x), [[3], [3]]),
  kink("clipGradient", (x) => clipGradient(x, 1).mul(tensor([5, -5, 0.5])), [[1, 1, 1], [1, -1, 0.5]]),
];

/** Compares all promises with the current device; one line per fault. */
export async function checkKinks(device: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, fn, at, gradient } of kinks) {
    const got = await grad((x: Tensor) => fn(x).sum())(tensor([...at])).data();
    gradient.forEach((expected, i) => {
      const near = got[i] === expected || Math.abs(got[i] - expected) <= 1e-6 * Math.abs(expected);
      if (!near) {
        faults.push(`gradient of ${name} at [${at}], ${device}: got ${got[i]} at ${at[i]}, expected ${expected}`);
      }
    });
  }
  return faults;
}

/**
 * Update rules that scale each number's step by the gradients it has seen.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { makeRule, type UpdateRule } from "./update_rule.ts";
import type { UpdateOptions } from "./updates.ts";

/** Options of rules that divide by a root. */
export interface AdaptiveOptions extends UpdateOptions {
  /** Added under the root, against division by 0; 1e-6 where not given. */
  readonly epsilon?: number;
}

/** Options of rules with a moving average. */
export interface AverageOptions extends AdaptiveOptions {
  /** The share of the old average that stays. */
  readonly rho?: number;
}

/** ρ · average + (1 − ρ) · value². */
function averageSquare(average: Tensor, value: Tensor, rho: number): Tensor {
  return average.mul(rho).add(value.square().mul(1 - rho));
}

/**
 * Adagrad: sum := sum + gradient²; parameter := parameter − learningRate · gradient / √(sum + ε). The learning rate is 0.1
 * where not given.
 *
 * Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.
 *
 * @example
 * ```ts
 * import { adagrad } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rule = adagrad();
 * const { params } = rule.update(tensor([4]), rule.init(tensor([1])), tensor([1]));
 * assertAlmostEquals(await params.item(), 0.9, 1e-6);
 * ```
 */
export function adagrad({ learningRate = 0.1, epsilon = 1e-6 }: AdaptiveOptions = {}): UpdateRule {
  return makeRule({
    name: "adagrad",
    learningRate,
    numbers: { epsilon },
    slots: ["sum"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const sum = slots.sum.add(gradient.square());
      return { parameter: parameter.sub(gradient.mul(learningRate).div(sum.add(epsilon).sqrt())), slots: { sum } };
    },
  });
}

/**
 * RMSProp: average := ρ · average + (1 − ρ) · gradient²; parameter := parameter − learningRate · gradient / √(average + ε).
 * The learning rate is 0.01 and ρ 0.9 where not given.
 *
 * Source: Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012.
 *
 * @example
 * ```ts
 * import { rmsprop } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rule = rmsprop();
 * const { params } = rule.update(tensor([4]), rule.init(tensor([1])), tensor([1]));
 * assertAlmostEquals(await params.item(), 1 - 0.01 / Math.sqrt(0.1), 1e-6);
 * ```
 */
export function rmsprop({ learningRate = 0.01, rho = 0.9, epsilon = 1e-6 }: AverageOptions = {}): UpdateRule {
  return makeRule({
    name: "rmsprop",
    learningRate,
    numbers: { rho, epsilon },
    slots: ["average"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const average = averageSquare(slots.average, gradient, rho);
      const scaled = gradient.mul(learningRate).div(average.add(epsilon).sqrt());
      return { parameter: parameter.sub(scaled), slots: { average } };
    },
  });
}

/**
 * Adadelta: average := ρ · average + (1 − ρ) · gradient²; change := gradient · √(changes + ε) / √(average + ε); parameter
 * := parameter − learningRate · change; changes := ρ · changes + (1 − ρ) · change². The learning rate is 0.1 and ρ 0.95
 * where not given.
 *
 * Source: Zeiler, "ADADELTA: an adaptive learning rate method", 2012.
 *
 * @example
 * ```ts
 * import { adadelta } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rule = adadelta({ learningRate: 1 });
 * const { params } = rule.update(tensor([4]), rule.init(tensor([1])), tensor([1]));
 * assertAlmostEquals(await params.item(), 1 - 4 * Math.sqrt(1e-6 / 0.8), 1e-5);
 * ```
 */
export function adadelta({ learningRate = 0.1, rho = 0.95, epsilon = 1e-6 }: AverageOptions = {}): UpdateRule {
  return makeRule({
    name: "adadelta",
    learningRate,
    numbers: { rho, epsilon },
    slots: ["average", "changes"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const average = averageSquare(slots.average, gradient, rho);
      const change = gradient.mul(slots.changes.add(epsilon).sqrt()).div(average.add(epsilon).sqrt());
      return {
        parameter: parameter.sub(change.mul(learningRate)),
        slots: { average, changes: averageSquare(slots.changes, change, rho) },
      };
    },
  });
}

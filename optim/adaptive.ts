/**
 * Update rules that scale the step of each number by its previous gradients.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { finite, share } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import { learningRate, makeRule, over, type UpdateRule } from "./update_rule.ts";
import type { UpdateOptions } from "./updates.ts";

/** Options of rules that divide by a square root. */
export interface AdaptiveOptions extends UpdateOptions {
  /** Added under the square root, to avoid division by 0; default: 1e-6. */
  readonly epsilon?: number;
}

/** The options of {@linkcode adagrad}. */
export const adagradOptions = {
  learningRate: learningRate(0.1),
  epsilon: finite({ least: 0, default: 1e-6, help: "small number added under the root to avoid division by 0" }),
} satisfies Declaration<AdaptiveOptions>;

/** Options of rules with a moving average. */
export interface AverageOptions extends AdaptiveOptions {
  /** The share of the old average that is kept; default: 0.9, or 0.95 for {@linkcode adadelta}. */
  readonly rho?: number;
}

const rhoHelp = "share of the old average that is kept";

/** The options of {@linkcode rmsprop}. */
export const rmspropOptions = {
  learningRate: learningRate(0.01),
  rho: share({ default: 0.9, help: rhoHelp }),
  epsilon: adagradOptions.epsilon,
} satisfies Declaration<AverageOptions>;

/** The options of {@linkcode adadelta}. */
export const adadeltaOptions = {
  learningRate: learningRate(0.1),
  rho: share({ default: 0.95, help: rhoHelp }),
  epsilon: adagradOptions.epsilon,
} satisfies Declaration<AverageOptions>;

/** ρ · average + (1 − ρ) · value². */
function averageSquare(average: Tensor, value: Tensor, rho: number): Tensor {
  return average.mul(rho).add(value.square().mul(1 - rho));
}

/**
 * Adagrad: sum := sum + gradient²; parameter := parameter − learningRate · gradient / √(sum + ε). The default learning
 * rate is 0.1.
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
export function adagrad(options: AdaptiveOptions = {}): UpdateRule {
  refuseSurplus("adagrad", arguments, 1);
  const values = readOptions("make adagrad", adagradOptions, options);
  const { epsilon } = values;
  return makeRule({
    name: "adagrad",
    options: values,
    slots: ["sum"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const sum = slots.sum.add(gradient.square());
      return {
        parameter: parameter.sub(over(gradient.mul(learningRate), sum.add(epsilon).sqrt(), epsilon)),
        slots: { sum },
      };
    },
  });
}

/**
 * RMSProp: average := ρ · average + (1 − ρ) · gradient²; parameter := parameter − learningRate · gradient / √(average + ε).
 * The defaults are a learning rate of 0.01 and ρ = 0.9.
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
export function rmsprop(options: AverageOptions = {}): UpdateRule {
  refuseSurplus("rmsprop", arguments, 1);
  const values = readOptions("make rmsprop", rmspropOptions, options);
  const { rho, epsilon } = values;
  return makeRule({
    name: "rmsprop",
    options: values,
    slots: ["average"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const average = averageSquare(slots.average, gradient, rho);
      const scaled = over(gradient.mul(learningRate), average.add(epsilon).sqrt(), epsilon);
      return { parameter: parameter.sub(scaled), slots: { average } };
    },
  });
}

/**
 * Adadelta: average := ρ · average + (1 − ρ) · gradient²; change := gradient · √(changes + ε) / √(average + ε); parameter
 * := parameter − learningRate · change; changes := ρ · changes + (1 − ρ) · change². The defaults are a learning rate of
 * 0.1 and ρ = 0.95.
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
export function adadelta(options: AverageOptions = {}): UpdateRule {
  refuseSurplus("adadelta", arguments, 1);
  const values = readOptions("make adadelta", adadeltaOptions, options);
  const { rho, epsilon } = values;
  return makeRule({
    name: "adadelta",
    options: values,
    slots: ["average", "changes"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const average = averageSquare(slots.average, gradient, rho);
      const change = over(gradient.mul(slots.changes.add(epsilon).sqrt()), average.add(epsilon).sqrt(), epsilon);
      return {
        parameter: parameter.sub(change.mul(learningRate)),
        slots: { average, changes: averageSquare(slots.changes, change, rho) },
      };
    },
  });
}

/**
 * Adam and its variants: update rules with moving averages of the gradient and of its square.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { expm1NotAbove0 } from "../core/functions/near_zero.ts";
import { finite, share } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import type { Tensor } from "../core/tensor.ts";
import { learningRate, makeRule, over, type UpdateRule } from "./update_rule.ts";
import type { UpdateOptions } from "./updates.ts";

/** Options of Adam and its variants. */
export interface AdamOptions extends UpdateOptions {
  /** The share of the old mean gradient that is kept; default: 0.9. */
  readonly beta1?: number;
  /** The share of the old mean square that is kept; default: 0.999. */
  readonly beta2?: number;
  /** Added to the square root, to avoid division by 0; default: 1e-6, or 1e-8 for {@linkcode adamw}. */
  readonly epsilon?: number;
}

/** The options of {@linkcode adam}, {@linkcode adamax} and {@linkcode nadam}. */
export const adamOptions = {
  learningRate: learningRate(0.001),
  beta1: share({ below: 1, default: 0.9, help: "share of the old mean gradient that is kept" }),
  beta2: share({ below: 1, default: 0.999, help: "share of the old mean square that is kept" }),
  epsilon: finite({ least: 0, default: 1e-6, help: "small number added to the root to avoid division by 0" }),
} satisfies Declaration<AdamOptions>;

/** 1 − βᵗ, exact even if βᵗ is nearly 1: the sum of the weights of a moving average after t steps from 0. */
function gathered(beta: number, count: Tensor): Tensor {
  return expm1NotAbove0(count.mul(Math.log(beta))).neg();
}

/** β · average + (1 − β) · value. */
function average(old: Tensor, value: Tensor, beta: number): Tensor {
  return old.mul(beta).add(value.mul(1 - beta));
}

/** The moving averages of the gradient and of its square. */
function moments(
  { m, v }: Readonly<Record<"m" | "v", Tensor>>,
  gradient: Tensor,
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
): Record<"m" | "v", Tensor> {
  return { m: average(m, gradient, beta1), v: average(v, gradient.square(), beta2) };
}

function times(learningRate: Tensor, factor: Tensor): Tensor {
  return factor.mul(learningRate);
}

/**
 * Adam: m := β₁ m + (1 − β₁) gradient; v := β₂ v + (1 − β₂) gradient²; parameter := parameter − learningRate ·
 * √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε). The default learning rate is 0.001.
 *
 * Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2014, in the form of the last paragraph of
 * section 2.
 *
 * @example
 * ```ts
 * import { adam } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rule = adam({ learningRate: 0.1 });
 * const { params } = rule.update(tensor([4]), rule.init(tensor([1])), tensor([1]));
 * assertAlmostEquals(await params.item(), 0.9, 1e-5);
 * ```
 */
export function adam(options: AdamOptions = {}): UpdateRule {
  refuseSurplus("adam", arguments, 1);
  const values = readOptions("make adam", adamOptions, options);
  const { beta1, beta2, epsilon } = values;
  return makeRule({
    name: "adam",
    options: values,
    slots: ["m", "v"],
    formula: ({ learningRate, count }) => {
      const rate = times(learningRate, gathered(beta2, count).sqrt().div(gathered(beta1, count)));
      return (gradient, slots, parameter) => {
        const { m, v } = moments(slots, gradient, values);
        return { parameter: parameter.sub(over(m.mul(rate), v.sqrt().add(epsilon), epsilon)), slots: { m, v } };
      };
    },
  });
}

/**
 * Adamax: m := β₁ m + (1 − β₁) gradient; u := max(β₂ u, |gradient|); parameter := parameter − learningRate / (1 − β₁ᵗ) ·
 * m / (u + ε). The default learning rate is 0.001.
 *
 * Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2014, section 7.1.
 *
 * @example
 * ```ts
 * import { adamax } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rule = adamax({ learningRate: 0.1 });
 * const { params } = rule.update(tensor([4]), rule.init(tensor([1])), tensor([1]));
 * assertAlmostEquals(await params.item(), 0.9, 1e-5);
 * ```
 */
export function adamax(options: AdamOptions = {}): UpdateRule {
  refuseSurplus("adamax", arguments, 1);
  const values = readOptions("make adamax", adamOptions, options);
  const { beta1, beta2, epsilon } = values;
  return makeRule({
    name: "adamax",
    options: values,
    slots: ["m", "u"],
    formula: ({ learningRate, count }) => {
      const rate = times(learningRate, gathered(beta1, count).reciprocal());
      return (gradient, slots, parameter) => {
        const m = average(slots.m, gradient, beta1);
        const u = slots.u.mul(beta2).maximum(gradient.abs());
        return { parameter: parameter.sub(over(m.mul(rate), u.add(epsilon), epsilon)), slots: { m, u } };
      };
    },
  });
}

/**
 * Nadam, Adam with Nesterov's momentum: m and v as in {@linkcode adam}; parameter := parameter − learningRate ·
 * (β₁ m / (1 − β₁ᵗ⁺¹) + (1 − β₁) gradient / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε). The default learning rate is 0.001.
 *
 * Source: Dozat, "Incorporating Nesterov momentum into Adam", 2015.
 *
 * @example
 * ```ts
 * import { nadam } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rule = nadam({ learningRate: 0.1 });
 * const { params } = rule.update(tensor([4]), rule.init(tensor([1])), tensor([1]));
 * assertAlmostEquals(await params.item(), 1 - 0.1 * (0.09 / 0.19 + 1), 1e-5);
 * ```
 */
export function nadam(options: AdamOptions = {}): UpdateRule {
  refuseSurplus("nadam", arguments, 1);
  const values = readOptions("make nadam", adamOptions, options);
  const { beta1, beta2, epsilon } = values;
  return makeRule({
    name: "nadam",
    options: values,
    slots: ["m", "v"],
    formula: ({ learningRate, count }) => {
      const ahead = times(learningRate, gathered(beta1, count.add(1)).reciprocal().mul(beta1));
      const here = times(learningRate, gathered(beta1, count).reciprocal().mul(1 - beta1));
      const square = gathered(beta2, count).reciprocal();
      return (gradient, slots, parameter) => {
        const { m, v } = moments(slots, gradient, values);
        const direction = m.mul(ahead).add(gradient.mul(here));
        return {
          parameter: parameter.sub(over(direction, v.mul(square).sqrt().add(epsilon), epsilon)),
          slots: { m, v },
        };
      };
    },
  });
}

/** Options of {@linkcode adamw}. */
export interface AdamwOptions extends AdamOptions {
  /** The share of the parameters that each step removes, times the learning rate; default: 0.01. */
  readonly weightDecay?: number;
}

/** The options of {@linkcode adamw}. */
export const adamwOptions = {
  ...adamOptions,
  epsilon: finite({ least: 0, default: 1e-8, help: adamOptions.epsilon.help }),
  weightDecay: finite({
    least: 0,
    default: 0.01,
    help: "share of the parameters, times the learning rate, that each step subtracts",
  }),
} satisfies Declaration<AdamwOptions>;

/**
 * Adam with decoupled weight decay: parameter := (1 − learningRate · weightDecay) parameter − learningRate · (m /
 * (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε). The defaults are a learning rate of 0.001 and ε = 10⁻⁸.
 *
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2017.
 *
 * @example
 * ```ts
 * import { adamw } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rule = adamw({ learningRate: 0.1, weightDecay: 0.5 });
 * const { params } = rule.update(tensor([4]), rule.init(tensor([1])), tensor([1]));
 * assertAlmostEquals(await params.item(), 0.85, 1e-5);
 * ```
 */
export function adamw(options: AdamwOptions = {}): UpdateRule {
  refuseSurplus("adamw", arguments, 1);
  const values = readOptions("make adamw", adamwOptions, options);
  const { beta1, beta2, epsilon, weightDecay } = values;
  return makeRule({
    name: "adamw",
    options: values,
    slots: ["m", "v"],
    formula: ({ learningRate, count }) => {
      const rate = times(learningRate, gathered(beta1, count).reciprocal());
      const square = gathered(beta2, count).reciprocal();
      return (gradient, slots, parameter) => {
        const { m, v } = moments(slots, gradient, values);
        const decayed = parameter.sub(parameter.mul(weightDecay).mul(learningRate));
        return {
          parameter: decayed.sub(over(m.mul(rate), v.mul(square).sqrt().add(epsilon), epsilon)),
          slots: { m, v },
        };
      };
    },
  });
}

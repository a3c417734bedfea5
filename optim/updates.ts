/**
 * Gradient descent, with and without momentum.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { share } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { readOptions } from "../core/options/read.ts";
import { learningRate, makeRule, type Schedule, type UpdateRule } from "./update_rule.ts";

/** Options of all update rules. */
export interface UpdateOptions {
  /**
   * The learning rate: a number, or a schedule, which is a function of the number of steps done; default: 0.1, or 0.01
   * for {@linkcode rmsprop}, or 0.001 for {@linkcode adam} and its variants.
   */
  readonly learningRate?: number | Schedule;
}

/** The options of {@linkcode sgd}. */
export const sgdOptions = { learningRate: learningRate(0.1) } satisfies Declaration<UpdateOptions>;

/** Options of rules with momentum. */
export interface MomentumOptions extends UpdateOptions {
  /** The share of the velocity that is kept; default: 0.9. */
  readonly momentum?: number;
}

/** The options of {@linkcode momentum} and {@linkcode nesterovMomentum}. */
export const momentumOptions = {
  ...sgdOptions,
  momentum: share({ default: 0.9, help: "share of the velocity that is kept" }),
} satisfies Declaration<MomentumOptions>;

/**
 * Stochastic gradient descent: parameter := parameter − learningRate · gradient. The default learning rate is 0.1.
 *
 * @example
 * ```ts
 * import { sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = sgd({ learningRate: 0.5 });
 * const before = { W: tensor([1, 2]) };
 * const { params } = rule.update({ W: tensor([2, -2]) }, rule.init(before), before);
 * assertEquals(await params.W.toArray(), [0, 3]);
 * ```
 */
export function sgd(options: UpdateOptions = {}): UpdateRule {
  refuseSurplus("sgd", arguments, 1);
  return makeRule({
    name: "sgd",
    options: readOptions("make sgd", sgdOptions, options),
    slots: [],
    formula: ({ learningRate }) => (gradient, slots, parameter) => ({
      parameter: parameter.sub(gradient.mul(learningRate)),
      slots,
    }),
  });
}

/**
 * Gradient descent with momentum: velocity := momentum · velocity − learningRate · gradient; parameter := parameter +
 * velocity. The default learning rate is 0.1.
 *
 * Source: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
 *
 * @example
 * ```ts
 * import { momentum } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = momentum({ learningRate: 1, momentum: 0.5 });
 * const first = rule.update(tensor([2]), rule.init(tensor([0])), tensor([0]));
 * const second = rule.update(tensor([2]), first.state, first.params);
 * assertEquals([await first.params.item(), await second.params.item()], [-2, -5]);
 * ```
 */
export function momentum(options: MomentumOptions = {}): UpdateRule {
  refuseSurplus("momentum", arguments, 1);
  const values = readOptions("make momentum", momentumOptions, options);
  const { momentum } = values;
  return makeRule({
    name: "momentum",
    options: values,
    slots: ["velocity"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const velocity = slots.velocity.mul(momentum).sub(gradient.mul(learningRate));
      return { parameter: parameter.add(velocity), slots: { velocity } };
    },
  });
}

/**
 * Gradient descent with Nesterov's momentum: velocity := momentum · velocity − learningRate · gradient; parameter :=
 * parameter + momentum · velocity − learningRate · gradient. The default learning rate is 0.1.
 *
 * Source: Nesterov, 1983; in this form Bengio, Boulanger-Lewandowski and Pascanu, "Advances in optimizing recurrent
 * networks", 2012.
 *
 * @example
 * ```ts
 * import { nesterovMomentum } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = nesterovMomentum({ learningRate: 1, momentum: 0.5 });
 * const { params } = rule.update(tensor([2]), rule.init(tensor([0])), tensor([0]));
 * assertEquals(await params.toArray(), [-3]);
 * ```
 */
export function nesterovMomentum(options: MomentumOptions = {}): UpdateRule {
  refuseSurplus("nesterovMomentum", arguments, 1);
  const values = readOptions("make nesterovMomentum", momentumOptions, options);
  const { momentum } = values;
  return makeRule({
    name: "nesterovMomentum",
    options: values,
    slots: ["velocity"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const descent = gradient.mul(learningRate);
      const velocity = slots.velocity.mul(momentum).sub(descent);
      return { parameter: parameter.add(velocity.mul(momentum)).sub(descent), slots: { velocity } };
    },
  });
}

/**
 * Update rules by gradient descent, with and without momentum.
 *
 * @module
 */

import { makeRule, type Schedule, type UpdateRule } from "./update_rule.ts";

/** Options of all update rules. */
export interface UpdateOptions {
  /** A number, or a schedule: a function of the number of steps done. */
  readonly learningRate?: number | Schedule;
}

/** Options of rules with momentum. */
export interface MomentumOptions extends UpdateOptions {
  /** The share of the velocity that stays; 0.9 where not given. */
  readonly momentum?: number;
}

/**
 * Stochastic gradient descent: parameter := parameter − learningRate · gradient. The learning rate is 0.1 where not given.
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
export function sgd({ learningRate = 0.1 }: UpdateOptions = {}): UpdateRule {
  return makeRule({
    name: "sgd",
    learningRate,
    numbers: {},
    slots: [],
    formula: ({ learningRate }) => (gradient, slots, parameter) => ({
      parameter: parameter.sub(gradient.mul(learningRate)),
      slots,
    }),
  });
}

/**
 * Gradient descent with momentum: velocity := momentum · velocity − learningRate · gradient; parameter := parameter +
 * velocity. The learning rate is 0.1 where not given.
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
export function momentum({ learningRate = 0.1, momentum = 0.9 }: MomentumOptions = {}): UpdateRule {
  return makeRule({
    name: "momentum",
    learningRate,
    numbers: { momentum },
    slots: ["velocity"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const velocity = slots.velocity.mul(momentum).sub(gradient.mul(learningRate));
      return { parameter: parameter.add(velocity), slots: { velocity } };
    },
  });
}

/**
 * Gradient descent with Nesterov's momentum: velocity := momentum · velocity − learningRate · gradient; parameter :=
 * parameter + momentum · velocity − learningRate · gradient. The learning rate is 0.1 where not given.
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
export function nesterovMomentum({ learningRate = 0.1, momentum = 0.9 }: MomentumOptions = {}): UpdateRule {
  return makeRule({
    name: "nesterovMomentum",
    learningRate,
    numbers: { momentum },
    slots: ["velocity"],
    formula: ({ learningRate }) => (gradient, slots, parameter) => {
      const descent = gradient.mul(learningRate);
      const velocity = slots.velocity.mul(momentum).sub(descent);
      return { parameter: parameter.add(velocity.mul(momentum)).sub(descent), slots: { velocity } };
    },
  });
}

/**
 * Transforms of parameters: weight decay and averages.
 *
 * @module
 */

import { finite, share } from "../core/options/numbers.ts";
import { checkArguments } from "../core/options/read.ts";
import { mapTree } from "../core/tree.ts";
import type { UpdateTransform } from "./update_transform.ts";

const rateOption = finite({ least: 0 });
const decayOption = share({ below: 1 });

/**
 * Decoupled weight decay: subtracts learningRate · rate · parameter, with the parameter before the step. Adaptive rules
 * do not scale it, as they would scale the gradient of a penalty.
 *
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2017.
 *
 * @throws {RangeError} if the rate is not a number of at least 0.
 *
 * @example
 * ```ts
 * import { chain, sgd, weightDecay } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = chain(sgd({ learningRate: 0.5 }), weightDecay(0.25));
 * const { params } = rule.update(tensor([0]), rule.init(tensor([8])), tensor([8]));
 * assertEquals(await params.item(), 7);
 * ```
 */
export function weightDecay(rate: number): UpdateTransform {
  checkArguments("make weightDecay", { rate }, rateOption);
  return {
    name: "weightDecay",
    configuration: ["weightDecay", { rate }],
    init: () => ({}),
    apply: ({ gradients, params }, state, { before, learningRate }) => {
      const step = learningRate();
      const decayed = mapTree((leaf, old) => leaf.sub(old.mul(rate).mul(step)), params, before);
      return { gradients, params: decayed, state };
    },
  };
}

/**
 * Keeps an average of the parameters, by which a model is validated, and which it keeps: average := decay · average +
 * (1 − decay) · parameter, after each update. It begins with the parameters after the first update. Stands after the
 * rules. With few updates, about 1 / (1 − decay) or less, the average still consists mostly of early parameters.
 *
 * Source: Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; in this form Tarvainen and
 * Valpola, "Mean teachers are better role models", 2017.
 *
 * @throws {RangeError} if the decay is not at least 0 and below 1.
 *
 * @example
 * ```ts
 * import { average, chain, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = chain(sgd({ learningRate: 1 }), average(0.5));
 * const first = rule.update(tensor([1]), rule.init(tensor([5])), tensor([5])); // 4
 * const second = rule.update(tensor([1]), first.state, first.params); // 3
 * assertEquals(await rule.averaged!(second.state, second.params).item(), 3.5);
 * ```
 */
export function average(decay: number): UpdateTransform {
  checkArguments("make average", { decay }, decayOption);
  return {
    name: "average",
    configuration: ["average", { decay }],
    // Negated twice, the numbers are the same, but they are not the tensors of the parameters.
    init: (params) => mapTree((leaf) => leaf.neg().neg(), params),
    apply: ({ gradients, params }, state, { count }) => {
      const isFirst = count.equal(1);
      const averages = mapTree(
        (leaf, old) => isFirst.where(leaf, old.mul(decay).add(leaf.mul(1 - decay))),
        params,
        state,
      );
      return { gradients, params, state: averages };
    },
    averaged: <P>(state: unknown) => state as P,
  };
}

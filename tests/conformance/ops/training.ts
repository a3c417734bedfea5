/**
 * Update rules: each takes a learning rate, the count of updates, and then tensors, their gradients and their states.
 *
 * @module
 */

import { expm1, type Tensor } from "../../../core/mod.ts";
import type { Attributes } from "../attributes.ts";
import type { Inputs, Operator, Operators } from "../operator.ts";

/** One tensor to update, with its gradient and its states. */
interface Update {
  readonly rate: Tensor;
  readonly count: Tensor;
  readonly x: Tensor;
  readonly gradient: Tensor;
  readonly states: readonly Tensor[];
}

/** Returns the new tensor and its new states. */
type Rule = (update: Update, attributes: Attributes) => readonly Tensor[];

/** A rule for any number of tensors: inputs and outputs list all tensors, then all gradients, then all of each state. */
const updating = (states: number, rule: Rule): Operator => (inputs: Inputs, attributes: Attributes) => {
  const [rate, count, ...rest] = inputs.tensors();
  const each = rest.length / (2 + states);
  const norm = attributes.number("norm_coefficient", 0);
  const results = Array.from({ length: each }, (_, i) => {
    const [x, gradient, ...own] = Array.from({ length: 2 + states }, (_, kind) => rest[kind * each + i]);
    return rule({ rate, count, x, gradient: gradient.add(x.mul(norm)), states: own }, attributes);
  });
  return Array.from({ length: 1 + states }, (_, kind) => results.map((result) => result[kind])).flat();
};

const adagrad: Rule = ({ rate, count, x, gradient, states: [squares] }, attributes) => {
  const decayed = rate.div(count.mul(attributes.number("decay_factor", 0)).add(1));
  const sum = squares.add(gradient.square());
  const step = gradient.div(sum.sqrt().add(attributes.number("epsilon", 1e-6)));
  return [x.sub(decayed.mul(step)), sum];
};

/** 1 − baseᵗ without loss of digits if the base is near 1; 1 if t is 0. */
function correction(base: number, count: Tensor): Tensor {
  return count.greater(0).where(expm1(count.mul(Math.log(base))).neg(), 1);
}

const adam: Rule = ({ rate, count, x, gradient, states: [first, second] }, attributes) => {
  const [alpha, beta] = [attributes.number("alpha", 0.9), attributes.number("beta", 0.999)];
  const [mean, square] = [
    first.mul(alpha).add(gradient.mul(1 - alpha)),
    second.mul(beta).add(gradient.square().mul(1 - beta)),
  ];
  const corrected = rate.mul(correction(beta, count).sqrt()).div(correction(alpha, count));
  const step = mean.div(square.sqrt().add(attributes.number("epsilon", 1e-6)));
  const moved = x.sub(corrected.mul(step));
  return [moved.mul(1 - attributes.number("norm_coefficient_post", 0)), mean, square];
};

const momentum: Rule = ({ rate, count, x, gradient, states: [velocity] }, attributes) => {
  const alpha = attributes.number("alpha", 0);
  const beta = count.greater(0).where(attributes.number("beta", 1), 1);
  const next = velocity.mul(alpha).add(gradient.mul(beta));
  const nesterov = attributes.text("mode", "standard") === "nesterov";
  return [x.sub(rate.mul(nesterov ? gradient.add(next.mul(alpha)) : next)), next];
};

/** Operators by name. */
export const training: Operators = {
  Adagrad: updating(1, adagrad),
  Adam: updating(2, adam),
  Momentum: updating(1, momentum),
};

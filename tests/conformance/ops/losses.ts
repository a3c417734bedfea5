/**
 * Losses of class numbers.
 *
 * @module
 */

import { logSoftmax, oneHot, type Tensor, where } from "../../../core/mod.ts";
import type { Attributes } from "../attributes.ts";
import type { Inputs, Operator, Operators } from "../operator.ts";
import { Unsupported } from "../unsupported.ts";

type Reduction = (losses: Tensor, weights: Tensor) => Tensor;

const byReduction: Readonly<Record<string, Reduction>> = {
  none: (losses) => losses,
  sum: (losses) => losses.sum(),
  mean: (losses, weights) => losses.sum().div(weights.sum()),
};

/** −Σ weight · logarithm at the class of each position, over [batch, classes, …space]. */
function negativeLogLikelihood(logarithms: Tensor, inputs: Inputs, attributes: Attributes): Tensor {
  const targets = inputs.tensor(1);
  const ignored = attributes.number("ignore_index", undefined);
  const reduction = attributes.text("reduction", "mean");
  if (!Object.hasOwn(byReduction, reduction)) throw new Unsupported(`reduction ${reduction}`);
  const last = [0, ...[...logarithms.shape.keys()].slice(2), 1];
  const classes = logarithms.shape[1];
  const hot = oneHot(targets, classes).cast("bool");
  const weights = inputs.optional(2)?.broadcastTo(hot.shape) ?? hot.cast("f32").onesLike();
  const kept = ignored === undefined ? hot : hot.and(targets.notEqual(ignored).expandDims(-1));
  const weight = where(kept, weights, 0).sum({ axis: -1 });
  const loss = where(kept, logarithms.transpose(last).mul(weights).neg(), 0).sum({ axis: -1 });
  return byReduction[reduction](loss, weight);
}

const softmaxCrossEntropy: Operator = (inputs, attributes) => {
  const logarithms = logSoftmax(inputs.tensor(0), 1);
  return [negativeLogLikelihood(logarithms, inputs, attributes), logarithms];
};

/** Operators by name. */
export const losses: Operators = {
  NegativeLogLikelihoodLoss: (inputs, attributes) => [
    negativeLogLikelihood(inputs.tensor(0), inputs, attributes),
  ],
  SoftmaxCrossEntropyLoss: softmaxCrossEntropy,
};

/**
 * Normalization, and dropout in inference.
 *
 * @module
 */

import { ones, type Tensor } from "../../../core/mod.ts";
import { normalizeAxis, type Shape } from "../../../core/shape.ts";
import type { Operator, Operators } from "../operator.ts";
import { Unsupported } from "../unsupported.ts";

/** The default of `epsilon` in ONNX, which is added to variances. */
const EPSILON = 1e-5;

interface Moments {
  readonly mean: Tensor;
  /** 1 / √(variance + ε) */
  readonly inverse: Tensor;
  readonly normal: Tensor;
}

/** The moments over some axes, and x normalized by them. */
function normalized(x: Tensor, axis: readonly number[], epsilon: number): Moments {
  const mean = x.mean({ axis, keepDims: true });
  const inverse = x.variance({ axis, keepDims: true }).add(epsilon).sqrt().reciprocal();
  return { mean, inverse, normal: x.sub(mean).mul(inverse) };
}

const axesFrom = (x: Tensor, first: number): number[] => [...x.shape.keys()].slice(first);

/** A number for each channel, in a shape that broadcasts along [batch, channels, …space]. */
const perChannel = (x: Tensor, { shape }: { shape: Shape }): Tensor =>
  x.reshape([1, -1, ...shape.slice(2).map(() => 1)]);

const batchNormalization: Operator = (inputs, attributes, { outputs }) => {
  const [x, scale, bias, mean, variance] = inputs.tensors(0, 5);
  const epsilon = attributes.number("epsilon", EPSILON);
  const apply = (m: Tensor, v: Tensor): Tensor =>
    x.sub(perChannel(m, x)).div(perChannel(v.add(epsilon).sqrt(), x)).mul(perChannel(scale, x)).add(
      perChannel(bias, x),
    );
  if (!attributes.flag("training_mode")) {
    if (outputs > 1) throw new Unsupported("BatchNormalization with statistics of early versions");
    return [apply(mean, variance)];
  }
  const momentum = attributes.number("momentum", 0.9);
  const others = { axis: [...x.shape.keys()].filter((axis) => axis !== 1) };
  const [batchMean, batchVariance] = [x.mean(others), x.variance(others)];
  const running = (old: Tensor, now: Tensor): Tensor => old.mul(momentum).add(now.mul(1 - momentum));
  return [apply(batchMean, batchVariance), running(mean, batchMean), running(variance, batchVariance)];
};

const layerNormalization: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const axis = normalizeAxis(attributes.number("axis", -1), x.shape.length, "normalise");
  const { mean, inverse, normal } = normalized(x, axesFrom(x, axis), attributes.number("epsilon", EPSILON));
  const bias = inputs.optional(2);
  const scaled = normal.mul(inputs.tensor(1));
  return [bias ? scaled.add(bias) : scaled, mean, inverse];
};

const instanceNormalization: Operator = (inputs, attributes) => {
  const [x, scale, bias] = inputs.tensors(0, 3);
  const { normal } = normalized(x, axesFrom(x, 2), attributes.number("epsilon", EPSILON));
  return [normal.mul(perChannel(scale, x)).add(perChannel(bias, x))];
};

/** Scale and bias are for each channel, or for each group in the first version. */
const groupNormalization: Operator = (inputs, attributes) => {
  const [x, scale, bias] = inputs.tensors(0, 3);
  const groups = attributes.number("num_groups", 1);
  const [batch, channels, ...space] = x.shape;
  const grouped = x.reshape([batch, groups, channels / groups, ...space]);
  const { normal } = normalized(grouped, axesFrom(grouped, 2), attributes.number("epsilon", EPSILON));
  const spread = (one: Tensor): Tensor =>
    perChannel(one.shape[0] === channels ? one : one.expandDims(1).broadcastTo([groups, channels / groups]), x);
  return [normal.reshape(x.shape).mul(spread(scale)).add(spread(bias))];
};

const meanVarianceNormalization: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const axis = (attributes.numbers("axes") ?? [0, 2, 3]).map((one) => normalizeAxis(one, x.shape.length, "normalise"));
  const deviation = x.sub(x.mean({ axis, keepDims: true }));
  return [deviation.div(x.variance({ axis, keepDims: true }).sqrt().add(1e-9))];
};

/** Nothing is dropped in inference, or at a ratio of 0. Dropping in training depends on a stream of random numbers. */
const dropout: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const ratio = inputs.value(1) ?? attributes.number("ratio", 0.5);
  if ((inputs.value(2) ?? 0) !== 0 && ratio !== 0) throw new Unsupported("Dropout in training");
  return [x, ones(x.shape, { dtype: "bool" })];
};

/** Operators by name. */
export const normalizations: Operators = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
  Dropout: dropout,
};

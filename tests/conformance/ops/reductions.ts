/**
 * Reductions, positions of extremes, running sums.
 *
 * @module
 */

import { logSumExp, type ReductionOptions, scan, type Tensor } from "../../../core/mod.ts";
import { normalizeAxis } from "../../../core/shape.ts";
import type { Operator, Operators } from "../operator.ts";
import { unary } from "./arithmetic.ts";

type Reduce = (x: Tensor, options: ReductionOptions) => Tensor;

/** A reduction over the axes of an attribute (early versions) or of the second input. */
const reduction = (reduce: Reduce): Operator => (inputs, attributes) => {
  const axes = attributes.numbers("axes") ?? inputs.values(1) ?? [];
  const x = inputs.tensor(0);
  if (axes.length === 0 && attributes.flag("noop_with_empty_axes")) return [x];
  const keepDims = attributes.flag("keepdims", true);
  const result = reduce(x, axes.length === 0 ? { keepDims } : { axis: axes, keepDims });
  return [x.dtype === "bool" ? result.cast("bool") : result.cast(x.dtype)];
};

/** The position of an extreme along one axis: the first one, or the last one on request. */
const position = (find: (x: Tensor, options: ReductionOptions) => Tensor): Operator => (inputs, attributes) => {
  const x = inputs.tensor(0);
  const axis = normalizeAxis(attributes.number("axis", 0), x.shape.length, "find an extreme");
  const options = { axis, keepDims: attributes.flag("keepdims", true) };
  if (!attributes.flag("select_last_index")) return [find(x, options)];
  return [find(x.flip(axis), options).neg().add(x.shape[axis] - 1)];
};

/** Sums of all elements up to each one along an axis. */
const runningSum: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const axis = normalizeAxis(inputs.value(1) ?? 0, x.shape.length, "sum up");
  const order = [axis, ...x.shape.map((_, i) => i).filter((i) => i !== axis)];
  const rows = x.transpose(order);
  const exclusive = attributes.flag("exclusive");
  const [, sums] = scan(
    (total: Tensor, row: Tensor): [Tensor, Tensor] => [total.add(row), exclusive ? total : total.add(row)],
    rows.slice([0], [1]).squeeze(0).zerosLike(),
    rows,
    { reverse: attributes.flag("reverse") },
  );
  return [sums.transpose(order.map((_, i) => order.indexOf(i)))];
};

/** Operators by name. */
export const reductions: Operators = {
  ReduceSum: reduction((x, options) => x.sum(options)),
  ReduceMean: reduction((x, options) => x.mean(options)),
  ReduceMax: reduction((x, options) => x.max(options)),
  ReduceMin: reduction((x, options) => x.min(options)),
  ReduceProd: reduction((x, options) => x.prod(options)),
  ReduceL1: reduction((x, options) => x.abs().sum(options)),
  ReduceL2: reduction((x, options) => x.square().sum(options).sqrt()),
  ReduceSumSquare: reduction((x, options) => x.square().sum(options)),
  ReduceLogSum: reduction((x, options) => x.sum(options).log()),
  ReduceLogSumExp: reduction((x, options) => logSumExp(x.cast("f32"), options)),
  ArgMax: position((x, options) => x.argmax(options)),
  ArgMin: position((x, options) => x.argmin(options)),
  CumSum: runningSum,
  GlobalAveragePool: unary((x) => x.mean({ axis: spatialAxes(x), keepDims: true })),
  GlobalMaxPool: unary((x) => x.max({ axis: spatialAxes(x), keepDims: true })),
};

/** All axes except those of the batch and the channels. */
function spatialAxes(x: Tensor): number[] {
  return x.shape.map((_, i) => i).slice(2);
}

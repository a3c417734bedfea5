/**
 * Primitives that combine elements along axes. The axes are dropped from the shape.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import type { ScalarOp } from "../../nest/scalar_ops.ts";
import { evaluateScalar } from "../../nest/scalar.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type Node, showType } from "../node.ts";
import { eachIndex, positionOf } from "../reference.ts";
import type { Cotangents, Reference, Rule } from "../rule.ts";

type ReductionOp = "sum" | "prod" | "maxOf" | "minOf" | "argmax" | "argmin";
interface Axes {
  readonly axes: readonly number[];
}

const kept = (shape: Shape, axes: readonly number[]): number[] => shape.filter((_, axis) => !axes.includes(axis));

function reduce<P extends ReductionOp>(
  op: P,
  vjp: Rule<P>["vjp"],
  combine: ScalarOp,
  identity: number,
): Rule<P> {
  return {
    kind: "reduction",
    infer: ([x], { axes }: Axes) => inferReduction(op, x, axes),
    vjp,
    evaluate: ([x], { axes }: Axes, { dtype }) =>
      evaluateReduction(x, axes, (...pair) => evaluateScalar(combine, pair, { to: dtype, from: dtype }), identity),
  };
}

function inferReduction(op: ReductionOp, x: Node, axes: readonly number[]): { shape: number[]; dtype: DType } {
  const name = op.replace("Of", "");
  if (x.dtype === "bool") throw new TypeError(`Cannot take the ${name} of ${showType(x)}: cast it to a number first`);
  const arg = op === "argmax" || op === "argmin";
  const needsElements = arg || op === "maxOf" || op === "minOf";
  if (needsElements && sizeOf(axes.map((axis) => x.shape[axis])) === 0 && sizeOf(kept(x.shape, axes)) > 0) {
    throw new RangeError(`Cannot take the ${name} of ${showType(x)} along axes [${axes}]: there are no elements`);
  }
  return { shape: kept(x.shape, axes), dtype: arg ? "i32" : x.dtype };
}

function evaluateReduction(
  { shape, values }: Reference,
  axes: readonly number[],
  combine: (accumulated: number, value: number) => number,
  identity: number,
): Float64Array {
  const outShape = kept(shape, axes);
  const out = new Float64Array(sizeOf(outShape)).fill(identity);
  eachIndex(shape, (index, position) => {
    const at = positionOf(outShape, index.filter((_, axis) => !axes.includes(axis)));
    out[at] = combine(out[at], values[position]);
  });
  return out;
}

function position<P extends "argmax" | "argmin">(op: P, better: (value: number, best: number) => boolean): Rule<P> {
  return {
    ...reduce(op, null, "max", 0),
    evaluate: ([x], { axes }: Axes) => {
      const outShape = kept(x.shape, axes);
      const out = new Float64Array(sizeOf(outShape));
      const best = new Array<number | undefined>(out.length);
      eachIndex(x.shape, (index, at) => {
        const to = positionOf(outShape, index.filter((_, axis) => !axes.includes(axis)));
        const old = best[to];
        if (old !== undefined && !better(x.values[at], old)) return;
        best[to] = x.values[at];
        out[to] = positionOf(axes.map((axis) => x.shape[axis]), axes.map((axis) => index[axis]));
      });
      return out;
    },
  };
}

const spread = (g: Tensor, x: Tensor, axes: readonly number[]): Tensor =>
  g.reshape(x.shape.map((extent, axis) => axes.includes(axis) ? 1 : extent)).broadcastTo(x.shape);

/** The cotangent goes to the first extreme element, as in PyTorch. */
const toExtreme =
  (which: "argmax" | "argmin") => (g: Tensor, [x]: readonly Tensor[], _: Tensor, { axes }: Axes): Cotangents => {
    const first = x[which]({ axis: axes });
    let place: Tensor | undefined;
    let stride = 1;
    for (const axis of [...axes].reverse()) {
      const along = x.indexAlong(axis).mul(stride);
      place = place ? place.add(along) : along;
      stride *= x.shape[axis];
    }
    return [place ? place.equal(spread(first, x, axes)).where(spread(g, x, axes), x.zerosLike()) : g];
  };

/** Π of the others at each place, right where some elements are 0; so is its gradient. */
function productOfOthers(x: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const zero = x.equal(0);
  const overAxes = (op: "sum" | "prod", of: Tensor): Tensor =>
    of[op]({ axis: axes, keepDims: true }).broadcastTo(x.shape);
  const zeros = overAxes("sum", zero.cast("f32"));
  const filled = zero.where(x.onesLike(), x);
  const rest = overAxes("prod", filled);
  const none = x.zerosLike();
  // Beside one other zero the product is 0 too, but grows with that.
  const otherZero = overAxes("sum", zero.where(x, none)).sub(x);
  const besideZeros = zeros.equal(2).where(rest.mul(otherZero), none);
  return zero.where(zeros.equal(1).where(rest, besideZeros), spread(y, x, axes).div(filled));
}

/** One entry a primitive. `argmax` and `argmin` give the row-major position within the reduced axes. */
export const reductions = {
  sum: reduce("sum", (g, [x], _, { axes }) => [spread(g, x, axes)], "add", 0),
  prod: reduce(
    "prod",
    (g, [x], y, { axes }) => [spread(g, x, axes).mul(productOfOthers(x, y, axes))],
    "mul",
    1,
  ),
  maxOf: reduce("maxOf", toExtreme("argmax"), "max", -Infinity),
  minOf: reduce("minOf", toExtreme("argmin"), "min", Infinity),
  argmax: position("argmax", (value, best) => value > best),
  argmin: position("argmin", (value, best) => value < best),
};

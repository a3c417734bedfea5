/**
 * Primitives that combine elements along axes. The axes are dropped from the shape.
 *
 * @module
 */

import type { DType } from "../../dtype.ts";
import type { ReductionKind } from "../../nest/nest.ts";
import { type PositionReduction, reductionKinds, type ValueReduction } from "../../nest/reduction_kinds.ts";
import { scalarFunction } from "../../scalar/evaluate.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { ReductionAttributes } from "../attributes.ts";
import { type Node, showType } from "../node.ts";
import { eachIndex, positionOf } from "../reference.ts";
import type { Cotangents, ReductionRule, Reference } from "../rule.ts";
import { productOfOthers } from "./product_of_others.ts";
import { unwindow } from "./window_gradient.ts";

type Axes = ReductionAttributes["prod"];
type AxisReduction = Exclude<keyof ReductionAttributes, "unwindow">;

const kept = (shape: Shape, axes: readonly number[]): number[] => shape.filter((_, axis) => !axes.includes(axis));

/** The facts in which reductions along axes differ. */
interface Definition<P extends AxisReduction> {
  readonly reduction: ReductionKind;
  readonly ofNothing: number | null;
  readonly vjp: ReductionRule<P>["vjp"];
}

function alongAxes<P extends AxisReduction>({ reduction, ofNothing, vjp }: Definition<P>): ReductionRule<P> {
  const kind = reductionKinds[reduction];
  const isPosition = kind.gives === "position";
  return {
    kind: "reduction",
    reduction,
    ofNothing,
    axesOf: ({ attributes: { axes } }) => axes,
    onlyMoves: () => false,
    infer: ([x], { axes }: Axes) => {
      checkInput(reduction, x, ofNothing === null ? axes : []);
      return { shape: kept(x.shape, axes), dtype: isPosition ? "i32" : x.dtype };
    },
    vjp,
    evaluate: ([x], { axes }: Axes, { dtype }) =>
      kind.gives === "position" ? positions(kind, x, axes) : combined(kind, x, { axes, dtype }),
  };
}

/** Refuses bool, and an input without elements along `axes`, which need at least one. */
function checkInput(reduction: ReductionKind, x: Node, axes: readonly number[]): void {
  if (x.dtype === "bool") {
    throw new TypeError(`Cannot take the ${reduction} of ${showType(x)}: cast it to a number first`);
  }
  if (sizeOf(axes.map((axis) => x.shape[axis])) === 0 && sizeOf(kept(x.shape, axes)) > 0) {
    throw new RangeError(`Cannot take the ${reduction} of ${showType(x)} along axes [${axes}]: there are no elements`);
  }
}

function combined(
  reduction: ValueReduction,
  { shape, values }: Reference,
  { axes, dtype }: Axes & { readonly dtype: DType },
): Float64Array {
  const outShape = kept(shape, axes);
  const out = new Float64Array(sizeOf(outShape)).fill(reduction.identity);
  const combine = scalarFunction(reduction.combine, { to: dtype, from: dtype });
  eachIndex(shape, (index, position) => {
    const at = positionOf(outShape, index.filter((_, axis) => !axes.includes(axis)));
    out[at] = combine([out[at], values[position]]);
  });
  return out;
}

function positions({ isBetter }: PositionReduction, x: Reference, axes: readonly number[]): Float64Array {
  const outShape = kept(x.shape, axes);
  const out = new Float64Array(sizeOf(outShape));
  const best = new Array<number | undefined>(out.length);
  eachIndex(x.shape, (index, at) => {
    const to = positionOf(outShape, index.filter((_, axis) => !axes.includes(axis)));
    const old = best[to];
    if (old !== undefined && !isBetter(x.values[at], old)) return;
    best[to] = x.values[at];
    out[to] = positionOf(axes.map((axis) => x.shape[axis]), axes.map((axis) => index[axis]));
  });
  return out;
}

const spread = (g: Tensor, x: Tensor, axes: readonly number[]): Tensor =>
  g.reshape(x.shape.map((extent, axis) => axes.includes(axis) ? 1 : extent)).broadcastTo(x.shape);

type AxisVjp = (g: Tensor, inputs: readonly Tensor[], applied: { readonly attributes: Axes }) => Cotangents;

/** The cotangent goes to the first extreme element, as in PyTorch. */
const toExtreme = (which: "argmax" | "argmin"): AxisVjp => (g, [x], { attributes: { axes } }) => {
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

/** One entry for each reduction. `argmax` and `argmin` give the row-major position within the reduced axes. */
export const reductions: { readonly [P in keyof ReductionAttributes]: ReductionRule<P> } = {
  sum: alongAxes({
    reduction: "sum",
    ofNothing: 0,
    vjp: (g, [x], { attributes: { axes } }) => [spread(g, x, axes)],
  }),
  prod: alongAxes({
    reduction: "prod",
    ofNothing: 1,
    vjp: (g, [x], { attributes: { axes } }) => [spread(g, x, axes).mul(productOfOthers(x, axes))],
  }),
  maxOf: alongAxes({ reduction: "max", ofNothing: null, vjp: toExtreme("argmax") }),
  minOf: alongAxes({ reduction: "min", ofNothing: null, vjp: toExtreme("argmin") }),
  argmax: alongAxes({ reduction: "argmax", ofNothing: null, vjp: null }),
  argmin: alongAxes({ reduction: "argmin", ofNothing: null, vjp: null }),
  unwindow,
};

/**
 * Recipes of reductions, products, and reads and writes at computed indices.
 *
 * @module
 */

import type {
  ContractionAttributes,
  IndexedAttributes,
  ReductionAttributes,
} from "../../../../core/graph/attributes.ts";
import { inferWindow } from "../../../../core/graph/primitives/window_geometry.ts";
import { sizeOf } from "../../../../core/shape.ts";
import type { Tensor } from "../../../../core/tensor.ts";
import type { Draft } from "../draft.ts";
import { fitted } from "../fitted.ts";
import { windowsOf } from "./movement.ts";
import type { Recipe } from "./recipe.ts";

const numbers = ["f32", "f32", "f32", "i32", "u32"] as const;

const keepDims = (d: Draft): boolean => d.choose.once(3);

const sum: Recipe = (d) => {
  const x = d.withAxis(d.among(numbers));
  return x.sum({ axis: d.axes(x.shape), keepDims: keepDims(d) });
};

/** A product of factors around 1, or of any numbers, some of which are 0: then gradients are different. */
const prod: Recipe = (d) => {
  const x = d.withAxis(d.among(["f32", "f32", "f32", "f32", "i32", "u32"]));
  const axis = d.axis(x.shape);
  if (x.dtype !== "f32") return x.prod({ axis: d.axes(x.shape), keepDims: keepDims(d) });
  const near = d.choose.once(3) ? d.smaller(x, 1.5) : x.sin().mul(0.25).add(1);
  const zeros = d.choose.of([0, 0, 0, 1, 2, 2]);
  if (zeros === 0) return near.prod({ axis: d.choose.once(2) ? axis : d.axes(x.shape), keepDims: keepDims(d) });
  const first = near.indexAlong(axis).less(zeros).where(near, 0).stopGradient();
  return near.sub(first).prod({ axis, keepDims: keepDims(d) });
};

const extreme = (op: "max" | "min"): Recipe => (d) => {
  const x = d.withElements(d.withAxis(d.among(numbers)));
  const axis = d.axes(x.shape);
  const most = x[op]({ axis, keepDims: true });
  return d.choose.once(3) ? x.sub(most) : keepDims(d) ? most : x[op]({ axis });
};

const position = (op: "argmax" | "argmin"): Recipe => (d) => {
  const x = d.withElements(d.withAxis(d.among(numbers, { exact: true })));
  return x[op]({ axis: d.axes(x.shape), keepDims: keepDims(d) });
};

const unwindow: Recipe = (d) => {
  const x = d.withElements(d.withAxis(d.among(numbers)));
  const attributes = windowsOf(d, x.shape);
  const shape = inferWindow(x.shape, attributes);
  if (sizeOf(shape) > 1500) return undefined;
  const windows = x.apply("window", [], attributes);
  const changed = d.choose.once(2) ? windows.mul(2) : windows.mul(windows.indexAlong(-1).cast(x.dtype).add(1));
  return changed.apply("unwindow", [], { ...attributes, shape: x.shape });
};

/** A tensor as [batch, rows, columns]. */
function matrices(d: Draft, x: Tensor): Tensor {
  const { shape } = x;
  if (shape.length < 2) return x.reshape(d.choose.once(2) ? [1, 1, sizeOf(shape)] : [1, sizeOf(shape), 1]);
  if (shape.length === 2) return x.reshape([1, ...shape]);
  return x.reshape([sizeOf(shape.slice(0, -2)), ...shape.slice(-2)]);
}

const dot: Recipe = (d) => {
  const a = matrices(d, d.float());
  const [batch, rows, depth] = a.shape;
  switch (d.choose.below(4)) {
    case 0:
      return a.apply("dot", [a.transpose([0, 2, 1])], {});
    case 1:
      return a.transpose([0, 2, 1]).apply("dot", [d.like(a)], {});
    case 2: {
      const b = matrices(d, d.float());
      return b.shape[0] === batch && b.shape[1] === depth
        ? a.apply("dot", [b], {})
        : a.apply("dot", [fitted(b, [batch, depth, b.shape[2]], d.choose)], {});
    }
    default: {
      const columns = d.choose.of([1, 2, 3, 5, 8, 17, 33]);
      const product = a.apply("dot", [fitted(d.float(), [batch, depth, columns], d.choose)], {});
      return d.choose.once(2) ? product : product.reshape([batch * rows, columns]);
    }
  }
};

/** [groups, batch, channels, …space] * [groups, filters, channels, …window] */
const conv: Recipe = (d) => {
  const given = d.float();
  const spatial = d.choose.below(3);
  const space = Array.from({ length: spatial }, () => 1 + d.choose.below(6));
  const [groups, batch, channels, filters] = [1, 2, 2, 3].map((most) => 1 + d.choose.below(most + 1));
  const x = fitted(given, [groups, batch, channels, ...space], d.choose);
  const size = space.map((extent) => 1 + d.choose.below(Math.min(3, extent)));
  const w = fitted(d.float(), [groups, filters, channels, ...size], d.choose);
  const each = (list: readonly number[]) => space.map(() => d.choose.of(list));
  return x.apply("conv", [w], {
    strides: each([1, 1, 2]),
    padding: space.map((_, i) => [d.choose.below(3), d.choose.below(size[i] + 1)] as const),
    dilations: size.map(() => 1),
    inputDilations: each([1, 1, 1, 2]),
  });
};

/** Indices, some of which may be outside of the table. */
export function indices(d: Draft, size: number): Tensor {
  const given = d.of("i32");
  const few = sizeOf(given.shape) <= 40 ? given : given.reshape([-1]).slice([0], [13]);
  return d.choose.once(3) ? few : few.binary("and", 0x7fffffff).mod(Math.max(1, size));
}

const gather: Recipe = (d) => {
  const x = d.withElements(d.withAxis(d.among(["f32", "f32", "i32", "u32", "bool"])));
  const axis = d.axis(x.shape);
  return x.apply("gather", [indices(d, x.shape[axis])], { axis });
};

const scatterAdd: Recipe = (d) => {
  const base = d.withAxis(d.among(numbers));
  const axis = d.axis(base.shape);
  const where = indices(d, base.shape[axis]);
  const shape = base.shape.toSpliced(axis, 1, ...where.shape);
  if (sizeOf(shape) > 1200 || shape.length > 5) return undefined;
  return base.apply("scatterAdd", [where, fitted(d.of(base.dtype), shape, d.choose)], { axis });
};

/** One recipe for each reduction. */
export const reduction: { readonly [P in keyof ReductionAttributes]: Recipe } = {
  sum,
  prod,
  maxOf: extreme("max"),
  minOf: extreme("min"),
  argmax: position("argmax"),
  argmin: position("argmin"),
  unwindow,
};

/** One recipe for each product. */
export const contraction: { readonly [P in keyof ContractionAttributes]: Recipe } = { dot, conv };

/** One recipe for each read or write at computed indices. */
export const indexed: { readonly [P in keyof IndexedAttributes]: Recipe } = { gather, scatterAdd };

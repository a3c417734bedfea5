/**
 * Recipes of the primitives that rearrange elements.
 *
 * @module
 */

import type { MovementAttributes, WindowAttributes } from "../../../../core/graph/attributes.ts";
import { numberedCheck } from "../../../../core/nest/numbered_checks.ts";
import { type Shape, sizeOf } from "../../../../core/shape.ts";
import type { Tensor } from "../../../../core/tensor.ts";
import type { Draft } from "../draft.ts";
import { fitted } from "../fitted.ts";
import type { Recipe } from "./recipe.ts";

const any = (d: Draft): Tensor => d.among(["f32", "f32", "f32", "i32", "u32", "bool"]);
const anyWithAxis = (d: Draft): Tensor => d.withAxis(any(d));

/** Another shape with as many elements: flat, or with an axis of 1, or with an axis cut or two joined. */
function reshaped(d: Draft, shape: Shape): Shape {
  const axis = d.choose.below(Math.max(1, shape.length));
  const extent = shape[axis] ?? 1;
  switch (d.choose.below(5)) {
    case 0:
      return [sizeOf(shape)];
    case 1:
      return shape.length < 5 ? shape.toSpliced(axis, 0, 1) : shape;
    case 2: {
      const part = [2, 3, 5, 7, 4].find((by) => extent % by === 0);
      return part && shape.length > 0 && shape.length < 5 ? shape.toSpliced(axis, 1, part, extent / part) : shape;
    }
    case 3:
      return axis + 1 < shape.length ? shape.toSpliced(axis, 2, extent * shape[axis + 1]) : shape;
    default:
      return shape.filter((extent) => extent !== 1);
  }
}

function shuffled(d: Draft, count: number): number[] {
  const rest = Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: count }, () => rest.splice(d.choose.below(rest.length), 1)[0]);
}

const slice: Recipe = (d) => {
  const x = anyWithAxis(d);
  const start = x.shape.map((extent) => d.choose.once(2) ? 0 : d.choose.below(extent + 1));
  const stop = x.shape.map((extent, axis) =>
    d.choose.once(2) ? extent : start[axis] + d.choose.below(extent - start[axis] + 1)
  );
  return x.slice(start, stop, x.shape.map(() => d.choose.of([1, 1, 2, 3])));
};

const pad: Recipe = (d) => {
  const x = any(d);
  const value = x.dtype === "bool" || x.dtype === "u32" ? d.choose.below(2) : d.choose.of([0, 0, 1, -2]);
  return x.pad(x.shape.map((): [number, number] => [d.choose.below(3), d.choose.below(2)]), value);
};

const concat: Recipe = (d) => {
  const x = anyWithAxis(d);
  const axis = d.choose.below(x.shape.length);
  const others = Array.from({ length: d.choose.below(3) }, () => {
    if (d.choose.once(2)) return d.like(x);
    return fitted(d.of(x.dtype), x.shape.with(axis, d.choose.below(4)), d.choose);
  });
  return x.apply("concat", others, { axis });
};

/** Windows over the last axes of a shape. */
export function windowsOf(d: Draft, shape: Shape, most = 2): WindowAttributes {
  const space = shape.slice(-Math.min(most, shape.length, 1 + d.choose.below(2)));
  const size = space.map((extent) => 1 + d.choose.below(Math.max(1, Math.min(3, extent))));
  const dilations = space.map((extent, i) => size[i] * 2 <= extent ? d.choose.of([1, 1, 2]) : 1);
  return { size, strides: space.map(() => d.choose.of([1, 1, 2, 3])), dilations };
}

const window: Recipe = (d) => {
  const x = d.withElements(d.withAxis(any(d)));
  const attributes = windowsOf(d, x.shape);
  const windows = x.apply("window", [], attributes);
  if (x.dtype === "bool" || d.choose.once(4)) return windows;
  const axis = attributes.size.map((_, i) => -1 - i);
  switch (d.choose.below(3)) {
    case 0:
      return windows.sum({ axis });
    case 1:
      return windows.max({ axis });
    default:
      return windows.mul(windows.indexAlong(-1).cast(x.dtype)).sum({ axis });
  }
};

const checked: Recipe = (d) => {
  const size = 1 + d.choose.below(9);
  const index = d.of("i32").maximum(0).minimum(size - 1);
  return index.apply(
    "checked",
    [],
    numberedCheck({ size, action: "take", table: "a table", entries: "rows" }, index.shape),
  );
};

/** A movement, and sometimes the same kind of movement of its result: the compiler makes one of both. */
const perhapsTwice = (move: (d: Draft, x: Tensor) => Tensor) => (d: Draft): Tensor => {
  const moved = move(d, any(d));
  return d.choose.once(2) ? move(d, moved) : moved;
};

const expand = (d: Draft, x: Tensor): Tensor => {
  if (x.shape.length > 4) return x;
  const axis = d.choose.below(x.shape.length + 1);
  return x.expandDims(axis).broadcastTo(x.shape.toSpliced(axis, 0, d.choose.of([0, 1, 2, 3, 3, 5, 17])));
};

/** One recipe for each movement. */
export const movement: { readonly [P in keyof MovementAttributes]: Recipe } = {
  reshape: perhapsTwice((d, x) => x.reshape(reshaped(d, x.shape))),
  permute: perhapsTwice((d, x) => x.transpose(d.choose.once(3) ? undefined : shuffled(d, x.shape.length))),
  expand: perhapsTwice(expand),
  slice,
  pad,
  flip: perhapsTwice((d, x) => d.withAxis(x).flip(d.axes(d.withAxis(x).shape))),
  concat,
  window,
  stop: (d) => d.float().stopGradient(),
  barrier: (d) => any(d).apply("barrier", [any(d)], {}),
  clipGradient: (d) => d.float().apply("clipGradient", [], { limit: d.choose.of([0.25, 1, 2]) }),
  checked,
};

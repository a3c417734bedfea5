/**
 * Choosing elements by conditions, bounds and indices.
 *
 * @module
 */

import type { IndexLimit } from "../nest/numbered_checks.ts";
import { operandKind, tensorKind } from "../options/kinds.ts";
import { checkArguments, readOptions } from "../options/read.ts";
import { count, whole } from "../options/numbers.ts";
import type { Declaration } from "../options/option.ts";
import { normalizeAxis } from "../shape.ts";
import type { Tensor, TensorLike } from "../tensor.ts";
import { checkedIndices } from "./checked_indices.ts";
import { broadcastTo, expandDims } from "./movement.ts";

/**
 * Elements of `a` where the condition holds, of `b` elsewhere; shapes broadcast.
 *
 * @example
 * ```ts
 * import { tensor, where } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([-1, 2]);
 * assertEquals(await where(x.greater(0), x, 0).toArray(), [0, 2]);
 * ```
 */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  checkArguments("choose elements", { condition }, tensorKind);
  return condition.where(a, b);
}

/**
 * Elements clipped to `low` … `high`; the gradient is 1 inside and on the bounds, and 0 outside. If low is above high,
 * the result is high. If a bound is NaN, the result is NaN.
 *
 * @example
 * ```ts
 * import { clip, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await clip(tensor([-1, 0.5, 2]), 0, 1).toArray(), [0, 0.5, 1]);
 * ```
 */
export function clip(x: Tensor, low: TensorLike, high: TensorLike): Tensor {
  checkArguments("clip", { x }, tensorKind);
  checkArguments("clip", { low, high }, operandKind);
  const raised = orNaN(x.less(low), low).where(low, x);
  return orNaN(raised.greater(high), high).where(high, raised);
}

/** A condition that also holds where the bound is NaN. */
function orNaN(condition: Tensor, bound: TensorLike): Tensor {
  if (typeof bound === "number") return Number.isNaN(bound) ? condition.onesLike() : condition;
  return condition.or(bound.notEqual(bound));
}

const classCount = count({ least: 0 });

/**
 * Rows with 1 at the index and 0 elsewhere, as f32. An index outside of 0 … classes − 1 is refused if the host has it.
 * If only a device has it, the row is 0, and the next read throws.
 *
 * @param indices whole numbers of any shape
 * @returns shape of the indices with `classes` appended
 * @throws {RangeError} for an index without a class.
 *
 * @example
 * ```ts
 * import { oneHot, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await oneHot(tensor([2, 0]), 3).toArray(), [[0, 0, 1], [1, 0, 0]]);
 * ```
 */
export function oneHot(indices: Tensor, classes: number): Tensor {
  checkArguments("encode classes", { indices }, tensorKind);
  checkArguments("encode one-hot", { classes }, classCount);
  const limit = { size: classes, action: "encode class", table: "the row", entries: "columns" };
  const wide = broadcastTo(expandDims(checkedIndices(indices, limit), -1), [...indices.shape, classes]);
  return wide.equal(wide.indexAlong(-1)).cast("f32");
}

/**
 * Elements at `indices` along an axis. An index outside of the axis is refused if the host has it. If only a device has
 * it, the first or last element is taken, and the next read throws.
 *
 * @param indices whole numbers of any shape
 * @returns shape of x with the axis replaced by the shape of the indices
 * @throws {RangeError} for an index outside of the axis.
 *
 * @example
 * ```ts
 * import { gather, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = tensor([[1, 2], [3, 4], [5, 6]]);
 * assertEquals(await gather(rows, tensor([2, 0])).toArray(), [[5, 6], [1, 2]]);
 * ```
 */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  checkArguments("gather", { x, indices }, tensorKind);
  const along = normalizeAxis(axis, x.shape.length, "gather");
  return gatherNamed(x, indices, { axis: along, action: "gather index", table: `axis ${along}`, entries: "elements" });
}

/** The axis of a gather, and the words of its messages. */
export interface NamedGather extends Omit<IndexLimit, "size"> {
  readonly axis: number;
}

/** Gathers along an axis, counted from the front, with an own message for an index outside of it. */
export function gatherNamed(x: Tensor, indices: Tensor, { axis, ...words }: NamedGather): Tensor {
  return x.apply("gather", [checkedIndices(indices, { ...words, size: x.shape[axis] })], { axis });
}

/** Gathers along the first axis by i32 indices; those outside of it take the first or last row, as is intended. */
export function gatherNearest(x: Tensor, indices: Tensor): Tensor {
  return x.apply("gather", [indices], { axis: 0 });
}

/** Options of {@linkcode scatterAdd}. */
export interface ScatterOptions {
  /** The axis along which the indices count; default: 0. */
  readonly axis?: number;
}

const scatterOptions = {
  axis: whole({ default: 0, help: "axis along which the indices count" }),
} satisfies Declaration<ScatterOptions>;

/**
 * `base` with `updates` added at `indices` along an axis, in order; the inverse of {@linkcode gather}.
 *
 * @param updates shape of the base with the axis replaced by the shape of the indices
 * @throws {RangeError} for an index outside of the axis, if the host has the indices; otherwise the next read throws.
 *
 * @example
 * ```ts
 * import { scatterAdd, tensor, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const counts = scatterAdd(zeros([3]), tensor([2, 0, 2]), tensor([1, 1, 1]));
 * assertEquals(await counts.toArray(), [1, 0, 2]);
 * ```
 */
export function scatterAdd(base: Tensor, indices: Tensor, updates: Tensor, options: ScatterOptions = {}): Tensor {
  checkArguments("scatter", { base, indices, updates }, tensorKind);
  const { axis } = readOptions("scatter", scatterOptions, options);
  const along = normalizeAxis(axis, base.shape.length, "scatter");
  const limit = { size: base.shape[along], action: "scatter to index", table: `axis ${along}`, entries: "elements" };
  return base.apply("scatterAdd", [checkedIndices(indices, limit), updates], { axis: along });
}

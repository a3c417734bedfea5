/**
 * Operations that rearrange elements, or keep them as they are.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import { clipGradient } from "../../../core/functions/clip_gradient.ts";
import { concatenate, stack } from "../../../core/functions/movement.ts";
import { numberedCheck } from "../../../core/nest/numbered_checks.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { stopGradient } from "../../../core/gradients.ts";
import type { Draw } from "./draw.ts";
import { exact, type Gradient, type Operation, type Sample } from "./operation.ts";
import { build, castAll, countOf, elementAt, type Extents, repeated, type Value, wider } from "./values.ts";

const types: readonly DType[] = ["f32", "i32", "u32", "bool"];

/** One call that moves the elements of one array. */
interface Move {
  readonly shape: Extents;
  readonly note: string;
  readonly primitive: (x: Tensor) => Tensor;
  readonly method: (x: Tensor) => Tensor;
  readonly expected: (x: Value) => Value;
}

type Drawn = (draw: Draw, shape: Extents, dtype: DType) => Move;

const moved = (x: Value, shape: Extents, source: (index: readonly number[]) => readonly number[]): Value =>
  build(x.dtype, shape, (index) => elementAt(x, source(index)));

const sameElements = (x: Value, shape: Extents): Value => ({ ...x, shape });

/** Another shape with as many elements: prime factors in random order, joined at random. */
function otherShape(draw: Draw, shape: Extents): number[] {
  const count = countOf(shape);
  if (count === 0) return draw.pick([[0], [0, 3], [2, 0], [5, 0, 2]]);
  const factors: number[] = [];
  for (let rest = count, p = 2; rest > 1; p++) for (; rest % p === 0; rest /= p) factors.push(p);
  const other: number[] = draw.chance(0.2) ? [1] : [];
  for (const i of draw.order(factors.length)) {
    if (other.length > 0 && (other.length > 5 || draw.chance(0.5))) other[other.length - 1] *= factors[i];
    else other.push(factors[i]);
  }
  return other;
}

const reshape: Drawn = (draw, shape) => {
  const other = otherShape(draw, shape);
  const open = countOf(shape) > 0 && other.length > 0 && draw.chance(0.3) ? draw.whole(0, other.length - 1) : -1;
  return {
    shape,
    note: `to [${other}]`,
    primitive: (x) => x.apply("reshape", [], { shape: other }),
    method: (x) => x.reshape(open >= 0 ? other.with(open, -1) : other),
    expected: (x) => sameElements(x, other),
  };
};

const permute: Drawn = (draw, shape) => {
  const axes = draw.chance(0.2) ? [...shape.keys()].reverse() : draw.order(shape.length);
  const isReversed = axes.every((axis, i) => axis === shape.length - 1 - i);
  return {
    shape,
    note: `axes [${axes}]`,
    primitive: (x) => x.apply("permute", [], { axes }),
    method: (x) => isReversed ? x.transpose() : x.transpose(axes.map((axis, i) => i % 2 ? axis : axis - shape.length)),
    expected: (x) =>
      moved(x, axes.map((axis) => x.shape[axis]), (index) => {
        const source: number[] = [];
        axes.forEach((axis, i) => source[axis] = index[i]);
        return source;
      }),
  };
};

const expand: Drawn = (draw, whole) => {
  const shape = whole.map((extent) => draw.chance(0.4) ? 1 : extent);
  const primitive = (x: Tensor): Tensor => x.apply("expand", [], { shape: whole });
  return { shape, note: `to [${whole}]`, primitive, method: primitive, expected: (x) => repeated(x, whole) };
};

/** The method adds missing axes itself. */
const broadcast: Drawn = (draw, whole) => {
  const shape = draw.narrower(whole);
  const method = (x: Tensor): Tensor => x.broadcastTo(whole);
  return { shape, note: `to [${whole}]`, primitive: method, method, expected: (x) => repeated(x, whole) };
};

const slice: Drawn = (draw, shape) => {
  const start = shape.map((extent) => draw.whole(0, extent));
  const stop = shape.map((extent, axis) => draw.whole(start[axis], extent));
  const step = shape.map(() => draw.pick([1, 1, 2, 3, 7]));
  const counted = (bounds: readonly number[]): number[] =>
    bounds.map((bound, axis) => bound < shape[axis] && draw.chance(0.3) ? bound - shape[axis] : bound);
  const [from, to] = [counted(start), counted(stop)];
  return {
    shape,
    note: `from [${from}] to [${to}] by [${step}]`,
    primitive: (x) => x.apply("slice", [], { start, stop, step }),
    method: (x) => x.slice(from, to, step),
    expected: (x) =>
      moved(
        x,
        shape.map((_, axis) => Math.ceil((stop[axis] - start[axis]) / step[axis])),
        (index) => index.map((i, axis) => start[axis] + i * step[axis]),
      ),
  };
};

const pad: Drawn = (draw, shape, dtype) => {
  const padding = shape.map(() => [draw.pick([0, 0, 1, 2, 5]), draw.pick([0, 0, 1, 3])] as [number, number]);
  const value = draw.chance(0.5) ? 0 : draw.element(dtype, { style: draw.style() });
  return {
    shape,
    note: `by ${JSON.stringify(padding)} with ${value}`,
    primitive: (x) => x.apply("pad", [], { padding, value }),
    method: (x) => x.pad(padding, value),
    expected: (x) =>
      build(x.dtype, shape.map((extent, axis) => extent + padding[axis][0] + padding[axis][1]), (index) => {
        const source = index.map((i, axis) => i - padding[axis][0]);
        return source.every((i, axis) => i >= 0 && i < shape[axis]) ? elementAt(x, source) : value;
      }),
  };
};

const flip: Drawn = (draw, shape) => {
  const axes = draw.order(shape.length).slice(0, draw.whole(0, shape.length));
  const isAll = axes.length === shape.length;
  return {
    shape,
    note: `axes [${axes}]`,
    primitive: (x) => x.apply("flip", [], { axes }),
    method: (x) => isAll ? x.flip() : axes.length === 1 ? x.flip(axes[0]) : x.flip(axes),
    expected: (x) => moved(x, shape, (index) => index.map((i, axis) => axes.includes(axis) ? shape[axis] - 1 - i : i)),
  };
};

const squeeze: Drawn = (draw, whole) => {
  const shape = whole.map((extent) => draw.chance(0.5) ? 1 : extent);
  const ones = [...shape.keys()].filter((axis) => shape[axis] === 1);
  const some = ones.filter(() => draw.chance(0.5));
  const axes = draw.chance(0.4) ? ones : some;
  const method = (x: Tensor): Tensor => axes === ones ? x.squeeze() : x.squeeze(axes.length === 1 ? axes[0] : axes);
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  return { shape, note: `axes [${axes}]`, primitive: method, method, expected: (x) => sameElements(x, kept) };
};

const expandDims: Drawn = (draw, shape) => {
  const axis = draw.whole(0, shape.length);
  const method = (x: Tensor): Tensor => x.expandDims(axis % 2 ? axis : axis - shape.length - 1);
  return {
    shape,
    note: `axis ${axis}`,
    primitive: method,
    method,
    expected: (x) => sameElements(x, shape.toSpliced(axis, 0, 1)),
  };
};

/** A function that returns its argument. */
function same(apply: (x: Tensor) => Tensor): Drawn {
  return (_, shape) => ({ shape, note: "", primitive: apply, method: apply, expected: (x) => x });
}

/** An operation that moves one array. */
function movement(drawn: Drawn, which: "primitive" | "method", gradient?: Gradient): Operation {
  const sample = (draw: Draw): Sample => {
    const dtype = draw.type(types);
    const { shape, note, expected, [which]: apply } = drawn(draw, draw.shape(), dtype);
    return { inputs: [draw.value(dtype, shape, { style: draw.style() })], apply, expected, note };
  };
  return { bound: exact, sample, ...(gradient && { gradient }) };
}

function joined(call: (tensors: Tensor[], axis: number) => Tensor, { mixed }: { readonly mixed: boolean }): Operation {
  const sample = (draw: Draw): Sample => {
    const shape = draw.shape({ rank: draw.whole(1, 5), most: 1500 });
    const axis = draw.whole(0, shape.length - 1);
    const dtype = draw.type(types);
    const inputs = Array.from({ length: draw.whole(1, 4) }, () => {
      const own = shape.with(axis, draw.pick([0, 1, 2, 5, shape[axis]]));
      return draw.value(mixed && draw.chance(0.3) ? draw.type(types) : dtype, own, { style: draw.style() });
    });
    return {
      inputs,
      apply: (...tensors) => call(tensors, axis),
      expected: (...values) => concatenated(values, axis),
      note: `axis ${axis}`,
    };
  };
  return { bound: { ulp: mixed ? 0.5 : 0, signedZeros: true }, sample, gradient: { ulp: 0 } };
}

/** Arrays behind each other along an axis, in their common element type. */
function concatenated(inputs: readonly Value[], axis: number): Value {
  const dtype = inputs.map((x) => x.dtype).reduce(wider);
  const all = inputs.map((x) => castAll(x, dtype));
  const extent = all.reduce((sum, x) => sum + x.shape[axis], 0);
  return build(dtype, all[0].shape.with(axis, extent), (index) => {
    let [place, which] = [index[axis], 0];
    while (place >= all[which].shape[axis]) place -= all[which++].shape[axis];
    return elementAt(all[which], index.with(axis, place));
  });
}

const stacking: Operation = {
  bound: exact,
  gradient: { ulp: 0 },
  sample: (draw) => {
    const shape = draw.shape({ rank: draw.whole(0, 5), most: 1000 });
    const axis = draw.whole(0, shape.length);
    const dtype = draw.type(types);
    return {
      inputs: Array.from({ length: draw.whole(1, 4) }, () => draw.value(dtype, shape, { style: draw.style() })),
      apply: (...tensors) => stack(tensors, axis % 2 ? axis : axis - shape.length - 1),
      expected: (...values) => concatenated(values.map((x) => ({ ...x, shape: x.shape.toSpliced(axis, 0, 1) })), axis),
      note: `axis ${axis}`,
    };
  },
};

const linear: Gradient = { ulp: 0 };
const sums: Gradient = { ulp: 4 };
const still = movement(same((x) => x.apply("barrier", [x], {})), "primitive", linear);

/** Indices that a kernel checks; all are allowed. */
const checked: Operation = {
  bound: exact,
  sample: (draw) => {
    const shape = draw.shape();
    return {
      inputs: [draw.indices(shape, 0, 8)],
      apply: (x) =>
        x.apply("checked", [], numberedCheck({ size: 9, action: "take", table: "the test", entries: "rows" }, shape)),
      expected: (x) => x,
    };
  },
};

/** One entry per primitive that moves elements, without windows. */
export const movementPrimitives = {
  reshape: movement(reshape, "primitive", linear),
  permute: movement(permute, "primitive", linear),
  expand: movement(expand, "primitive", sums),
  slice: movement(slice, "primitive", linear),
  pad: movement(pad, "primitive", linear),
  flip: movement(flip, "primitive", linear),
  concat: joined(([first, ...others], axis) => first.apply("concat", others, { axis }), { mixed: false }),
  stop: movement(same((x) => x.apply("stop", [], {})), "primitive"),
  barrier: still,
  clipGradient: movement(same((x) => x.apply("clipGradient", [], { limit: 100 })), "primitive", linear),
  checked,
};

/** One entry per method that moves elements. */
export const movementMethods = {
  reshape: movement(reshape, "method", linear),
  transpose: movement(permute, "method", linear),
  broadcastTo: movement(broadcast, "method", sums),
  slice: movement(slice, "method", linear),
  pad: movement(pad, "method", linear),
  flip: movement(flip, "method", linear),
  squeeze: movement(squeeze, "method", linear),
  expandDims: movement(expandDims, "method", linear),
  stopGradient: movement(same((x) => x.stopGradient()), "method"),
};

/** One entry per function that moves elements. */
export const movementFunctions = {
  concatenate: joined((tensors, axis) => concatenate(tensors, axis), { mixed: true }),
  stack: stacking,
  clipGradient: movement(same((x) => clipGradient(x, 100)), "primitive", linear),
  stopGradient: movement(same((x) => stopGradient(x)), "primitive"),
};

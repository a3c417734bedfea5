/**
 * Primitives that rearrange elements. Their index arithmetic in loops is in `core/fuse/movements.ts`.
 *
 * @module
 */

import { record, recordIndex, throwRecorded } from "../../nest/index_checks.ts";
import type { NumberedCheck } from "../../nest/numbered_checks.ts";
import { sameShape, type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { Attributes, MovementAttributes } from "../attributes.ts";
import type { Node } from "../node.ts";
import { at, eachIndex, generate } from "../reference.ts";
import type { MovementRule, Reference } from "../rule.ts";
import { inferConcat, inferExpand, inferPad, inferPermute, inferReshape, inferSlice } from "./movement_shapes.ts";
import { inferWindow, windowSource } from "./window_geometry.ts";

type Movement = keyof MovementAttributes;

/** An element's index, and its position in row-major order. */
interface Position {
  readonly index: readonly number[];
  readonly position: number;
}

/** The facts in which movements of a single tensor differ. */
interface Definition<P extends Movement>
  extends Pick<MovementRule<P>, "repeats" | "keepsConstants" | "leavesLoops" | "isIdentity" | "compose"> {
  /** The result's shape. */
  shapeOf(shape: Shape, attributes: Attributes[P]): Shape;
  /** The cotangent of the input from that of the result. */
  vjp(g: Tensor, x: Tensor, attributes: Attributes[P]): Tensor | null;
  /** The value at a position of the result. */
  value(x: Reference, at: Position, attributes: Attributes[P]): number;
}

function movement<P extends Movement>({ shapeOf, vjp, value, ...facts }: Definition<P>): MovementRule<P> {
  return {
    kind: "movement",
    joins: false,
    ...facts,
    infer: ([x], attributes) => ({ shape: shapeOf(x.shape, attributes), dtype: x.dtype }),
    // The result depends on the first input only.
    vjp: (g, [x, ...others], { attributes }) => [vjp(g, x, attributes), ...others.map(() => null)],
    evaluate: ([x], attributes, node) => {
      const values = new Float64Array(sizeOf(node.shape));
      eachIndex(node.shape, (index, position) => values[position] = value(x, { index, position }, attributes));
      return values;
    },
  };
}

const keepsShape = ({ inputs: [x], shape }: Node): boolean => sameShape(x.shape, shape);

/** Moves nothing. */
const still = {
  shapeOf: (shape: Shape) => shape,
  value: (x: Reference, { position }: Position) => x.values[position],
  repeats: false,
  keepsConstants: true,
  leavesLoops: false,
  isIdentity: () => true,
  compose: null,
};

/** Spreads the elements of each axis `step` apart with zeros between, to the given extents. */
function dilate(g: Tensor, step: readonly number[], extents: readonly number[]): Tensor {
  let x = g;
  step.forEach((by, axis) => {
    const count = x.shape[axis];
    if (by > 1) {
      const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
      const none = x.shape.map((): [number, number] => [0, 0]);
      x = x.reshape([...before, count, 1, ...after])
        .pad([...none.slice(0, axis + 1), [0, by - 1], ...none.slice(axis + 1)])
        .reshape([...before, count * by, ...after]);
    }
    const extra = extents[axis] - x.shape[axis];
    if (extra > 0) x = x.pad(x.shape.map((_, i): [number, number] => i === axis ? [0, extra] : [0, 0]));
    if (extra < 0) x = x.slice(x.shape.map(() => 0), x.shape.map((extent, i) => i === axis ? extents[axis] : extent));
  });
  return x;
}

const reshape = movement<"reshape">({
  shapeOf: inferReshape,
  vjp: (g, x) => g.reshape(x.shape),
  value: (x, { position }) => x.values[position],
  repeats: false,
  keepsConstants: true,
  leavesLoops: true,
  isIdentity: keepsShape,
  compose: (_, second) => second,
});

const permute = movement<"permute">({
  shapeOf: inferPermute,
  vjp: (g, _, { axes }) => g.transpose(axes.map((_, axis) => axes.indexOf(axis))),
  value: (x, { index }, { axes }) => at(x, x.shape.map((_, axis) => index[axes.indexOf(axis)])),
  repeats: false,
  keepsConstants: true,
  leavesLoops: true,
  isIdentity: ({ attributes: { axes } }) => axes.every((axis, i) => axis === i),
  compose: (first, second) => ({ axes: second.axes.map((axis) => first.axes[axis]) }),
});

const expand = movement<"expand">({
  shapeOf: inferExpand,
  vjp: (g, { shape }) => {
    const axes = shape.flatMap((extent, axis) => extent === g.shape[axis] ? [] : [axis]);
    return axes.length === 0 ? g : g.apply("sum", [], { axes, ofCotangents: true }).reshape(shape);
  },
  value: (x, { index }) => at(x, index.map((i, axis) => x.shape[axis] === 1 ? 0 : i)),
  repeats: true,
  keepsConstants: true,
  leavesLoops: true,
  isIdentity: keepsShape,
  compose: (_, second) => second,
});

const slice = movement<"slice">({
  shapeOf: inferSlice,
  vjp: (g, x, { start, step }) => {
    const extents = x.shape.map((extent, axis) => extent - start[axis]);
    return dilate(g, step, extents).pad(start.map((from): [number, number] => [from, 0]));
  },
  value: (x, { index }, { start, step }) => at(x, index.map((i, axis) => start[axis] + i * step[axis])),
  repeats: false,
  keepsConstants: true,
  leavesLoops: true,
  isIdentity: keepsShape,
  compose: null,
});

const pad = movement<"pad">({
  shapeOf: inferPad,
  vjp: (g, x, { padding }) =>
    g.slice(padding.map(([low]) => low), x.shape.map((extent, axis) => extent + padding[axis][0])),
  value: (x, { index }, { padding, value }) => {
    const source = index.map((i, axis) => i - padding[axis][0]);
    return source.every((i, axis) => i >= 0 && i < x.shape[axis]) ? at(x, source) : value;
  },
  repeats: false,
  keepsConstants: false,
  leavesLoops: false,
  isIdentity: keepsShape,
  compose: null,
});

const without = (axes: readonly number[], others: readonly number[]): number[] =>
  axes.filter((axis) => !others.includes(axis));

const flip = movement<"flip">({
  shapeOf: (shape) => shape,
  vjp: (g, _, { axes }) => g.flip([...axes]),
  value: (x, { index }, { axes }) => at(x, index.map((i, axis) => axes.includes(axis) ? x.shape[axis] - 1 - i : i)),
  repeats: false,
  keepsConstants: true,
  leavesLoops: true,
  isIdentity: ({ attributes: { axes } }) => axes.length === 0,
  // Reversing an axis twice restores it.
  compose: (first, second) => ({ axes: [...without(first.axes, second.axes), ...without(second.axes, first.axes)] }),
});

const window = movement<"window">({
  shapeOf: inferWindow,
  vjp: (g, x, { size, strides, dilations }) => g.apply("unwindow", [], { size, strides, dilations, shape: x.shape }),
  value: (x, { index }, attributes) => at(x, windowSource(x.shape.length, index, attributes)),
  repeats: true,
  keepsConstants: true,
  leavesLoops: false,
  isIdentity: () => false,
  compose: null,
});

const concat: MovementRule<"concat"> = {
  kind: "movement",
  infer: inferConcat,
  vjp: (g, inputs, { attributes: { axis } }) => {
    let start = 0;
    return inputs.map(({ shape }) => {
      const from = g.shape.map((_, i) => i === axis ? start : 0);
      start += shape[axis];
      return g.slice(from, g.shape.with(axis, start));
    });
  },
  evaluate: (inputs, { axis }, { shape }) =>
    generate(shape, (index) => {
      let i = index[axis];
      const source = inputs.find((input) => i < input.shape[axis] || (i -= input.shape[axis], false))!;
      return at(source, index.with(axis, i));
    }),
  joins: true,
  repeats: false,
  keepsConstants: true,
  leavesLoops: false,
  isIdentity: ({ inputs }) => inputs.length === 1,
  compose: null,
};

/** Whether a check stands for indices that are checked elsewhere, if what checks them is computed. */
const findsNothing = ({ size }: NumberedCheck): boolean => size === Infinity;

/**
 * The check of two that finds more. If the second one finds nothing, whether the first is needed depends on the rest of
 * the graph (`../simplify/repeated_checks.ts`).
 */
function stricterCheck(first: NumberedCheck, second: NumberedCheck): NumberedCheck | null {
  if (findsNothing(second)) return findsNothing(first) ? second : null;
  return first.size < second.size ? first : second;
}

/** One entry for each movement. */
export const movements: { readonly [P in Movement]: MovementRule<P> } = {
  reshape,
  permute,
  expand,
  slice,
  pad,
  flip,
  concat,
  window,
  /** Stops gradients. */
  stop: movement<"stop">({ ...still, vjp: () => null }),
  /** Returns the first input. The second makes it a different node, so it is computed again. */
  barrier: movement<"barrier">({ ...still, vjp: (g) => g, keepsConstants: false, isIdentity: () => false }),
  /** Clips the cotangent to −limit … limit. */
  clipGradient: movement<"clipGradient">({
    ...still,
    vjp: (g, _, { limit }) => g.maximum(-limit).minimum(limit),
  }),
  /** Returns indices, and records those that are not below a limit. */
  checked: {
    ...movement<"checked">({
      ...still,
      vjp: () => null,
      keepsConstants: false,
      isIdentity: ({ inputs: [x], attributes }) => findsNothing(attributes) && x.op !== "checked",
      compose: stricterCheck,
    }),
    evaluate: ([x], check) => {
      const words = new Int32Array(record.words);
      x.values.forEach((index, position) => recordIndex(words, { check, index, position }));
      throwRecorded(words);
      return x.values;
    },
  },
};

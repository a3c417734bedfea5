/**
 * Primitives that only say where each element comes from.
 *
 * @module
 */

import { roundTo } from "../../dtype.ts";
import { checkShape, sameShape, type Shape, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type Attributes, type Node, type Pairs, showType, type ValueType } from "../node.ts";
import { at, eachIndex, generate, positionOf } from "../reference.ts";
import type { Cotangents, Reference, Rule } from "../rule.ts";

type MovementOp =
  | "reshape"
  | "permute"
  | "expand"
  | "slice"
  | "pad"
  | "flip"
  | "window"
  | "stop"
  | "barrier"
  | "clipGradient"; // deno-fmt-ignore

/** A movement of one tensor: the result's shape, and the element of the input that lies at an index, if any. */
function movement<P extends MovementOp>(
  shapeOf: (shape: Shape, attributes: Attributes[P], x: Node) => Shape,
  vjp: (g: Tensor, x: Tensor, attributes: Attributes[P]) => Tensor | null,
  value: (x: Reference, index: number[], attributes: Attributes[P], position: number) => number,
): Rule<P> {
  return {
    kind: "movement",
    infer: ([x], attributes): ValueType => ({ shape: shapeOf(x.shape, attributes, x), dtype: x.dtype }),
    vjp: (g, [x], _, attributes): Cotangents => [vjp(g, x, attributes)],
    evaluate: ([x], attributes, node) => {
      const values = new Float64Array(sizeOf(node.shape));
      eachIndex(node.shape, (index, position) => values[position] = value(x, index, attributes, position));
      return values;
    },
  };
}

function inferReshape(shape: Shape, { shape: wanted }: Attributes["reshape"]): Shape {
  checkShape(wanted, "reshape to");
  if (sizeOf(wanted) !== sizeOf(shape)) {
    throw new TypeError(
      `Cannot reshape ${showShape(shape)} to ${showShape(wanted)}: expected ${sizeOf(shape)} elements, got ${
        sizeOf(wanted)
      }`,
    );
  }
  return wanted;
}

function inferPermute(shape: Shape, { axes }: Attributes["permute"]): Shape {
  if (
    axes.length !== shape.length || new Set(axes).size !== axes.length || axes.some((axis) => shape[axis] === undefined)
  ) {
    throw new RangeError(
      `Cannot transpose ${showShape(shape)} by axes ${showShape(axes)}: each axis must be named once`,
    );
  }
  return axes.map((axis) => shape[axis]);
}

function inferExpand(shape: Shape, { shape: wanted }: Attributes["expand"]): Shape {
  if (shape.length !== wanted.length || shape.some((extent, axis) => extent !== wanted[axis] && extent !== 1)) {
    throw new TypeError(`Cannot broadcast ${showShape(shape)} to ${showShape(wanted)}: extents must be equal or 1`);
  }
  return checkShape(wanted, "broadcast to");
}

function inferSlice(shape: Shape, { start, stop, step }: Attributes["slice"]): Shape {
  return shape.map((extent, axis) => {
    const [from, to, by] = [start[axis], stop[axis], step[axis]];
    if (!(from >= 0 && to <= extent && from <= to && by >= 1)) {
      throw new RangeError(
        `Cannot slice ${showShape(shape)} from ${showShape(start)} to ${showShape(stop)} by ${
          showShape(step)
        }: axis ${axis} has extent ${extent}`,
      );
    }
    return Math.ceil((to - from) / by);
  });
}

function inferPad(shape: Shape, { padding }: Attributes["pad"]): Shape {
  if (padding.length !== shape.length || padding.some(([low, high]) => low < 0 || high < 0)) {
    throw new RangeError(
      `Cannot pad ${showShape(shape)} by ${JSON.stringify(padding)}: expected a pair of at least [0, 0] for each axis`,
    );
  }
  return shape.map((extent, axis) => extent + padding[axis][0] + padding[axis][1]);
}

/** The number of windows along each windowed axis. */
export function windowCounts(shape: Shape, { size, strides, dilations }: Attributes["window"]): number[] {
  const lead = shape.length - size.length;
  return size.map((extent, i) => {
    const span = (extent - 1) * dilations[i] + 1;
    return Math.max(0, Math.floor((shape[lead + i] - span) / strides[i]) + 1);
  });
}

function inferWindow(shape: Shape, attributes: Attributes["window"]): Shape {
  const { size, strides, dilations } = attributes;
  if (size.length > shape.length || [...size, ...strides, ...dilations].some((n) => !(Number.isInteger(n) && n >= 1))) {
    throw new RangeError(
      `Cannot take windows of ${showShape(size)} by strides ${showShape(strides)} from ${
        showShape(shape)
      }: expected whole numbers of at least 1`,
    );
  }
  return [...shape.slice(0, shape.length - size.length), ...windowCounts(shape, attributes), ...size];
}

/** Where element `index` of the windows lies in their source. */
function windowSource(
  rank: number,
  index: readonly number[],
  { size, strides, dilations }: Attributes["window"],
): number[] {
  const n = size.length;
  const lead = rank - n;
  return [
    ...index.slice(0, lead),
    ...size.map((_, i) => index[lead + i] * strides[i] + index[lead + n + i] * dilations[i]),
  ];
}

/** Sets the elements of each axis `step` apart with zeros between, `extents` long in all. */
function dilate(g: Tensor, step: readonly number[], extents: readonly number[]): Tensor {
  let x = g;
  step.forEach((by, axis) => {
    const count = x.shape[axis];
    if (by > 1 && count > 0) {
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

function evaluatePad(x: Reference, index: number[], { padding, value }: Attributes["pad"]): number {
  const source = index.map((i, axis) => i - padding[axis][0]);
  return source.every((i, axis) => i >= 0 && i < x.shape[axis]) ? at(x, source) : value;
}

const lows = (padding: Pairs): number[] => padding.map(([low]) => low);

const concat: Rule<"concat"> = {
  kind: "movement",
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    for (const { shape, dtype } of inputs) {
      if (dtype !== first.dtype || !sameShape(shape.with(axis, 0), first.shape.with(axis, 0))) {
        throw new TypeError(
          `Cannot concatenate ${
            inputs.map(showType).join(" and ")
          } along axis ${axis}: other extents and element types must be equal`,
        );
      }
    }
    const extent = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
    return { shape: first.shape.with(axis, extent), dtype: first.dtype };
  },
  vjp: (g, inputs, _, { axis }) => {
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
};

/** The transpose of `window`: each element is the sum of its copies in the windows. */
const unwindow: Rule<"unwindow"> = {
  kind: "reduction",
  infer: ([x], attributes) => {
    const expected = inferWindow(attributes.shape, attributes);
    if (!sameShape(expected, x.shape)) {
      throw new TypeError(
        `Cannot put windows ${showShape(x.shape)} together to ${showShape(attributes.shape)}: expected windows ${
          showShape(expected)
        }`,
      );
    }
    return { shape: attributes.shape, dtype: x.dtype };
  },
  vjp: (g, _, __, { size, strides, dilations }) => [g.apply("window", [], { size, strides, dilations })],
  evaluate: ([x], attributes, { dtype }) => {
    const out = new Float64Array(sizeOf(attributes.shape));
    eachIndex(x.shape, (index, position) => {
      const place = positionOf(attributes.shape, windowSource(attributes.shape.length, index, attributes));
      out[place] = roundTo(dtype, out[place] + x.values[position]);
    });
    return out;
  },
};

/** One entry a primitive. */
export const movements = {
  reshape: movement<"reshape">(inferReshape, (g, x) => g.reshape(x.shape), (x, _, __, position) => x.values[position]),
  permute: movement<"permute">(
    inferPermute,
    (g, _, { axes }) => g.transpose(axes.map((_, axis) => axes.indexOf(axis))),
    (x, index, { axes }) => at(x, x.shape.map((_, axis) => index[axes.indexOf(axis)])),
  ),
  expand: movement<"expand">(
    inferExpand,
    (g, x) =>
      g.sum({ axis: x.shape.flatMap((extent, axis) => extent === g.shape[axis] ? [] : [axis]), keepDims: true }),
    (x, index) => at(x, index.map((i, axis) => x.shape[axis] === 1 ? 0 : i)),
  ),
  slice: movement<"slice">(
    inferSlice,
    (g, x, { start, step }) => {
      const extents = x.shape.map((extent, axis) => extent - start[axis]);
      return dilate(g, step, extents).pad(start.map((from): [number, number] => [from, 0]));
    },
    (x, index, { start, step }) => at(x, index.map((i, axis) => start[axis] + i * step[axis])),
  ),
  pad: movement<"pad">(
    inferPad,
    (g, x, { padding }) => g.slice(lows(padding), x.shape.map((extent, axis) => extent + padding[axis][0])),
    evaluatePad,
  ),
  flip: movement<"flip">(
    (shape) => shape,
    (g, _, { axes }) => g.flip([...axes]),
    (x, index, { axes }) => at(x, index.map((i, axis) => axes.includes(axis) ? x.shape[axis] - 1 - i : i)),
  ),
  window: movement<"window">(
    inferWindow,
    (g, x, { size, strides, dilations }) => g.apply("unwindow", [], { size, strides, dilations, shape: x.shape }),
    (x, index, attributes) => at(x, windowSource(x.shape.length, index, attributes)),
  ),
  stop: movement<"stop">((shape) => shape, () => null, (x, _, __, position) => x.values[position]),
  /** The first input as it is; the second only makes it another node, which is computed anew. */
  barrier: {
    ...movement<"barrier">((shape) => shape, (g) => g, (x, _, __, position) => x.values[position]),
    vjp: (g) => [g, null],
  } satisfies Rule<"barrier">,
  /** The input as it is; its cotangent is brought into −limit … limit. */
  clipGradient: movement<"clipGradient">(
    (shape) => shape,
    (g, _, { limit }) => g.maximum(-limit).minimum(limit),
    (x, _, __, position) => x.values[position],
  ),
  concat,
  unwindow,
};

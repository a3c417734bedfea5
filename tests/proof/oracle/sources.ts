/**
 * Tensors without operands: arguments, constants, indices, and those that functions make of plain numbers.
 *
 * @module
 */

import { arange, eye, full, ones, tensor, zeros } from "../../../core/creation.ts";
import type { DType } from "../../../core/dtype.ts";
import { concatenate } from "../../../core/functions/movement.ts";
import { makeNode } from "../../../core/graph/ops.ts";
import { Tensor } from "../../../core/tensor.ts";
import type { Draw } from "./draw.ts";
import { tensorOf } from "./modes.ts";
import { exact, type Operation, rounded } from "./operation.ts";
import { build, countOf, type Extents, type Value } from "./values.ts";

const types: readonly DType[] = ["f32", "i32", "u32", "bool"];
const words: readonly DType[] = ["f32", "i32", "u32"];

/** A tensor of a drawn shape and element type, which an argument has if it is needed. */
interface Made {
  readonly shape: Extents;
  readonly dtype: DType;
}

type Making = (draw: Draw, like: Made) => {
  readonly apply: (like: Tensor) => Tensor;
  readonly expected: (like: Value) => Value;
  readonly note: string;
};

function making(make: Making, takes: readonly DType[] = types): Operation {
  return {
    bound: exact,
    sample: (draw) => {
      const like: Made = { shape: draw.shape(), dtype: draw.type(takes) };
      const x = draw.value(like.dtype, like.shape, { style: draw.style() });
      return { inputs: [x], ...make(draw, like) };
    },
  };
}

const filled = ({ shape, dtype }: Made, value: number): Value => build(dtype, shape, () => value);

const constant = (call: (like: Tensor, value: number, made: Made) => Tensor): Operation =>
  making((draw, { shape, dtype }) => {
    const made = { shape, dtype: draw.chance(0.5) ? dtype : draw.type(types) };
    const value = draw.element(made.dtype, { style: draw.style() });
    return {
      apply: (x) => call(x, value, made),
      expected: () => filled(made, value),
      note: `${value} as ${made.dtype}`,
    };
  });

const same = (value: number, call: (like: Tensor, made: Made) => Tensor): Operation =>
  making((_, made) => ({ apply: (x) => call(x, made), expected: () => filled(made, value), note: "" }));

const iota = (call: (like: Tensor, axis: number, dtype: DType) => Tensor, dtypes: readonly DType[]): Operation => ({
  bound: exact,
  sample: (draw) => {
    const shape = draw.shape({ rank: draw.whole(1, 5) });
    const axis = draw.whole(0, shape.length - 1);
    const dtype = draw.pick(dtypes);
    return {
      inputs: [draw.value("f32", shape)],
      apply: (x) => call(x, axis, dtype),
      expected: () => build(dtype, shape, (index) => index[axis]),
      note: `axis ${axis} as ${dtype}`,
    };
  },
});

/** A tensor that the function closes over. */
const data: Operation = {
  bound: exact,
  gradient: { ulp: 0 },
  sample: (draw) => {
    const dtype = draw.type(types);
    const shape = draw.shape({ rank: draw.whole(1, 5) });
    const style = { style: draw.style() };
    const held = build(dtype, shape, () => draw.element(dtype, style));
    return {
      inputs: [draw.value(dtype, shape, style)],
      apply: (x) => concatenate([x, tensorOf(held)]),
      expected: (x) => ({
        dtype,
        shape: shape.with(0, 2 * shape[0]),
        values: Float64Array.of(...x.values, ...held.values),
      }),
      note: "beside a tensor that is known",
    };
  },
};

const parameter: Operation = {
  ...making(() => ({ apply: (x) => x, expected: (x) => x, note: "" })),
  gradient: { ulp: 0 },
};

const counting: Operation = {
  bound: rounded,
  sample: (draw) => {
    const dtype = draw.pick(words);
    const [start, step] = dtype === "f32"
      ? [draw.whole(-9, 9) / 4, draw.pick([1, 0.25, -0.5, 3])]
      : [draw.whole(0, 9), draw.whole(1, 5)];
    const count = draw.pick([0, 1, 2, 7, 33, 129]);
    return {
      inputs: [draw.value("f32", [1])],
      apply: () => arange(start, start + count * step, step, { dtype }),
      expected: () => build(dtype, [count], ([i]) => start + i * step),
      note: `${count} from ${start} by ${step} as ${dtype}`,
    };
  },
};

const identity: Operation = {
  bound: exact,
  sample: (draw) => {
    const n = draw.pick([0, 1, 2, 7, 31, 33]);
    return {
      inputs: [draw.value("f32", [1])],
      apply: () => eye(n),
      expected: () => build("f32", [n, n], ([i, j]) => i === j ? 1 : 0),
      note: `${n}`,
    };
  },
};

/** Doubles are rounded to the nearest single. */
const fromNumbers: Operation = {
  bound: rounded,
  sample: (draw) => {
    const shape = draw.shape();
    const numbers = Float64Array.from({ length: countOf(shape) }, () => draw.real(-1, 1) * 2 ** draw.whole(-100, 100));
    return {
      inputs: [draw.value("f32", [1])],
      apply: () => tensor(numbers, shape),
      expected: () => ({ dtype: "f32", shape, values: numbers }),
      note: `[${shape}]`,
    };
  },
};

/** One entry per source. */
export const sourcePrimitives = {
  parameter,
  data,
  constant: constant((x, value, { dtype }) => x.fullLike(value, dtype)),
  iota: iota((x, axis, dtype) => new Tensor(makeNode("iota", [], { shape: x.shape, dtype, axis })), words),
};

/** One entry per method that makes a tensor. */
export const sourceMethods = {
  fullLike: constant((x, value, { dtype }) => x.fullLike(value, dtype)),
  scalar: constant((x, value, { shape, dtype }) => x.scalar(value, dtype).broadcastTo(shape)),
  zerosLike: same(0, (x) => x.zerosLike()),
  onesLike: same(1, (x) => x.onesLike()),
  indexAlong: iota((x, axis) => x.indexAlong(axis), ["i32"]),
};

/** One entry per function that makes a tensor. */
export const creation = {
  arange: counting,
  eye: identity,
  full: constant((_, value, { shape, dtype }) => full(shape, value, { dtype })),
  ones: same(1, (_, { shape, dtype }) => ones(shape, { dtype })),
  zeros: same(0, (_, { shape, dtype }) => zeros(shape, { dtype })),
  tensor: fromNumbers,
};

/**
 * For each primitive of the table: how it is called, on which shapes and numbers, and how often it can be differentiated.
 *
 * @module
 */

import type { DType } from "../core/dtype.ts";
import type { Attributes, Primitive } from "../core/graph/node.ts";
import { makeNode } from "../core/graph/ops.ts";
import type { ScalarOp } from "../core/compile/expression.ts";
import { settle } from "../core/runtime.ts";
import type { Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { checkpoint, scan } from "../core/transform.ts";
import { type Argument, type Computation, type NumberOptions, numbers, tensorOf, type Tolerance } from "./oracle.ts";

/** One way of calling a primitive. */
export interface PrimitiveCase extends Tolerance {
  readonly fn: Computation;
  /** The arguments, drawn anew for each seed. */
  readonly inputs: (seed: number) => Argument[];
  /** How often results can be differentiated where they are f32. */
  readonly order: 0 | 1 | 2;
}

/** No axis, one, two … five; extents of 0 and 1, primes, and those one off the tiles of kernels. */
const shapes: readonly Shape[] = [
  [],
  [0],
  [1],
  [7],
  [31],
  [129],
  [3, 0, 2],
  [1, 33],
  [63, 65],
  [5, 1, 127],
  [2, 3, 1, 5],
  [2, 1, 3, 2, 7],
];

type Draw = Omit<NumberOptions, "seed">;

function apply<P extends Primitive>(op: P, attributes: Attributes[P]): Computation {
  return (first, ...others) => first.apply(op, others, attributes);
}

interface ElementwiseOptions {
  readonly order?: 0 | 1 | 2;
  readonly attributes?: Attributes["cast"];
  readonly tolerance?: number;
}

/** An elementwise primitive on all shapes; one draw for each operand. */
function elementwise<P extends ScalarOp>(
  op: P,
  draws: readonly Draw[],
  { order = 2, attributes, tolerance = 1e-5 }: ElementwiseOptions = {},
): PrimitiveCase[] {
  return shapes.map((shape) => ({
    fn: apply(op, (attributes ?? {}) as Attributes[P]),
    inputs: (seed) => draws.map((draw, i) => numbers(shape, { ...draw, seed: seed + 100 * i })),
    order,
    tolerance,
  }));
}

/** A primitive on given shapes. */
function on<P extends Primitive>(
  op: P,
  shapes: readonly Shape[],
  attributes: Attributes[P],
  { order = 2, draws = [], tolerance = 1e-5 }: {
    order?: 0 | 1 | 2;
    draws?: readonly Draw[];
    tolerance?: number;
  } = {},
): PrimitiveCase {
  return {
    fn: apply(op, attributes),
    inputs: (seed) => shapes.map((shape, i) => numbers(shape, { ...draws[i], seed: seed + 100 * i })),
    order,
    tolerance,
  };
}

function source<P extends "constant" | "iota">(op: P, attributes: Attributes[P]): PrimitiveCase {
  return { fn: () => new Tensor(settle(makeNode(op, [], attributes))), inputs: () => [], order: 0 };
}

const any: Draw = {};
const positive: Draw = { low: 0.25, high: 3 };
const integers: Draw = { dtype: "i32", low: -9, high: 9 };
const naturals: Draw = { dtype: "u32", low: 0, high: 2 ** 32 };
const flags: Draw = { dtype: "bool" };
const shifts: Draw = { dtype: "i32", low: 0, high: 32 };

const integerBinary = (op: ScalarOp, second: Draw = integers): PrimitiveCase[] =>
  elementwise(op, [integers, second], { order: 0, tolerance: 0 });
const comparison = (op: ScalarOp): PrimitiveCase[] => [
  ...elementwise(op, [any, any], { order: 0 }),
  ...integerBinary(op),
  ...elementwise(op, [naturals, naturals], { order: 0 }),
];

function reductions(op: "sum" | "prod" | "maxOf" | "minOf" | "argmax" | "argmin", order: 0 | 1 | 2): PrimitiveCase[] {
  const tolerance = 1e-4;
  const more = op === "sum" || op === "prod"
    ? [on(op, [[3, 0]], { axes: [1] }, { order }), on(op, [[2, 0, 3]], { axes: [1, 2] }, { order })]
    : [];
  const draws = [op === "prod" ? { low: 0.7, high: 1.4 } : any];
  const cases: [Shape, number[]][] = [
    [[1], [0]],
    [[7], [0]],
    [[129], [0]],
    [[0, 5], [1]],
    [[33, 65], [0]],
    [[33, 65], [1]],
    [[5, 127], [0, 1]],
    [[2, 3, 5], [0, 2]],
    [[2, 3, 5], [1]],
    [[2, 1, 3, 2, 7], [1, 3]],
    [[2, 1, 3, 2, 7], [0, 2, 4]],
    [[2, 1, 3, 2, 7], [0, 1, 2, 3, 4]],
  ];
  return [
    ...cases.map(([shape, axes]) => on(op, [shape], { axes }, { order, draws, tolerance })),
    on(op, [[3, 31]], { axes: [1] }, { order: 0, draws: [{ dtype: "i32", low: -5, high: 5 }] }),
    ...more,
  ];
}

const window = (shape: Shape, size: number[], strides: number[], dilations: number[]): PrimitiveCase =>
  on("window", [shape], { size, strides, dilations });

const unwindow = (shape: Shape, size: number[], strides: number[], dilations: number[]): PrimitiveCase => {
  const counts = size.map((extent, i) =>
    Math.floor((shape[shape.length - size.length + i] - (extent - 1) * dilations[i] - 1) / strides[i]) + 1
  );
  const windows = [...shape.slice(0, shape.length - size.length), ...counts, ...size];
  return on("unwindow", [windows], { size, strides, dilations, shape });
};

const convolution = (
  x: Shape,
  w: Shape,
  { strides = [1, 1], padding = [[0, 0], [0, 0]], dilations = [1, 1], inputDilations = [1, 1] }: Partial<
    Attributes["conv"]
  > = {},
): PrimitiveCase => on("conv", [x, w], { strides, padding, dilations, inputDilations }, { tolerance: 1e-4 });

const indexed = (x: Shape, indices: Shape, axis: number): PrimitiveCase =>
  on("gather", [x, indices], { axis }, { draws: [any, { dtype: "i32", low: -2, high: x[axis] + 2 }] });

const scattered = (x: Shape, indices: Shape, axis: number, dtype: DType = "f32"): PrimitiveCase => {
  const updates = [...x.slice(0, axis), ...indices, ...x.slice(axis + 1)];
  const draw: Draw = dtype === "f32" ? any : integers;
  const draws = [draw, { dtype: "i32", low: -2, high: x[axis] + 2 } as const, draw];
  return on("scatterAdd", [x, indices, updates], { axis }, { draws, order: dtype === "f32" ? 2 : 0 });
};

const running = (reverse: boolean, length: number, extent: number): PrimitiveCase => ({
  fn: (start, xs) => {
    const [last, ys] = scan(
      (carry: Tensor, x: Tensor): [Tensor, Tensor] => [carry.mul(0.5).add(x.tanh()).tanh(), carry.mul(x)],
      start,
      xs,
      { reverse },
    );
    return [last, ys];
  },
  inputs: (seed) => [numbers([extent], { seed }), numbers([length, extent], { seed: seed + 1 })],
  order: 2,
});

/** All primitives. The type of this table refuses one that is missing. */
export const primitiveCases: { readonly [P in Primitive]: readonly PrimitiveCase[] } = {
  parameter: shapes.map((shape) => ({ fn: (x) => x, inputs: (seed) => [numbers(shape, { seed })], order: 2 })),
  constant: [
    ...shapes.map((shape) => source("constant", { shape, dtype: "f32", value: 2.5 })),
    source("constant", { shape: [3], dtype: "f32", value: -Infinity }),
    source("constant", { shape: [3], dtype: "u32", value: 2 ** 32 - 1 }),
    source("constant", { shape: [3], dtype: "i32", value: -(2 ** 31) }),
    source("constant", { shape: [3], dtype: "bool", value: 1 }),
  ],
  iota: shapes.flatMap((shape) =>
    shape.flatMap((_, axis) => (["f32", "i32", "u32"] as const).map((dtype) => source("iota", { shape, dtype, axis })))
  ),
  data: shapes.map((shape) => {
    const held = tensorOf(numbers(shape, { seed: 9 }));
    return { fn: (x) => x.mul(held), inputs: (seed) => [numbers(shape, { seed })], order: 2 };
  }),
  neg: [...elementwise("neg", [any]), ...elementwise("neg", [integers], { order: 0 })],
  abs: [...elementwise("abs", [any]), ...elementwise("abs", [integers], { order: 0 })],
  sign: [...elementwise("sign", [any], { order: 0 }), ...elementwise("sign", [integers], { order: 0 })],
  exp: elementwise("exp", [any]),
  log: elementwise("log", [positive]),
  sqrt: elementwise("sqrt", [positive]),
  sin: elementwise("sin", [any]),
  cos: elementwise("cos", [any]),
  tanh: elementwise("tanh", [any]),
  sigmoid: elementwise("sigmoid", [any]),
  erf: elementwise("erf", [any]),
  floor: elementwise("floor", [any], { order: 0 }),
  not: elementwise("not", [flags], { order: 0 }),
  cast: [
    ...elementwise("cast", [{ low: -9, high: 9 }], { order: 0, attributes: { dtype: "i32" } }),
    ...elementwise("cast", [{ low: 0, high: 9 }], { order: 0, attributes: { dtype: "u32" } }),
    ...elementwise("cast", [{ dtype: "i32", low: -1, high: 2 }], { order: 0, attributes: { dtype: "bool" } }),
    ...elementwise("cast", [flags], { order: 0, attributes: { dtype: "f32" } }),
    ...elementwise("cast", [naturals], { order: 0, attributes: { dtype: "i32" } }),
    ...elementwise("cast", [any], { attributes: { dtype: "f32" } }),
  ],
  bitcast: [
    ...elementwise("bitcast", [any], { order: 0, attributes: { dtype: "u32" }, tolerance: 0 }),
    ...elementwise("bitcast", [naturals], { order: 0, attributes: { dtype: "i32" }, tolerance: 0 }),
    ...elementwise("bitcast", [{ dtype: "u32", low: 0x3f800000, high: 0x40800000 }], {
      order: 0,
      attributes: { dtype: "f32" },
      tolerance: 0,
    }),
  ],
  add: [...elementwise("add", [any, any]), ...integerBinary("add")],
  sub: [...elementwise("sub", [any, any]), ...integerBinary("sub")],
  mul: [
    ...elementwise("mul", [any, any]),
    ...integerBinary("mul"),
    ...elementwise("mul", [naturals, naturals], { order: 0, tolerance: 0 }),
  ],
  div: [...elementwise("div", [any, positive]), ...integerBinary("div", { dtype: "i32", low: 1, high: 7 })],
  mod: [...elementwise("mod", [any, positive]), ...integerBinary("mod", { dtype: "i32", low: 1, high: 7 })],
  max: [...elementwise("max", [any, any]), ...integerBinary("max")],
  min: [...elementwise("min", [any, any]), ...integerBinary("min")],
  pow: elementwise("pow", [positive, any], { tolerance: 3e-5 }),
  lt: comparison("lt"),
  le: comparison("le"),
  eq: comparison("eq"),
  ne: comparison("ne"),
  and: [...elementwise("and", [flags, flags], { order: 0 }), ...integerBinary("and")],
  or: [...elementwise("or", [flags, flags], { order: 0 }), ...integerBinary("or")],
  xor: [...elementwise("xor", [flags, flags], { order: 0 }), ...integerBinary("xor")],
  shl: integerBinary("shl", shifts),
  shr: [
    ...integerBinary("shr", shifts),
    ...elementwise("shr", [naturals, { ...shifts, dtype: "u32" }], { order: 0, tolerance: 0 }),
  ],
  where: [
    ...elementwise("where", [flags, any, any]),
    ...elementwise("where", [flags, integers, integers], { order: 0 }),
  ],
  threefry: elementwise("threefry", [naturals, naturals, naturals, naturals], { order: 0, tolerance: 0 }),
  reshape: [
    on("reshape", [[]], { shape: [1, 1] }),
    on("reshape", [[0, 3]], { shape: [2, 0] }),
    on("reshape", [[6, 35]], { shape: [7, 2, 15] }),
    on("reshape", [[127]], { shape: [1, 127, 1] }),
    on("reshape", [[2, 3, 5, 7, 1]], { shape: [210] }),
  ],
  permute: [
    on("permute", [[]], { axes: [] }),
    on("permute", [[0, 3]], { axes: [1, 0] }),
    on("permute", [[33, 65]], { axes: [1, 0] }),
    on("permute", [[2, 31, 7]], { axes: [2, 0, 1] }),
    on("permute", [[2, 3, 1, 5, 7]], { axes: [4, 2, 0, 3, 1] }),
  ],
  expand: [
    on("expand", [[1]], { shape: [0] }),
    on("expand", [[1, 0]], { shape: [3, 0] }),
    on("expand", [[1, 65]], { shape: [33, 65] }),
    on("expand", [[33, 1]], { shape: [33, 65] }),
    on("expand", [[2, 1, 3, 1, 2]], { shape: [2, 5, 3, 7, 2] }),
  ],
  slice: [
    on("slice", [[0]], { start: [0], stop: [0], step: [1] }),
    on("slice", [[7]], { start: [3], stop: [3], step: [1] }),
    on("slice", [[129]], { start: [2], stop: [128], step: [3] }),
    on("slice", [[5, 33]], { start: [1, 1], stop: [5, 33], step: [2, 31] }),
    on("slice", [[2, 3, 5, 3, 2]], { start: [1, 0, 2, 1, 0], stop: [2, 3, 5, 3, 2], step: [1, 2, 2, 1, 1] }),
  ],
  pad: [
    on("pad", [[]], { padding: [], value: 0 }),
    on("pad", [[0]], { padding: [[2, 1]], value: 3 }),
    on("pad", [[31]], { padding: [[1, 1]], value: -1.5 }),
    on("pad", [[5, 7]], { padding: [[0, 3], [2, 0]], value: 0 }),
    on("pad", [[2, 1, 3, 0, 2]], { padding: [[0, 0], [1, 2], [0, 1], [1, 1], [0, 0]], value: 1 }),
    on("pad", [[3]], { padding: [[1, 2]], value: 7 }, { order: 0, draws: [integers] }),
  ],
  flip: [
    on("flip", [[0]], { axes: [0] }),
    on("flip", [[129]], { axes: [0] }),
    on("flip", [[33, 65]], { axes: [1] }),
    on("flip", [[2, 3, 1, 5, 2]], { axes: [0, 2, 3] }),
  ],
  concat: [
    on("concat", [[3], [0], [5]], { axis: 0 }),
    on("concat", [[2, 31], [2, 1], [2, 33]], { axis: 1 }),
    on("concat", [[1, 7, 2], [3, 7, 2]], { axis: 0 }),
    on("concat", [[0, 2], [0, 3]], { axis: 1 }),
    on("concat", [[2, 3], [2, 2]], { axis: 1 }, { order: 0, draws: [flags, flags] }),
  ],
  window: [
    window([7], [3], [1], [1]),
    window([7], [3], [2], [2]),
    window([2, 9, 8], [2, 3], [2, 3], [1, 1]),
    window([2, 9, 8], [2, 3], [3, 1], [2, 1]),
    window([1, 2, 7, 6, 5], [2, 2, 2], [1, 2, 3], [1, 1, 2]),
    window([0, 5], [2], [1], [1]),
  ],
  unwindow: [
    unwindow([7], [3], [1], [1]),
    unwindow([7], [3], [2], [2]),
    unwindow([7], [2], [3], [1]),
    unwindow([2, 9, 8], [2, 3], [2, 3], [1, 1]),
    unwindow([2, 9, 8], [2, 3], [3, 1], [2, 1]),
    unwindow([1, 2, 7, 6, 5], [2, 2, 2], [1, 2, 3], [1, 1, 2]),
    unwindow([0, 5], [2], [1], [1]),
  ],
  clipGradient: shapes.map((shape) => on("clipGradient", [shape], { limit: 0.5 }, { order: 0 })),
  stop: shapes.map((shape) => on("stop", [shape], {}, { order: 0 })),
  clipGradient: shapes.map((shape) => on("clipGradient", [shape], { limit: 1 }, { order: 0 })),
  barrier: shapes.map((shape) => on("barrier", [shape, [2]], {}, { order: 2 })),
  sum: reductions("sum", 2),
  prod: reductions("prod", 2),
  maxOf: reductions("maxOf", 2),
  minOf: reductions("minOf", 2),
  argmax: reductions("argmax", 0),
  argmin: reductions("argmin", 0),
  dot: [
    on("dot", [[1, 1, 1], [1, 1, 1]], {}),
    on("dot", [[2, 3, 0], [2, 0, 5]], {}),
    on("dot", [[0, 3, 2], [0, 2, 5]], {}),
    on("dot", [[1, 0, 2], [1, 2, 5]], {}),
    on("dot", [[1, 33, 65], [1, 65, 31]], {}, { tolerance: 1e-4 }),
    on("dot", [[1, 127, 1], [1, 1, 129]], {}),
    on("dot", [[1, 1, 129], [1, 129, 1]], {}, { tolerance: 1e-4 }),
    on("dot", [[5, 7, 3], [5, 3, 2]], {}),
    on("dot", [[1, 63, 17], [1, 17, 65]], {}, { tolerance: 1e-4 }),
  ],
  conv: [
    convolution([1, 2, 3, 7, 6], [1, 4, 3, 3, 2]),
    convolution([1, 1, 1, 5, 5], [1, 1, 1, 5, 5]),
    convolution([1, 0, 3, 7, 6], [1, 4, 3, 3, 2]),
    convolution([2, 2, 3, 7, 6], [2, 2, 3, 3, 2], { strides: [2, 3] }),
    convolution([1, 2, 2, 7, 6], [1, 3, 2, 2, 3], { padding: [[2, 1], [0, 3]] }),
    convolution([1, 2, 2, 8, 9], [1, 3, 2, 2, 3], { padding: [[-1, -2], [2, -3]], strides: [1, 2] }),
    convolution([1, 2, 2, 9, 8], [1, 3, 2, 3, 2], { dilations: [2, 3], padding: [[1, 0], [0, 2]] }),
    convolution([1, 2, 2, 4, 3], [1, 3, 2, 3, 2], { inputDilations: [2, 3], padding: [[1, 2], [0, 1]] }),
    convolution([2, 1, 1, 5, 4], [2, 2, 1, 2, 2], {
      strides: [3, 2],
      dilations: [2, 1],
      inputDilations: [2, 3],
      padding: [[1, 2], [3, 1]],
    }),
    convolution([1, 2, 3, 9], [1, 4, 3, 4], { strides: [2], padding: [[1, 3]], dilations: [2], inputDilations: [1] }),
    convolution([1, 1, 2, 5, 4, 3], [1, 2, 2, 2, 3, 2], {
      strides: [1, 2, 1],
      padding: [[0, 1], [1, 1], [-1, 1]],
      dilations: [2, 1, 1],
      inputDilations: [1, 1, 2],
    }),
    convolution([1, 2, 3], [1, 4, 3], { strides: [], padding: [], dilations: [], inputDilations: [] }),
    convolution([1, 3, 5, 12, 11], [1, 31, 5, 3, 3], { padding: [[1, 1], [1, 1]] }),
  ],
  gather: [
    indexed([7], [5], 0),
    indexed([5, 33], [], 0),
    indexed([2, 3, 5], [4, 2], 1),
    indexed([2, 3, 5], [31], 2),
    indexed([3, 0, 2], [4], 0),
    indexed([2, 3], [0], 1),
    on("gather", [[9, 2], [5]], { axis: 0 }, { order: 0, draws: [integers, { dtype: "i32", low: 0, high: 9 }] }),
  ],
  scatterAdd: [
    scattered([7], [5], 0),
    scattered([5, 33], [], 0),
    scattered([2, 3, 5], [4, 2], 1),
    scattered([3, 5], [31], 1),
    scattered([3, 0, 2], [4], 0),
    scattered([2, 3], [0], 1),
    scattered([4], [63], 0, "i32"),
  ],
  scan: [running(false, 5, 3), running(true, 4, 7), running(false, 1, 2), running(true, 0, 2), running(false, 3, 0)],
  checkpoint: [{
    fn: (x) => checkpoint((y: Tensor) => y.tanh().mul(y.exp()))(x),
    inputs: (seed) => [numbers([5, 3], { seed })],
    order: 2,
  }],
  pick: [{
    fn: (x) => scan((carry: Tensor, y: Tensor): [Tensor, Tensor] => [carry.add(y), carry.mul(y)], x.sum(), x)[1],
    inputs: (seed) => [numbers([5], { seed })],
    order: 2,
  }],
};

/**
 * Test cases of primitives: shapes, numbers, and how often they can be differentiated.
 *
 * @module
 */

import type { DType } from "../core/dtype.ts";
import type { Attributes, Primitive } from "../core/graph/attributes.ts";
import { makeNode } from "../core/graph/ops.ts";
import type { ScalarOp } from "../core/scalar/operations.ts";
import { settle } from "../core/runtime.ts";
import type { Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { scan } from "../core/scan.ts";
import { type Argument, type Computation, type NumberOptions, numbers, type Tolerance } from "./oracle.ts";

/** One way of calling a primitive. */
export interface PrimitiveCase extends Tolerance {
  readonly fn: Computation;
  /** The arguments, drawn for each seed. */
  readonly inputs: (seed: number) => Argument[];
  /** How often results can be differentiated if they are f32. */
  readonly order: 0 | 1 | 2;
}

/** No axis, one, two … five; extents of 0 and 1, primes, and one more or less than the tiles of kernels. */
export const shapes: readonly Shape[] = [
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
export function elementwise<P extends ScalarOp>(
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
export function on<P extends Primitive>(
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

/** A primitive without inputs. */
export function source<P extends "constant" | "iota">(op: P, attributes: Attributes[P]): PrimitiveCase {
  return { fn: () => new Tensor(settle(makeNode(op, [], attributes))), inputs: () => [], order: 0 };
}

/** Numbers of both signs. */
export const any: Draw = {};
export const positive: Draw = { low: 0.25, high: 3 };
export const integers: Draw = { dtype: "i32", low: -9, high: 9 };
export const naturals: Draw = { dtype: "u32", low: 0, high: 2 ** 32 };
export const flags: Draw = { dtype: "bool" };
export const shifts: Draw = { dtype: "i32", low: 0, high: 32 };

/** An elementwise primitive on integers. */
export const integerBinary = (op: ScalarOp, second: Draw = integers): PrimitiveCase[] =>
  elementwise(op, [integers, second], { order: 0, tolerance: 0 });
/** A comparison of all number types. */
export const comparison = (op: ScalarOp): PrimitiveCase[] => [
  ...elementwise(op, [any, any], { order: 0 }),
  ...integerBinary(op),
  ...elementwise(op, [naturals, naturals], { order: 0 }),
];

/** A reduction of no axis, one, and several, over no element, one, and many. */
export function reductions(
  op: "sum" | "prod" | "maxOf" | "minOf" | "argmax" | "argmin",
  order: 0 | 1 | 2,
): PrimitiveCase[] {
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

/** Windows of a tensor. */
export const window = (shape: Shape, size: number[], strides: number[], dilations: number[]): PrimitiveCase =>
  on("window", [shape], { size, strides, dilations });

/** Windows summed into a tensor of this shape. */
export const unwindow = (shape: Shape, size: number[], strides: number[], dilations: number[]): PrimitiveCase => {
  const counts = size.map((extent, i) =>
    Math.floor((shape[shape.length - size.length + i] - (extent - 1) * dilations[i] - 1) / strides[i]) + 1
  );
  const windows = [...shape.slice(0, shape.length - size.length), ...counts, ...size];
  return on("unwindow", [windows], { size, strides, dilations, shape });
};

/** [groups, batch, channels, …space] * [groups, filters, channels, …window]. */
export const convolution = (
  x: Shape,
  w: Shape,
  { strides = [1, 1], padding = [[0, 0], [0, 0]], dilations = [1, 1], inputDilations = [1, 1] }: Partial<
    Attributes["conv"]
  > = {},
): PrimitiveCase => on("conv", [x, w], { strides, padding, dilations, inputDilations }, { tolerance: 1e-4 });

/** A gather; some indices are repeated, and some are out of bounds. */
export const indexed = (x: Shape, indices: Shape, axis: number): PrimitiveCase =>
  on("gather", [x, indices], { axis }, { draws: [any, { dtype: "i32", low: -2, high: x[axis] + 2 }] });

/** A scatter; some indices are repeated, and some are out of bounds. */
export const scattered = (x: Shape, indices: Shape, axis: number, dtype: DType = "f32"): PrimitiveCase => {
  const updates = [...x.slice(0, axis), ...indices, ...x.slice(axis + 1)];
  const draw: Draw = dtype === "f32" ? any : integers;
  const draws = [draw, { dtype: "i32", low: -2, high: x[axis] + 2 } as const, draw];
  return on("scatterAdd", [x, indices, updates], { axis }, { draws, order: dtype === "f32" ? 2 : 0 });
};

/** A loop with a carry and an output that depend on each other. */
export const running = (reverse: boolean, length: number, extent: number): PrimitiveCase => ({
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

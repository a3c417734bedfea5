/**
 * Random functions of tensors, made of all kinds of primitives, to test combinations that nobody would think of.
 *
 * @module
 */

import fc from "fast-check";
import { concatenate } from "../core/functions/movement.ts";
import { gatherNearest, oneHot } from "../core/functions/selection.ts";
import { expm1, log1p } from "../core/functions/near_zero.ts";
import { averagePool2d, maxPool2d } from "../core/functions/pooling.ts";
import { logSumExp, type ReductionOptions, softmax } from "../core/functions/reduction.ts";
import type { Shape } from "../core/shape.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { checkpoint, scan } from "../core/transform.ts";
import { type Argument, type Computation, numbers } from "./oracle.ts";

/** A function and its arguments. */
export interface RandomGraph {
  readonly fn: Computation;
  readonly inputs: readonly Argument[];
  /** The function as text. */
  readonly toString: () => string;
}

/** The inputs of an instruction. */
interface Operands {
  readonly x: Tensor;
  readonly y: Tensor;
  /** A tensor whose elements are the same on all devices, bit for bit, so that functions with jumps can use it. */
  readonly exact: Tensor;
  /** A free choice. */
  readonly n: number;
}

const isEmpty = (x: Tensor): boolean => sizeOf(x.shape) === 0;

export type Instruction = (operands: Operands) => Tensor;

/** `y` in a shape that broadcasts with `x`. */
function fitting(x: Tensor, y: Tensor): Tensor {
  if (String(y.shape) === String(x.shape)) return y;
  return sizeOf(y.shape) === sizeOf(x.shape) ? y.reshape(x.shape) : meanOf(y);
}

/** The mean, or 0 of no elements. */
const meanOf = (x: Tensor, options?: ReductionOptions): Tensor => isEmpty(x) ? x.sum(options) : x.mean(options);

const axisOf = (x: Tensor, n: number): number => n % x.shape.length;

/** Instructions on tensors with axes; scalars get one. */
const withAxes = (instruction: Instruction): Instruction => (operands) =>
  instruction({ ...operands, x: operands.x.shape.length === 0 ? operands.x.reshape([1]) : operands.x });

/** `x` as a matrix of about `rows` rows. */
function matrix(x: Tensor): Tensor {
  return x.shape.length === 0 ? x.reshape([1, 1]) : x.reshape([-1, x.shape.at(-1)!]);
}

const instructions: Instructions = {
  add: ({ x, y }) => x.add(fitting(x, y)),
  subtract: ({ x, y }) => fitting(x, y).sub(x),
  multiply: ({ x, y }) => x.tanh().mul(fitting(x, y)),
  divide: ({ x, y }) => x.div(fitting(x, y).square().add(1)),
  tanh: ({ x }) => x.tanh(),
  exponential: ({ x }) => x.tanh().exp(),
  sine: ({ x, n }) => n % 2 ? x.sin() : x.cos(),
  sigmoid: ({ x }) => x.sigmoid(),
  negate: ({ x }) => x.neg(),
  root: ({ x }) => x.abs().add(0.5).sqrt(),
  scalar: ({ x, n }) => x.mul(0.5).add(n % 5 - 2),
  choose: ({ x, exact, n }) => fitting(x, exact.mul(0.5)).mul(0).add(x).where(x, n % 3),
  chooseByPlace: withAxes(({ x, y, n }) => x.indexAlong(axisOf(x, n)).less(2).where(x, fitting(x, y))),
  threshold: ({ exact }) => exact.less(0).where(exact.mul(2), exact.square()),
  whole: ({ exact }) => exact.floor().cast("i32").mul(3).add(1).cast("f32").mul(0.25),
  sum: withAxes(({ x, n }) => x.sum({ axis: axisOf(x, n) })),
  mean: withAxes(({ x, n }) => meanOf(x, { axis: axisOf(x, n), keepDims: true })),
  centre: withAxes(({ x, n }) => x.sub(meanOf(x, { axis: axisOf(x, n), keepDims: true }))),
  greatest: withAxes(({ x, n }) => x.max({ axis: axisOf(x, n) })),
  least: withAxes(({ x, n }) => x.sub(x.min({ axis: axisOf(x, n), keepDims: true }))),
  firstGreatest: ({ exact }) => exact.shape.length === 0 ? exact : exact.argmax({ axis: -1 }).cast("f32"),
  softmax: withAxes(({ x, n }) => softmax(x, axisOf(x, n))),
  transpose: ({ x }) => x.transpose(),
  rotate: withAxes(({ x, n }) => x.transpose(x.shape.map((_, axis) => (axis + n) % x.shape.length))),
  flip: withAxes(({ x, n }) => x.flip(axisOf(x, n))),
  flatten: ({ x }) => x.reshape([-1]),
  unfold: ({ x }) => x.reshape(sizeOf(x.shape) % 2 === 0 ? [2, -1] : [1, -1, 1]),
  slice: withAxes(({ x, n }) => x.slice(x.shape.map((extent) => n % extent), undefined, x.shape.map(() => 1 + n % 2))),
  pad: ({ x, n }) => sizeOf(x.shape) > 200 ? x : x.pad(x.shape.map((_, axis) => [n % 3, (n + axis) % 2]), n % 2),
  repeat: withAxes(({ x, n }) => sizeOf(x.shape) > 200 ? x : x.expandDims(axisOf(x, n)).add(x.fullLike(0).sum())),
  spread: ({ x }) => sizeOf(x.shape) > 200 ? x : x.expandDims(-1).broadcastTo([...x.shape, 3]),
  join: withAxes(({ x, n }) => sizeOf(x.shape) > 200 ? x : concatenate([x, x.mul(2), x.flip()], axisOf(x, n))),
  product: ({ x, y }) => matrix(x).matmul(matrix(x).transpose()).mul(meanOf(fitting(x, y))),
  weigh: ({ x }) => {
    const m = matrix(x);
    return m.transpose().tanh().matmul(m);
  },
  windows: withAxes(({ x, n }) => {
    const extent = x.shape.at(-1)!;
    if (sizeOf(x.shape) > 200) return x;
    const attributes = { size: [1 + n % extent], strides: [1 + n % 2], dilations: [1] };
    const windows = x.apply("window", [], attributes).tanh();
    return windows.apply("unwindow", [], { ...attributes, shape: x.shape });
  }),
  smooth: withAxes(({ x }) => {
    const rows = matrix(x).expandDims(1).expandDims(0);
    const geometry = { strides: [1], padding: [[1, 1]] as const, dilations: [1], inputDilations: [1] };
    return rows.apply("conv", [meanOf(rows, { axis: 1 }).slice([0], [1]).reshape([1, 1, 1, -1])], geometry);
  }),
  pickRows: withAxes(({ x, n }) => {
    const places = x.indexAlong(0).reshape([-1]).slice([0], [3 + n % 4]).mul(n % 3).sub(1);
    return gatherNearest(x, places);
  }),
  addRows: withAxes(({ x, n }) => {
    const places = x.indexAlong(0).reshape([-1]).slice([0], [4]).mul(n % 3);
    return x.apply("scatterAdd", [places, rowsOf(x, n)], { axis: 0 });
  }),
  running: withAxes(({ x }) => {
    const body = (total: Tensor, row: Tensor): [Tensor, Tensor] => [total.mul(0.5).add(row), total.mul(row).tanh()];
    const [last, rows] = scan(body, x.slice([0], [1]).squeeze(0), x);
    return rows.add(last);
  }),
  recomputed: ({ x, y }) => checkpoint((x: Tensor, y: Tensor) => x.sin().mul(fitting(x, y).tanh()))(x, y),
  recomputedRunning: withAxes(({ x, n }) => {
    const body = (total: Tensor, row: Tensor): [Tensor, Tensor] => [total.mul(0.3).add(row.sin()), total.cos()];
    const run = checkpoint((x: Tensor) => scan(body, x.sum({ axis: 0 }), x, { reverse: n % 2 === 1 }));
    const [last, rows] = run(x);
    return rows.mul(last);
  }),
  runningTwice: withAxes(({ x, n }) => {
    const inner = (c: Tensor): [Tensor, null] => [c.mul(0.5).sin(), null];
    const body = (total: Tensor, row: Tensor): [Tensor, Tensor] => {
      const [next] = scan(inner, total.add(row), null, { length: n % 4 });
      return [next, checkpoint((x: Tensor) => x.tanh().square())(next)];
    };
    return scan(body, x.sum({ axis: 0 }), x)[1];
  }),
  productAlong: withAxes(({ x, n }) => x.tanh().prod({ axis: axisOf(x, n), keepDims: true })),
  variance: withAxes(({ x, n }) => isEmpty(x) ? x : x.variance({ axis: axisOf(x, n), keepDims: true })),
  logSum: withAxes(({ x, n }) => logSumExp(x, { axis: axisOf(x, n) })),
  nearZero: ({ x, n }) => n % 2 ? expm1(x.tanh()) : log1p(x.square()),
  power: ({ x, n }) => x.tanh().add(1.5).pow(n - 4),
  neighbors: withAxes(({ x, n }) => {
    const axis = axisOf(x, n);
    const padded = x.pad(x.shape.map((_, i) => i === axis ? [1, 1] : [0, 0]));
    const from = (k: number) =>
      padded.slice(x.shape.map((_, i) => i === axis ? k : 0), x.shape.map((e, i) => i === axis ? e + k : e));
    return from(0).add(from(2)).mul(0.5);
  }),
  roll: withAxes(({ x, n }) => {
    const axis = axisOf(x, n);
    const at = (k: number) => x.shape.map((_, i) => i === axis ? k : 0);
    return concatenate([x.slice(at(1)), x.slice(at(0), x.shape.map((e, i) => i === axis ? Math.min(1, e) : e))], axis);
  }),
  bits: ({ exact, n }) => exact.mul(4).floor().cast("i32").binary("xor", n).mod(5).cast("f32").mul(0.2),
  hot: ({ exact, n }) => oneHot(exact.floor().cast("i32").mod(3).add(2), 5).mul(0.1 * n),
  pooled: withAxes(({ x, n }) => {
    if (sizeOf(x.shape) > 200 || sizeOf(x.shape) === 0) return x;
    const image = matrix(x).expandDims(0).expandDims(0);
    const window = [1 + n % Math.min(3, image.shape[2]), 1 + n % Math.min(2, image.shape[3])] as const;
    return n % 2 ? maxPool2d(image, { window, strides: [1, 1] }) : averagePool2d(image, { window });
  }),
  runningBack: withAxes(({ x, y }) => {
    const weight = meanOf(y);
    const body = (total: Tensor, row: Tensor): [Tensor, Tensor] => [total.mul(weight).add(row).tanh(), total];
    return scan(body, x.sum({ axis: 0 }), x, { reverse: true })[1];
  }),
};

/** The number of rows for the indices of `addRows`. */
function rowsOf(x: Tensor, n: number): Tensor {
  const places = Math.min(4, sizeOf(x.shape));
  return x.sum({ axis: 0, keepDims: true }).broadcastTo([places, ...x.shape.slice(1)]).mul(0.1 * (n % 4));
}

type Instructions = Readonly<Record<string, Instruction>>;

type Line = readonly [name: string, x: number, y: number, n: number];

function run(known: Instructions, lines: readonly Line[], inputs: readonly Tensor[]): Tensor[] {
  const pool = [...inputs];
  for (const [name, x, y, n] of lines) {
    const at = (i: number): Tensor => pool[pool.length - 1 - i % pool.length];
    const operands = { x: at(x), y: at(y), exact: inputs[n % inputs.length], n };
    try {
      pool.push(known[name](operands));
    } catch (error) {
      // Some refuse tensors without elements, such as maxima.
      if (![operands.x, operands.y, operands.exact].some(isEmpty)) throw error;
      pool.push(operands.x);
    }
  }
  return pool.slice(-3);
}

const shapeOf = (extents: readonly number[]): fc.Arbitrary<Shape> =>
  fc.array(fc.constantFrom(...extents), { maxLength: 4 }).filter((shape) => sizeOf(shape) <= 120);

/** Random graphs in which `more` instructions occur about as often as all others together. */
export function randomGraphWith(more: Instructions, extents = [1, 2, 3, 5, 7, 11]): fc.Arbitrary<RandomGraph> {
  const known = { ...instructions, ...more };
  const added = Object.keys(more).flatMap((name) =>
    Array.from({ length: Object.keys(instructions).length / Object.keys(more).length }, () => name)
  );
  const line: fc.Arbitrary<Line> = fc.tuple(
    fc.constantFrom(...Object.keys(instructions), ...added),
    fc.nat(3),
    fc.nat(5),
    fc.nat(11),
  );
  return fc.record({
    shapes: fc.array(shapeOf(extents), { minLength: 1, maxLength: 3 }),
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    seed: fc.nat(99),
  }).map(({ shapes, lines, seed }) => ({
    fn: (...inputs) => run(known, lines, inputs),
    inputs: shapes.map((shape, i) => numbers(shape, { seed: seed + i })),
    toString: () => JSON.stringify({ shapes, lines, seed }),
  }));
}

/** Any random graph of tensors with elements. */
export const randomGraph: fc.Arbitrary<RandomGraph> = randomGraphWith({});

/** Any random graph, also of tensors without elements, whose sums and products are constants. */
export const randomEmptyGraph: fc.Arbitrary<RandomGraph> = randomGraphWith({}, [0, 1, 2, 3, 5]);

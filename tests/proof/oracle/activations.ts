/**
 * Functions of several steps: those of one number that keep digits near 0, activations, and normalized exponentials.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import * as library from "../../../core/functions/activations.ts";
import { expm1, log1p } from "../../../core/functions/near_zero.ts";
import { logSoftmax, logSumExp, softmax } from "../../../core/functions/reduction.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { type Draw, type Numbers, plainSpecials } from "./draw.ts";
import { unaryMethod } from "./elementwise.ts";
import type { Bound, Gradient, Operation, Sample } from "./operation.ts";
import { type Combined, combineRows, drawAxes } from "./reductions.ts";
import { errorFunction, type ScalarDefinition, scalars } from "./scalar.ts";
import type { Expected } from "./ulp.ts";
import { castAll, pointwise, repeated, type Value } from "./values.ts";

const types: readonly DType[] = ["f32", "i32", "u32", "bool"];
const asFloat = (): DType => "f32";

/** A function of one number, with the number whose last place is the unit of the error. */
interface Pointwise {
  readonly call: (x: Tensor) => Tensor;
  readonly meaning: (x: number) => number;
  readonly unit?: (x: number) => number;
  readonly bound: Bound;
  readonly gradient?: Gradient;
  readonly points?: readonly number[];
  readonly types?: readonly DType[];
  /** Whether slopes are taken at positive numbers only. */
  readonly positive?: boolean;
}

function ofNumbers(
  { call, meaning, unit = meaning, bound, gradient, points, types: taken = types, positive = false }: Pointwise,
): Operation {
  const sample = (draw: Draw): Sample => ({
    inputs: [
      draw.value(draw.type(taken), draw.shape(), {
        style: draw.style(),
        ...(points && { points }),
        positive: positive && draw.purpose.slopes,
      }),
    ],
    apply: call,
    expected: (x) => {
      const floats = castAll(x, "f32");
      const units = floats.values.map(unit);
      return { ...pointwise("f32", [floats], ([x]) => meaning(x)), units };
    },
  });
  return { bound, sample, ...(gradient && { gradient }) };
}

/** A function that is a scalar operation under another name. */
const alias = (call: (x: Tensor) => Tensor, definition: ScalarDefinition): Operation =>
  unaryMethod({ call, definition, computed: asFloat });

/** The pieces of Theano's `ultra_fast_sigmoid`. */
function piecewiseSigmoid(x: number): number {
  const z = Math.abs(x) / 2;
  const size = z < 1.7
    ? 1.5 * z / (1 + z)
    : z < 3
    ? 0.935409070603099 + 0.0458812946797165 * (z - 1.7)
    : 0.99505475368673;
  return Number.isNaN(x) ? NaN : (1 + (x < 0 ? -size : size)) / 2;
}

/** log(1 + eˣ). */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const sloped: Gradient = { ulp: 4, least: 1 };

/** Functions with a slope for negative numbers: a number, or a tensor that is repeated to the shape of x. */
function withAlpha(
  call: (x: Tensor, options?: library.ActivationOptions) => Tensor,
  meaning: (x: number, alpha: number) => number,
  { bound, usual }: { readonly bound: Bound; readonly usual: number },
): Operation {
  const sample = (draw: Draw): Sample => {
    const shape = draw.shape();
    const numbers: Numbers = {
      style: draw.style(),
      points: [1e-3, 88, 103],
      exponents: [-60, 60],
      specials: plainSpecials,
    };
    const x = draw.value("f32", shape, numbers);
    const kind = draw.whole(0, 2);
    if (kind === 0) {
      const alpha = draw.apart(draw.narrower(shape));
      const expected = (x: Value, alpha: Value): Expected =>
        pointwise("f32", [x, repeated(alpha, shape)], ([x, a]) => meaning(x, a));
      return { inputs: [x, alpha], apply: (x, alpha) => call(x, { alpha }), expected };
    }
    const alpha = kind === 1 ? usual : draw.float();
    return {
      inputs: [x],
      apply: (x) => kind === 1 ? call(x) : call(x, { alpha }),
      expected: (x) => pointwise("f32", [x], ([x]) => meaning(x, alpha)),
      note: `alpha ${alpha}`,
    };
  };
  return { bound, sample, gradient: { ulp: 4, least: 4 } };
}

/** Rows of an array along an axis, computed together. */
type Rows = (elements: readonly number[]) => readonly { readonly value: number; readonly unit: number }[];

function alongAxis(
  call: (x: Tensor, axis: number | undefined) => Tensor,
  rows: Rows,
  bound: Bound,
  onlyLast = false,
): Operation {
  const sample = (draw: Draw): Sample => {
    const shape = draw.shape({ rank: draw.whole(1, 4) });
    const axis = onlyLast ? shape.length - 1 : draw.whole(0, shape.length - 1);
    const isLast = axis === shape.length - 1 && draw.chance(0.5);
    const numbers: Numbers = { style: draw.style(), exponents: [-20, 9], specials: plainSpecials };
    return {
      inputs: [draw.value(draw.type(types), shape, numbers)],
      apply: (x) => call(x, isLast ? undefined : shape[axis] % 2 ? axis : axis - shape.length),
      expected: (x) => inRows(castAll(x, "f32"), axis, rows),
      note: `axis ${axis}`,
    };
  };
  return { bound, sample, gradient: { ulp: 4, least: 4 } };
}

function inRows(x: Value, axis: number, rows: Rows): Expected {
  const values = new Float64Array(x.values.length);
  const units = new Float64Array(x.values.length);
  const extent = x.shape[axis];
  const step = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  for (let start = 0; start < values.length; start++) {
    if (Math.floor(start / step) % extent !== 0) continue;
    const places = Array.from({ length: extent }, (_, i) => start + i * step);
    rows(places.map((place) => x.values[place])).forEach(({ value, unit }, i) => {
      values[places[i]] = value;
      units[places[i]] = unit;
    });
  }
  return { ...x, values, units };
}

/** Differences from the greatest element, their exponentials, and the sum of these. */
function shifted(elements: readonly number[]): { differences: number[]; powers: number[]; sum: number } {
  const most = elements.reduce((a, b) => Math.max(a, b), -Infinity);
  const differences = elements.map((x) => x - most);
  const powers = differences.map(Math.exp);
  return { differences, powers, sum: powers.reduce((a, b) => a + b, 0) };
}

/** log softmax of a row. The difference is rounded, and its exponential is off in proportion to the difference. */
export const logSoftmaxOf: Rows = (elements) => {
  const { differences, sum } = shifted(elements);
  return differences.map((d) => ({
    value: d - Math.log(sum),
    unit: Math.max(1, Math.abs(d)) + Math.log(sum) + Math.sqrt(elements.length),
  }));
};

const softmaxOf: Rows = (elements) => {
  const { differences, powers, sum } = shifted(elements);
  return powers.map((power, i) => ({
    value: power / sum,
    unit: (Math.max(1, -differences[i]) + Math.sqrt(powers.length)) * power / sum || 0,
  }));
};

function logSumExpOf(elements: readonly number[]): Combined {
  const greatest = elements.reduce((a, b) => Math.max(a, b), -Infinity);
  const most = Number.isFinite(greatest) ? greatest : 0;
  const value = most + Math.log(elements.reduce((sum, x) => sum + Math.exp(x - most), 0));
  return { value, unit: Math.abs(most) + Math.log(Math.max(1, elements.length)) + Math.sqrt(elements.length) };
}

const summing: Operation = {
  bound: { ulp: 4, of: "|max x| + log n + √n", signedZeros: false },
  gradient: { ulp: 4, least: 4 },
  sample: (draw) => {
    const shape = draw.shape({ empty: false });
    const drawn = drawAxes(draw, shape.length);
    return {
      inputs: [
        draw.value(draw.type(types), shape, { style: draw.style(), exponents: [-20, 9], specials: plainSpecials }),
      ],
      apply: (x) => logSumExp(x, drawn.options),
      expected: (x) =>
        combineRows(castAll(x, "f32"), { axes: drawn.axes, shape: drawn.shapeOf(shape), dtype: "f32" }, logSumExpOf),
      note: JSON.stringify(drawn.options) ?? "all axes",
    };
  },
};

const softmaxBound: Bound = { ulp: 4, of: "result · (max(1, max x − x) + √n)", signedZeros: false };
const logSoftmaxBound: Bound = { ulp: 4, of: "max(1, max x − x) + log Σ + √n", signedZeros: false };

/** eˣ − 1 scaled by α below 0. */
const exponentialUnit = (x: number, alpha: number): number => x > 0 ? x : alpha * Math.expm1(x);
const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

/** One entry per function of the core in this file. */
export const smoothFunctions = {
  expm1: ofNumbers({
    call: expm1,
    meaning: Math.expm1,
    bound: { ulp: 4 },
    gradient: sloped,
    points: [1, 88.7228, 1e-3, 17.3],
  }),
  log1p: ofNumbers({
    call: log1p,
    meaning: Math.log1p,
    bound: { ulp: 4 },
    gradient: { ulp: 4, least: 4 },
    points: [0.5, 1, 1e-3],
    positive: true,
  }),
  softmax: alongAxis((x, axis) => softmax(x, axis), softmaxOf, softmaxBound),
  logSoftmax: alongAxis((x, axis) => logSoftmax(x, axis), logSoftmaxOf, logSoftmaxBound),
  logSumExp: summing,
};

/** One entry per activation. */
export const activations = {
  linear: ofNumbers({
    call: library.linear,
    meaning: (x) => x,
    bound: { ulp: 0, signedZeros: true },
    gradient: { ulp: 0 },
    types: ["f32"],
  }),
  sigmoid: alias(library.sigmoid, scalars.sigmoid),
  tanh: alias(library.tanh, scalars.tanh),
  ultraFastSigmoid: ofNumbers({
    call: library.ultraFastSigmoid,
    meaning: piecewiseSigmoid,
    // The difference of numbers close to 1 has the error of 1.
    unit: () => 1,
    bound: { ulp: 4, of: "1" },
    gradient: sloped,
    points: [3.4, 6, 3.39, 5.99],
  }),
  softmax: alongAxis((x) => library.softmax(x), softmaxOf, softmaxBound, true),
  softplus: ofNumbers({
    call: library.softplus,
    meaning: softplus,
    bound: { ulp: 4 },
    gradient: sloped,
    points: [1, 16.6, 88, 103, 1e-3],
  }),
  relu: withAlpha(library.relu, (x, alpha) => x <= 0 ? alpha === 0 ? 0 : x * alpha : x, {
    bound: { ulp: 0.5, signedZeros: false },
    usual: 0,
  }),
  elu: withAlpha(library.elu, exponentialUnit, { bound: { ulp: 4, signedZeros: false }, usual: 1 }),
  selu: ofNumbers({
    call: library.selu,
    meaning: (x) => SELU.scale * exponentialUnit(x, SELU.alpha),
    bound: { ulp: 6 },
    gradient: { ulp: 4, least: 4 },
    points: [1e-3, 88, 103],
  }),
  gelu: ofNumbers({
    call: library.gelu,
    // Its limit is 0 where the formula is −∞ · 0.
    meaning: (x) => x === -Infinity ? 0 : x * (1 + errorFunction(x * Math.SQRT1_2)) / 2,
    // 1 + erf has the error of 1.
    unit: (x) => x === -Infinity ? 0 : x,
    bound: { ulp: 4, of: "x" },
    gradient: { ulp: 4, least: 4 },
    points: [1.3, 5.4, 5.65, 15],
  }),
};

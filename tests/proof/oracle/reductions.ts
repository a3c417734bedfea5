/**
 * Reductions along axes.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { type Draw, type Numbers, plainSpecials } from "./draw.ts";
import { type Bound, exact, type Gradient, type Operation, type Sample } from "./operation.ts";
import type { Expected } from "./ulp.ts";
import { castAll, countOf, eachIndex, type Extents, groups, type Value, wrap } from "./values.ts";

/** The combination of a row of elements. */
export interface Combined {
  readonly value: number;
  /** The number whose last place is the unit of the error; default: the value. */
  readonly unit?: number;
  /** Whether the definition leaves the value open, because it depends on the order of the elements. */
  readonly open?: boolean | undefined;
}

/** What a reduction means. */
interface Reduction {
  readonly row: (elements: readonly number[], dtype: DType) => Combined;
  readonly bound: Bound;
  readonly gradient?: Gradient;
  /** Whether it takes at least one element. */
  readonly needsElements?: boolean;
  /** The element type of the result; default: that of the elements. */
  readonly result?: DType;
  readonly numbers?: Numbers;
}

/** The bound of sums: each of n additions rounds, in both directions. */
export const SUM_BOUND: Bound = { ulp: 4, of: "√n · Σ |terms|", signedZeros: false };

const sizes = (elements: readonly number[]): number => elements.reduce((sum, x) => sum + Math.abs(x), 0);

/** The sum of some terms. */
export function sumOf(terms: readonly number[], dtype: DType = "f32"): Combined {
  if (dtype !== "f32") return { value: terms.reduce((sum, x) => wrap(dtype, sum + x), 0) };
  const finite = sizes(terms.filter(Number.isFinite));
  const value = terms.reduce((sum, x) => sum + x, 0);
  // If a part of the sum may exceed the singles, the result depends on the order of the terms.
  return { value, unit: sizes(terms) * Math.sqrt(terms.length), open: finite >= 2 ** 127 && !Number.isNaN(value) };
}

/** A product depends on the order of its factors if a part of it may exceed the singles. */
function productOf(factors: readonly number[], dtype: DType): Combined {
  if (dtype !== "f32") return { value: factors.reduce((product, x) => wrap(dtype, Math.imul(product, x)), 1) };
  const value = factors.reduce((product, x) => product * x, 1);
  const known = factors.filter((x) => x !== 0 && Number.isFinite(x)).map(Math.abs);
  const most = known.reduce((product, x) => product * Math.max(1, x), 1);
  const least = known.reduce((product, x) => product * Math.min(1, x), 1);
  return { value, unit: Math.abs(value) * Math.max(1, factors.length), open: most > 2 ** 127 || least < 2 ** -126 };
}

const first = (isBetter: (x: number, best: number) => boolean) => (elements: readonly number[]): Combined => {
  const nan = elements.findIndex(Number.isNaN);
  if (nan >= 0) return { value: nan };
  let best = 0;
  elements.forEach((x, i) => best = isBetter(x, elements[best]) ? i : best);
  return { value: best };
};

const extreme = (of: (a: number, b: number) => number) => (elements: readonly number[]): Combined => ({
  value: elements.reduce((a, b) => of(a, b)),
});

const anyZero: Bound = { ...exact, signedZeros: false };
const nearOne: Numbers = { exponents: [-1, 1] };

const reductions = {
  sum: { row: sumOf, bound: SUM_BOUND, gradient: { ulp: 0 } },
  prod: {
    row: productOf,
    bound: { ulp: 1, of: "n · result", signedZeros: false },
    gradient: { ulp: 4, least: 1 },
    numbers: nearOne,
  },
  max: { row: extreme(Math.max), bound: anyZero, gradient: { ulp: 0 }, needsElements: true },
  min: { row: extreme(Math.min), bound: anyZero, gradient: { ulp: 0 }, needsElements: true },
  argmax: { row: first((x, best) => x > best), bound: exact, needsElements: true, result: "i32" },
  argmin: { row: first((x, best) => x < best), bound: exact, needsElements: true, result: "i32" },
} satisfies Record<string, Reduction>;

/** Axes in the forms in which methods take them. */
export interface DrawnAxes {
  readonly axes: readonly number[];
  readonly options: { readonly axis?: number | readonly number[]; readonly keepDims?: boolean } | undefined;
  /** The result's shape. */
  readonly shapeOf: (shape: readonly number[]) => number[];
}

/** Axes of a shape: all, one, or several, counted from either end, which stay or not. */
export function drawAxes(draw: Draw, rank: number): DrawnAxes {
  const kind = draw.whole(0, 4);
  const keepDims = draw.chance(0.3);
  const some = draw.order(rank).slice(0, draw.whole(0, rank)).sort((a, b) => a - b);
  const axes = rank === 0 || kind === 0 ? [...Array(rank).keys()] : kind < 3 ? [draw.whole(0, rank - 1)] : some;
  const counted = axes.map((axis) => draw.chance(0.3) ? axis - rank : axis);
  const axis = counted.length === 1 && kind < 3 && rank > 0 ? counted[0] : counted;
  const isAll = rank === 0 || kind === 0;
  return {
    axes,
    options: isAll ? keepDims ? { keepDims } : undefined : { axis, keepDims },
    shapeOf: (shape) => shape.flatMap((extent, i) => axes.includes(i) ? keepDims ? [1] : [] : [extent]),
  };
}

/** An array of elements with their units, computed from their indices. */
export function elementsOf(
  dtype: DType,
  shape: Extents,
  element: (index: readonly number[], position: number) => Combined,
): Expected {
  const [values, units] = [new Float64Array(countOf(shape)), new Float64Array(countOf(shape))];
  const left = new Set<number>();
  eachIndex(shape, (index, position) => {
    const { value, unit = value, open } = element(index, position);
    [values[position], units[position]] = [wrap(dtype, value), unit];
    if (open) left.add(position);
  });
  return { dtype, shape, values, units, open: left };
}

/** Rows combined to an array of the given shape. */
export function combineRows(
  x: Value,
  { axes, shape, dtype }: {
    readonly axes: readonly number[];
    readonly shape: readonly number[];
    readonly dtype: DType;
  },
  row: (elements: readonly number[], dtype: DType) => Combined,
): Expected {
  const { rows } = groups(x, axes);
  return elementsOf(dtype, shape, (_, position) => row(rows[position], x.dtype));
}

/** A shape; now and then, a long row. */
function shapeFor(draw: Draw, needsElements: boolean): number[] {
  if (!draw.purpose.slopes && draw.chance(0.1)) return draw.pick([[4099], [8191], [9973], [3, 3001], [3001, 3]]);
  return draw.shape({ empty: !needsElements });
}

const types: readonly DType[] = ["f32", "i32", "u32"];

const applied = { sum: "sum", prod: "prod", max: "maxOf", min: "minOf", argmax: "argmax", argmin: "argmin" } as const;
type Name = keyof typeof applied;

function primitive(name: Name): Operation {
  const { row, bound, gradient, needsElements = false, result, numbers }: Reduction = reductions[name];
  const sample = (draw: Draw): Sample => {
    const shape = shapeFor(draw, needsElements);
    const dtype = draw.type(types);
    const { axes } = drawAxes(draw, shape.length);
    return {
      inputs: [draw.value(dtype, shape, { style: draw.style(), positive: draw.chance(0.3), ...numbers })],
      apply: (x) => x.apply(applied[name], [], { axes }),
      expected: (x) => {
        const kept = x.shape.filter((_, axis) => !axes.includes(axis));
        return combineRows(x, { axes, shape: kept, dtype: result ?? x.dtype }, row);
      },
      note: `axes ${JSON.stringify(axes)}`,
    };
  };
  return { bound, sample, ...(gradient && { gradient }) };
}

/** A method or function with the options of a reduction. */
export function reductionMethod(
  call: (x: Tensor, options: DrawnAxes["options"]) => Tensor,
  { row, bound, gradient, needsElements = false, result, numbers }: Reduction,
  computed: (dtype: DType) => DType,
): Operation {
  const sample = (draw: Draw): Sample => {
    const shape = shapeFor(draw, needsElements);
    const drawn = drawAxes(draw, shape.length);
    return {
      inputs: [
        draw.value(draw.type([...types, "bool"]), shape, {
          style: draw.style(),
          positive: draw.chance(0.3),
          ...numbers,
        }),
      ],
      apply: (x) => call(x, drawn.options),
      expected: (x) => {
        const own = castAll(x, computed(x.dtype));
        return combineRows(own, { axes: drawn.axes, shape: drawn.shapeOf(x.shape), dtype: result ?? own.dtype }, row);
      },
      note: JSON.stringify(drawn.options) ?? "all axes",
    };
  };
  return { bound, sample, ...(gradient && { gradient }) };
}

const meanOf = (elements: readonly number[]): Combined => {
  const { value, unit = 0, open } = sumOf(elements);
  return { value: value / elements.length, unit: unit / elements.length, open };
};

/** The rounded mean shifts all deviations, and each of them is rounded. */
function varianceOf(elements: readonly number[], correction: number): Combined {
  const mean = meanOf(elements);
  const divisor = Math.max(0, elements.length - correction);
  const deviations = elements.map((x) => x - mean.value);
  const value = deviations.reduce((sum, d) => sum + d * d, 0) / divisor;
  const slack = elements.map((x) => Math.abs(x) + mean.unit!);
  const sum = deviations.reduce((sum, d, i) => sum + d * d + 2 * Math.abs(d) * slack[i] + slack[i] ** 2 * 2 ** -20, 0);
  return { value, unit: sum * Math.sqrt(elements.length) / divisor };
}

const tame: Numbers = { exponents: [-30, 30], specials: plainSpecials };
const bounded: Bound = { ...SUM_BOUND, of: "√n · Σ |terms| / n" };

const withCorrection: Operation = {
  bound: { ...SUM_BOUND, of: "√n · Σ |terms| / n" },
  gradient: { ulp: 4, least: 1 },
  sample: (draw) => {
    const shape = shapeFor(draw, false);
    const drawn = drawAxes(draw, shape.length);
    const correction = draw.purpose.slopes ? 0 : draw.pick([0, 0, 1, 2, 0.5]);
    return {
      inputs: [draw.value(draw.type([...types, "bool"]), shape, { style: draw.style(), ...tame })],
      apply: (x) => x.variance({ ...drawn.options, correction }),
      expected: (x) => {
        const place = { axes: drawn.axes, shape: drawn.shapeOf(x.shape), dtype: "f32" } as const;
        return combineRows(castAll(x, "f32"), place, (row) => varianceOf(row, correction));
      },
      note: JSON.stringify({ ...drawn.options, correction }),
    };
  },
};

const asNumber = (dtype: DType): DType => dtype === "bool" ? "i32" : dtype;

/** One entry per reduction primitive. */
export const reductionPrimitives = {
  sum: primitive("sum"),
  prod: primitive("prod"),
  maxOf: primitive("max"),
  minOf: primitive("min"),
  argmax: primitive("argmax"),
  argmin: primitive("argmin"),
};

/** One entry per method that reduces. */
export const reductionMethods = {
  sum: reductionMethod((x, options) => x.sum(options), reductions.sum, asNumber),
  prod: reductionMethod((x, options) => x.prod(options), reductions.prod, asNumber),
  max: reductionMethod((x, options) => x.max(options), reductions.max, asNumber),
  min: reductionMethod((x, options) => x.min(options), reductions.min, asNumber),
  argmax: reductionMethod((x, options) => x.argmax(options), reductions.argmax, asNumber),
  argmin: reductionMethod((x, options) => x.argmin(options), reductions.argmin, asNumber),
  mean: reductionMethod((x, options) => x.mean(options), {
    row: meanOf,
    bound: bounded,
    gradient: { ulp: 1 },
    numbers: tame,
  }, () => "f32"),
  variance: withCorrection,
};

/**
 * Reads and writes at computed indices, and choices by conditions and bounds.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import { clip, gather, oneHot, scatterAdd, where } from "../../../core/functions/selection.ts";
import type { Tensor } from "../../../core/tensor.ts";
import type { Draw } from "./draw.ts";
import { besideNumber, numberAs } from "./elementwise.ts";
import { exact, type Operation, type Sample } from "./operation.ts";
import { elementsOf, SUM_BOUND, sumOf } from "./reductions.ts";
import type { Expected } from "./ulp.ts";
import { build, castAll, eachIndex, elementAt, pointwise, positionOf, type Value, wider } from "./values.ts";

const types: readonly DType[] = ["f32", "i32", "u32", "bool"];
const numbers: readonly DType[] = ["f32", "i32", "u32"];

/** A table, an axis of it, and indices into that axis. */
interface Lookup {
  readonly shape: number[];
  readonly axis: number;
  readonly indices: Value;
}

/** @param beyond whether some indices are outside of the axis, which primitives take for its first or last element */
function drawLookup(draw: Draw, beyond: boolean): Lookup {
  const shape = draw.shape({ rank: draw.whole(1, 4), most: 400, empty: false });
  const axis = draw.whole(0, shape.length - 1);
  const small = draw.purpose.slopes;
  const places = draw.pick(small ? [[], [3], [2, 2]] : [[], [0], [1], [5], [33], [4, 3], [2, 1, 7]]);
  return { shape, axis, indices: draw.indices(places, beyond ? -3 : 0, shape[axis] - (beyond ? -2 : 1)) };
}

const taken = ({ shape, axis, indices }: Lookup): number[] => [
  ...shape.slice(0, axis),
  ...indices.shape,
  ...shape.slice(axis + 1),
];

/** The index in the table of an index of what is taken from it. */
function source(index: readonly number[], { shape, axis }: Lookup, indices: Value): number[] {
  const end = axis + indices.shape.length;
  const place = elementAt(indices, index.slice(axis, end));
  return [...index.slice(0, axis), Math.min(Math.max(place, 0), shape[axis] - 1), ...index.slice(end)];
}

function gathering(call: (x: Tensor, indices: Tensor, axis: number) => Tensor, beyond = false): Operation {
  const sample = (draw: Draw): Sample => {
    const lookup = drawLookup(draw, beyond && draw.chance(0.5));
    const { shape, axis, indices } = lookup;
    return {
      inputs: [draw.value(draw.type(types), shape, { style: draw.style() }), indices],
      apply: (x, indices) => call(x, indices, axis),
      expected: (x, indices) => build(x.dtype, taken(lookup), (index) => elementAt(x, source(index, lookup, indices))),
      note: `axis ${axis}`,
    };
  };
  return { bound: exact, gradient: { ulp: 4 }, sample };
}

function scattering(call: (tensors: readonly Tensor[], axis: number) => Tensor, beyond = false): Operation {
  const sample = (draw: Draw): Sample => {
    const lookup = drawLookup(draw, beyond && draw.chance(0.5));
    const dtype = draw.type(numbers);
    const style = { style: draw.style() };
    return {
      inputs: [draw.value(dtype, lookup.shape, style), lookup.indices, draw.value(dtype, taken(lookup), style)],
      apply: (...tensors) => call(tensors, lookup.axis),
      expected: (base, indices, updates) => scattered([base, indices, updates], lookup),
      note: `axis ${lookup.axis}`,
    };
  };
  return { bound: SUM_BOUND, gradient: { ulp: 0 }, sample };
}

function scattered([base, indices, updates]: readonly Value[], lookup: Lookup): Expected {
  const terms = [...base.values].map((value) => [value]);
  eachIndex(updates.shape, (index, position) => {
    terms[positionOf(base.shape, source(index, lookup, indices))].push(updates.values[position]);
  });
  return elementsOf(base.dtype, base.shape, (_, position) => sumOf(terms[position], base.dtype));
}

const encoding: Operation = {
  bound: exact,
  sample: (draw) => {
    const classes = draw.pick([1, 2, 3, 10, 33]);
    const shape = draw.shape({ rank: draw.whole(0, 3), most: 130 });
    const indices = draw.indices(shape, 0, classes - 1);
    return {
      inputs: [{ ...indices, dtype: draw.pick(["i32", "u32", "f32"] as const) }],
      apply: (x) => oneHot(x, classes),
      expected: (x) =>
        build("f32", [...shape, classes], (index) => elementAt(x, index.slice(0, -1)) === index.at(-1) ? 1 : 0),
      note: `${classes} classes`,
    };
  },
};

/** Choices between two tensors or numbers; the condition may have any element type. */
export function choosing(call: (condition: Tensor, yes: Tensor | number, no: Tensor | number) => Tensor): Operation {
  const sample = (draw: Draw): Sample => {
    const shape = draw.shape();
    const style = { style: draw.style() };
    const condition = draw.value(draw.pick(types), draw.narrower(shape), style);
    const number = draw.element(draw.type(numbers), style);
    const [yes, no] = [0, 1].map(() => draw.value(draw.type(types), draw.narrower(shape), style));
    const fixed = draw.whole(0, 3);
    const chosen = (dtype: DType, [condition, ...others]: readonly Value[]): Value =>
      pointwise(dtype, [condition, ...others.map((x) => castAll(x, dtype))], ([c, a, b]) => c === 0 ? b : a);
    if (fixed > 1) {
      return {
        inputs: [condition, yes, no],
        apply: (c, a, b) => call(c, a, b),
        expected: (c, a, b) => chosen(wider(a.dtype, b.dtype), [c, a, b]),
      };
    }
    return {
      inputs: [condition, yes],
      apply: (c, x) => fixed === 0 ? call(c, x, number) : call(c, number, x),
      expected: (c, x) => {
        const dtype = besideNumber(x.dtype, number);
        return chosen(dtype, fixed === 0 ? [c, x, numberAs(dtype, number)] : [c, numberAs(dtype, number), x]);
      },
      note: `with the number ${number} as ${fixed === 0 ? "no" : "yes"}`,
    };
  };
  return { bound: { ulp: 0.5, signedZeros: true }, gradient: { ulp: 4 }, sample };
}

const clipping: Operation = {
  bound: exact,
  gradient: { ulp: 0 },
  sample: (draw) => {
    const x = draw.value("f32", draw.shape(), { style: draw.style() });
    if (draw.chance(0.5)) {
      const [low, high] = [draw.float({ style: draw.style() }), draw.float({ style: draw.style() })];
      return {
        inputs: [x],
        apply: (x) => clip(x, low, high),
        expected: (x) => clipped([x, scalar(low), scalar(high)]),
        note: `to ${low} … ${high}`,
      };
    }
    const bounds = [0, 1].map(() => draw.value("f32", draw.narrower(x.shape), { style: draw.style() }));
    return {
      inputs: [x, ...bounds],
      apply: (x, low, high) => clip(x, low, high),
      expected: (...values) => clipped(values),
    };
  },
};

const scalar = (value: number): Value => ({ dtype: "f32", shape: [], values: Float64Array.of(value) });

/** If low is above high, high wins; a bound that is NaN makes NaN. */
function clipped(values: readonly Value[]): Expected {
  return pointwise("f32", values, ([x, low, high]) => {
    const raised = Number.isNaN(low) || x < low ? low : x;
    return Number.isNaN(high) || raised > high ? high : raised;
  });
}

/** One entry per indexed primitive. */
export const indexedPrimitives = {
  gather: gathering((x, indices, axis) => x.apply("gather", [indices], { axis }), true),
  scatterAdd: scattering(([base, ...others], axis) => base.apply("scatterAdd", others, { axis }), true),
};

/** One entry per function of this file. */
export const selectionFunctions = {
  gather: gathering((x, indices, axis) => gather(x, indices, axis)),
  scatterAdd: scattering(([base, indices, updates], axis) => scatterAdd(base, indices, updates, { axis })),
  oneHot: encoding,
  where: choosing((condition, yes, no) => where(condition, yes, no)),
  clip: clipping,
};

/**
 * What a device must compute, and how far it may be off.
 *
 * A program may amplify rounding errors by any factor, so no fixed tolerance is right for all programs. Here the program
 * itself says what its roundings do: it is computed three times with random errors, which are eight times those of f32,
 * after each operation that rounds. The largest deviation of an element from its value in double precision, times a
 * factor, is its tolerance. The factor covers errors that happen to cancel in all three runs. Operations that f32
 * computes exactly get no error, so comparisons, positions of maxima and conversions of exact numbers are compared bit
 * for bit, and those of rounded numbers are left open if the errors change them.
 *
 * Source: Parker, "Monte Carlo arithmetic", 1997.
 *
 * @module
 */

import type { Graph, Node } from "../../../core/graph/node.ts";
import { isKind, type SinglePrimitive } from "../../../core/graph/ops.ts";
import type { DType } from "../../../core/dtype.ts";
import type { Reference } from "../../../core/graph/rule.ts";
import type { Shape } from "../../../core/shape.ts";
import { type Evaluate, evaluate } from "./evaluate.ts";

/** The relative error after each rounding: eight times the largest of f32. */
const NOISE = 2 ** -21;
/** How many computations with errors there are; and how many before a fault is believed. */
const RUNS = { usual: 3, thorough: 30 };
/** Elements with a larger tolerance are left open. A comparison that errors change has no bound. */
const WORST = 0.01;
/** How many times the largest deviation is allowed. */
const MARGIN = 4;
/** The relative error that is always allowed. */
const LEAST = 2 ** -19;
/** The least normal number of f32. Devices may take smaller ones for 0. */
const NORMAL = 2 ** -126;
/** The largest number of f32. */
const LARGEST = 2 ** 128 - 2 ** 104;

/** A result as it must be, with the tolerance of each element; NaN for an element that may be anything. */
export interface Expected extends Reference {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly tolerances: Float64Array;
}

/** Numbers from −1 to 1. */
function noise(seed: number): () => number {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 31 - 1;
  };
}

/** Operations whose results are elements of their inputs, or exact. */
const roundsNothing = new Set<SinglePrimitive>([
  ...["constant", "iota", "data", "parameter", "neg", "abs", "sign", "floor", "not", "bitcast"] as const,
  ...["max", "min", "lt", "le", "eq", "ne", "and", "or", "xor", "shl", "shr", "where", "threefry"] as const,
  ...["maxOf", "minOf", "argmax", "argmin", "gather"] as const,
]);

/** Operations that every device computes exactly if the result is a short number. */
const exactIfShort = new Set<SinglePrimitive>([
  ...["cast", "add", "sub", "mul", "sum", "prod", "dot", "conv", "unwindow", "scatterAdd", "mod"] as const,
]);

/** Operations that round once for each of their terms. */
const accumulates = new Set<SinglePrimitive>(["sum", "prod", "dot", "conv", "unwindow", "scatterAdd"]);

/** Whether a number has so few digits that sums and products of a few like it are exact in f32. */
export function isShort(value: number): boolean {
  return Math.abs(value) < 2 ** 12 && Number.isInteger(value * 2 ** 4);
}

const areFinite = (inputs: readonly Reference[]): boolean =>
  inputs.every(({ values }) => values.every(Number.isFinite));

/** Sums, whose partial sums round too: each of them may be as large as the sum of the sizes of all terms. */
const sums = new Set<SinglePrimitive>(["sum", "dot", "conv", "unwindow", "scatterAdd"]);

/** The sizes of terms; indices stay. */
const sizesOf = ({ dtype }: Node, { shape, values }: Reference): Reference => ({
  shape,
  values: dtype === "f32" ? values.map(Math.abs) : values,
});

/**
 * An evaluation with errors after all that rounds. Those of a sum are relative to the sum of the sizes of its terms, as in
 * a running error analysis: terms that cancel leave the errors of the partial sums behind, which only their order shows. Whether a convolution multiplies its padding, so that a NaN or an
 * infinity of the filter reaches the border, is left open.
 */
function withErrors(random: () => number, size: number): Evaluate {
  const changed = (value: number): number => {
    if (value === 0 || !Number.isFinite(value)) return value;
    const near = value * (1 + size * random());
    if (Math.abs(near) > LARGEST) return near > 0 ? Infinity : -Infinity;
    return Math.abs(near) < NORMAL && random() > 0 ? 0 : near;
  };
  const changedUnlessShort = (value: number): number => isShort(value) ? value : changed(value);
  const inputWithErrors = (node: Node, { shape, values }: Reference): Reference => ({
    shape,
    values: node.dtype === "f32" ? values.map(changedUnlessShort) : values,
  });
  return (node, inputs, exactly) => {
    if (node.dtype !== "f32" || roundsNothing.has(node.op) || isKind(node, "movement")) return exactly(inputs);
    if (node.op === "conv" && !areFinite(inputs)) return exactly(inputs).fill(NaN);
    const terms = accumulates.has(node.op) ? inputs.map((input, i) => inputWithErrors(node.inputs[i], input)) : inputs;
    const values = exactly(terms).map(exactIfShort.has(node.op) ? changedUnlessShort : changed);
    if (!sums.has(node.op)) return values;
    const sizes = exactly(inputs.map((input, i) => sizesOf(node.inputs[i], input)));
    return values.map((value, i) =>
      isShort(value) || !Number.isFinite(value) ? value : value + size * random() * sizes[i]
    );
  };
}

function toleranceOf(value: number, others: readonly number[]): number {
  if (!Number.isFinite(value)) return others.every((other) => Object.is(other, value)) ? 0 : NaN;
  const deviation = Math.max(...others.map((other) => Math.abs(other - value)));
  const tolerance = MARGIN * deviation + LEAST * Math.abs(value) + NORMAL;
  return tolerance <= WORST * Math.max(1, Math.abs(value)) ? tolerance : NaN;
}

/** How {@linkcode expect} computes. */
export interface ExpectOptions {
  /** Whether to estimate the tolerances from ten times as many computations. */
  readonly thorough?: boolean;
}

/** The results of a graph in double precision, and how far f32 may be off. */
export function expect(
  graph: Graph,
  inputs: readonly Reference[],
  { thorough = false }: ExpectOptions = {},
): Expected[] {
  const exact = evaluate(graph, inputs);
  const runs = Array.from(
    { length: thorough ? RUNS.thorough : RUNS.usual },
    (_, run) => evaluate(graph, inputs, withErrors(noise(run), NOISE)),
  );
  return exact.map(({ shape, values }, i) => {
    const { dtype } = graph.results[i];
    const tolerances = values.map((value, j) => {
      const others = runs.map((run) => run[i].values[j]);
      if (dtype !== "f32") return others.every((other) => other === value) ? 0 : NaN;
      return toleranceOf(value, others);
    });
    return { shape, dtype, values, tolerances };
  });
}

/** Whether all numbers of a computation are finite, and so small that their squares are, too. */
export function staysFinite(graph: Graph, inputs: readonly Reference[]): boolean {
  const isFinite = (values: Float64Array): boolean => values.every((value) => Math.abs(value) < 2 ** 60);
  let found = inputs.every(({ values }) => isFinite(values));
  evaluate(graph, inputs, (_, given, exactly) => {
    const values = exactly(given);
    found &&= isFinite(values);
    return values;
  });
  return found;
}

/** The number of elements, and how many of them have a tolerance. */
export function shareCompared(expected: readonly Expected[]): { readonly compared: number; readonly all: number } {
  const all = expected.flatMap(({ tolerances }) => [...tolerances]);
  return { compared: all.filter((tolerance) => !Number.isNaN(tolerance)).length, all: all.length };
}

/** The first element that is further off than allowed; undefined if there is none. `scale` narrows the tolerances. */
export function deviationOf(actual: ArrayLike<number>, expected: Expected, scale = 1): string | undefined {
  const { values, tolerances } = expected;
  if (actual.length !== values.length) return `expected ${values.length} elements, got ${actual.length}`;
  for (let i = 0; i < values.length; i++) {
    const [got, value, tolerance] = [actual[i], values[i], tolerances[i]];
    if (Number.isNaN(tolerance) || got === value || Object.is(got, value)) continue;
    if (scale < 1 && !(tolerance <= 0.001 * Math.max(1, Math.abs(value)))) continue;
    const allowed = tolerance * scale + (scale < 1 ? 1e-12 * Math.abs(value) : 0);
    if (!(Math.abs(got - value) <= allowed)) return `element ${i}: expected ${value} ± ${allowed}, got ${got}`;
  }
  return undefined;
}

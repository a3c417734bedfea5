/**
 * Layers in plain numbers, and checks of layers against them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { key } from "../core/random/bits.ts";
import type { Tensor } from "../core/tensor.ts";
import { assertElements } from "../tests/option_definitions.ts";
import type { InitObject } from "./initialization/get_initializer.ts";
import type { Layer, Mode } from "./layer.ts";
import { inputLayer, type LayerShape } from "./mod.ts";

/** Numbers in nested arrays. */
export type Nested = number | readonly Nested[];

/** A row of numbers. */
export type Row = readonly number[];

/** Rows of numbers. */
export type Matrix = readonly Row[];

/** Nested arrays of some shape, whose elements are a function of their position in order. */
export function nest<T>(shape: readonly number[], of: (position: number) => number, first = 0): T {
  const [extent, ...rest] = shape;
  if (extent === undefined) return of(first) as T;
  const size = rest.reduce((product, one) => product * one, 1);
  return Array.from({ length: extent }, (_, i) => nest(rest, of, first + i * size)) as T;
}

/** Numbers between −1 and 1 without any order. */
export function row(length: number, seed = 1): number[] {
  return nest([length], (i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed));
}

/** Rows of such numbers. */
export function matrix(rows: number, columns: number, seed = 1): number[][] {
  const all = row(rows * columns, seed);
  return nest([rows, columns], (i) => all[i]);
}

/** Matrices of such numbers. */
export function matrices(count: number, rows: number, columns: number, seed = 1): number[][][] {
  const all = row(count * rows * columns, seed);
  return nest([count, rows, columns], (i) => all[i]);
}

/** The elements of nested arrays in order. */
export function flat(values: Nested): number[] {
  return typeof values === "number" ? [values] : values.flatMap(flat);
}

/** A tensor of nested arrays. */
export function asTensor(values: Nested): Tensor {
  return tensor(values);
}

/** Tensors by name. */
export function asTensors(values: Readonly<Record<string, Nested>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, asTensor(value)]));
}

/** Σ x. */
export function sum(x: Row): number {
  return x.reduce((total, one) => total + one, 0);
}

/** Σ x / n. */
export function mean(x: Row): number {
  return sum(x) / x.length;
}

/** Σ (x − mean)² / n. */
export function variance(x: Row): number {
  return mean(x.map((one) => (one - mean(x)) ** 2));
}

/** x · W + b. */
export function affine(x: Matrix, W: Matrix, b?: Row): number[][] {
  return x.map((row) => W[0].map((_, j) => sum(row.map((one, i) => one * W[i][j])) + (b?.[j] ?? 0)));
}

/** Columns as rows. */
export function transposed(x: Matrix): number[][] {
  return x[0].map((_, j) => x.map((row) => row[j]));
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** log(1 + eˣ). */
export function softplus(x: number): number {
  return Math.log(1 + Math.exp(x));
}

/** exp(xⱼ) / Σ exp(x). */
export function softmax(x: Row): number[] {
  const total = sum(x.map(Math.exp));
  return x.map((one) => Math.exp(one) / total);
}

/** The activation functions of these tests, on rows. */
export const activations = {
  linear: (x: Row) => [...x],
  sigmoid: (x: Row) => x.map(sigmoid),
  tanh: (x: Row) => x.map(Math.tanh),
  relu: (x: Row) => x.map((one) => Math.max(0, one)),
  softmax,
} satisfies Readonly<Record<string, (x: Row) => number[]>>;

/** An input layer. */
export function input(...shape: LayerShape): Layer {
  return inputLayer({ shape });
}

/** A layer with its parameters and input in plain numbers. */
export interface Application extends Partial<Pick<Mode, "train" | "key">> {
  readonly layer: Layer;
  readonly params?: Readonly<Record<string, Nested>>;
  readonly state?: Readonly<Record<string, Nested>>;
  readonly x: Nested;
}

/** Applies a layer. */
export function applied({ layer, params = {}, state = {}, x, train = false, key: given = key(1) }: Application) {
  return layer.apply(asTensors(params), asTensor(x), { train, key: given, state: asTensors(state) });
}

/** Applies a layer, and fails unless its output is the expected one. */
export async function assertOutput(application: Application, wanted: Nested, title = ""): Promise<void> {
  const { output } = applied(application);
  application.layer.outputShape.forEach((extent, axis) => {
    if (extent !== null) assertEquals(output.shape[axis], extent, `${title}: axis ${axis} of ${output.shape}`);
  });
  await assertElements(output, flat(wanted), title);
}

/** The initial elements of a parameter. */
export async function initial(layer: Layer, name: string): Promise<number[]> {
  return [...await layer.init(key(1)).params[name].data()].map(Number);
}

/** The distribution of a parameter that is initialized by default. */
export type Start =
  | { readonly value: number }
  | { readonly bound: number; readonly low?: number }
  | { readonly deviation: number };

/** Fails unless numbers, of which there are some hundreds, have a distribution. */
export function assertDistribution(values: Row, start: Start, title = ""): void {
  const extremes = `${title}: ${Math.min(...values)} … ${Math.max(...values)}`;
  if ("value" in start) return assert(values.every((one) => Math.abs(one - start.value) < 1e-6), extremes);
  if ("bound" in start) {
    const { bound, low = -bound } = start;
    const near = 0.03 * (bound - low);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return assert(least >= low - 1e-6 && least < low + near && most <= bound + 1e-6 && most > bound - near, extremes);
  }
  const deviation = Math.sqrt(variance(values));
  const outside = values.filter((one) => Math.abs(one) > start.deviation).length / values.length;
  const share = 5 / Math.sqrt(values.length);
  assert(
    Math.abs(deviation / start.deviation - 1) < share && Math.abs(mean(values)) < start.deviation * share &&
      Math.abs(outside - 0.317) < share,
    `${title}: expected deviation ${start.deviation}, got ${deviation}, mean ${mean(values)}, outside ${outside}`,
  );
}

/** Checks an option that initializes a parameter: with a constant, a given tensor, and by default. */
export async function checkStart(
  make: (start?: InitObject) => Layer,
  { name, shape, byDefault }: { readonly name: string; readonly shape: readonly number[]; readonly byDefault: Start },
): Promise<void> {
  const given: Nested = nest(shape, (i) => i / 7);
  assertEquals(make().init(key(1)).params[name].shape, [...shape], name);
  assertDistribution(await initial(make(), name), byDefault, name);
  assertDistribution(await initial(make(["constant", { value: 3 }]), name), { value: 3 }, name);
  await assertElements(make(asTensor(given)).init(key(1)).params[name], flat(given), name);
}

/** Fails unless an option gives a layer its name. */
export function checkName(make: (name?: string) => Layer): void {
  assertEquals([make("mine").name, make().name], ["mine", undefined]);
}

/** Checks the penalties l1 · mean |W| + l2 · mean W². */
export async function checkPenalty(
  make: (penalties: { readonly l1?: number; readonly l2?: number }) => Layer,
  W: Nested,
): Promise<void> {
  const all = flat(W);
  for (const { l1, l2 } of [{ l1: 0.5 }, { l2: 0.25 }, { l1: 2, l2: 3 }, {}] as { l1?: number; l2?: number }[]) {
    const penalty = make({ ...l1 !== undefined && { l1 }, ...l2 !== undefined && { l2 } }).penalty?.(asTensors({ W }));
    const wanted = (l1 ?? 0) * mean(all.map(Math.abs)) + (l2 ?? 0) * mean(all.map((one) => one ** 2));
    assertEquals(penalty === null, wanted === 0);
    if (penalty) await assertElements(penalty, [wanted], `l1 = ${l1}, l2 = ${l2}`);
  }
}

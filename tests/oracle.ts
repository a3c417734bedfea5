/**
 * The oracle of the core's tests: the float64 interpreter, and its central differences.
 *
 * @module
 */

import { assert, fail } from "@std/assert";
import { evaluateProgram } from "../core/nest/evaluate.ts";
import { record, throwRecorded } from "../core/nest/index_checks.ts";
import { buildNests } from "../core/fuse/build_nests.ts";
import { fuse } from "../core/fuse/fuse.ts";
import { type Plan, plan } from "../core/plan/plan.ts";
import { tensor } from "../core/creation.ts";
import { type DType, hostArray } from "../core/dtype.ts";
import { pull } from "../core/graph/grad.ts";
import { type Graph, isNode, parameter, topological } from "../core/graph/node.ts";
import type { Reference } from "../core/graph/rule.ts";
import { simplify } from "../core/graph/simplify/simplify.ts";
import { interpret } from "../core/interpreter.ts";
import { jit } from "../core/jit.ts";
import { staged } from "../core/runtime.ts";
import { type Shape, showShape, sizeOf } from "../core/shape.ts";
import type { Storage } from "../core/storage.ts";
import { Tensor } from "../core/tensor.ts";

/** An argument of a function under test. */
export interface Argument extends Reference {
  readonly dtype: DType;
}

/** A function under test. */
export type Computation = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** Which numbers {@linkcode numbers} draws. */
export interface NumberOptions {
  readonly dtype?: DType;
  readonly seed?: number;
  readonly low?: number;
  readonly high?: number;
}

/** Numbers of a fixed sequence that f32 represents exactly; whole numbers for the other element types. */
export function numbers(
  shape: Shape,
  { dtype = "f32", seed = 1, low = dtype === "bool" ? 0 : -2, high = 2 }: NumberOptions = {},
): Argument {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  const values = Float64Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0;
    const value = low + (high - low) * (state / 2 ** 32);
    return dtype === "f32" ? Math.fround(value) : Math.floor(value);
  });
  return { shape, dtype, values };
}

/** The argument as a tensor of the current device. */
export function tensorOf({ shape, dtype, values }: Argument): Tensor {
  const array = hostArray(dtype, values.length);
  array.set(values);
  return tensor(array, shape, { dtype });
}

function listOf(result: Tensor | readonly Tensor[]): readonly Tensor[] {
  return result instanceof Tensor ? [result] : result;
}

/** The graph of a function for arguments of these types. */
export function graphOf(fn: Computation, types: readonly Pick<Argument, "shape" | "dtype">[]): Graph {
  const parameters = types.map((type, i) => parameter(i, type));
  const results = staged(() => listOf(fn(...parameters.map((node) => new Tensor(node)))));
  return { parameters, results: results.map(({ node }) => node) };
}

/** The elements of all tensors that a graph contains. */
export type Held = ReadonlyMap<Storage, Float64Array>;

async function hold(graph: Graph, held: Map<Storage, Float64Array>): Promise<void> {
  for (const node of topological(graph.results)) {
    if (isNode(node, "data")) {
      const { storage } = node.attributes;
      if (!held.has(storage)) held.set(storage, Float64Array.from(await storage.read()));
    } else if ("body" in node.attributes) await hold(node.attributes.body, held);
  }
}

/** The elements of all tensors that graphs contain, read from their devices. */
export async function heldBy(...graphs: readonly Graph[]): Promise<Held> {
  const held = new Map<Storage, Float64Array>();
  for (const graph of graphs) await hold(graph, held);
  return held;
}

/** The results of a graph in double precision. */
export function interpretWith(graph: Graph, inputs: readonly Reference[], held: Held = new Map()): Reference[] {
  return interpret(graph, inputs, ({ shape, attributes }) => ({ shape, values: held.get(attributes.storage)! }));
}

/** The results of a function in double precision. */
export async function reference(fn: Computation, inputs: readonly Argument[]): Promise<Reference[]> {
  const graph = graphOf(fn, inputs);
  return interpretWith(graph, inputs, await heldBy(graph));
}

/** How far results may be off. */
export interface Tolerance {
  /** Relative to the greater of 1 and the number expected. */
  readonly tolerance?: number;
}

/** Fails at the first element that is outside the tolerance. NaN equals NaN. */
export function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  { tolerance = 1e-5 }: Tolerance = {},
): void {
  assert(actual.length === expected.length, `${what}: expected ${expected.length} elements, got ${actual.length}`);
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [actual[i], expected[i]];
    const near = Object.is(got, wanted) || got === wanted ||
      (Number.isFinite(wanted) && Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted)));
    if (!near) fail(`${what}, element ${i}: expected ${wanted}, got ${got}`);
  }
}

const describe = (inputs: readonly Argument[]): string =>
  inputs.map(({ shape, dtype }) => `${dtype}${showShape(shape)}`).join(" ");

/** How {@linkcode assertDevice} computes. */
export interface DeviceCheck extends Tolerance {
  /** Calls the function directly, without `jit`. */
  readonly eager?: boolean;
}

/** Fails if the function on the current device differs from the interpreter. */
export async function assertDevice(
  fn: Computation,
  inputs: readonly Argument[],
  what: string,
  { eager = false, ...tolerance }: DeviceCheck = {},
): Promise<void> {
  const expected = await reference(fn, inputs);
  const listed = (...tensors: Tensor[]): readonly Tensor[] => listOf(fn(...tensors));
  const actual = (eager ? listed : jit(listed))(...inputs.map(tensorOf));
  for (const [i, { shape, values }] of expected.entries()) {
    const name = `${what} of ${describe(inputs)}, result ${i}`;
    assert(String(actual[i].shape) === String(shape), `${name}: expected ${shape}, got ${actual[i].shape}`);
    // Values too large for f32 become infinite.
    assertNear(await actual[i].data(), actual[i].dtype === "f32" ? values.map(Math.fround) : values, name, tolerance);
  }
}

/** How {@linkcode assertPlan} plans. */
export interface PlanCheck extends Tolerance {
  readonly maxSlots?: number;
  readonly donated?: readonly number[];
}

function memoryFor({ program, parameters, captured }: Plan, inputs: readonly Argument[], held: Held): Float64Array[] {
  const memory = program.buffers.map(({ bytes }) => new Float64Array(bytes / 4).fill(NaN));
  parameters.forEach((buffer, i) => memory[buffer] = inputs[i].values.slice());
  for (const { storage, buffer } of captured) memory[buffer] = held.get(storage)!.slice();
  return memory;
}

/** Options for planning a graph for no particular device. */
export interface GraphPlanOptions {
  readonly name: string;
  readonly maxSlots: number;
  readonly donated?: ReadonlySet<number>;
}

/** The plan of a graph. */
export function planOf(graph: Graph, options: GraphPlanOptions): Plan {
  const fusion = fuse(simplify(graph), options);
  return plan(fusion, buildNests(fusion), options);
}

/** Fails if the plan of a function, run in double precision on the host, differs from the interpreter. */
export async function assertPlan(
  fn: Computation,
  inputs: readonly Argument[],
  what: string,
  { maxSlots = 8, donated = [], tolerance = 1e-9 }: PlanCheck = {},
): Promise<Plan> {
  const graph = graphOf(fn, inputs);
  const held = await heldBy(graph);
  const expected = interpretWith(graph, inputs, held);
  const planned = planOf(graph, { name: what, maxSlots, donated: new Set(donated) });
  const memory = memoryFor(planned, inputs, held);
  const words = new Int32Array(record.words);
  evaluateProgram(planned.program, memory, words);
  throwRecorded(words);
  planned.results.forEach((source, i) => {
    const cells = memory[source.kind === "buffer" ? source.buffer : planned.parameters[source.parameter]];
    assertNear(cells, expected[i].values, `plan of ${what} of ${describe(inputs)}, result ${i}`, { tolerance });
  });
  return planned;
}

/** Σ result · weight over the results of type f32: one number that depends on all of them. */
export function weighted(fn: Computation): Computation {
  return (...inputs) =>
    listOf(fn(...inputs)).filter(({ dtype }) => dtype === "f32")
      .map((result, i) => result.mul(weights(result, i)).sum())
      .reduce((a, b) => a.add(b));
}

/** Numbers between −1 and 1 that differ from position to position. */
function weights(like: Tensor, seed: number): Tensor {
  const places = like.shape.reduce(
    (sum, _, axis) => sum.add(like.indexAlong(axis).mul(axis * 2 + 3)),
    like.fullLike(seed, "i32"),
  );
  return places.mul(0.7).add(0.3).sin();
}

/** The gradients of a scalar function by its inputs of type f32, followed by zeros for the others. */
export function gradientOf(fn: Computation): Computation {
  return (...inputs) => {
    const [target] = listOf(fn(...inputs));
    return pull([target], [target.onesLike()], inputs).map((gradient, i) => gradient ?? inputs[i].zerosLike());
  };
}

/** How {@linkcode assertGradient} compares. */
export interface GradientCheck extends Tolerance {
  /** How often to differentiate: 0 checks nothing, 2 also checks the gradient of the gradient. */
  readonly order?: 0 | 1 | 2;
}

function moved(inputs: readonly Argument[], which: number, direction: Float64Array, step: number): Argument[] {
  return inputs.map((input, i) =>
    i === which ? { ...input, values: input.values.map((value, j) => value + step * direction[j]) } : input
  );
}

const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

/**
 * Fails if the gradient of a function differs from the slope by central differences of the interpreter, in random
 * directions.
 */
export async function assertGradient(
  fn: Computation,
  inputs: readonly Argument[],
  what: string,
  { order = 1, tolerance = 1e-6 }: GradientCheck = {},
): Promise<void> {
  if (order === 0) return;
  const loss = weighted(fn);
  const graph = graphOf(loss, inputs);
  const slopes = graphOf(gradientOf(loss), inputs);
  const held = await heldBy(graph, slopes);
  const gradients = interpretWith(slopes, inputs, held);
  const valueAt = (moved: readonly Argument[]): number => interpretWith(graph, moved, held)[0].values[0];
  inputs.forEach(({ shape, dtype }, i) => {
    if (dtype !== "f32") return;
    for (const seed of [1, 2]) {
      const direction = numbers(shape, { seed: seed + 10 * i, low: -1, high: 1 }).values;
      const step = 1e-5;
      const slope = (valueAt(moved(inputs, i, direction, step)) - valueAt(moved(inputs, i, direction, -step))) /
        (2 * step);
      const name = `gradient of ${what} of ${describe(inputs)} by input ${i}`;
      assertNear([inner(gradients[i].values, direction)], [slope], name, { tolerance });
    }
  });
  if (order === 2) {
    const first = gradientOf(loss);
    const floats: Computation = (...tensors) => listOf(first(...tensors)).filter((_, i) => inputs[i].dtype === "f32");
    await assertGradient(floats, inputs, `gradient of ${what}`, { tolerance: tolerance * 10 });
  }
}

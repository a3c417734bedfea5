/**
 * What must hold for every program, each with the first fault that is found.
 *
 * @module
 */

import { setDevice } from "../../../core/device.ts";
import { jit } from "../../../core/jit.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { record, throwRecorded } from "../../../core/nest/index_checks.ts";
import { evaluateProgram } from "../../../core/nest/evaluate.ts";
import type { Graph } from "../../../core/graph/node.ts";
import type { Reference } from "../../../core/graph/rule.ts";
import { type Argument, heldBy, planOf, tensorOf } from "../../oracle.ts";
import { deviationOf, type Expected, type ExpectOptions } from "./expected.ts";
import { computationOf, type Program } from "./program.ts";

/** A kind of device. */
export type Kind = "wasm" | "webgpu";

/** Fails with a message that begins with what was compared. */
export class Fault extends Error {
  override name = "Fault";
}

/**
 * Runs a check whose expectation comes from `expect`; a fault is believed only if the check also fails with tolerances
 * that are estimated from ten times as many computations.
 *
 * The errors of these are no larger. Three of them nearly cancel in one of some thousand elements, whose tolerance is then
 * too small; programs have up to 120,000 elements. Of 60 programs about tiles, three elements were off by 1.2 to 5.5 times
 * their tolerances for this reason, and because sums had only errors relative to their results, although terms may cancel.
 *
 * A running error analysis would need no second chance, but it would need a bound of its own for each primitive, with the
 * bounds carried through the bodies of loops; and where a comparison or a position depends on a rounding error, it has
 * none either.
 */
export async function believed<T>(check: (options: ExpectOptions) => Promise<T>): Promise<T> {
  try {
    return await check({});
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return await check({ thorough: true });
  }
}

async function compare(what: string, tensors: readonly Tensor[], expected: readonly Expected[]): Promise<void> {
  for (const [i, one] of expected.entries()) {
    const { shape, dtype } = tensors[i];
    if (String(shape) !== String(one.shape) || dtype !== one.dtype) {
      throw new Fault(`${what}, result ${i}: expected ${one.dtype}[${one.shape}], got ${dtype}[${shape}]`);
    }
    const wrong = deviationOf(await tensors[i].data(), one);
    if (wrong) throw new Fault(`${what}, result ${i}, ${wrong}`);
  }
}

const listOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(result) ? result : [result as Tensor];

/** Computes the program operation by operation. */
export async function checkEager({ graph, inputs }: Program, expected: readonly Expected[], kind: Kind): Promise<void> {
  await setDevice(kind);
  await compare(`eager on ${kind}`, listOf(computationOf(graph)(...inputs.map(tensorOf))), expected);
}

/** Which arguments are donated to a compiled program. */
export interface Donation {
  readonly donate?: readonly number[];
}

/** Computes the program compiled, and returns the elements of its results. */
export async function checkCompiled(
  { graph, inputs }: Program,
  expected: readonly Expected[],
  { kind, donate = [] }: Donation & { readonly kind: Kind },
): Promise<void> {
  await setDevice(kind);
  const fn = computationOf(graph);
  using compiled = jit((...tensors: Tensor[]): Tensor[] => [...listOf(fn(...tensors))], { name: "program", donate });
  const what = donate.length > 0 ? `compiled on ${kind} with arguments ${donate} donated` : `compiled on ${kind}`;
  await compare(what, compiled(...inputs.map(tensorOf)), expected);
}

/** The part of the tolerances that plans may use in double precision: the compiler rounds known values to f32. */
const FOLDED = 1 / 16;

/** Plans the graph, and computes the plan in double precision: only what the compiler changes can make a difference. */
export async function checkPlan(
  graph: Graph,
  inputs: readonly Argument[],
  { expected, maxSlots = 8, donate = [] }: Donation & {
    readonly expected: readonly Expected[];
    readonly maxSlots?: number;
  },
): Promise<void> {
  const planned = planOf(graph, { name: "program", maxSlots, donated: new Set(donate) });
  const held = await heldBy(graph);
  const memory = planned.program.buffers.map(({ bytes }) => new Float64Array(bytes / 4).fill(NaN));
  planned.parameters.forEach((buffer, i) => memory[buffer] = inputs[i].values.slice());
  for (const { storage, buffer } of planned.captured) memory[buffer] = held.get(storage)!.slice();
  const words = new Int32Array(record.words);
  evaluateProgram(planned.program, memory, words);
  throwRecorded(words);
  planned.results.forEach((source, i) => {
    const cells = memory[source.kind === "buffer" ? source.buffer : planned.parameters[source.parameter]];
    const wrong = deviationOf(cells, expected[i], FOLDED);
    if (wrong) throw new Fault(`plan with ${maxSlots} buffers in double precision, result ${i}, ${wrong}`);
  });
}

/** Compares results in double precision, with tolerances that are narrowed to it. */
export function checkSame(what: string, actual: readonly Reference[], expected: readonly Expected[]): void {
  actual.forEach(({ values }, i) => {
    const wrong = deviationOf(values, expected[i], 1e-5);
    if (wrong) throw new Fault(`${what}, result ${i}, ${wrong}`);
  });
}

/**
 * For tests: builds nests, and compares their results on a device with the evaluation on the host.
 *
 * @module
 */

import { assertEquals, fail } from "@std/assert";
import type { Backend } from "../backend.ts";
import { evaluateProgram } from "../nest/evaluate.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import type { Nest, Phase, Reduction, Slot, Store } from "../nest/nest.ts";
import type { Program, ProgramBuffer } from "../nest/program.ts";
import { threefry2x32 } from "../scalar/double_precision.ts";
import { stridesOf } from "../shape.ts";
import { openWebgpu, type WebGpuOptions } from "./backend.ts";
import { findAdapters } from "./run/device.ts";

/** Whether this machine has any WebGPU adapter. */
export const hasAdapter: boolean = (await findAdapters()).length > 0;

/** A WebGPU device for all tests of a file; undefined if there is no adapter. */
export async function openIfAny(options: WebGpuOptions = {}): Promise<Backend | undefined> {
  return hasAdapter ? await openWebgpu({ allowSoftware: true, ...options }) : undefined;
}

/** A test that is skipped if there is no WebGPU adapter. */
export function gpuTest(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, ignore: !hasAdapter, fn });
}

/** The contents of a buffer before a program runs. */
export type Cells = readonly number[] | Float32Array;

/** A nest, with defaults for the parts that most tests leave out. */
export function makeNest(parts: Partial<Nest> & Pick<Nest, "slots" | "outer" | "phases">): Nest {
  return { name: "test", counters: [], ...parts };
}

/** A phase, with defaults for the parts that most tests leave out. */
export function makePhase(parts: Partial<Phase>): Phase {
  return { inner: [], reductions: [], stores: [], ...parts };
}

/** A slot (default: read, f32). */
export function makeSlot(elements: number, access: Slot["access"] = "read", dtype: Slot["dtype"] = "f32"): Slot {
  return { dtype, elements, access };
}

/** The index of an element of a row-major tensor. */
export function at(table: ExpressionTable, shape: readonly number[], indices: readonly Expression[]): Expression {
  const strides = stridesOf(shape);
  return table.affine(indices.map((index, axis) => [index, strides[axis]] as const));
}

/** A reduction (default: its result has the type of the values). */
export function reduce(id: number, kind: Reduction["kind"], value: Expression, dtype = value.dtype): Reduction {
  return { id, kind, value, dtype };
}

/** A store. */
export function store(slot: number, index: Expression, value: Expression, more: Partial<Store> = {}): Store {
  return { slot, index, value, ...more };
}

/** A loop counter for each extent. */
export function loops(table: ExpressionTable, extents: readonly number[], name = "i"): Variable[] {
  return extents.map((extent) => table.variable(name, extent));
}

/** A program of one nest whose slots are the program's buffers. */
export function programOf(nest: Nest): Program {
  return {
    name: nest.name,
    buffers: nest.slots.map(({ dtype, elements }): ProgramBuffer => ({ dtype, bytes: elements * 4 })),
    steps: [{ kind: "nest", nest, buffers: nest.slots.map((_, slot) => slot) }],
  };
}

/** Numbers between −1 and 1, the same in each run. */
export function noise(length: number, seed = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => threefry2x32([seed, 0], [i, 0])[0] / 2 ** 31 - 1);
}

const encode = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Uint32Array };

/** Runs a program on the device and returns the contents of all its buffers. */
export async function runOn(backend: Backend, program: Program, cells: readonly Cells[]): Promise<number[][]> {
  const buffers = program.buffers.map(({ bytes }) => backend.allocate(bytes));
  program.buffers.forEach(({ dtype }, i) => backend.write(buffers[i], encode[dtype].from(cells[i])));
  backend.load(program).run(buffers);
  const results: number[][] = [];
  for (const [i, { dtype, bytes }] of program.buffers.entries()) {
    results.push([...new encode[dtype](await backend.read(buffers[i], bytes))]);
    backend.release(buffers[i]);
  }
  return results;
}

/** What a program computes: what is in its buffers before it runs, and after it ran on the host. */
export interface Evaluated {
  readonly program: Program;
  readonly before: readonly Cells[];
  readonly after: readonly Float64Array[];
}

/** Runs a program on the host. Absent cells are zeros. */
export function evaluateOnHost(program: Program, cells: readonly (Cells | undefined)[]): Evaluated {
  const before = program.buffers.map(({ bytes }, i) => cells[i] ?? new Float32Array(bytes / 4));
  const after = before.map((values) => Float64Array.from(values));
  evaluateProgram(program, after);
  return { program, before, after };
}

/** Asserts that the results on the device equal those of the host's evaluation. Absent cells are zeros. */
export async function assertSame(
  backend: Backend,
  program: Program,
  cells: readonly (Cells | undefined)[],
  tolerance = 3e-5,
): Promise<void> {
  await assertEvaluated(backend, evaluateOnHost(program, cells), tolerance);
}

/** Asserts that the results on the device equal those of a program that was evaluated on the host. */
export async function assertEvaluated(
  backend: Backend,
  { program, before, after }: Evaluated,
  tolerance = 3e-5,
): Promise<void> {
  const results = await runOn(backend, program, before);
  for (const [i, { dtype }] of program.buffers.entries()) {
    assertEquals(results[i].length, after[i].length);
    results[i].forEach((value, position) => {
      const wanted = after[i][position];
      const same = Object.is(value, wanted) || value === wanted ||
        (dtype === "f32" && Math.abs(value - wanted) <= tolerance * (1 + Math.abs(wanted)));
      if (!same) fail(`${program.name}: buffer ${i} at ${position}: expected ${wanted}, got ${value}`);
    });
  }
}

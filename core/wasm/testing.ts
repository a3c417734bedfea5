/**
 * Helpers for this folder's tests, which run nests on the device and on the host and compare the results.
 *
 * @module
 */

import { assertEquals, fail } from "@std/assert";
import type { Backend } from "../backend.ts";
import type { DType, HostArray } from "../dtype.ts";
import { evaluateProgram } from "../nest/evaluate.ts";
import { ExpressionTable } from "../nest/expression_table.ts";
import type { Expression, Variable } from "../nest/expression.ts";
import type { ScalarOp } from "../scalar/operations.ts";
import type { Access, Nest, Phase, ReductionKind, Slot, Store } from "../nest/nest.ts";
import type { Program, ProgramStep } from "../nest/program.ts";
import { openWasm } from "./backend.ts";
import { productScheduleOf } from "./schedule/product_schedule.ts";

/** Builds nests concisely. */
export class Sketch {
  readonly table = new ExpressionTable();
  readonly slots: Slot[] = [];

  variable(name: string, extent: number): Variable {
    return this.table.variable(name, extent);
  }

  slot(dtype: DType, elements: number, access: Access = "read"): number {
    return this.slots.push({ dtype, elements, access }) - 1;
  }

  index(...parts: (readonly [Expression, number] | number)[]): Expression {
    const terms = parts.filter((part) => typeof part !== "number");
    const constant = parts.filter((part) => typeof part === "number").reduce((a, b) => a + b, 0);
    return this.table.affine(terms, constant);
  }

  load(slot: number, index: Expression, guard?: Expression): Expression {
    return this.table.load(this.slots[slot].dtype, slot, index, { guard });
  }

  f32(op: ScalarOp, ...args: Expression[]): Expression {
    return this.table.apply(op, "f32", args);
  }

  apply(op: ScalarOp, dtype: DType, ...args: Expression[]): Expression {
    return this.table.apply(op, dtype, args);
  }

  literal(value: number, dtype: DType = "f32"): Expression {
    return this.table.literal(dtype, value);
  }

  nest(outer: readonly Variable[], phases: readonly Phase[], more: Partial<Nest> = {}): Nest {
    return { name: "sketch", slots: [...this.slots], counters: [], outer, phases, ...more };
  }
}

/** A phase that only stores. */
export function storing(stores: readonly Store[], inner: readonly Variable[] = []): Phase {
  return { inner, reductions: [], stores };
}

/** A phase that only reduces. */
export function reducing(
  id: number,
  kind: ReductionKind,
  dtype: DType,
  value: Expression,
  inner: readonly Variable[],
): Phase {
  return { inner, reductions: [{ id, kind, dtype, value }], stores: [] };
}

/** A program of one nest whose slots are the program's buffers. */
export function programOf(nest: Nest): Program {
  const step: ProgramStep = { kind: "nest", nest, buffers: nest.slots.map((_, i) => i) };
  return {
    name: nest.name,
    buffers: nest.slots.map(({ dtype, elements }) => ({ dtype, bytes: 4 * elements })),
    steps: [step],
  };
}

/** Pseudo-random numbers of a type from a fixed sequence; floating-point and signed ones are around 0. */
export function numbers(dtype: DType, count: number, seed = 1): number[] {
  let state = seed * 2654435761 >>> 0;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if (dtype === "f32") return Math.fround(state / 2 ** 31 - 1);
    if (dtype === "bool") return state >>> 31;
    return dtype === "i32" ? (state >>> 20) - 2048 : state >>> 20;
  });
}

const arrays = { f32: Float32Array, i32: Int32Array, u32: Uint32Array, bool: Int32Array } as const;

/** Runs a program on a device, and resolves to the contents of all buffers. */
export async function runOn(
  backend: Backend,
  program: Program,
  inputs: readonly (readonly number[])[],
): Promise<HostArray[]> {
  const buffers = program.buffers.map(({ bytes }) => backend.allocate(bytes));
  program.buffers.forEach(({ dtype }, i) => backend.write(buffers[i], new arrays[dtype](inputs[i])));
  backend.load(program).run(buffers);
  const outputs = await Promise.all(
    buffers.map(async (buffer, i) => {
      const { dtype, bytes } = program.buffers[i];
      return new arrays[dtype](await backend.read(buffer, bytes));
    }),
  );
  buffers.forEach((buffer) => backend.release(buffer));
  return outputs;
}

/**
 * Fails if a buffer on the device differs from the host's by more than `tolerance`, relative and absolute. Programs with
 * products run with and without machine code, and must compute the same bits.
 */
export async function check(program: Program, { tolerance = 1e-5, threads = 1, inputs }: {
  tolerance?: number;
  threads?: number;
  inputs?: number[][];
} = {}): Promise<HostArray[]> {
  const given = inputs ?? program.buffers.map(({ dtype, bytes }, i) => numbers(dtype, bytes / 4, i + 1));
  const expected = given.map((values) => Float64Array.from(values));
  evaluateProgram(program, expected);
  const runs: HostArray[][] = [];
  for (const native of hasProduct(program) ? [false, true] : [false]) {
    const backend = openWasm({ threads, native });
    const outputs = await runOn(backend, program, given);
    await backend.close();
    expected.forEach((values, buffer) => compare(outputs[buffer], values, buffer, tolerance));
    runs.push(outputs);
  }
  const [outputs, ...others] = runs;
  for (const other of others) assertEquals(other, outputs, "machine code computes the same bits");
  return outputs;
}

const hasProduct = ({ steps }: Program): boolean =>
  steps.some((step) => step.kind === "nest" && productScheduleOf(step.nest) !== undefined);

function compare(actual: HostArray, expected: Float64Array, buffer: number, tolerance: number): void {
  expected.forEach((value, i) => {
    const close = Object.is(actual[i], value) ||
      Math.abs(actual[i] - value) <= tolerance * Math.max(1, Math.abs(value)) ||
      (Number.isNaN(value) && Number.isNaN(actual[i])) || actual[i] === value;
    if (!close) fail(`buffer ${buffer}, element ${i}: expected ${value}, got ${actual[i]}`);
  });
}

/**
 * The kernels in machine code on one core, beside the most that the core can compute:
 * `deno run -A bench/native_kernels.ts`.
 *
 * @module
 */

import { openC } from "../core/native/c_functions.ts";
import { MachineCode } from "../core/native/encode/assembler.ts";
import { registers } from "../core/native/encode/instructions.ts";
import { makeExecutable } from "../core/native/executable_memory.ts";
import type { InstructionSet } from "../core/native/instruction_sets.ts";
import { writeKernels } from "../core/native/kernels.ts";
import { operands } from "../core/native/operands.ts";
import { systems } from "../core/native/systems.ts";
import { refused, sets } from "../core/native/testing.ts";

const system = systems.linux;
const MEGABYTE = 2 ** 20;
const ROUNDS = 12;
/** Floating-point operations of one measurement. */
const OPERATIONS = 4e7;

/** A product that is measured. */
interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly adds: number;
}

const products: readonly Product[] = [
  ...[64, 128, 256, 384].map((depth) => ({ rows: 240, columns: 256, depth, adds: 1 })),
  { rows: 480, columns: 1024, depth: 256, adds: 1 },
  { rows: 50, columns: 100, depth: 256, adds: 0 },
  { rows: 64, columns: 10, depth: 256, adds: 0 },
  { rows: 7, columns: 64, depth: 256, adds: 0 },
  { rows: 64, columns: 64, depth: 27, adds: 0 },
  { rows: 16, columns: 16, depth: 16, adds: 0 },
];

/** A routine to measure, and its operations. */
interface Subject {
  readonly name: string;
  readonly operations: number;
  run(): void;
}

const c = openC(system.library);

/** The function that calls code with an address and an offset. Engines make a fast call of one function of a library. */
function callable(code: Uint8Array, memory: WebAssembly.Memory): (at: number) => void {
  const made = makeExecutable(code, c, system);
  if (typeof made === "string") throw new Error(made);
  const start = Deno.UnsafePointer.of(new Uint8Array(memory.buffer as ArrayBuffer));
  return (at) => c.bsearch(start, at, 1n, 0n, made.address);
}

/** A loop of products and sums of registers, enough of them to wait for none. */
function peak({ name, vectorBytes }: InstructionSet): Subject {
  const { rcx, rax } = registers;
  const [turns, chains] = [10_000, vectorBytes === 64 ? 24 : 12];
  const code = new MachineCode();
  const top = code.label();
  for (let i = 0; i < chains + 2; i++) code.vector("vxorps v, v, v", vectorBytes, i, i, i);
  code.op("xor r32, r32", rcx, rcx).op("add r64, i32", rcx, turns).bind(top);
  for (let i = 0; i < chains; i++) code.vector("vfmadd231ps v, v, v", vectorBytes, i, chains, chains + 1);
  code.op("sub r32, i32", rcx, 1).jump("jne", top).op("vzeroupper").op("xor r32, r32", rax, rax).op("ret");
  const call = callable(code.copy(), new WebAssembly.Memory({ initial: 1, maximum: 1 }));
  return { name: `${name}: products of registers`, operations: turns * chains * vectorBytes / 2, run: () => call(0) };
}

function subjectsOf(set: InstructionSet): Subject[] {
  const memory = new WebAssembly.Memory({ initial: 512, maximum: 512, shared: true });
  const multiply = callable(writeKernels(set, system), memory);
  new Float32Array(memory.buffer, MEGABYTE).forEach((_, i, all) => all[i] = i * 7919 % 1001 / 500 - 1);
  const words = new Uint32Array(memory.buffer);
  return products.map(({ rows, columns, depth, adds }, i) => {
    const at = 64 * i;
    const record: Record<keyof typeof operands, number> = {
      rows: MEGABYTE,
      columns: 4 * MEGABYTE,
      tile: 16 * MEGABYTE,
      depth,
      stride: 4 * Math.ceil(columns / set.columns) * set.columns,
      adds,
      rowCount: rows,
      columnCount: columns,
      rowPanelBytes: 4 * set.rows * depth,
      columnPanelBytes: 4 * set.columns * depth,
      distances: 0,
    };
    for (const [name, offset] of Object.entries(operands)) {
      words[(at + offset) / 4] = record[name as keyof typeof operands];
    }
    const name = `${set.name}: ${rows} × ${columns}, depth ${depth}${adds ? ", added" : ""}`;
    return { name, operations: 2 * rows * columns * depth, run: () => multiply(at) };
  });
}

/** The shortest time of each, in milliseconds, when all take turns. */
function measure(subjects: readonly Subject[]): number[] {
  const best = subjects.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    subjects.forEach(({ operations, run }, i) => {
      const repeats = Math.ceil(OPERATIONS / operations);
      const start = performance.now();
      for (let repeat = 0; repeat < repeats; repeat++) run();
      best[i] = Math.min(best[i], (performance.now() - start) / repeats);
    });
  }
  return best;
}

if (import.meta.main) {
  if (refused !== undefined) throw new Error(`Cannot measure kernels in machine code: ${refused}`);
  const subjects = sets.filter(({ isHere }) => isHere).flatMap(({ set }) => [peak(set), ...subjectsOf(set)]);
  measure(subjects).forEach((time, i) => {
    const { name, operations } = subjects[i];
    console.log(`${name.padEnd(46)} ${(operations / time / 1e6).toFixed(1).padStart(7)} GFLOP/s`);
  });
}

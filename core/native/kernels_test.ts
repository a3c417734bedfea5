import { assert, assertEquals } from "@std/assert";
import { writeMicroKernel } from "../wasm/product/micro_kernel.ts";
import { ModuleWriter, sharedMemory } from "../wasm/encode/assembler.ts";
import { hasRelaxedSimd } from "../wasm/encode/relaxed.ts";
import type { InstructionSet } from "./instruction_sets.ts";
import { writeKernels } from "./kernels.ts";
import { openC } from "./c_functions.ts";
import { MachineCode } from "./encode/assembler.ts";
import { registers } from "./encode/instructions.ts";
import { makeExecutable } from "./executable_memory.ts";
import { operands } from "./operands.ts";
import { systems } from "./systems.ts";
import { multiplyOf, PanelTrial, testOnEverySet, trialMemory } from "./testing.ts";

const DEPTHS = [0, 1, 2, 3, 4, 5, 7, 383, 384];

testOnEverySet("products of all numbers of rows and columns have the bits of the definition", (set) => {
  const memory = trialMemory();
  const multiply = multiplyOf(set, memory);
  const trial = new PanelTrial(set, memory, { rows: 13, columns: 33, depth: 384 });
  for (const depth of DEPTHS) {
    for (let rowCount = 0; rowCount <= 13; rowCount++) {
      for (let columnCount = 0; columnCount <= 33; columnCount++) {
        for (const scattered of [false, true]) {
          const product = { rowCount, columnCount, depth, adds: (rowCount + columnCount) % 2 === 0, scattered };
          trial.prepare(product);
          multiply(trial.at);
          trial.check(product);
        }
      }
    }
  }
});

testOnEverySet("products of many panels are stored or added, with any stride", (set) => {
  const memory = trialMemory();
  const multiply = multiplyOf(set, memory);
  const trial = new PanelTrial(set, memory, { rows: 45, columns: 100, depth: 9 });
  for (const stride of [undefined, 512, 516, 4096]) {
    for (const adds of [false, true]) {
      for (const depth of [0, 1, 9]) {
        for (const [rowCount, columnCount] of [[45, 100], [48 - set.rows, 96], [set.rows, set.columns], [40, 65]]) {
          for (const scattered of [false, true]) {
            const product = { rowCount, columnCount, depth, adds, scattered, ...(stride && { stride }) };
            trial.prepare(product);
            multiply(trial.at);
            trial.check(product);
          }
        }
      }
    }
  }
});

/** The bits of singles. All NaN become one, because their bits are no part of any definition. */
function bitsOf(singles: Float32Array): Uint32Array {
  const same = singles.map((value) => Number.isNaN(value) ? NaN : value);
  return new Uint32Array(same.buffer);
}

/** The sums of a panel of rows and a panel of columns by the micro-kernel of WebAssembly, as bits. */
function byWebAssembly(rows: Float32Array, columns: Float32Array, depth: number): Uint32Array {
  const module = new ModuleWriter([sharedMemory(1)]);
  module.export("multiply", module.add(writeMicroKernel(4)));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env: { memory } });
  const singles = new Float32Array(memory.buffer);
  singles.set(rows, 1024);
  singles.set(columns, 8192);
  (exports.multiply as (...given: number[]) => void)(4096, 32_768, 0, depth, 32, 0);
  return bitsOf(singles.slice(0, 32));
}

testOnEverySet("special values have the bits of WebAssembly's relaxed instructions", (set) => {
  if (!hasRelaxedSimd) return;
  const values = [
    NaN,
    Infinity,
    -Infinity,
    0,
    -0,
    1,
    -1,
    2 ** -149,
    -(2 ** -149),
    2 ** -126,
    3.4e38,
    -3.4e38,
    1e-20,
    1.1,
  ];
  const depth = 96;
  for (let seed = 1; seed < 40; seed++) {
    let state = seed;
    const next = (): number => {
      state = Math.imul(state, 1103515245) + 12345 | 0;
      const chosen = (state >>> 16) % 97;
      return chosen < values.length ? values[chosen] : state / 2 ** 31;
    };
    // Without many special values, no sum would stay finite.
    const terms = seed % 3 === 0 ? depth : seed % 7;
    const left = Float32Array.from({ length: 4 * depth }, next);
    const right = Float32Array.from({ length: 8 * depth }, next);
    assertEquals(bySet(set, { left, right, terms }), byWebAssembly(left, right, terms), `seed ${seed}`);
  }
});

interface Sides {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly terms: number;
}

/** The same four rows and eight columns by the kernels of a set. */
function bySet(set: InstructionSet, { left, right, terms }: Sides): Uint32Array {
  const memory = trialMemory();
  const [singles, words] = [new Float32Array(memory.buffer), new Uint32Array(memory.buffer)];
  for (let k = 0; k < terms; k++) {
    for (let row = 0; row < 4; row++) singles[1024 + k * set.rows + row] = left[4 * k + row];
    for (let column = 0; column < 8; column++) singles[8192 + k * set.columns + column] = right[8 * k + column];
  }
  const given = { rows: 4096, columns: 32_768, tile: 65_536, depth: terms, stride: 256, rowCount: 4, columnCount: 8 };
  for (const [name, value] of Object.entries(given)) words[operands[name as keyof typeof given] / 4] = value;
  multiplyOf(set, memory)(0);
  return bitsOf(Float32Array.from({ length: 32 }, (_, i) => singles[65_536 / 4 + Math.floor(i / 8) * 64 + i % 8]));
}

testOnEverySet("products of no rows or no columns change nothing", (set) => {
  const memory = trialMemory();
  const multiply = multiplyOf(set, memory);
  const trial = new PanelTrial(set, memory, { rows: 1, columns: 1, depth: 3 });
  for (const [rowCount, columnCount] of [[0, 0], [0, 1], [1, 0]]) {
    const product = { rowCount, columnCount, depth: 3, adds: false };
    trial.prepare(product);
    multiply(trial.at);
    trial.check(product);
  }
});

testOnEverySet(
  "the routine leaves the registers of its caller as they were, and the upper halves of vectors clear",
  (set) => {
    const system = systems.linux;
    const { rax, rbx, rbp, rdi, r8, r12, r13, r14, r15 } = registers;
    // System V Application Binary Interface, AMD64, figure 3.4.
    const preserved = [rbx, rbp, r12, r13, r14, r15];
    const kernels = writeKernels(set, system);
    const caller = new MachineCode();
    const routine = caller.label();
    const result = 1 << 19;
    for (const register of preserved) caller.op("push r64", register);
    caller.op("push r64", rdi);
    for (const register of preserved) {
      caller.op("xor r32, r32", register, register).op("add r64, i32", register, 1000 + register);
    }
    caller.jump("call", routine).op("pop r64", r8);
    preserved.forEach((register, i) => caller.op("mov m32, r32", r8, result + 4 * i, register));
    for (const register of preserved.toReversed()) caller.op("pop r64", register);
    caller.op("xor r32, r32", rax, rax).op("ret").bind(routine);

    const c = openC(system.library);
    const code = makeExecutable(Uint8Array.from([...caller.copy(), ...kernels]), c, system);
    assert(typeof code !== "string");
    const memory = trialMemory();
    const trial = new PanelTrial(set, memory, { rows: 13, columns: 33, depth: 5 });
    const product = { rowCount: 13, columnCount: 33, depth: 5, adds: true };
    trial.prepare(product);
    const start = Deno.UnsafePointer.of(new Uint8Array(memory.buffer as ArrayBuffer));
    c.bsearch(start, trial.at, 1n, 0n, code.address);
    trial.check(product);
    const registersAfter = new Uint32Array(memory.buffer, result, preserved.length);
    assertEquals([...registersAfter], preserved.map((register) => 1000 + register));
    const text = new TextDecoder("latin1").decode(kernels);
    const clear = String.fromCharCode(...new MachineCode().op("vzeroupper").copy());
    assertEquals(text.split(clear).length, 2);
  },
);

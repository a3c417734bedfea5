/**
 * Makes kernels in machine code from what a host offers.
 *
 * @module
 */

import { type CFunctions, openC } from "./c_functions.ts";
import { checkKernels } from "./check_kernels.ts";
import { makeExecutable } from "./executable_memory.ts";
import type { InstructionSet } from "./instruction_sets.ts";
import { writeKernels } from "./kernels.ts";
import type { NativeKernels, NoKernels } from "./native.ts";
import { instructionSetOf, PROCESSOR_WORDS, writeProcessorQuery } from "./processor.ts";
import { type System, systemOf } from "./systems.ts";

/** What kernels are made with. */
export interface NativeHost {
  readonly system: System;
  open(library: string): CFunctions;
  /** Returns a difference between results of the kernels and the definition, if there is one. */
  readonly check: typeof checkKernels;
}

/** Why other hosts have no kernels. */
export const NO_DENO = "only Deno can call machine code, and this is another host";

/** This program's host, or why it cannot use machine code. */
export function denoHost(): NativeHost | string {
  const { Deno: deno } = globalThis;
  if (deno?.dlopen === undefined) return NO_DENO;
  const system = systemOf(deno.build);
  if (typeof system === "string") return system;
  // A library that is permitted by its path is not found by its name.
  const { state } = deno.permissions.querySync({ name: "ffi" });
  if (state !== "granted") return `calling ${system.library} is not permitted; run again with --allow-ffi`;
  return { system, open: openC, check: checkKernels };
}

/** Makes the kernels, or says why it cannot. Never throws. */
export function makeKernels(host: NativeHost): NativeKernels | NoKernels {
  try {
    const made = tryToMake(host);
    return typeof made === "string" ? { refused: made } : made;
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split("\n");
    return { refused: `machine code could not be made: ${line}` };
  }
}

function tryToMake({ system, open, check }: NativeHost): NativeKernels | string {
  const c = open(system.library);
  const set = detect(c, system);
  if (typeof set === "string") return set;
  const code = makeExecutable(writeKernels(set, system), c, system);
  if (typeof code === "string") return code;
  const { name, rows, columns } = set;
  const kernels: NativeKernels = { name, rows, columns, address: Deno.UnsafePointer.value(code.address) };
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const start = Deno.UnsafePointer.of(new Uint8Array(memory.buffer as ArrayBuffer));
  // The engine makes fast calls from `nativeMultiply` only if it was called for one memory.
  const difference = check((at) => c.bsearch(start, at, 1n, 0n, code.address), kernels, memory);
  if (difference === undefined) return kernels;
  code.dispose();
  return `the ${name} kernels failed their test: ${difference}`;
}

/** The best instruction set of this processor, or why there is none. */
function detect(c: CFunctions, system: System): InstructionSet | string {
  const code = makeExecutable(writeProcessorQuery(system), c, system);
  if (typeof code === "string") return code;
  const words = new Uint32Array(PROCESSOR_WORDS);
  c.bsearch(Deno.UnsafePointer.of(words), 0, 1n, 0n, code.address);
  code.dispose();
  const [largest, basic, extended, saved] = words;
  return instructionSetOf({ largest, basic, extended, saved }) ?? "this processor has no AVX2";
}

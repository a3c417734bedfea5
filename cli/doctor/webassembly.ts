/**
 * What the WebAssembly of this machine can do.
 *
 * @module
 */

import { FunctionWriter, ModuleWriter, sharedMemory } from "../../core/wasm/encode/assembler.ts";
import { canJoinVectors } from "../../core/wasm/run/joined_vectors.ts";

/** Which of the extensions that computing uses there are. */
export interface WebAssemblyFeatures {
  /** Four numbers at a time. */
  readonly simd: boolean;
  /** Multiplication and addition in one instruction. */
  readonly relaxedSimd: boolean;
  /** Whether it joins pairs of vectors to vectors of eight numbers. */
  readonly joinsVectors: boolean;
  /** Memory that threads share. */
  readonly threads: boolean;
  /** Processors that Deno sees. */
  readonly processors: number;
}

/** Asks the engine, which refuses instructions that it does not know. */
export function webAssemblyFeatures(): WebAssemblyFeatures {
  return {
    simd: isKnown((code) => code.i32x4([0, 0, 0, 0])),
    relaxedSimd: isKnown((code) =>
      code.i32x4([0, 0, 0, 0]).i32x4([0, 0, 0, 0]).i32x4([0, 0, 0, 0]).op("f32x4.relaxed_madd")
    ),
    joinsVectors: canJoinVectors(),
    threads: hasSharedMemory(),
    processors: navigator.hardwareConcurrency,
  };
}

function isKnown(write: (code: FunctionWriter["code"]) => unknown): boolean {
  const writer = new FunctionWriter([], ["v128"]);
  write(writer.code);
  const module = new ModuleWriter([sharedMemory(1)]);
  module.export("f", module.add(writer));
  return WebAssembly.validate(module.bytes());
}

function hasSharedMemory(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

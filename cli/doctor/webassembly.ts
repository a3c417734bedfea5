/**
 * The features of WebAssembly on this machine.
 *
 * @module
 */

import { FunctionWriter, ModuleWriter, sharedMemory } from "../../core/wasm/encode/assembler.ts";

/** The WebAssembly extensions that this package uses, and whether they are available. */
export interface WebAssemblyFeatures {
  /** Vectors of four numbers. */
  readonly simd: boolean;
  /** Multiplication and addition in one instruction. */
  readonly relaxedSimd: boolean;
  /** Memory shared by threads. */
  readonly threads: boolean;
  /** The number of processors that Deno reports. */
  readonly processors: number;
}

/** Asks the engine, which refuses unknown instructions. */
export function webAssemblyFeatures(): WebAssemblyFeatures {
  return {
    simd: isKnown((code) => code.i32x4([0, 0, 0, 0])),
    relaxedSimd: isKnown((code) =>
      code.i32x4([0, 0, 0, 0]).i32x4([0, 0, 0, 0]).i32x4([0, 0, 0, 0]).op("f32x4.relaxed_madd")
    ),
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

/**
 * The features of WebAssembly on this machine.
 *
 * @module
 */

import type { DeviceOptions } from "../../core/device_options.ts";
import { processors } from "../../core/host.ts";
import { FunctionWriter, ModuleWriter, sharedMemory } from "../../core/wasm/encode/assembler.ts";
import { nativeProducts } from "../../core/wasm/native_products.ts";

/** The WebAssembly extensions that this package uses, and whether they are available. */
export interface WebAssemblyFeatures {
  /** Vectors of four numbers. */
  readonly simd: boolean;
  /** Multiplication and addition in one instruction. */
  readonly relaxedSimd: boolean;
  /** Memory shared by threads. */
  readonly threads: boolean;
  /** The number of processors that this process may use. */
  readonly processors: number;
  /** The instructions of the machine code that computes products; null if they are computed by WebAssembly. */
  readonly native: string | null;
  /** Why they are; null if they are not. */
  readonly noNative: string | null;
}

/** Asks the engine, which refuses unknown instructions. */
export function webAssemblyFeatures({ native = true }: DeviceOptions = {}): WebAssemblyFeatures {
  const products = native ? nativeProducts() : { refused: "it was switched off by --no-native" };
  return {
    simd: isKnown((code) => code.i32x4([0, 0, 0, 0])),
    relaxedSimd: isKnown((code) =>
      code.i32x4([0, 0, 0, 0]).i32x4([0, 0, 0, 0]).i32x4([0, 0, 0, 0]).op("f32x4.relaxed_madd")
    ),
    threads: hasSharedMemory(),
    processors: processors(),
    ...("refused" in products
      ? { native: null, noNative: products.refused }
      : { native: products.name, noNative: null }),
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

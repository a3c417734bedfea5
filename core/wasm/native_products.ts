/**
 * Decides whether products are computed by machine code.
 *
 * @module
 */

import { type NativeKernels, nativeKernels } from "../native/native.ts";
import { hasRelaxedSimd } from "./encode/relaxed.ts";

/** Kernels in machine code, or why there are none, in one line. */
export type NativeProducts = NativeKernels | { readonly refused: string };

/**
 * The kernels in machine code if they compute the same bits as WebAssembly, which they do if both round a product and a
 * sum once.
 */
export function nativeProducts(): NativeProducts {
  return hasRelaxedSimd
    ? nativeKernels()
    : { refused: "WebAssembly has no relaxed SIMD here, so its sums would be rounded differently" };
}

/**
 * The digest of data, by which reports say what a model was trained on.
 *
 * @module
 */

import { dtypeOf, type HostArray } from "../core/dtype.ts";
import { Tensor } from "../core/tensor.ts";
import { type Digester, sha256 } from "./checksums.ts";
import type { Data } from "./data.ts";
import type { Samples, SampleSet } from "./samples.ts";
import type { TensorSet } from "./tensor_set.ts";

/**
 * The SHA-256 of sets of examples, in hexadecimal digits: of the element type, shape and elements of all inputs and
 * targets. The same numbers have the same digest on the host and on a device, and on every machine.
 *
 * @param sets A container of sets, or the sets in their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { data, digestOf, samples } from "@yadll/yadll/data";
 *
 * const set = { x: samples([[1, 2], [3, 4]]), y: Int32Array.of(0, 1) };
 * const digest = await digestOf([set, set]);
 * assertEquals(digest.slice(0, 8), "b51031fd");
 * assertEquals(await digestOf(data([set, set])), digest);
 * ```
 */
export async function digestOf(sets: Data | readonly (SampleSet | TensorSet)[]): Promise<string> {
  const hash = sha256();
  for (const { x, y } of "training" in sets ? setsOf(sets) : sets) {
    await addArray(hash, x);
    await addArray(hash, y);
  }
  return hash.digest();
}

function setsOf({ training, validation, test }: Data): TensorSet[] {
  return test === undefined ? [training, validation] : [training, validation, test];
}

async function addArray(hash: Digester, array: Tensor | Samples | Int32Array): Promise<void> {
  if (array instanceof Tensor) return addElements(hash, array.shape, await array.data());
  if (array instanceof Int32Array) return addElements(hash, [array.length], array);
  addElements(hash, array.shape, array.values);
}

/** The type and the shape go first, so that the same bytes in another form have another digest. */
function addElements(hash: Digester, shape: readonly number[], values: HostArray): void {
  hash.add(new TextEncoder().encode(JSON.stringify({ dtype: dtypeOf(values), shape })));
  hash.add(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

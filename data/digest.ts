/**
 * The digest of data, by which reports identify the data that a model was trained on.
 *
 * @module
 */

import { objectKind } from "../core/options/kinds.ts";
import { checkArgument } from "../core/options/read.ts";
import { type Digester, sha256 } from "./checksums.ts";
import type { Data } from "./data.ts";
import { partsOf, rowArray, rowBytes, type Rows } from "./rows.ts";
import { type GivenSet, readSourceSet, setKind } from "./sample_source.ts";
import { type TensorSet, tensorSet } from "./tensor_set.ts";

const dataKind = objectKind("data or a list of sets", "training", "validation");

/** Bytes that are read at a time, so that data on disk need only that much memory. */
const BLOCK_BYTES = 2 ** 20;

/** The digests of containers, which never change; each training needs one. */
const known = new WeakMap<Data, string>();

/**
 * The SHA-256 of sets of examples in hexadecimal digits: of the element type, shape and elements of all inputs and
 * targets. The same numbers have the same digest on the host, on a device and on every machine, but images that are
 * kept as bytes have a different digest from their floats.
 *
 * @param sets A container of sets, or the sets in order.
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
export function digestOf(sets: Data | readonly (GivenSet | TensorSet)[]): Promise<string> {
  if (!Array.isArray(sets)) {
    checkArgument("compute a digest", sets, dataKind);
  }
  if (!("training" in sets)) return Promise.resolve(digestOfSets(sets));
  const digest = known.get(sets) ?? digestOfSets(setsOf(sets));
  known.set(sets, digest);
  return Promise.resolve(digest);
}

function digestOfSets(sets: readonly (GivenSet | TensorSet)[]): string {
  const hash = sha256();
  for (const set of sets) {
    checkArgument("compute a digest", set, setKind);
    const { rows } = "rows" in set ? set : tensorSet(readSourceSet("compute a digest", set, "a set"));
    for (const part of partsOf(rows)) addRows(hash, part);
  }
  return hash.digest();
}

function setsOf({ training, validation, test }: Data): TensorSet[] {
  return test === undefined ? [training, validation] : [training, validation, test];
}

/** Adds rows to a digest, with type and shape first, so the same bytes in another form have another digest. */
function addRows(hash: Digester, rows: Rows): void {
  const { dtype, shape: [count, ...feature] } = rows;
  hash.add(new TextEncoder().encode(JSON.stringify({ dtype, shape: [count, ...feature] })));
  const most = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, rowBytes(rows))));
  const block = rowArray(rows, Math.min(most, count));
  for (let begin = 0; begin < count; begin += most) {
    const numbers = Int32Array.from({ length: Math.min(most, count - begin) }, (_, i) => begin + i);
    rows.copy(numbers, block);
    hash.add(new Uint8Array(block.buffer, 0, numbers.length * rowBytes(rows)));
  }
}

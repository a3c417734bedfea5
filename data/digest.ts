/**
 * The digest of data, by which reports identify the data that a model was trained on.
 *
 * @module
 */

import { objectKind } from "../core/options/kinds.ts";
import { checkArgument } from "../core/options/read.ts";
import { type Digester, sha256 } from "./checksums.ts";
import type { NamedData } from "./data.ts";
import { type NamedPart, type OneOrNamed, partsIn } from "./named.ts";
import { areRows, rowArray, rowBytes, type Rows } from "./rows.ts";
import { type GivenNamedSet, readSourceSet, setKind } from "./sample_source.ts";
import { type NamedTensorSet, tensorSet } from "./tensor_set.ts";

const dataKind = objectKind("data or a list of sets", "training", "validation");

/** Bytes that are read at a time, so that data on disk need only that much memory. */
const BLOCK_BYTES = 2 ** 20;

/** The digests of containers, which never change; each training needs one. */
const known = new WeakMap<NamedData, string>();

/**
 * The SHA-256 of sets of examples in hexadecimal digits: of the element type, shape and elements of all inputs and
 * targets. The same numbers have the same digest on the host, on a device and on every machine, but images that are
 * kept as bytes have a different digest from their floats. Several inputs or targets count with their names, in any order.
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
export function digestOf(sets: NamedData | readonly (GivenNamedSet | NamedTensorSet)[]): Promise<string> {
  if (!Array.isArray(sets)) {
    checkArgument("compute a digest", sets, dataKind);
  }
  if (!("training" in sets)) return Promise.resolve(digestOfSets(sets));
  const digest = known.get(sets) ?? digestOfSets(setsOf(sets));
  known.set(sets, digest);
  return Promise.resolve(digest);
}

function digestOfSets(sets: readonly (GivenNamedSet | NamedTensorSet)[]): string {
  const hash = sha256();
  for (const set of sets) {
    checkArgument("compute a digest", set, setKind);
    const { rows } = "rows" in set ? set : tensorSet(readSourceSet("compute a digest", set, "a set"));
    const weights = rows.weights ? [{ name: undefined, value: rows.weights }] : [];
    for (const part of [...byName(rows.x), ...byName(rows.y), ...weights]) addRows(hash, part);
  }
  return hash.digest();
}

function setsOf({ training, validation, test }: NamedData): NamedTensorSet[] {
  return test === undefined ? [training, validation] : [training, validation, test];
}

/** The rows of inputs or targets in the order of their names. */
function byName(rows: OneOrNamed<Rows>): NamedPart<Rows>[] {
  return partsIn(rows, areRows).sort(({ name: a = "" }, { name: b = "" }) => a < b ? -1 : 1);
}

/**
 * Adds rows to a digest, with type, shape and name first, so the same bytes in another form, or of another input, have
 * another digest.
 */
function addRows(hash: Digester, { name, value: rows }: NamedPart<Rows>): void {
  const { dtype, shape: [count, ...feature] } = rows;
  hash.add(new TextEncoder().encode(JSON.stringify({ dtype, shape: [count, ...feature], name })));
  const most = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, rowBytes(rows))));
  const block = rowArray(rows, Math.min(most, count));
  for (let begin = 0; begin < count; begin += most) {
    const numbers = Int32Array.from({ length: Math.min(most, count - begin) }, (_, i) => begin + i);
    rows.copy(numbers, block);
    hash.add(new Uint8Array(block.buffer, 0, numbers.length * rowBytes(rows)));
  }
}

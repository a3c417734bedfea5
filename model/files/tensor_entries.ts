/**
 * Converts trees of tensors to named entries of a file and back: `{ "Hidden layer 1": { W } }` is the entry `Hidden
 * layer 1/W`.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { objectKind } from "../../core/options/kinds.ts";
import { custom } from "../../core/options/option.ts";
import { checkArgument } from "../../core/options/read.ts";
import { showLine } from "../../core/options/show.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import { pathTo } from "../../core/tree.ts";
import { summarized } from "./errors.ts";
import { isPlainRecord, isRecord } from "./json.ts";
import type { TensorEntries, TensorEntry } from "./safetensors.ts";

const entryKind = custom<TensorEntry>({
  expected: "an entry with type, shape and values in a typed array of its type",
  accepts: (value): value is TensorEntry =>
    typeof value === "object" && value !== null && "dtype" in value && "shape" in value && "values" in value &&
    [Float32Array, Int32Array, Uint32Array, Uint8Array].some((kind) => value.values instanceof kind),
});
const entriesKind = custom<TensorEntries>({
  expected: "tensors by name",
  accepts: (value): value is TensorEntries => isPlainRecord(value),
});
const namedKind = objectKind("tensors by name", "dtype", "shape", "values");

/** The longest name of a tensor; a tree that contains itself has no longest one. */
const LONGEST_NAME = 2000;

/** The most characters of a name in messages. */
const LONGEST_SHOWN = 200;

/** Visits the tensors of a tree with their names; returns a tree of the same form with the results of `visit`. */
function mapNamed(tree: unknown, visit: (name: string, leaf: Tensor) => unknown, name = ""): unknown {
  if (tree instanceof Tensor) return visit(name, tree);
  if (Array.isArray(tree)) return tree.map((item, i) => mapNamed(item, visit, pathTo(name, i)));
  if (name.length > LONGEST_NAME) {
    throw new TypeError(`Cannot name the tensors of a tree: it contains itself, or has names that are too long`);
  }
  if (isRecord(tree)) {
    return Object.fromEntries(
      Object.entries(tree).map(([key, item]) => [key, mapNamed(item, visit, pathTo(name, key))]),
    );
  }
  if (tree === null || tree === undefined) return tree;
  throw new TypeError(
    `Cannot name the tensors of a tree: expected tensors, null, arrays and records, got ${typeof tree} ${
      String(tree)
    } at ${name || "the top level"}, which would be lost; use a tensor instead`,
  );
}

/**
 * The elements of every tensor of a tree, by name. Reads the tensors from the device.
 *
 * @throws {TypeError} if the tree contains numbers or strings, which a file of tensors would lose.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor } from "@yadll/yadll/core";
 * import { entriesOf } from "@yadll/yadll/model";
 *
 * const entries = await entriesOf({ "Hidden layer 1": { b: tensor([1, 2]) } });
 * assertEquals(entries, { "Hidden layer 1/b": { dtype: "f32", shape: [2], values: Float32Array.of(1, 2) } });
 * ```
 */
export async function entriesOf(tree: unknown): Promise<TensorEntries> {
  const named: [string, Tensor][] = [];
  mapNamed(tree, (name, leaf) => named.push([name, leaf]));
  const entries = named.map(async ([name, leaf]): Promise<[string, TensorEntry]> => [
    name,
    { dtype: leaf.dtype, shape: leaf.shape, values: await leaf.data() },
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * A tree of the form of `like` with the tensors of a file.
 *
 * Check the entries with `mismatches` first.
 *
 * @throws {TypeError} if an entry is missing, or of another type or shape than the tensor that it replaces; all of them
 * are counted, and the first is named.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensor, zeros } from "@yadll/yadll/core";
 * import { entriesOf, treeOf } from "@yadll/yadll/model";
 *
 * const entries = await entriesOf({ layer: { b: tensor([1, 2]) } });
 * const { layer } = treeOf(entries, { layer: { b: zeros([2]) } });
 * assertEquals(await layer.b.toArray(), [1, 2]);
 * ```
 */
export function treeOf<T>(entries: TensorEntries, like: T): T {
  checkEntries("fill a tree", entries);
  const problems = mismatches(entries, like);
  if (problems.length > 0) throw new TypeError(summarized("Cannot fill the tree from these entries", problems));
  return mapNamed(like, (name) => tensorOf(entries[name])) as T;
}

/**
 * The tensor of one entry.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tensorOf } from "@yadll/yadll/model";
 *
 * const entry = { dtype: "u32", shape: [1, 2], values: Uint32Array.of(0, 4000000000) } as const;
 * assertEquals(await tensorOf(entry).toArray(), [[0, 4000000000]]);
 * ```
 */
export function tensorOf(entry: TensorEntry): Tensor {
  checkArgument("make a tensor", entry, entryKind);
  const { dtype, shape, values } = entry;
  return tensor(values, shape, { dtype });
}

/**
 * The reasons why entries cannot fill a tree: tensors that are missing, unexpected, or of another type or shape. One
 * line for each; none if all of them fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { zeros } from "@yadll/yadll/core";
 * import { mismatches } from "@yadll/yadll/model";
 *
 * assertEquals(mismatches({}, { b: zeros([2]) }), ['tensor "b": expected f32[2], got none']);
 * ```
 */
export function mismatches(entries: TensorEntries, like: unknown): string[] {
  checkEntries("compare tensors", entries);
  const problems: string[] = [];
  const expected = new Set<string>();
  mapNamed(like, (name, leaf) => {
    expected.add(name);
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    const fits = entry !== undefined && entry.dtype === leaf.dtype && sameShape(entry.shape, leaf.shape);
    if (!fits) problems.push(problemOf(name, leaf, entry));
  });
  for (const name of Object.keys(entries)) {
    if (!expected.has(name)) problems.push(problemOf(name, undefined, entries[name]));
  }
  return problems;
}

type TypeOfTensor = Pick<TensorEntry, "dtype" | "shape">;

function problemOf(name: string, expected: TypeOfTensor | undefined, got: TypeOfTensor | undefined): string {
  const [wanted, found] = [expected, got].map((one) => one ? `${one.dtype}${showShape(one.shape)}` : "none");
  return `tensor "${showLine(name, LONGEST_SHOWN)}": expected ${wanted}, got ${found}`;
}

/** Throws unless these are tensors by name. */
export function checkEntries(action: string, entries: unknown): void {
  checkArgument(action, entries, entriesKind);
  const named: Readonly<Record<string, unknown>> = Object(entries);
  for (const name of Object.keys(named)) checkArgument(action, named[name], namedKind);
}

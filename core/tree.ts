/**
 * Nested records and arrays of tensors: parameters, states, batches.
 *
 * @module
 */

import { functionKind } from "./options/kinds.ts";
import { checkArgument } from "./options/read.ts";
import { withArticle } from "./options/show.ts";
import { Tensor } from "./tensor.ts";

/** A value that may hold tensors: a tensor, a constant, or an array or record of these. */
export type Tree = unknown;

/** The parts of a tree. */
export interface Flat {
  /** The tensors, in the order of arrays and of record keys. */
  readonly leaves: Tensor[];
  /** The tree's form and constants, as text; equal for trees that differ only in tensors. */
  readonly structure: string;
  /** Makes a tree of the same form with other leaves. */
  rebuild(leaves: readonly unknown[]): Tree;
}

type Build = (next: () => unknown) => unknown;

function isRecord(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Returns a constant as text that only equal constants share. −0 is not 0: 1 / −0 is −Infinity. */
function showConstant(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The parts that a traversal of a tree has found so far. */
interface Found {
  readonly leaves: Tensor[];
  /** The parts of {@linkcode Flat.structure}. */
  readonly text: string[];
  /** The number of arrays and records around the part that is visited. */
  depth: number;
}

/** The deepest level of arrays and records; a tree that contains itself has no end. */
const DEEPEST = 500;

/** Visits what an array or a record holds. */
function visitParts<T>(path: string, found: Found, visitAll: () => T): T {
  if (found.depth === DEEPEST) {
    const top = /^(?:\.?[^.[]+|\[\d+\])/.exec(path)?.[0] ?? "the argument";
    throw new TypeError(`Cannot use ${top} as a tree: it contains itself, or has more than ${DEEPEST} levels`);
  }
  found.depth++;
  const builds = visitAll();
  found.depth--;
  return builds;
}

/** Visits the items of an array; a hole is an item that is undefined. */
function visitItems(items: readonly unknown[], path: string, found: Found): Build {
  const builds: Build[] = [];
  found.text.push("[");
  visitParts(path, found, () => {
    for (let i = 0; i < items.length; i++) builds.push(visit(items[i], `${path}[${i}]`, found));
  });
  found.text.push("]");
  return arrayOf(builds);
}

function visitFields(record: Readonly<Record<string, unknown>>, path: string, found: Found): Build {
  const { text } = found;
  text.push("{");
  const builds = visitParts(path, found, () =>
    Object.keys(record).map((key) => {
      text.push(JSON.stringify(key), ":");
      return [key, visit(record[key], `${path}.${key}`, found)] as const;
    }));
  text.push("}");
  return recordOf(builds);
}

function visit(value: unknown, path: string, found: Found): Build {
  const { leaves, text } = found;
  if (value instanceof Tensor) {
    leaves.push(value);
    text.push("*");
    return takeNext;
  }
  if (Array.isArray(value)) return visitItems(value, path, found);
  if (typeof value === "object" && value !== null) {
    if (!isRecord(value)) {
      throw new TypeError(
        `Cannot use ${path || "the argument"} as a tree: expected tensors, constants, arrays and plain records, got ${
          value.constructor?.name ?? "an object"
        }`,
      );
    }
    return visitFields(value, path, found);
  }
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeError(
      `Cannot use ${path || "the argument"} as a tree: got ${
        withArticle(typeof value)
      }; close over it instead of passing it`,
    );
  }
  text.push(`${typeof value} ${showConstant(value)};`);
  return constant(value);
}

// These are apart from the traversal, because a function keeps all variables around it in memory, here the whole tree.
const takeNext: Build = (next) => next();
const arrayOf = (builds: readonly Build[]): Build => (next) => builds.map((build) => build(next));
const recordOf = (builds: readonly (readonly [string, Build])[]): Build => (next) =>
  Object.fromEntries(builds.map(([key, build]) => [key, build(next)]));
const constant = (value: unknown): Build => () => value;

/**
 * Splits a tree into leaves and structure. Numbers, strings, booleans, null and undefined are constants of its
 * structure.
 */
export function flattenTree(tree: Tree): Flat {
  const leaves: Tensor[] = [];
  const text: string[] = [];
  const build = visit(tree, "", { leaves, text, depth: 0 });
  return {
    leaves,
    structure: text.join(""),
    rebuild: (values) => {
      let i = 0;
      return build(() => values[i++]);
    },
  };
}

/**
 * Returns the tensors of a tree, in the order of arrays and of record keys.
 *
 * @example
 * ```ts
 * import { leavesOf, ones } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { hidden: { W: ones([2, 3]), b: ones([3]) }, rate: 0.1 };
 * assertEquals(leavesOf(params).map(({ shape }) => shape), [[2, 3], [3]]);
 * ```
 */
export function leavesOf(tree: Tree): Tensor[] {
  return flattenTree(tree).leaves;
}

/**
 * Returns the names of the tensors of a tree, in the order of {@linkcode leavesOf}: the keys that lead to each, joined by
 * slashes. In a key, a slash is written `~1` and a tilde `~0`, as in a JSON pointer (RFC 6901).
 *
 * @example
 * ```ts
 * import { ones, pathsOf } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathsOf({ "Hidden 1": { W: ones([2, 3]), b: ones([3]) }, list: [ones([])] }), [
 *   ...["Hidden 1/W", "Hidden 1/b", "list/0"],
 * ]);
 * ```
 */
export function pathsOf(tree: Tree): string[] {
  flattenTree(tree); // checks it
  const paths: string[] = [];
  const visitAll = (value: unknown, path: string): void => {
    if (value instanceof Tensor) paths.push(path);
    else if (typeof value === "object" && value !== null) {
      for (const [key, part] of Object.entries(value)) visitAll(part, pathTo(path, key));
    }
  };
  visitAll(tree, "");
  return paths;
}

/** The name of a part of a tree: that of the whole, which is empty at the top, and the key of the part. */
export function pathTo(path: string, key: string | number): string {
  const escaped = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
  return path === "" ? escaped : `${path}/${escaped}`;
}

/**
 * Returns a tree of the same form whose tensors are `change` of the corresponding tensors of `tree` and `others`.
 *
 * @throws {TypeError} if the trees differ in form.
 *
 * @example
 * ```ts
 * import { mapTree, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [params, gradients] = [{ W: tensor([1, 2]) }, { W: tensor([10, 20]) }];
 * const next = mapTree((leaf: Tensor, gradient: Tensor) => leaf.sub(gradient.mul(0.5)), params, gradients);
 * assertEquals(await next.W.toArray(), [-4, -8]);
 * ```
 */
export function mapTree<T>(change: (...tensors: Tensor[]) => Tensor, tree: T, ...others: readonly unknown[]): T {
  checkArgument("map a tree", change, functionKind);
  const flat = flattenTree(tree);
  const rest = others.map((other) => {
    const { leaves, structure } = flattenTree(other);
    if (structure !== flat.structure) {
      throw new TypeError(`Cannot map trees of different forms: expected ${flat.structure}, got ${structure}`);
    }
    return leaves;
  });
  return flat.rebuild(flat.leaves.map((leaf, i) => change(leaf, ...rest.map((leaves) => leaves[i])))) as T;
}

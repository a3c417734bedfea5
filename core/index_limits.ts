/**
 * Limits of indices, such as tokens and classes. They are checked wherever the host has the values: at the call that
 * uses them, or at each call of a compiled function whose argument they are. Otherwise the kernel that uses them checks
 * them, and the next read reports what it found.
 *
 * @module
 */

import { isNode, type Node } from "./graph/node.ts";
import { indexAt, type IndexLimit, refusedIndex } from "./nest/index_checks.ts";
import { type Shape, sizeOf } from "./shape.ts";
import type { Storage } from "./storage.ts";

/** A limit of a parameter, by its number. */
export interface ParameterLimit {
  readonly index: number;
  readonly limit: IndexLimit;
}

/** The limits of parameters whose values are not known yet. */
const limits = new WeakMap<Node, IndexLimit[]>();

/** Operations that keep all values. A cast does, except to bool. */
const keeping: ReadonlySet<string> = new Set(["reshape", "permute", "expand", "flip", "stop", "cast"]);

/** What values are known to be below, because the host checked them before they became part of others. */
const known = new WeakMap<Node, number>();

/** Declares that the values of a node are from 0 to `size − 1`, so that no kernel has to check them. */
export function knowIndices(node: Node, size: number): void {
  known.set(node, size);
}

/** The nodes whose values are exactly those of `node`, in any order and number: itself first, and the source last. */
function sourcesOf(node: Node): Node[] {
  const sources = [node];
  for (let source = node; keeping.has(source.op) && source.dtype !== "bool";) sources.push(source = source.inputs[0]);
  return sources;
}

/**
 * Checks indices now if the host has them, or at each call of the traced function if they are its argument.
 *
 * @returns whether all of them are checked now or were before, so that no kernel has to check them.
 * @throws {RangeError} for an index that is not from 0 to `size − 1`; the message names it and its position.
 */
export function limitIndices(indices: Node, limit: IndexLimit): boolean {
  const sources = sourcesOf(indices);
  if (sources.some((node) => (known.get(node) ?? Infinity) <= limit.size)) return true;
  const source = sources.at(-1)!;
  if (isNode(source, "data")) return checkStorage(source.attributes.storage, source.shape, limit);
  if (isNode(source, "constant")) return checkConstant(source, limit);
  if (isNode(source, "parameter")) limits.set(source, [...limits.get(source) ?? [], limit]);
  return false;
}

/** The limits of the parameters of a trace. */
export function limitsOf(parameters: readonly Node[]): ParameterLimit[] {
  return parameters.flatMap((parameter, index) => (limits.get(parameter) ?? []).map((limit) => ({ index, limit })));
}

/** Applies the limits of a trace's parameters to the arguments that they stand for. */
export function passLimits(passed: readonly ParameterLimit[], given: readonly { readonly node: Node }[]): void {
  for (const { index, limit } of passed) limitIndices(given[index].node, limit);
}

/** The least and the greatest values of storages, whose elements never change. */
const ranges = new WeakMap<Storage, readonly [least: number, greatest: number]>();

function rangeOf(storage: Storage, values: ArrayLike<number>): readonly [number, number] {
  const known = ranges.get(storage);
  if (known) return known;
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    // NaN is neither; it is outside of every range.
    if (!(values[i] >= least)) least = values[i];
    if (!(values[i] <= greatest)) greatest = values[i];
    if (values[i] !== values[i]) break;
  }
  const range = [least, greatest] as const;
  ranges.set(storage, range);
  return range;
}

/** Whether a value, truncated as by a cast, is an index. */
function isWithin(value: number, size: number): boolean {
  return value > -1 && value < size;
}

function checkStorage(storage: Storage, shape: Shape, limit: IndexLimit): boolean {
  const values = storage.onHost;
  if (!values) return false;
  if (values.length === 0) return true;
  const [least, greatest] = rangeOf(storage, values);
  if (isWithin(least, limit.size) && isWithin(greatest, limit.size)) return true;
  const position = values.findIndex((value: number) => !isWithin(value, limit.size));
  throw refusedIndex(values[position], indexAt(shape, position), limit);
}

function checkConstant({ shape, attributes: { value } }: Node<"constant">, limit: IndexLimit): boolean {
  if (sizeOf(shape) > 0 && !isWithin(value, limit.size)) throw refusedIndex(value, shape.map(() => 0), limit);
  return true;
}

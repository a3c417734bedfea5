/**
 * Limits of indices, such as tokens and classes. They are checked wherever the host has the values: at the call that
 * uses them, or at each call of a compiled function whose argument they are. Otherwise the kernel that uses them checks
 * them, and the next read reports what it found.
 *
 * @module
 */

import { isFloat } from "./dtype.ts";
import { isNode, type Node } from "./graph/node.ts";
import { indexAt, refusedIndex } from "./nest/index_checks.ts";
import type { IndexLimit } from "./nest/numbered_checks.ts";
import { type Shape, sizeOf } from "./shape.ts";
import type { Storage } from "./storage.ts";

/** A limit, and whether the values are used without a conversion, which would drop their fractions. */
interface UsedLimit {
  readonly limit: IndexLimit;
  readonly isWhole: boolean;
}

/** A limit of a parameter, by its number. */
export interface ParameterLimit extends UsedLimit {
  readonly index: number;
}

/** The limits of parameters whose values are not known yet. */
const limits = new WeakMap<Node, UsedLimit[]>();

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
 * @param isWhole whether fractions are refused; they are dropped by conversions to whole numbers, which are not checked
 * @returns whether all of them are checked now or were before, so that no kernel has to check them.
 * @throws {RangeError} for an index that is not from 0 to `size − 1`; the message names it and its position.
 */
export function limitIndices(indices: Node, limit: IndexLimit, isWhole = true): boolean {
  const sources = sourcesOf(indices);
  if (sources.some((node) => (known.get(node) ?? Infinity) <= limit.size)) return true;
  const source = sources.at(-1)!;
  const used = { limit, isWhole: isWhole && sources.every(({ dtype }) => isFloat(dtype)) };
  if (isNode(source, "data")) return checkStorage(source.attributes.storage, source.shape, used);
  if (isNode(source, "constant")) return checkConstant(source, used);
  if (isNode(source, "parameter")) limits.set(source, [...limits.get(source) ?? [], used]);
  return false;
}

/** The limits of the parameters of a trace. */
export function limitsOf(parameters: readonly Node[]): ParameterLimit[] {
  return parameters.flatMap((parameter, index) => (limits.get(parameter) ?? []).map((used) => ({ index, ...used })));
}

/** Applies the limits of a trace's parameters to the arguments that they stand for. */
export function passLimits(passed: readonly ParameterLimit[], given: readonly { readonly node: Node }[]): void {
  for (const { index, limit, isWhole } of passed) limitIndices(given[index].node, limit, isWhole);
}

/** The least and the greatest of the values, and whether all are whole numbers. */
interface ValueRange {
  readonly least: number;
  readonly greatest: number;
  readonly areWhole: boolean;
}

/** The ranges of storages, whose elements never change. */
const ranges = new WeakMap<Storage, ValueRange>();

function rangeOf(storage: Storage, values: ArrayLike<number>): ValueRange {
  const known = ranges.get(storage);
  if (known) return known;
  let [least, greatest, areWhole] = [Infinity, -Infinity, true];
  for (let i = 0; i < values.length; i++) {
    // NaN is neither; it is outside of every range.
    if (!(values[i] >= least)) least = values[i];
    if (!(values[i] <= greatest)) greatest = values[i];
    if (!Number.isInteger(values[i])) areWhole = false;
    if (values[i] !== values[i]) break;
  }
  const range = { least, greatest, areWhole };
  ranges.set(storage, range);
  return range;
}

/** Whether a value is an index, truncated as by a cast unless it must be whole. */
function isWithin(value: number, { limit: { size }, isWhole }: UsedLimit): boolean {
  return value > -1 && value < size && (!isWhole || Number.isInteger(value));
}

function checkStorage(storage: Storage, shape: Shape, used: UsedLimit): boolean {
  const values = storage.onHost;
  if (!values) return false;
  if (values.length === 0) return true;
  const { least, greatest, areWhole } = rangeOf(storage, values);
  if ((areWhole || !used.isWhole) && isWithin(least, used) && isWithin(greatest, used)) return true;
  const position = values.findIndex((value: number) => !isWithin(value, used));
  throw refusedIndex(values[position], indexAt(shape, position), used.limit);
}

function checkConstant({ shape, attributes: { value } }: Node<"constant">, used: UsedLimit): boolean {
  if (sizeOf(shape) > 0 && !isWithin(value, used)) throw refusedIndex(value, shape.map(() => 0), used.limit);
  return true;
}

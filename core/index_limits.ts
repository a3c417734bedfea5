/**
 * Limits of indices, such as tokens and classes. They are checked wherever the host has the values: at the call that
 * uses them, or at each call of a compiled function whose argument they are.
 *
 * A device cannot refuse an index, so on a device it is only kept within the table.
 *
 * @module
 */

import { isNode, type Node } from "./graph/node.ts";
import { type Shape, showShape, sizeOf } from "./shape.ts";
import type { Storage } from "./storage.ts";

/** What indices must be below, and how they are called in messages. */
export interface IndexLimit {
  /** The number of rows of the table, or of classes. */
  readonly size: number;
  /** The start of messages after "Cannot": `look up token`. */
  readonly action: string;
  /** What has `size` entries, for messages: `the table`. */
  readonly table: string;
  /** What the entries are: `rows`. */
  readonly entries: string;
  /** The number of rows before the first one, for messages about a part of the rows (default: 0). */
  readonly firstRow?: number;
}

/** A limit of a parameter, by its number. */
export interface ParameterLimit {
  readonly index: number;
  readonly limit: IndexLimit;
}

/** The limits of parameters whose values are not known yet. */
const limits = new WeakMap<Node, IndexLimit[]>();

/** Operations that keep all values. A cast does, except to bool. */
const keeping: ReadonlySet<string> = new Set(["reshape", "permute", "expand", "flip", "stop", "cast"]);

/** The node whose values are exactly those of `node`, in any order and number. */
function sourceOf(node: Node): Node {
  let source = node;
  while (keeping.has(source.op) && source.dtype !== "bool") source = source.inputs[0];
  return source;
}

/**
 * Checks indices now if the host has them, or at each call of the traced function if they are its argument.
 *
 * @throws {RangeError} for an index that is not from 0 to `size − 1`; the message names it and its position.
 */
export function limitIndices(indices: Node, limit: IndexLimit): void {
  const source = sourceOf(indices);
  if (isNode(source, "data")) checkStorage(source.attributes.storage, source.shape, limit);
  else if (isNode(source, "constant")) checkConstant(source, limit);
  else if (isNode(source, "parameter")) limits.set(source, [...limits.get(source) ?? [], limit]);
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

function checkStorage(storage: Storage, shape: Shape, limit: IndexLimit): void {
  const values = storage.onHost;
  if (!values || values.length === 0) return;
  const [least, greatest] = rangeOf(storage, values);
  if (isWithin(least, limit.size) && isWithin(greatest, limit.size)) return;
  const position = values.findIndex((value: number) => !isWithin(value, limit.size));
  throw refusal(values[position], indexAt(shape, position), limit);
}

function checkConstant({ shape, attributes: { value } }: Node<"constant">, limit: IndexLimit): void {
  if (sizeOf(shape) > 0 && !isWithin(value, limit.size)) throw refusal(value, shape.map(() => 0), limit);
}

function refusal(value: number, position: readonly number[], limit: IndexLimit): RangeError {
  const { size, action, table, entries, firstRow = 0 } = limit;
  const index = position.map((one, axis) => axis === 0 ? one + firstRow : one);
  const [row] = index;
  const place = index.length === 0
    ? ""
    : index.length === 1
    ? ` of row ${row}`
    : ` of row ${row}, at ${showShape(index)}`;
  return new RangeError(
    `Cannot ${action} ${value}${place}: ${table} has ${size} ${entries}, ` +
      (size === 0 ? "so it has no index" : `so expected a whole number from 0 to ${size - 1}`),
  );
}

function indexAt(shape: Shape, position: number): number[] {
  let rest = position;
  return shape.map((_, axis) => {
    const stride = sizeOf(shape.slice(axis + 1));
    const index = Math.floor(rest / stride);
    rest %= stride;
    return index;
  });
}

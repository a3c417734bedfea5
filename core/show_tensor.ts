/**
 * Tensors as text.
 *
 * @module
 */

import type { HostArray } from "./dtype.ts";
import { isNode, type Node, showType, topological, type ValueType } from "./graph/node.ts";
import { isKind } from "./graph/ops.ts";
import type { Reference } from "./graph/rule.ts";
import { interpret } from "./interpreter.ts";
import { sizeOf } from "./shape.ts";

/** Elements of larger tensors are not computed for a text. */
const MOST_ELEMENTS = 2 ** 16;

/** Longer axes are shortened: their first and last elements are shown. */
const LONGEST_AXIS = 6;

/** Elements that are shown at either end of a long axis. */
const AT_EACH_END = 3;

/** Significant digits: those that every f32 has. */
const DIGITS = 6;

/**
 * Returns a node as text, such as `Tensor f32[3] [1, 2, 3]`. The elements are shown if the host has them: reading them
 * from a device would take a wait.
 */
export function showTensor(node: Node): string {
  const values = hostValues(node);
  const type = `Tensor ${showType(node)}`;
  if (node.traced) return `${type} (traced)`;
  return values ? `${type} ${showElements(node, values)}` : type;
}

/** Returns what notebooks show for a tensor: its text, with elements that are read if the host does not have them. */
export async function displayTensor(
  tensor: { readonly node: Node; data(): Promise<HostArray> },
): Promise<Readonly<Record<string, string>>> {
  const { node } = tensor;
  if (node.traced) return { "text/plain": showTensor(node) };
  const values = Float64Array.from(await tensor.data());
  return { "text/plain": `Tensor ${showType(node)} ${showElements(node, values)}` };
}

/**
 * Refuses an operator on a tensor.
 *
 * @throws {TypeError} always.
 */
export function refuseOperator(node: Node): never {
  throw new TypeError(
    `Cannot use an operator such as + on ${
      showType(node)
    }: expected a method, such as x.add(1), x.mul(2) or x.less(3); String(x) is its text`,
  );
}

/** The elements of a node that rearranges values on the host; undefined if anything else is needed. */
function hostValues(node: Node): Float64Array | undefined {
  const nodes = topological([node]);
  const isHere = (one: Node): boolean =>
    sizeOf(one.shape) <= MOST_ELEMENTS &&
    (isNode(one, "data")
      ? one.attributes.storage.onHost !== undefined
      : !isNode(one, "parameter") && (isKind(one, "source") || isKind(one, "movement")));
  if (!nodes.every(isHere)) return undefined;
  const held = ({ shape, attributes }: Node<"data">): Reference => ({
    shape,
    values: Float64Array.from(attributes.storage.onHost ?? []),
  });
  return interpret({ parameters: [], results: [node] }, [], held)[0].values;
}

/** Returns elements of this shape and type as text; only the first and last ones of long axes. */
export function showElements(type: ValueType, values: Float64Array): string {
  return nest({ type, values }, 0, 0);
}

interface Shown {
  readonly type: ValueType;
  readonly values: Float64Array;
}

/** The elements from `start` along an axis and those after it, as nested lists. */
function nest({ type, values }: Shown, axis: number, start: number): string {
  const { shape, dtype } = type;
  if (axis === shape.length) return showElement(values[start], dtype === "bool");
  const extent = shape[axis];
  const part = sizeOf(shape.slice(axis + 1));
  const one = (i: number): string => nest({ type, values }, axis + 1, start + i * part);
  if (extent <= LONGEST_AXIS) return `[${Array.from({ length: extent }, (_, i) => one(i)).join(", ")}]`;
  const ends = Array.from({ length: AT_EACH_END }, (_, i) => i);
  return `[${[...ends.map(one), "…", ...ends.map((i) => one(extent - AT_EACH_END + i))].join(", ")}]`;
}

function showElement(value: number, isFlag: boolean): string {
  if (isFlag) return String(value !== 0);
  if (Number.isInteger(value)) return Object.is(value, -0) ? "-0" : String(value);
  return String(Number(value.toPrecision(DIGITS)));
}

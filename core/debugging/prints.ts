/**
 * Values that compiled functions print. They are additional results of the graph in which they are computed, and are
 * read after the run, so the graph of a function that prints nothing does not change.
 *
 * @module
 */

import type { HostArray } from "../dtype.ts";
import { isNode, type Node, showType, topological, type ValueType } from "../graph/node.ts";
import { showElements } from "../show_tensor.ts";
import { sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** Prints one line. */
export type PrintLine = (text: string) => void;

/** A value to print. */
export interface PrintedValue {
  readonly kind: "value";
  /** The type of what is printed at once. In a loop, one value has those of all iterations. */
  readonly type: ValueType;
  readonly label: string;
  readonly print: PrintLine;
}

/** What the iterations of a loop print. */
export interface PrintedLoop {
  readonly kind: "loop";
  readonly length: number;
  readonly reverse: boolean;
  readonly prints: readonly Print[];
}

/** Something to print, without the values. */
export type Print = PrintedValue | PrintedLoop;

/** What a function prints, in order. */
export interface Prints {
  readonly prints: readonly Print[];
  /** The nodes of all values, in the order of `prints`. */
  readonly nodes: readonly Node[];
}

interface Collection {
  readonly prints: Print[];
  readonly nodes: Node[];
}

let current: Collection | undefined;

/** Calls `fn`, and returns what it would print instead of printing it. */
export function collectPrints<R>(fn: () => R): { value: R } & Prints {
  const before = current;
  const collection: Collection = { prints: [], nodes: [] };
  current = collection;
  try {
    return { value: fn(), ...collection };
  } finally {
    current = before;
  }
}

/** Prints values now, or with the run of the function that is traced. */
export function addPrints({ prints, nodes }: Prints): void {
  if (nodes.length === 0) return;
  if (current) {
    current.prints.push(...prints);
    current.nodes.push(...nodes);
    return;
  }
  for (const node of topological(nodes)) if (isNode(node, "data")) node.attributes.storage.check();
  deliver(prints, nodes.map((node) => new Tensor(node).data()));
}

let delivered: Promise<void> = Promise.resolve();

/** Prints values when they and all that was printed before have been read. */
export function deliver(prints: readonly Print[], reads: readonly Promise<HostArray>[]): void {
  const before = delivered;
  const values = Promise.all(reads);
  delivered = before.then(() => values).then((values) => printAll(prints, { values, offset: 0 }, [])).catch(throwLater);
}

/** Throws errors of a read or of the printing function as uncaught ones, because no caller waits for them. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Waits until everything is printed. */
export function allPrinted(): Promise<void> {
  return delivered;
}

interface Read {
  /** The values of the prints and of those after them. */
  readonly values: readonly HostArray[];
  /** The iteration within those of all loops around the prints. */
  readonly offset: number;
}

/** The number of values that belong to a print. */
function valuesOf(print: Print): number {
  return print.kind === "value" ? 1 : print.prints.reduce((sum, inner) => sum + valuesOf(inner), 0);
}

function printAll(prints: readonly Print[], { values, offset }: Read, turns: readonly number[]): void {
  let next = 0;
  for (const print of prints) {
    const own = values.slice(next, next += valuesOf(print));
    if (print.kind === "value") printValue(print, { values: own, offset }, turns);
    else printLoop(print, { values: own, offset }, turns);
  }
}

function printLoop({ length, reverse, prints }: PrintedLoop, { values, offset }: Read, turns: readonly number[]): void {
  for (let i = 0; i < length; i++) {
    const turn = reverse ? length - 1 - i : i;
    printAll(prints, { values, offset: offset * length + turn }, [...turns, turn]);
  }
}

function printValue({ type, label, print }: PrintedValue, { values, offset }: Read, turns: readonly number[]): void {
  const size = sizeOf(type.shape);
  const own = Float64Array.from(values[0].subarray(offset * size, (offset + 1) * size));
  const name = label + (turns.length > 0 ? `[${turns.join(", ")}]` : "");
  print(`${name && `${name}: `}${showType(type)} ${showElements(type, own)}`);
}

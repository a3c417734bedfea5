/**
 * The limits of a kernel: the buffers that it reads and the operations that it computes.
 *
 * @module
 */

import type { Node } from "../graph/node.ts";
import { isElementwise, isTuple } from "../graph/ops.ts";
import { checksIndices, isLeaf, lengthOf } from "./node_roles.ts";

/** The nodes from which a node is computed. */
export interface Reach {
  /** The nodes in memory that are read. */
  readonly reads: ReadonlySet<Node>;
  /** The nodes that are computed in place, the node itself included. */
  readonly operations: ReadonlySet<Node>;
}

/**
 * The longest kernel. Compilers become slow for longer ones, and expressions are traversed recursively.
 */
const LONGEST_KERNEL = 400;

/** The same with repetitions. Most kernels repeat nothing but a few random numbers, whose code is long. */
const LONGEST_REPETITIONS = 800;

/**
 * The lengths of the operations from which a node is computed, by numbers that stand for an operation and the movements
 * between it and the node. An operation that several movements lead to is written once for each of them, because its
 * indices differ.
 */
type Copies = ReadonlyMap<number, number>;

/** Whether one kernel may hold these operations. */
export function fitsKernel(operations: Iterable<Node>): boolean {
  let length = 0;
  for (const node of operations) length += lengthOf(node);
  return length <= LONGEST_KERNEL;
}

/** Returns the reach of a node, given those of its inputs that are not in memory. */
function reachOf(node: Node, reaches: ReadonlyMap<Node, Reach>, inMemory: (node: Node) => boolean): Reach {
  const reads = new Set<Node>();
  const operations = new Set<Node>([node]);
  for (const input of new Set(node.inputs)) {
    if (inMemory(input)) reads.add(input);
    else {
      const inner = reaches.get(input)!;
      inner.reads.forEach((read) => reads.add(read));
      inner.operations.forEach((operation) => operations.add(operation));
    }
  }
  return { reads, operations };
}

/** Returns a number for what `key` stands for behind the input `position` of the node with this number. */
function behind(key: number, { node, position }: { readonly node: number; readonly position: number }): number {
  const mixed = Math.imul(key ^ Math.imul(node + 1, 0x85ebca6b) ^ position, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** A node in a kernel, with those of its inputs that the kernel also computes. */
interface Written {
  readonly node: Node;
  /** Its position in the order of all nodes. */
  readonly number: number;
  /** The inputs that are not in memory, and their positions among the inputs. */
  readonly inputs: readonly { readonly written: Written; readonly position: number }[];
  /** The length of its operations if each is written once for every path to it: no less than the true length. */
  readonly most: number;
  /** The true lengths, counted only if `most` is too long. */
  copies?: Copies;
}

/** Counts the operations of kernels as often as they are written. */
class CopyCounter {
  readonly #written = new Map<Node, Written>();

  constructor(readonly inMemory: (node: Node) => boolean) {}

  /** Counts those of a node, after those of its inputs, and returns whether a kernel may hold them. */
  fits(node: Node): boolean {
    const inputs: Written["inputs"][number][] = [];
    let most = lengthOf(node);
    node.inputs.forEach((input, position) => {
      if (this.inMemory(input)) return;
      const written = this.#written.get(input)!;
      inputs.push({ written, position });
      most += written.most;
    });
    const written = { node, number: this.#written.size, inputs, most };
    this.#written.set(node, written);
    if (most <= LONGEST_REPETITIONS) return true;
    let length = 0;
    for (const one of copiesOf(written).values()) length += one;
    return length <= LONGEST_REPETITIONS;
  }
}

function copiesOf(written: Written): Copies {
  if (written.copies) return written.copies;
  const { node, number, inputs } = written;
  const copies = new Map([[number, lengthOf(node)]]);
  const moves = !isElementwise(node);
  for (const { written, position } of inputs) {
    for (const [key, length] of copiesOf(written)) {
      copies.set(moves ? behind(key, { node: number, position }) : key, length);
    }
  }
  return written.copies = copies;
}

/** Returns the reach of each node. */
export function reachesOf(order: readonly Node[], inMemory: (node: Node) => boolean): Map<Node, Reach> {
  const reaches = new Map<Node, Reach>();
  for (const node of order) reaches.set(node, reachOf(node, reaches, inMemory));
  return reaches;
}

/**
 * Adds nodes to those that are kept in memory, until each can be computed from at most `mostReads` others by no more
 * operations than a kernel may hold, within one.
 */
export function keepWithinLimits(order: readonly Node[], kept: Set<Node>, mostReads: number): void {
  const inMemory = (node: Node): boolean => kept.has(node) || isLeaf(node);
  const reaches = new Map<Node, Reach>();
  const copies = new CopyCounter(inMemory);
  const readsOf = (node: Node): number => inMemory(node) ? 1 : reaches.get(node)!.reads.size;
  for (const node of order) {
    let reach = reachOf(node, reaches, inMemory);
    while (reach.reads.size + Number(checksIndices(reach.operations)) > mostReads && !isTuple(node)) {
      const widest = node.inputs.reduce((a, b) => readsOf(b) > readsOf(a) ? b : a);
      if (inMemory(widest)) break;
      kept.add(widest);
      reach = reachOf(node, reaches, inMemory);
    }
    if (!(copies.fits(node) && fitsKernel(reach.operations)) && !isLeaf(node)) kept.add(node);
    reaches.set(node, reach);
  }
}

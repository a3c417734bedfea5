/**
 * The text by which the program of an operation outside of compiled functions is found. It is made at each operation, so
 * it is made without tables, and only of small graphs; {@linkcode describe} describes the others.
 *
 * @module
 */

import { isNode, type Node } from "../graph/node.ts";
import { isKind } from "../graph/ops.ts";
import { showPlain } from "../graph/show_attributes.ts";
import { Storage } from "../storage.ts";

/** The most nodes of a graph whose key is made. */
const MOST_NODES = 16;

/** Numbers that are worth their own kernel. Others become parameters, so that one kernel serves them all. */
const common = new Set([0, 1, -1, 2, 0.5, -Infinity, Infinity]);

/** A number that is passed to a kernel instead of being part of it. */
export function isPassed(node: Node): node is Node<"constant"> {
  return isNode(node, "constant") && node.dtype === "f32" && !common.has(node.attributes.value);
}

/** The storage of a number that is passed. */
export function storageOf({ attributes: { value } }: Node<"constant">): Storage {
  return Storage.fromHost("f32", Float32Array.of(value));
}

/** An operation up to the elements of its tensors and its uncommon numbers. */
export interface OperationKey {
  readonly text: string;
  /** The elements that it reads: those of tensors and numbers, each once, in the order of their first use. */
  readonly inputs: Storage[];
  /** Those of numbers, which nobody else needs. */
  readonly numbers: Storage[];
}

class KeyWriter implements OperationKey {
  text = "";
  readonly inputs: Storage[] = [];
  readonly numbers: Storage[] = [];
  readonly #nodes: Node[] = [];

  /** Adds a node after those that it depends on, and returns its number; −1 if its graph is large or has loops. */
  add(node: Node): number {
    const known = this.#nodes.indexOf(node);
    if (known >= 0) return known;
    if (isNode(node, "data")) {
      this.inputs.push(node.attributes.storage);
      this.text += `${node.dtype}[${node.shape}];`;
    } else if (isPassed(node)) {
      const storage = storageOf(node);
      this.inputs.push(storage);
      this.numbers.push(storage);
      this.text += `number [${node.shape}];`;
    } else if (!this.#addOperation(node)) return -1;
    return this.#nodes.length < MOST_NODES ? this.#nodes.push(node) - 1 : -1;
  }

  #addOperation(node: Node): boolean {
    if (isKind(node, "tuple") || isKind(node, "pick")) return false;
    let operands = "";
    for (const input of node.inputs) {
      const number = this.add(input);
      if (number < 0) return false;
      operands += ` ${number}`;
    }
    let attributes = "";
    const given: Readonly<Record<string, unknown>> = { ...node.attributes };
    for (const name in given) {
      const value = given[name];
      if (typeof value === "object" && !Array.isArray(value)) return false;
      attributes += `${name}:${showPlain(value)},`;
    }
    this.text += `${node.op} ${attributes}${operands};`;
    return true;
  }
}

/** Returns the key of an operation; nothing for large graphs and loops. */
export function operationKey(root: Node): OperationKey | undefined {
  const writer = new KeyWriter();
  return writer.add(root) < 0 ? undefined : writer;
}

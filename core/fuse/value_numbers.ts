/**
 * Numbers for the tensors that fused nests load and store. Their places in memory are planned later; until then, a
 * number stands for a slot in the nests' expressions.
 *
 * @module
 */

import type { Node, ValueType } from "../graph/node.ts";

/** The numbers of the nodes of one graph. */
export class ValueNumbers {
  readonly #numbers = new Map<Node, number>();

  /** Numbers that start after those of `values`, which lists the meaning of each number. */
  constructor(readonly values: (Node | ValueType)[] = []) {}

  /**
   * Returns numbers for a graph inside of this one. The same graph may be computed twice, with other numbers each time.
   */
  inner(): ValueNumbers {
    return new ValueNumbers(this.values);
  }

  /** Returns the number of a node. */
  of(node: Node): number {
    let number = this.#numbers.get(node);
    if (number === undefined) this.#numbers.set(node, number = this.fresh(node));
    return number;
  }

  /** Returns a new number for a tensor that no node stands for. */
  fresh(value: Node | ValueType): number {
    return this.values.push(value) - 1;
  }
}

/**
 * The backward loop for the gradient of a scan: its body, and the positions of the gradients among its results.
 *
 * @module
 */

import type { Tensor } from "../../tensor.ts";
import type { ScanAttributes } from "../attributes.ts";
import { type Graph, type Node, parameter } from "../node.ts";
import type { Cotangents } from "../rule.ts";
import { hoist, type Hoisted, movedStack, unmoved } from "./leaving_loops.ts";

/** The values handed to the backward loop: stacked tensors and constants. */
export interface Sources {
  readonly stacked: Map<Node, Tensor>;
  readonly constant: Map<Node, Tensor>;
}

const sumOf = (a: Node, b: Node): Node => ({
  op: "add",
  inputs: [a, b],
  attributes: {},
  shape: a.shape,
  dtype: a.dtype,
  traced: true,
});

/** Lays out the results of the backward body, and finds the gradients among the results of the loop. */
export class BackwardLoop {
  /** Inputs whose gradients are accumulated in a carry. */
  readonly accumulated: number[] = [];
  readonly #hoisted = new Map<number, Hoisted[]>();
  readonly #sums: Node<"parameter">[];
  readonly #stacks: Node[] = [];

  /**
   * Makes a loop from the gradients of one iteration with respect to the inputs of the scan; null for inputs without a
   * gradient.
   */
  constructor(
    readonly gradients: readonly (Node | null)[],
    readonly sources: Sources,
    readonly forward: Pick<ScanAttributes, "carries" | "stacked">,
  ) {
    const { carries, stacked } = forward;
    gradients.forEach((node, i) => {
      if (!node || i < carries) return;
      if (i < carries + stacked) return this.#stack(node);
      const hoisted = hoist(node);
      if (!hoisted) return void this.accumulated.push(i);
      this.#hoisted.set(i, hoisted);
      hoisted.flatMap(({ stacks }) => stacks).forEach((stack) => this.#stack(stack));
    });
    this.#sums = this.accumulated.map((i) => parameter(i, gradients[i]!));
  }

  #stack(node: Node): void {
    const base = unmoved(node);
    if (!this.sources.stacked.has(base) && !this.#stacks.includes(base)) this.#stacks.push(base);
  }

  get #carried(): Node[] {
    return this.gradients.slice(0, this.forward.carries).filter((node): node is Node => node !== null);
  }

  /** The body, as a function of the cotangents of carries and outputs. */
  body(carries: readonly Node[], outputs: readonly Node[]): Graph {
    const { stacked, constant } = this.sources;
    return {
      parameters: [...carries, ...this.#sums, ...outputs, ...stacked.keys(), ...constant.keys()] as Node<"parameter">[],
      results: [
        ...this.#carried,
        ...this.#sums.map((sum, i) => sumOf(sum, this.gradients[this.accumulated[i]]!)),
        ...this.#stacks,
      ],
    };
  }

  /** The cotangents of the scan's inputs, given the results of the loop. */
  collect(results: readonly Tensor[], wrap: (node: Node) => Tensor): Cotangents {
    const { carries, stacked } = this.forward;
    const carried = this.#carried.length;
    const first = carried + this.accumulated.length;
    const stackOf = (node: Node): Tensor | undefined =>
      this.sources.stacked.get(node) ?? results[first + this.#stacks.indexOf(node)];
    const stack = (node: Node): Tensor =>
      movedStack(
        node,
        (moved) => this.sources.stacked.has(moved) || this.#stacks.includes(moved) ? stackOf(moved) : undefined,
      )!;
    let next = 0;
    return this.gradients.map((node, i) => {
      if (!node) return null;
      if (i < carries) return results[next++];
      if (i < carries + stacked) return wrap(stack(node).node);
      const hoisted = this.#hoisted.get(i);
      if (!hoisted) return results[carried + this.accumulated.indexOf(i)];
      return hoisted.map(({ stacks, finish }) => finish(stacks.map(stack))).reduce((a, b) => a.add(b));
    });
  }
}

/**
 * Examples of each movement, for tests of its facts.
 *
 * @module
 */

import { noCheck } from "../../nest/numbered_checks.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { Attributes, MovementAttributes } from "../attributes.ts";
import { type Node, parameter } from "../node.ts";
import { makeNode, ruleOf } from "../ops.ts";
import type { Reference } from "../rule.ts";

export type Movement = keyof MovementAttributes;

const input = (index: number, shape: Shape): Node => parameter(index, { shape, dtype: "f32" });

/** A movement of new parameters of these shapes. */
export function moved<M extends Movement>(op: M, shapes: readonly Shape[], attributes: Attributes[M]): Node<M> {
  return makeNode(op, shapes.map((shape, i) => input(i, shape)), attributes);
}

/** Some of each; the first is one that moves nothing, if possible. */
export const examples: { readonly [M in Movement]: readonly Node<M>[] } = {
  reshape: [
    moved("reshape", [[2, 3]], { shape: [2, 3] }),
    moved("reshape", [[2, 3, 4]], { shape: [6, 2, 2] }),
    moved("reshape", [[4, 1, 3]], { shape: [12, 1] }),
    moved("reshape", [[1]], { shape: [] }),
  ],
  permute: [
    moved("permute", [[2, 3]], { axes: [0, 1] }),
    moved("permute", [[2, 3, 4]], { axes: [2, 0, 1] }),
    moved("permute", [[2, 3, 4, 5]], { axes: [3, 1, 0, 2] }),
  ],
  expand: [
    moved("expand", [[2, 3]], { shape: [2, 3] }),
    moved("expand", [[2, 1, 3]], { shape: [2, 4, 3] }),
    moved("expand", [[1, 1]], { shape: [3, 1] }),
  ],
  slice: [
    moved("slice", [[2, 3]], { start: [0, 0], stop: [2, 3], step: [1, 1] }),
    moved("slice", [[5, 7]], { start: [1, 2], stop: [5, 7], step: [2, 3] }),
  ],
  pad: [
    moved("pad", [[2, 3]], { padding: [[0, 0], [0, 0]], value: 7 }),
    moved("pad", [[2, 3]], { padding: [[1, 0], [2, 3]], value: 7 }),
    moved("pad", [[]], { padding: [], value: 7 }),
  ],
  flip: [
    moved("flip", [[2, 3]], { axes: [] }),
    moved("flip", [[2, 3]], { axes: [1] }),
    moved("flip", [[2, 3, 4]], { axes: [0, 2] }),
  ],
  concat: [
    moved("concat", [[2, 3]], { axis: 0 }),
    moved("concat", [[2, 3], [2, 0], [2, 2]], { axis: 1 }),
    moved("concat", [[1, 3], [2, 3]], { axis: 0 }),
  ],
  window: [
    moved("window", [[7]], { size: [3], strides: [2], dilations: [1] }),
    moved("window", [[2, 5, 6]], { size: [2, 3], strides: [1, 2], dilations: [2, 1] }),
  ],
  stop: [moved("stop", [[2, 3]], {})],
  barrier: [moved("barrier", [[2, 3], [2]], {})],
  clipGradient: [moved("clipGradient", [[2, 3]], { limit: 1 })],
  checked: [moved("checked", [[2, 3]], noCheck), moved("checked", [[2, 3]], { number: 1, size: 7 })],
};

/** All examples. */
export const allExamples: readonly Node<Movement>[] = Object.values(examples).flat();

/** An example as text, for messages. */
export function describe({ op, inputs, attributes }: Node): string {
  return `${op} of ${inputs.map(({ shape }) => `[${shape}]`).join(" and ")} by ${JSON.stringify(attributes)}`;
}

/** Values for the inputs of a node, all different. */
export function distinct({ inputs }: Node): Reference[] {
  let next = 1;
  return inputs.map(({ shape }) => ({ shape, values: Float64Array.from({ length: sizeOf(shape) }, () => next++) }));
}

/** The values of a movement. */
export function valuesOf(node: Node<Movement>, inputs: readonly Reference[]): Float64Array {
  return ruleOf(node).evaluate(inputs, node.attributes, node);
}

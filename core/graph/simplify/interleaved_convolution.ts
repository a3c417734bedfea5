/**
 * Convolutions of inputs with zeros between their elements, such as input gradients of convolutions with strides.
 *
 * With one zero between two elements, each output position meets every second tap of the filter: the even ones or the
 * odd ones. So the outputs at even positions are a convolution without such zeros, and those at odd positions another
 * one. Together they multiply no more than needed.
 *
 * @module
 */

import { sizeOf } from "../../shape.ts";
import { isNode, type Node } from "../node.ts";
import { makeNode } from "../ops.ts";
import { constantNode } from "./constants.ts";

type Convolution = Node<"conv">;

/** With more parts, there is too little work in each. */
const MOST_PARTS = 8;

/** The taps that output positions p, p + s, p + 2 s, … meet along one axis, where s is the distance of elements. */
interface Taps {
  readonly first: number;
  readonly count: number;
  readonly padding: readonly [number, number];
}

const positionsOf = ({ shape, attributes: { inputDilations } }: Convolution, i: number): number =>
  Math.ceil(shape[3 + i] / inputDilations[i]);

function tapsOf(node: Convolution, i: number, p: number): Taps {
  const { inputs: [x, w], attributes: { padding, inputDilations } } = node;
  const [distance, [before]] = [inputDilations[i], padding[i]];
  const first = (((before - p) % distance) + distance) % distance;
  const count = Math.max(0, Math.ceil((w.shape[3 + i] - first) / distance));
  const start = (before - p - first) / distance;
  return { first, count, padding: [start, positionsOf(node, i) + count - 1 - x.shape[3 + i] - start] };
}

/** Computes the outputs whose positions along each axis leave the remainders `parts`. */
function partOf(node: Convolution, parts: readonly number[]): Node {
  const { inputs: [x, w], attributes: { inputDilations } } = node;
  const taps = parts.map((p, i) => tapsOf(node, i, p));
  if (taps.some(({ count }) => count === 0)) {
    const shape = [...node.shape.slice(0, 3), ...parts.map((_, i) => positionsOf(node, i))];
    return constantNode({ shape, dtype: node.dtype }, 0);
  }
  const filter = makeNode("slice", [w], {
    start: [0, 0, 0, ...taps.map(({ first }) => first)],
    stop: w.shape,
    step: [1, 1, 1, ...inputDilations],
  });
  const ones = parts.map(() => 1);
  const padding = taps.map((one) => one.padding);
  return makeNode("conv", [x, filter], { strides: ones, dilations: ones, inputDilations: ones, padding });
}

/** Joins pieces whose elements alternate along an axis. */
function alternating(pieces: readonly Node[], axis: number): Node {
  if (pieces.length === 1) return pieces[0];
  const apart = pieces.map((piece) => makeNode("reshape", [piece], { shape: piece.shape.toSpliced(axis + 1, 0, 1) }));
  const [{ shape }] = pieces;
  return makeNode("reshape", [makeNode("concat", apart, { axis: axis + 1 })], {
    shape: shape.with(axis, shape[axis] * pieces.length),
  });
}

/** Whether there are zeros between elements, and outputs that several elements contribute to. */
function isInterleaved({ inputs: [, w], attributes }: Convolution): boolean {
  const { strides, dilations, inputDilations } = attributes;
  const parts = sizeOf(inputDilations);
  return parts > 1 && parts <= MOST_PARTS && [...strides, ...dilations].every((one) => one === 1) &&
    inputDilations.some((distance, i) => w.shape[3 + i] > distance);
}

/** Returns such a convolution as one without zeros for each remainder of the output positions; undefined for others. */
export function interleaveConvolution(node: Node): Node | undefined {
  if (!isNode(node, "conv") || !isInterleaved(node)) return undefined;
  const { inputDilations } = node.attributes;
  const joined = (parts: readonly number[]): Node => {
    const i = parts.length;
    if (i === inputDilations.length) return partOf(node, parts);
    return alternating(Array.from({ length: inputDilations[i] }, (_, p) => joined([...parts, p])), 3 + i);
  };
  const start = node.shape.map(() => 0);
  return makeNode("slice", [joined([])], { start, stop: node.shape, step: node.shape.map(() => 1) });
}

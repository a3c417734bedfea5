/**
 * Another way to compute convolutions whose output is larger than their input, such as input gradients: one product
 * computes the contribution of each input position to every output position, and then the contributions are summed.
 *
 * Computed directly, such a convolution multiplies mostly by zeros: those around the input, and those between its
 * elements. The contributions take many times the memory of the output. If that is too much, the batch is computed
 * piece by piece.
 *
 * @module
 */

import { BYTES_PER_ELEMENT } from "../../dtype.ts";
import { isNode, type Node, parameter } from "../node.ts";
import { makeNode } from "../ops.ts";
import { interleaveConvolution } from "./interleaved_convolution.ts";
import { simplify } from "./simplify.ts";
import { sizeOf } from "../../shape.ts";

/** The product is faster from this ratio of output to input positions on. */
const WORTHWHILE = 1.5;

function isTransposed({ inputs: [x], attributes, shape }: Node<"conv">): boolean {
  const [input, output] = [sizeOf(x.shape.slice(3)), sizeOf(shape.slice(3))];
  return attributes.strides.every((stride) => stride === 1) && input > 0 && output >= WORTHWHILE * input;
}

/**
 * [groups, filters, …window, batch, …space]: the contribution of each input position to the output positions around it.
 */
function shares(x: Node, w: Node): Node {
  const [groups, batch, channels, ...space] = x.shape;
  const [, filters, , ...window] = w.shape;
  const axes = (count: number, from: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  const rows = makeNode("permute", [w], { axes: [0, 1, ...axes(window.length, 3), 2] });
  const columns = makeNode("permute", [x], { axes: [0, 2, 1, ...axes(space.length, 3)] });
  const product = makeNode("dot", [
    makeNode("reshape", [rows], { shape: [groups, filters * sizeOf(window), channels] }),
    makeNode("reshape", [columns], { shape: [groups, channels, batch * sizeOf(space)] }),
  ], {});
  return makeNode("reshape", [product], { shape: [groups, filters, ...window, batch, ...space] });
}

/** Computes the convolution `node` for `x` and `w`, which need not be its own inputs. */
function transposed(node: Node<"conv">, x: Node, w: Node): Node {
  const { padding, dilations, inputDilations } = node.attributes;
  const [groups, batch] = x.shape;
  const result = [groups, batch, ...node.shape.slice(2)];
  const n = padding.length;
  const spatial = padding.map((_, i) => i);
  const window = w.shape.slice(3);
  // [groups, batch, filters, …space, …window], with the window reversed
  const axes = [0, 2 + n, 1, ...spatial.map((i) => 3 + n + i), ...spatial.map((i) => 2 + i)];
  const windows = makeNode("flip", [makeNode("permute", [shares(x, w)], { axes })], {
    axes: spatial.map((i) => 3 + n + i),
  });
  const extents = spatial.map((i) => (x.shape[3 + i] - 1) * inputDilations[i] + (window[i] - 1) * dilations[i] + 1);
  const whole = makeNode("unwindow", [windows], {
    size: window,
    strides: inputDilations,
    dilations,
    shape: [...result.slice(0, 3), ...extents],
  });
  // The part of the sum that is the output.
  const start = spatial.map((i) => (window[i] - 1) * dilations[i] - padding[i][0]);
  const missing = spatial.map((i) =>
    [Math.max(0, -start[i]), Math.max(0, start[i] + result[3 + i] - extents[i])] as const
  );
  const padded = makeNode("pad", [whole], { padding: [[0, 0], [0, 0], [0, 0], ...missing], value: 0 });
  const from = spatial.map((i) => start[i] + missing[i][0]);
  return makeNode("slice", [padded], {
    start: [0, 0, 0, ...from],
    stop: [...result.slice(0, 3), ...spatial.map((i) => from[i] + result[3 + i])],
    step: result.map(() => 1),
  });
}

/**
 * The most bytes of contributions at a time (default): enough to keep many threads busy, but little compared with the
 * memory of a step.
 */
const MOST_SHARES_BYTES = 16 * 2 ** 20;

/**
 * Returns the number of equal pieces into which the batch is cut, so that the contributions of one piece are few
 * enough; 1 if there are no such pieces.
 */
function piecesOf({ inputs: [x, w] }: Node<"conv">, mostBytes: number): number {
  const [groups, batch, , ...space] = x.shape;
  const bytes = groups * w.shape[1] * sizeOf(w.shape.slice(3)) * batch * sizeOf(space) * BYTES_PER_ELEMENT;
  const least = Math.ceil(bytes / mostBytes);
  for (let pieces = least; pieces <= Math.min(batch, 2 * least); pieces++) if (batch % pieces === 0) return pieces;
  return 1;
}

/** Computes the convolution for one piece of the batch after another. */
function inPieces(node: Node<"conv">, pieces: number): Node {
  const [x, w] = node.inputs;
  const [groups, batch, ...rest] = x.shape;
  const cut = makeNode("reshape", [x], { shape: [groups, pieces, batch / pieces, ...rest] });
  const around = cut.shape.map((_, axis) => axis < 2 ? 1 - axis : axis);
  const stacked = makeNode("permute", [cut], { axes: around });
  const parameters = [parameter(0, { ...x, shape: stacked.shape.slice(1) }), parameter(1, w)];
  const body = simplify({ parameters, results: [transposed(node, parameters[0], parameters[1])] });
  const scan = makeNode("scan", [stacked, w], { body, length: pieces, carries: 0, stacked: 1, reverse: false });
  const found = makeNode("permute", [makeNode("pick", [scan], { index: 0 })], {
    axes: [1, 0, ...node.shape.slice(1).map((_, i) => 2 + i)],
  });
  return makeNode("reshape", [found], { shape: node.shape });
}

/**
 * The rewrite that computes such a convolution by a product, or by several if there are zeros between elements, or if
 * the contributions would take more than `mostBytes`.
 */
export function transposeConvolutionWithin(mostBytes = MOST_SHARES_BYTES): (node: Node) => Node | undefined {
  return (node) => {
    if (!isNode(node, "conv") || !isTransposed(node)) return undefined;
    const interleaved = interleaveConvolution(node);
    if (interleaved) return interleaved;
    const pieces = piecesOf(node, mostBytes);
    return pieces > 1 ? inPieces(node, pieces) : transposed(node, node.inputs[0], node.inputs[1]);
  };
}

/** {@linkcode transposeConvolutionWithin} the bytes that suit every device. */
export const transposeConvolution = transposeConvolutionWithin();

/**
 * Another way to compute convolutions whose output is larger than their input, such as input gradients: one product that
 * gives each input place's share in every output place, and the sum of the shares.
 *
 * Computed place by place, such a convolution multiplies by mostly zeros: those around the input, and those between its
 * elements.
 *
 * @module
 */

import { isNode, type Node } from "../graph/node.ts";
import { makeNode } from "../graph/ops.ts";
import { sizeOf } from "../shape.ts";

/** From this ratio of output to input places on, the product is the better way. */
const WORTHWHILE = 1.5;

function isTransposed({ inputs: [x], attributes, shape }: Node<"conv">): boolean {
  const [input, output] = [sizeOf(x.shape.slice(3)), sizeOf(shape.slice(3))];
  return attributes.strides.every((stride) => stride === 1) && input > 0 && output >= WORTHWHILE * input;
}

/** [groups, filters, …window, batch, …space]: the share of each input place in the output places around it. */
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

function transposed(node: Node<"conv">): Node {
  const [x, w] = node.inputs;
  const { padding, dilations, inputDilations } = node.attributes;
  const n = padding.length;
  const spatial = padding.map((_, i) => i);
  const window = w.shape.slice(3);
  // [groups, batch, filters, …space, …window], the window turned
  const axes = [0, 2 + n, 1, ...spatial.map((i) => 3 + n + i), ...spatial.map((i) => 2 + i)];
  const windows = makeNode("flip", [makeNode("permute", [shares(x, w)], { axes })], {
    axes: spatial.map((i) => 3 + n + i),
  });
  const extents = spatial.map((i) => (x.shape[3 + i] - 1) * inputDilations[i] + (window[i] - 1) * dilations[i] + 1);
  const whole = makeNode("unwindow", [windows], {
    size: window,
    strides: inputDilations,
    dilations,
    shape: [...node.shape.slice(0, 3), ...extents],
  });
  // The part of the sum that is the output.
  const start = spatial.map((i) => (window[i] - 1) * dilations[i] - padding[i][0]);
  const missing = spatial.map((i) =>
    [Math.max(0, -start[i]), Math.max(0, start[i] + node.shape[3 + i] - extents[i])] as const
  );
  const padded = makeNode("pad", [whole], { padding: [[0, 0], [0, 0], [0, 0], ...missing], value: 0 });
  const from = spatial.map((i) => start[i] + missing[i][0]);
  return makeNode("slice", [padded], {
    start: [0, 0, 0, ...from],
    stop: [...node.shape.slice(0, 3), ...spatial.map((i) => from[i] + node.shape[3 + i])],
    step: node.shape.map(() => 1),
  });
}

/** The rule: such a convolution computed by a product. */
export function transposeConvolution(node: Node): Node | undefined {
  return isNode(node, "conv") && isTransposed(node) ? transposed(node) : undefined;
}

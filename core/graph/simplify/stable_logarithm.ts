/**
 * Rewrites of logarithms of exponentials. Nothing overflows, and the rounding error is that of the exponent.
 *
 * @module
 */

import { valueOf } from "./constants.ts";
import { isNode, type Node } from "../node.ts";
import { makeNode } from "../ops.ts";
import { when } from "./pattern.ts";
import { withInputs } from "../rewrite.ts";

const isBroadcast = (node: Node): boolean => isNode(node, "expand") || isNode(node, "reshape");

/** y, if `node` is 1 / y or a broadcast of it. */
function inverseOf(node: Node): Node | undefined {
  if (isBroadcast(node)) {
    const below = inverseOf(node.inputs[0]);
    return below && withInputs(makeNode(node.op, node.inputs, node.attributes), [below]);
  }
  return isNode(node, "div") && valueOf(node.inputs[0]) === 1 ? node.inputs[1] : undefined;
}

/** log(y); if y is a broadcast, the logarithm is taken before it. */
function logarithmOf(y: Node): Node {
  if (isBroadcast(y)) return withInputs(makeNode(y.op, y.inputs, y.attributes), [logarithmOf(y.inputs[0])]);
  return makeNode("log", [y], {});
}

/** x, if `node` is exp(x). */
const exponent = (node: Node): Node | undefined => isNode(node, "exp") ? node.inputs[0] : undefined;

/** x and y, if `node` is exp(x) divided by y or multiplied by its reciprocal. */
function exponentialOver(node: Node): { x: Node; y: Node } | undefined {
  const [a, b] = node.inputs;
  const pair = (x: Node | undefined, y: Node | undefined) => x && y && { x, y };
  if (isNode(node, "div")) return pair(exponent(a), b);
  if (!isNode(node, "mul")) return undefined;
  return isNode(a, "exp") ? pair(exponent(a), inverseOf(b)) : pair(exponent(b), inverseOf(a));
}

/** The rewrites. */
export const stableLogarithms = {
  "log(exp(x)) is x": when(
    (node) => isNode(node, "log") ? exponent(node.inputs[0]) : undefined,
    (x) => x,
  ),
  "log(exp(x) / y) is x − log(y)": when(
    (node) => isNode(node, "log") ? exponentialOver(node.inputs[0]) : undefined,
    ({ x, y }) => makeNode("sub", [x, logarithmOf(y)], {}),
  ),
};

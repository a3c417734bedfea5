/**
 * The table of rewrites: what makes a graph smaller wherever it fits. What they must know of an operation stands in the
 * operation's entry, so that a new operation is simplified by what is said of it there.
 *
 * @module
 */

import { reductionKinds } from "../nest/reduction_kinds.ts";
import { evaluateScalar } from "../nest/scalar.ts";
import { scalarOps } from "../nest/scalar_ops.ts";
import type { Attributes } from "./attributes.ts";
import { constant, knownInputs, valueOf } from "./constants.ts";
import { isNode, type Node } from "./node.ts";
import { isElementwise, isKind, makeNode, ruleOf } from "./ops.ts";
import { type Rewrite, when } from "./pattern.ts";
import { stableLogarithms } from "./stable_logarithm.ts";

/** The value of a scalar operation whose operands are known. */
function knownValue(node: Node): number | undefined {
  const values = knownInputs(node);
  if (!values || !isElementwise(node)) return undefined;
  const value = evaluateScalar(node.op, values, { to: node.dtype, from: node.inputs[0].dtype });
  return node.dtype === "f32" ? Math.fround(value) : value;
}

/** The number that a movement finds everywhere. */
function movedNumber(node: Node): number | undefined {
  if (!isKind(node, "movement") || !ruleOf(node).keepsConstants) return undefined;
  const values = knownInputs(node);
  return values?.every((value) => Object.is(value, values[0])) ? values[0] : undefined;
}

/** The operand that an operation gives back, since the other one makes it do nothing. */
function besideNeutral(node: Node): Node | undefined {
  if (!isElementwise(node)) return undefined;
  const { left, right } = scalarOps[node.op].neutral;
  const [a, b] = node.inputs;
  if (right !== null && valueOf(b) === right) return a;
  return left !== null && valueOf(a) === left ? b : undefined;
}

/** A movement that does what a node and the one below it do. */
function composed(node: Node): Node | undefined {
  const [below] = node.inputs;
  if (!isKind(node, "movement") || below.op !== node.op) return undefined;
  const attributes = ruleOf(node).compose?.((below as typeof node).attributes, node.attributes);
  return attributes && makeNode(node.op, below.inputs, attributes);
}

/** The value that a choice takes everywhere, where that is known. */
function chosen(node: Node): Node | undefined {
  if (!isNode(node, "where")) return undefined;
  const [condition, yes, no] = node.inputs;
  const known = valueOf(condition);
  if (known !== undefined) return known ? yes : no;
  return yes === no ? yes : undefined;
}

/** What a reduction or product of no elements is. */
function ofNothing(node: Node): number | undefined {
  if (!node.inputs.some(({ shape }) => shape.includes(0))) return undefined;
  if (isKind(node, "contraction")) return ruleOf(node).ofNothing;
  return isKind(node, "reduction") ? ruleOf(node).ofNothing ?? undefined : undefined;
}

/** The input of a reduction of values that are alone along their axes. */
function aloneAlongAxes(node: Node): Node | undefined {
  if (!isKind(node, "reduction")) return undefined;
  const rule = ruleOf(node);
  const [x] = node.inputs;
  const isAlone = rule.axesOf(node)?.every((axis) => x.shape[axis] === 1);
  return isAlone && reductionKinds[rule.reduction].gives === "value" ? x : undefined;
}

/** More pieces than these are joined in two halves, of which a kernel may leave one to another. */
const MOST_PIECES = 4;

function joined(pieces: readonly Node[], attributes: Attributes["concat"]): Node {
  if (pieces.length <= MOST_PIECES) return makeNode("concat", pieces, attributes);
  const middle = pieces.length >> 1;
  const halves = [pieces.slice(0, middle), pieces.slice(middle)];
  return makeNode("concat", halves.map((half) => joined(half, attributes)), attributes);
}

/** The rewrites, in the order in which they are tried. */
export const rewrites = {
  "an operation on numbers is a number": when(knownValue, (value, node) => constant(node, value)),
  "a number is the same wherever it is moved": when(movedNumber, (value, node) => constant(node, value)),
  "an operation with a neutral operand gives the other one": when(besideNeutral, (x) => x),
  "a movement that leaves everything in its place is dropped": when(
    (node) => isKind(node, "movement") && ruleOf(node).isIdentity(node) ? node.inputs[0] : undefined,
    (x) => x,
  ),
  "two movements of one kind in a row are one": when(composed, (movement) => movement),
  "a conversion to the type that a value has is dropped": when(
    (node) => isNode(node, "cast") && node.inputs[0].dtype === node.dtype ? node.inputs[0] : undefined,
    (x) => x,
  ),
  "a choice that is known is made": when(chosen, (x) => x),
  "an involution done twice is dropped": when(
    (node) =>
      isElementwise(node) && scalarOps[node.op].isInvolution && node.inputs[0].op === node.op ? node : undefined,
    ({ inputs: [once] }) => once.inputs[0],
  ),
  "a combination of no elements is a number": when(ofNothing, (value, node) => constant(node, value)),
  "many pieces are joined in halves": when(
    (node) => isNode(node, "concat") && node.inputs.length > MOST_PIECES ? node : undefined,
    ({ inputs, attributes }) => joined(inputs, attributes),
  ),
  "a reduction of single elements only drops axes": when(
    aloneAlongAxes,
    (x, { shape }) => makeNode("reshape", [x], { shape }),
  ),
  ...stableLogarithms,
} satisfies Readonly<Record<string, Rewrite>>;

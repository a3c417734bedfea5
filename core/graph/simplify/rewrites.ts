/**
 * The table of rewrites that make a graph smaller. They read the facts about an operation from its entry, so a new
 * operation is simplified without a change here.
 *
 * @module
 */

import { reductionKinds } from "../../nest/reduction_kinds.ts";
import { evaluateScalar } from "../../scalar/evaluate.ts";
import { scalarOps } from "../../scalar/operations.ts";
import type { Attributes } from "../attributes.ts";
import { constantNode, knownInputs, valueOf } from "./constants.ts";
import { isNode, type Node } from "../node.ts";
import { isElementwise, isKind, makeNode, ruleOf } from "../ops.ts";
import { type Rewrite, when } from "./pattern.ts";
import { stableLogarithms } from "./stable_logarithm.ts";

/** Returns the value of a scalar operation on known operands. */
function knownValue(node: Node): number | undefined {
  const values = knownInputs(node);
  if (!values || !isElementwise(node)) return undefined;
  const value = evaluateScalar(node.op, values, { to: node.dtype, from: node.inputs[0].dtype });
  return node.dtype === "f32" ? Math.fround(value) : value;
}

/** Returns the value of a movement of constants. */
function movedNumber(node: Node): number | undefined {
  if (!isKind(node, "movement") || !ruleOf(node).keepsConstants) return undefined;
  const values = knownInputs(node);
  return values?.every((value) => Object.is(value, values[0])) ? values[0] : undefined;
}

/** Returns the operand that is the result of an operation because the other one is neutral. */
function besideNeutral(node: Node): Node | undefined {
  if (!isElementwise(node)) return undefined;
  const { left, right } = scalarOps[node.op].neutral;
  const [a, b] = node.inputs;
  // Integers have one 0, floats have two.
  const isNeutral = node.dtype === "f32" ? Object.is : (x: unknown, neutral: number) => x === neutral;
  if (right !== null && isNeutral(valueOf(b), right)) return a;
  return left !== null && isNeutral(valueOf(a), left) ? b : undefined;
}

/** Returns the single movement that is equivalent to a node and its input. */
function composed(node: Node): Node | undefined {
  const [below] = node.inputs;
  if (!isKind(node, "movement") || below.op !== node.op) return undefined;
  const attributes = ruleOf(node).compose?.((below as typeof node).attributes, node.attributes);
  return attributes ? makeNode(node.op, below.inputs, attributes) : undefined;
}

/** Returns the operand that is chosen for all elements, if that is known. */
function chosen(node: Node): Node | undefined {
  if (!isNode(node, "where")) return undefined;
  const [condition, yes, no] = node.inputs;
  const known = valueOf(condition);
  if (known !== undefined) return known ? yes : no;
  return yes === no ? yes : undefined;
}

/** Returns the value of a reduction or product of no elements. */
function ofNothing(node: Node): number | undefined {
  if (!node.inputs.some(({ shape }) => shape.includes(0))) return undefined;
  if (isKind(node, "contraction")) return ruleOf(node).ofNothing;
  return isKind(node, "reduction") ? ruleOf(node).ofNothing ?? undefined : undefined;
}

/** Returns the input of a reduction along axes of extent 1. */
function aloneAlongAxes(node: Node): Node | undefined {
  if (!isKind(node, "reduction")) return undefined;
  const rule = ruleOf(node);
  const [x] = node.inputs;
  const isAlone = rule.axesOf(node)?.every((axis) => x.shape[axis] === 1);
  return isAlone && reductionKinds[rule.reduction].gives === "value" ? x : undefined;
}

/** A concatenation of more pieces than this is split in halves, so that several kernels can share the work. */
const MOST_PIECES = 4;

function joined(pieces: readonly Node[], attributes: Attributes["concat"]): Node {
  if (pieces.length <= MOST_PIECES) return makeNode("concat", pieces, attributes);
  const middle = pieces.length >> 1;
  const halves = [pieces.slice(0, middle), pieces.slice(middle)];
  return makeNode("concat", halves.map((half) => joined(half, attributes)), attributes);
}

/** The rewrites, in the order in which the simplifier tries them. */
export const rewrites = {
  "an operation on constants is a constant": when(knownValue, (value, node) => constantNode(node, value)),
  "a movement of constants is a constant": when(movedNumber, (value, node) => constantNode(node, value)),
  "an operation with a neutral operand is its other operand": when(besideNeutral, (x) => x),
  "a movement that moves nothing is dropped": when(
    (node) => isKind(node, "movement") && ruleOf(node).isIdentity(node) ? node.inputs[0] : undefined,
    (x) => x,
  ),
  "two movements of one kind become one": when(composed, (movement) => movement),
  "a conversion to the same type is dropped": when(
    (node) => isNode(node, "cast") && node.inputs[0].dtype === node.dtype ? node.inputs[0] : undefined,
    (x) => x,
  ),
  "a known choice is made": when(chosen, (x) => x),
  "an involution applied twice is dropped": when(
    (node) =>
      isElementwise(node) && scalarOps[node.op].isInvolution && node.inputs[0].op === node.op ? node : undefined,
    ({ inputs: [once] }) => once.inputs[0],
  ),
  "a reduction of no elements is a constant": when(ofNothing, (value, node) => constantNode(node, value)),
  "a concatenation of many pieces is split in halves": when(
    (node) => isNode(node, "concat") && node.inputs.length > MOST_PIECES ? node : undefined,
    ({ inputs, attributes }) => joined(inputs, attributes),
  ),
  "a reduction along axes of extent 1 is a reshape": when(
    aloneAlongAxes,
    (x, { shape }) => makeNode("reshape", [x], { shape }),
  ),
  ...stableLogarithms,
} satisfies Readonly<Record<string, Rewrite>>;

/**
 * The table of all primitives. One entry says all that the rest of the project must know of a primitive: the shape of its
 * result, its gradient, and its value in double precision.
 *
 * @module
 */

import type { ScalarOp } from "../nest/scalar_ops.ts";
import type { Attributes, Node, Primitive } from "./node.ts";
import type { Rule, TupleRule } from "./rule.ts";
import { elementwise } from "./rules/elementwise.ts";
import { movements } from "./rules/movement.ts";
import { reductions } from "./rules/reduction.ts";
import { sources } from "./rules/sources.ts";
import { structured } from "./rules/structured.ts";
import { type TuplePrimitive, tuples } from "./rules/tuples.ts";

/** Primitives with one result. */
export type SinglePrimitive = Exclude<Primitive, TuplePrimitive>;

/** The table. */
export const ops: { readonly [P in SinglePrimitive]: Rule<P> } = {
  ...sources,
  ...elementwise,
  ...movements,
  ...reductions,
  ...structured,
  ...tuples.pick,
};

/** The table of primitives with several results. */
export const tupleOps: { readonly [P in TuplePrimitive]: TupleRule<P> } = tuples.several;

/** Whether a primitive has several results. */
export function isTuple(op: Primitive): op is TuplePrimitive {
  return op in tupleOps;
}

/** The rule of a primitive with one result. */
export function ruleOf<P extends SinglePrimitive>(op: P): Rule<P> {
  return ops[op] as Rule<P>;
}

/** Whether a node computes each element from the elements of its inputs at the same place. */
export function isElementwise(node: Node): node is Node<ScalarOp> {
  return node.op in elementwise;
}

/** How the compiler treats a node. */
export function kindOf(node: Node): Rule<SinglePrimitive>["kind"] {
  return isTuple(node.op) ? "tuple" : ops[node.op].kind;
}

/**
 * A primitive applied to nodes.
 *
 * @throws {TypeError} if the inputs do not fit.
 */
export function makeNode<P extends Primitive>(op: P, inputs: readonly Node[], attributes: Attributes[P]): Node<P> {
  const traced = op === "parameter" || inputs.some((input) => input.traced);
  if (isTuple(op)) {
    const results = (tupleOps[op] as TupleRule<typeof op>).outputs(inputs, attributes as never);
    return { op, inputs, attributes, shape: [], dtype: "f32", traced, results };
  }
  const { shape, dtype } = (ops[op as SinglePrimitive] as Rule<SinglePrimitive>).infer(inputs, attributes as never);
  return { op, inputs, attributes, shape, dtype, traced };
}

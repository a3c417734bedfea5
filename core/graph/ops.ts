/**
 * The table of all primitives. One entry holds everything that the rest of the project must know about a primitive: its
 * shape rule, its gradient rule, its double-precision reference, and the facts that the simplifier and the compiler
 * need.
 *
 * @module
 */

import type { Attributes, Primitive, PrimitiveKind, PrimitivesByKind } from "./attributes.ts";
import type { Node } from "./node.ts";
import { placeOfOperation } from "./places.ts";
import type { ContractionRule, IndexedRule, MovementRule, ReductionRule, Rule, SourceRule, TupleRule } from "./rule.ts";
import { checkShape, MOST_ELEMENTS, type Shape, sizeOf } from "../shape.ts";
import { contractions } from "./primitives/contraction.ts";
import { elementwise } from "./primitives/elementwise.ts";
import { indexed } from "./primitives/indexed.ts";
import { movements } from "./primitives/movement.ts";
import { reductions } from "./primitives/reduction.ts";
import { sources } from "./primitives/sources.ts";
import { pick, tuples } from "./primitives/tuples.ts";

/** Primitives with several results. */
export type TuplePrimitive = PrimitivesByKind["tuple"];

/** Primitives with one result. */
export type SinglePrimitive = Exclude<Primitive, TuplePrimitive>;

/** The table of primitives with one result. */
export const ops: { readonly [P in SinglePrimitive]: Rule<P> } = {
  ...sources,
  ...elementwise,
  ...movements,
  ...reductions,
  ...contractions,
  ...indexed,
  pick,
};

/** The table of primitives with several results. */
export const tupleOps: { readonly [P in TuplePrimitive]: TupleRule<P> } = tuples;

const kinds: ReadonlyMap<string, PrimitiveKind> = new Map(
  [...Object.entries(ops), ...Object.entries(tupleOps)].map(([op, { kind }]) => [op, kind]),
);

/** The kind of a node's primitive. */
export function kindOf({ op }: Node): PrimitiveKind {
  return kinds.get(op)!;
}

/** Narrows a node to those of one kind. */
export function isKind<K extends PrimitiveKind>(node: Node, kind: K): node is Node<PrimitivesByKind[K]> {
  return kinds.get(node.op) === kind;
}

/** Whether a node computes each element from the elements of its inputs at the same index. */
export function isElementwise(node: Node): node is Node<PrimitivesByKind["elementwise"]> {
  return isKind(node, "elementwise");
}

/** Whether a node has several results. */
export function isTuple(node: Node): node is Node<TuplePrimitive> {
  return isKind(node, "tuple");
}

/** The type of the entries of `P`, which are primitives of one kind. */
export type RuleOf<P extends Primitive> = [P] extends [PrimitivesByKind["source"]] ? SourceRule<P>
  : [P] extends [PrimitivesByKind["movement"]] ? MovementRule<P>
  : [P] extends [PrimitivesByKind["reduction"]] ? ReductionRule<P>
  : [P] extends [PrimitivesByKind["contraction"]] ? ContractionRule<P>
  : [P] extends [PrimitivesByKind["indexed"]] ? IndexedRule<P>
  : [P] extends [TuplePrimitive] ? TupleRule<P>
  : Rule<P>;

/** The entry of a node's primitive. */
export function ruleOf<P extends Primitive>({ op }: Node<P>): RuleOf<P> {
  return (op in tupleOps ? tupleOps[op as TuplePrimitive] : ops[op as SinglePrimitive]) as RuleOf<P>;
}

/** The node that computes the elements of `node`: for one of several results, the node that has them all. */
export function producerOf(node: Node): Node {
  return isKind(node, "pick") ? node.inputs[0] : node;
}

/**
 * Applies a primitive to nodes.
 *
 * @throws {TypeError} if the inputs do not fit.
 */
export function makeNode<P extends Primitive>(op: P, inputs: readonly Node[], attributes: Attributes[P]): Node<P> {
  const traced = inputs.some((input) => input.traced);
  if (op in tupleOps) {
    const results = (tupleOps[op as TuplePrimitive] as TupleRule<TuplePrimitive>).outputs(inputs, attributes as never);
    results.forEach(({ shape }) => checkSize(shape));
    return placed({ op, inputs, attributes, shape: [], dtype: "f32", traced, results });
  }
  const { shape, dtype } = (ops[op as SinglePrimitive] as Rule<SinglePrimitive>).infer(inputs, attributes as never);
  // Windows overlap, and are not written to memory.
  if (op !== "window") checkSize(shape);
  return placed({ op, inputs, attributes, shape, dtype, traced });
}

/** Adds the place at which a node is made, if places are recorded. */
function placed<P extends Primitive>(node: Node<P>): Node<P> {
  const place = placeOfOperation();
  return place === undefined ? node : { ...node, place };
}

/** Refuses tensors with more elements than indices can count. */
function checkSize(shape: Shape): void {
  if (sizeOf(shape) > MOST_ELEMENTS) checkShape(shape, "make a tensor of shape");
}

/** Returns the node at the start of a chain of movements with one input each. */
export function movementBase(node: Node): Node {
  let base = node;
  while (isKind(base, "movement") && !ruleOf(base).joins) base = base.inputs[0];
  return base;
}

/**
 * What must be known of a primitive: the shape of an entry in the table of all primitives.
 *
 * @module
 */

import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Attributes, Graph, Node, Primitive, ValueType } from "./node.ts";

/** A value of the float64 reference: `values` in row-major order. */
export interface Reference {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** How the compiler treats a primitive. */
export type Kind =
  /** Has no inputs. */
  | "source"
  /** Computes each element from the inputs' elements at the same place. */
  | "elementwise"
  /** Only says where each element comes from. */
  | "movement"
  /** Combines elements along axes. */
  | "reduction"
  /** Has a lowering of its own. */
  | "structured"
  /** Has several results, taken apart by `pick`. */
  | "tuple";

/** Cotangents of the inputs; null for those that have none. */
export type Cotangents = readonly (Tensor | null)[];

/** One entry of the table. */
export interface Rule<P extends Primitive> {
  readonly kind: Kind;
  /** Shape and element type of the result; throws a TypeError for inputs that do not fit. */
  infer(inputs: readonly Node[], attributes: Attributes[P]): ValueType;
  /** The gradient rule: cotangents of the inputs from that of the output. Null for primitives without gradient. */
  readonly vjp:
    | null
    | ((cotangent: Tensor, inputs: readonly Tensor[], output: Tensor, attributes: Attributes[P]) => Cotangents);
  /** The float64 reference. */
  evaluate(inputs: readonly Reference[], attributes: Attributes[P], node: Node<P>): Float64Array;
}

/** What a gradient rule of a primitive with sub-graphs needs. */
export interface Differentiation {
  /** A node as a tensor. */
  wrap(node: Node): Tensor;
  /** The tensors that a graph computes from others: its nodes with the parameters replaced. */
  inline(graph: Graph, inputs: readonly Tensor[]): Tensor[];
  /** Cotangents of `sources`, given those of `targets`; null where nothing depends on a source. */
  pull(targets: readonly Tensor[], cotangents: Cotangents, sources: readonly Tensor[]): (Tensor | null)[];
}

/** One entry for a primitive with several results. */
export interface TupleRule<P extends Primitive> {
  readonly kind: "tuple";
  /** The types of all results. */
  outputs(inputs: readonly Node[], attributes: Attributes[P]): ValueType[];
  vjpOf(
    cotangents: Cotangents,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attributes: Attributes[P],
    differentiation: Differentiation,
  ): Cotangents;
  evaluateAll(
    inputs: readonly Reference[],
    attributes: Attributes[P],
    run: (graph: Graph, inputs: readonly Reference[]) => Reference[],
  ): Reference[];
}

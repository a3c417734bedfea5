/**
 * What must be known of a primitive: the shapes of entries in the tables of primitives, one for each kind.
 *
 * @module
 */

import type { ReductionKind } from "../nest/nest.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Attributes, Kind, Primitive, PrimitivesByKind } from "./attributes.ts";
import type { Graph, Node, ValueType } from "./node.ts";

/** A value of the float64 reference: `values` in row-major order. */
export interface Reference {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Cotangents of the inputs; null for those that have none. */
export type Cotangents = readonly (Tensor | null)[];

/** What a gradient rule may use besides the cotangent and the inputs. */
export interface Applied<P extends Primitive> {
  readonly output: Tensor;
  readonly attributes: Attributes[P];
}

/** A gradient rule: the cotangents of the inputs from that of the output. */
export type Vjp<P extends Primitive> = (
  cotangent: Tensor,
  inputs: readonly Tensor[],
  applied: Applied<P>,
) => Cotangents;

/** What every primitive with one result has. */
export interface Rule<P extends Primitive> {
  readonly kind: Kind;
  /** Shape and element type of the result; throws a TypeError for inputs that do not fit. */
  infer(inputs: readonly Node[], attributes: Attributes[P]): ValueType;
  /** Null for primitives without gradient. */
  readonly vjp: Vjp<P> | null;
  /** The float64 reference. */
  evaluate(inputs: readonly Reference[], attributes: Attributes[P], node: Node<P>): Float64Array;
}

/** An entry for a primitive without inputs. */
export interface SourceRule<P extends PrimitivesByKind["source"]> extends Rule<P> {
  readonly kind: "source";
  /** Whether its elements lie in memory before anything is computed. */
  readonly liesInMemory: boolean;
}

/** An entry for a primitive that only says where each element comes from. */
export interface MovementRule<P extends PrimitivesByKind["movement"]> extends Rule<P> {
  readonly kind: "movement";
  /** Whether elements come from several inputs; else all come from the first. */
  readonly joins: boolean;
  /** Whether an element of the input may come to lie in several places. */
  readonly repeats: boolean;
  /** Whether inputs that are one number everywhere give that number everywhere. */
  readonly keepsConstants: boolean;
  /** Whether gradients of loops are moved so once, after the loop, and not step by step; only for linear movements. */
  readonly leavesLoops: boolean;
  /** Whether the node leaves the elements of its first input where they are, once all gradients are taken. */
  isIdentity(node: Node<P>): boolean;
  /** The attributes of the one movement that does `first` and then `second`; null where there is no such. */
  readonly compose: ((first: Attributes[P], second: Attributes[P]) => Attributes[P]) | null;
}

/** An entry for a primitive that combines elements. */
export interface ReductionRule<P extends PrimitivesByKind["reduction"]> extends Rule<P> {
  readonly kind: "reduction";
  readonly reduction: ReductionKind;
  /** What no elements give; null where there must be some. */
  readonly ofNothing: number | null;
  /** The axes whose elements are combined; null where others are than those along whole axes. */
  axesOf(node: Node<P>): readonly number[] | null;
  /** Whether each element of the result is one of the input's at most, so that the node only moves them. */
  onlyMoves(node: Node<P>): boolean;
}

/** An entry for a product whose loops may be tiled. */
export interface ContractionRule<P extends PrimitivesByKind["contraction"]> extends Rule<P> {
  readonly kind: "contraction";
  /** What a product over no elements is. */
  readonly ofNothing: number;
}

/** An entry for a read or write at indices that are computed. */
export interface IndexedRule<P extends PrimitivesByKind["indexed"]> extends Rule<P> {
  readonly kind: "indexed";
  /** Reads are computed in place, and may read an element many times; a write has a kernel of its own. */
  readonly access: "read" | "write";
  /** The rough price of computing an element once more, in additions. */
  readonly price: number;
}

/** The entry for what takes one result out of several. */
export interface PickRule extends Rule<"pick"> {
  readonly kind: "pick";
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

/** What a primitive with sub-graphs was applied to, and what it gave. */
export interface AppliedTuple<P extends Primitive> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Attributes[P];
}

/** An entry for a primitive with several results. */
export interface TupleRule<P extends PrimitivesByKind["tuple"]> {
  readonly kind: "tuple";
  /** Whether its body takes its place once all gradients are taken. */
  readonly isInlined: boolean;
  /** The attributes with another body that computes the same. */
  withBody(attributes: Attributes[P], body: Graph): Attributes[P];
  /** The types of all results. */
  outputs(inputs: readonly Node[], attributes: Attributes[P]): ValueType[];
  vjpOf(cotangents: Cotangents, applied: AppliedTuple<P>, differentiation: Differentiation): Cotangents;
  evaluateAll(
    inputs: readonly Reference[],
    attributes: Attributes[P],
    run: (graph: Graph, inputs: readonly Reference[]) => Reference[],
  ): Reference[];
}

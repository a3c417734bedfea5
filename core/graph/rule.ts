/**
 * The types of the entries in the tables of primitives, one for each kind.
 *
 * @module
 */

import type { ReductionKind } from "../nest/nest.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Attributes, Primitive, PrimitiveKind, PrimitivesByKind } from "./attributes.ts";
import type { Graph, Node, ValueType } from "./node.ts";

/** A value of the float64 reference: `values` in row-major order. */
export interface Reference {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** Cotangents of the inputs; null for those that have none. */
export type Cotangents = readonly (Tensor | null)[];

/** What a gradient rule may use in addition to the cotangent and the inputs. */
export interface Application<P extends Primitive> {
  readonly output: Tensor;
  readonly attributes: Attributes[P];
}

/** A gradient rule. It returns the cotangents of the inputs, given that of the output. */
export type Vjp<P extends Primitive> = (
  cotangent: Tensor,
  inputs: readonly Tensor[],
  applied: Application<P>,
) => Cotangents;

/** The entry of a primitive with one result. */
export interface Rule<P extends Primitive> {
  readonly kind: PrimitiveKind;
  /** Shape and element type of the result; throws a TypeError for inputs that do not fit. */
  infer(inputs: readonly Node[], attributes: Attributes[P]): ValueType;
  /** The gradient rule; null for primitives without a gradient. */
  readonly vjp: Vjp<P> | null;
  /** The float64 reference. */
  evaluate(inputs: readonly Reference[], attributes: Attributes[P], node: Node<P>): Float64Array;
}

/** The entry of a primitive without inputs. */
export interface SourceRule<P extends PrimitivesByKind["source"]> extends Rule<P> {
  readonly kind: "source";
  /** Whether its elements are in memory before anything is computed. */
  readonly liesInMemory: boolean;
}

/** The entry of a primitive that rearranges elements. */
export interface MovementRule<P extends PrimitivesByKind["movement"]> extends Rule<P> {
  readonly kind: "movement";
  /** Whether elements come from several inputs; otherwise all come from the first. */
  readonly joins: boolean;
  /** Whether an element of the input may occur several times in the result. */
  readonly repeats: boolean;
  /** Whether the result is constant, with the same value, if all inputs are constant with one value. */
  readonly keepsConstants: boolean;
  /** Whether the gradient of a loop applies it once after the loop instead of in every iteration. It must be linear. */
  readonly leavesLoops: boolean;
  /** Whether the node is equal to its first input once all gradients have been taken. */
  isIdentity(node: Node<P>): boolean;
  /**
   * Returns the attributes of the single movement that is equivalent to `first` and then `second`; null if there is
   * none.
   */
  readonly compose: ((first: Attributes[P], second: Attributes[P]) => Attributes[P] | null) | null;
}

/** The entry of a primitive that combines elements. */
export interface ReductionRule<P extends PrimitivesByKind["reduction"]> extends Rule<P> {
  readonly kind: "reduction";
  readonly reduction: ReductionKind;
  /** The result for no elements; null if at least one is required. */
  readonly ofNothing: number | null;
  /** The axes along which all elements are combined; null if it does not combine along whole axes. */
  axesOf(node: Node<P>): readonly number[] | null;
  /** Whether no two elements are combined, so the node only rearranges them. */
  onlyMoves(node: Node<P>): boolean;
}

/** The entry of a product. */
export interface ContractionRule<P extends PrimitivesByKind["contraction"]> extends Rule<P> {
  readonly kind: "contraction";
  /** The result for no elements. */
  readonly ofNothing: number;
}

/** The entry of a read or write at computed indices. */
export interface IndexedRule<P extends PrimitivesByKind["indexed"]> extends Rule<P> {
  readonly kind: "indexed";
  /** A read is computed inside the kernels that need it; a write has its own kernel. */
  readonly access: "read" | "write";
  /** The approximate cost of computing an element once more, in additions. */
  readonly price: number;
}

/** The entry of the primitive that selects one of several results. */
export interface PickRule extends Rule<"pick"> {
  readonly kind: "pick";
}

/** What a gradient rule of a primitive with sub-graphs needs. */
export interface Differentiation {
  /** A node as a tensor. */
  wrap(node: Node): Tensor;
  /** The tensors that a graph computes from others: its nodes with the parameters replaced. */
  inline(graph: Graph, inputs: readonly Tensor[]): Tensor[];
  /** The cotangents of `sources`, given those of `targets`; null for a source on which no target depends. */
  pull(targets: readonly Tensor[], cotangents: Cotangents, sources: readonly Tensor[]): (Tensor | null)[];
}

/** The inputs, results and attributes of a node with several results. */
export interface AppliedTuple<P extends Primitive> {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Attributes[P];
}

/** The entry of a primitive with several results. */
export interface TupleRule<P extends PrimitivesByKind["tuple"]> {
  readonly kind: "tuple";
  /** Whether its body replaces it once all gradients have been taken. */
  readonly isInlined: boolean;
  /** Returns the attributes with another body that computes the same. */
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

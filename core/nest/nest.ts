/**
 * Loop nests: what a kernel computes, not how.
 *
 * ```text
 * for every point of `outer` (in any order, in parallel):
 *   for every phase, in order:
 *     start the phase's reductions at their identities
 *     for every point of `phase.inner` (any order): add to the reductions, do the stores
 * ```
 *
 * An elementwise kernel has one phase with no inner loops; a reduction has a phase that accumulates and one that stores
 * its result; a softmax has two accumulating phases and one that stores along the row.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import type { Expression, Variable } from "./expression.ts";

/** How values are combined. `argmax` and `argmin` give the row-major position in `inner` of the first extreme value. */
export type ReductionKind = "sum" | "prod" | "max" | "min" | "argmax" | "argmin";

/** One reduction over the inner loops of its phase. */
export interface Reduction {
  /** Its number in the nest, by which `Result` expressions name it. */
  readonly id: number;
  readonly kind: ReductionKind;
  /** The value at each inner point; may use variables of outer and inner loops, and results of earlier phases. */
  readonly value: Expression;
  /** The element type of the result; i32 for `argmax` and `argmin`. */
  readonly dtype: DType;
}

/** One store. No two points of the whole nest store to the same element, unless `add` is set. */
export interface Store {
  readonly slot: number;
  readonly index: Expression;
  readonly value: Expression;
  /** Where given and false, nothing is stored. */
  readonly guard?: Expression;
  /**
   * Adds to the element in place of replacing it; the phase's inner loops then run strictly in order, one after the
   * other, and different outer points never touch the same element.
   */
  readonly add?: boolean;
}

/** One pass over some inner loops. */
export interface Phase {
  readonly inner: readonly Variable[];
  readonly reductions: readonly Reduction[];
  readonly stores: readonly Store[];
}

/**
 * Marks phase 0 as a product of two matrices, Σ over depth of left · right, so that it may be computed in tiles.
 * `outer` holds batch, rows and columns (in the order of the output's axes); phase 0's `inner` is `depth`.
 * `left` uses batch, rows and depth only; `right` uses batch, columns and depth only.
 */
export interface Contraction {
  readonly batch: readonly Variable[];
  readonly rows: readonly Variable[];
  readonly columns: readonly Variable[];
  readonly depth: readonly Variable[];
  readonly left: Expression;
  readonly right: Expression;
}

/** How a buffer is used by a nest. A `readwrite` slot reads an element only at the point that stores it, before it does. */
export type Access = "read" | "write" | "readwrite";

/** A buffer of a nest. */
export interface Slot {
  readonly dtype: DType;
  readonly elements: number;
  readonly access: Access;
}

/** What a kernel computes, while it is not yet planned where the values lie that its slots stand for. */
export interface NestBody {
  /** The operations inside, for display: `dot+add+tanh`. */
  readonly name: string;
  readonly outer: readonly Variable[];
  readonly phases: readonly Phase[];
  readonly contraction?: Contraction;
}

/** What a kernel computes. */
export interface Nest extends NestBody {
  readonly slots: readonly Slot[];
  /** Counters of surrounding scans, given when the nest is run. */
  readonly counters: readonly Variable[];
}

/** The number of points of some loops. */
export function pointsOf(variables: readonly Variable[]): number {
  return variables.reduce((product, variable) => product * variable.extent, 1);
}

/** The values that phases compute: those of reductions and stores. */
export function computedValuesOf({ phases }: Pick<Nest, "phases">): Expression[] {
  return phases.flatMap(({ reductions, stores }) => [
    ...reductions.map(({ value }) => value),
    ...stores.map(({ value }) => value),
  ]);
}

/** All expressions that phases evaluate. */
export function expressionsOf({ phases }: Pick<Nest, "phases">): Expression[] {
  return phases.flatMap(({ reductions, stores }) => [
    ...reductions.map(({ value }) => value),
    ...stores.flatMap(({ index, value, guard }) => guard ? [index, value, guard] : [index, value]),
  ]);
}

/** The phases after the first one. */
export function laterPhases({ phases }: Pick<Nest, "phases">): Pick<Nest, "phases"> {
  return { phases: phases.slice(1) };
}

/** A nest that is marked as a product. */
export type ProductNest = Nest & { readonly contraction: Contraction };

/**
 * True for products that may be computed in tiles: one sum of left · right, then stores of its results and what is made of
 * them.
 */
export function isTileable(nest: Nest): nest is ProductNest {
  const { contraction, phases: [{ reductions, stores }, ...rest] } = nest;
  return contraction !== undefined && reductions.length === 1 && reductions[0].kind === "sum" && stores.length === 0 &&
    rest.every(({ inner, reductions }) => inner.length === 0 && reductions.length === 0);
}

/** True for a nest that has no points, so that there is nothing to run. */
export function isEmpty({ outer }: Nest): boolean {
  return pointsOf(outer) === 0;
}

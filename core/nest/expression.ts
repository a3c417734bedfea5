/**
 * Scalar expressions: what one point of a loop nest computes.
 *
 * Indices and values share one language. Whole-number index arithmetic is kept in one normal form, `affine`
 * (Σ coefficient · term + constant), so that strides can be read off (`strides.ts`) and equal indices are recognized.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import type { ScalarOp } from "../scalar/operations.ts";

/** A loop counter, which takes the values 0, 1, … extent − 1. */
export interface Variable {
  readonly kind: "variable";
  readonly dtype: "i32";
  readonly name: string;
  readonly extent: number;
}

/** A known number. */
export interface Literal {
  readonly kind: "literal";
  readonly dtype: DType;
  readonly value: number;
}

/** `constant + Σ coefficient · term`, in 32-bit integers. Terms are distinct, and no coefficient is 0. */
export interface Affine {
  readonly kind: "affine";
  readonly dtype: "i32";
  readonly terms: readonly (readonly [Expression, number])[];
  readonly constant: number;
}

/**
 * The element at `index` of the nest's buffer number `slot`. If `guard` is present and false, the value is 0 (or false)
 * and memory is not accessed, so `index` may then be outside the buffer.
 */
export interface Load {
  readonly kind: "load";
  readonly dtype: DType;
  readonly slot: number;
  readonly index: Expression;
  readonly guard?: Expression;
}

/** A scalar operation on values of the same point. */
export interface Apply {
  readonly kind: "apply";
  readonly dtype: DType;
  readonly op: ScalarOp;
  readonly args: readonly Expression[];
}

/** The result of the nest's reduction number `reduction`, known after its phase. */
export interface Result {
  readonly kind: "result";
  readonly dtype: DType;
  readonly reduction: number;
}

/** The whole number `index`, which the device records if it is not from 0 to `size − 1`. */
export interface Checked {
  readonly kind: "checked";
  readonly dtype: "i32";
  readonly index: Expression;
  /** The row-major position of the index in its tensor. */
  readonly position: Expression;
  /** The number of the check in `index_checks.ts`. */
  readonly number: number;
  readonly size: number;
}

/** An expression. Equal expressions made by one `ExpressionTable` are the same object. */
export type Expression = Variable | Literal | Affine | Load | Apply | Result | Checked;

/** All expressions directly inside `expression`. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "affine":
      return expression.terms.map(([term]) => term);
    case "load":
      return expression.guard ? [expression.index, expression.guard] : [expression.index];
    case "apply":
      return expression.args;
    case "checked":
      return [expression.index, expression.position];
    default:
      return [];
  }
}

/** Calls `visit` once for each distinct expression in `roots`, children first. */
export function walk(roots: Iterable<Expression>, visit: (expression: Expression) => void): void {
  const seen = new Set<Expression>();
  const go = (expression: Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    children(expression).forEach(go);
    visit(expression);
  };
  for (const root of roots) go(root);
}

/** True if `condition` holds for `root` or for an expression inside it. */
export function contains(root: Expression, condition: (expression: Expression) => boolean): boolean {
  const seen = new Set<Expression>();
  const holds = (expression: Expression): boolean => {
    if (seen.has(expression)) return false;
    seen.add(expression);
    return condition(expression) || children(expression).some(holds);
  };
  return holds(root);
}

/** True if `expression` depends on `variable`. */
export function dependsOn(expression: Expression, variable: Variable): boolean {
  return contains(expression, (e) => e === variable);
}

/** True if `expression` depends on results of reductions. */
export function usesResults(expression: Expression): boolean {
  return contains(expression, ({ kind }) => kind === "result");
}

/** The loads inside `roots`, each once. */
export function loadsIn(roots: Iterable<Expression>): Load[] {
  const loads: Load[] = [];
  walk(roots, (expression) => {
    if (expression.kind === "load") loads.push(expression);
  });
  return loads;
}

/** An index as `constant + Σ coefficient · term`. */
export type IndexTerms = Pick<Affine, "terms" | "constant">;

/** The terms of an index with their coefficients, and its constant. */
export function termsOf(index: Expression): IndexTerms {
  if (index.kind === "affine") return index;
  if (index.kind === "literal") return { terms: [], constant: index.value };
  return { terms: [[index, 1]], constant: 0 };
}

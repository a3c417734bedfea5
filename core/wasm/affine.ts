/**
 * What can be read off index expressions: their terms, and how far they step along a loop.
 *
 * @module
 */

import { children, type Expression, type Variable } from "../compile/expression.ts";

/** The terms of an index with their coefficients, and its constant. */
export function termsOf(index: Expression): { terms: readonly (readonly [Expression, number])[]; constant: number } {
  if (index.kind === "affine") return index;
  if (index.kind === "literal") return { terms: [], constant: index.value };
  return { terms: [[index, 1]], constant: 0 };
}

/** True where `expression` depends on `variable`. */
export function dependsOn(expression: Expression, variable: Variable): boolean {
  const seen = new Set<Expression>();
  const go = (e: Expression): boolean => {
    if (e === variable) return true;
    if (seen.has(e)) return false;
    seen.add(e);
    return children(e).some(go);
  };
  return go(expression);
}

/** By how much `index` grows when `variable` grows by one; undefined where that is not always the same. */
export function strideAlong(index: Expression, variable: Variable): number | undefined {
  let stride = 0;
  for (const [term, coefficient] of termsOf(index).terms) {
    if (term === variable) stride += coefficient;
    else if (dependsOn(term, variable)) return undefined;
  }
  return stride;
}

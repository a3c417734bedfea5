/**
 * Quotients and remainders of indices by known whole numbers, simplified by what is known of the indices.
 *
 * @module
 */

import { type Expression, termsOf } from "./expression.ts";
import type { ExpressionTable } from "./expression_table.ts";

/** `⌊index / divisor⌋` for a whole divisor; unspecified where the index is negative. */
export function quotient(table: ExpressionTable, index: Expression, divisor: number): Expression {
  if (divisor === 1) return index;
  const common = commonFactor(table, index, divisor);
  if (common) return quotient(table, common.multiple, divisor / common.factor);
  const { multiple, rest } = separated(table, index, divisor);
  const range = table.range(rest);
  if (range && range[0] >= 0 && range[1] < divisor) return multiple;
  if (multiple.kind !== "literal" && range && range[0] >= 0) {
    return table.affine([[multiple, 1], [quotient(table, rest, divisor), 1]]);
  }
  // ⌊⌊x / a⌋ / b⌋ = ⌊x / (a·b)⌋
  if (index.kind === "apply" && index.op === "div" && index.args[1].kind === "literal") {
    return quotient(table, index.args[0], index.args[1].value * divisor);
  }
  return table.apply("div", "i32", [index, table.literal("i32", divisor)]);
}

/** `index mod divisor` for a whole divisor; unspecified where the index is negative. */
export function remainder(table: ExpressionTable, index: Expression, divisor: number): Expression {
  if (divisor === 1) return table.literal("i32", 0);
  const common = commonFactor(table, index, divisor);
  if (common) {
    const { factor, multiple, rest } = common;
    return table.affine([[remainder(table, multiple, divisor / factor), factor]], rest);
  }
  const { rest, multiple } = separated(table, index, divisor);
  const range = table.range(rest);
  if (range && range[0] >= 0) {
    if (range[1] < divisor) return rest;
    if (multiple.kind !== "literal") return remainder(table, rest, divisor);
  }
  return table.apply("mod", "i32", [index, table.literal("i32", divisor)]);
}

/** `index = factor · multiple + rest` where `factor` divides the divisor and `0 ≤ rest < factor`. */
function commonFactor(
  table: ExpressionTable,
  index: Expression,
  divisor: number,
): { readonly factor: number; readonly multiple: Expression; readonly rest: number } | undefined {
  if (index.kind !== "affine") return undefined;
  const factor = index.terms.reduce((common, [, each]) => greatestCommonDivisor(common, Math.abs(each)), divisor);
  const rest = index.constant % factor;
  if (factor === 1 || rest < 0) return undefined;
  const parts = index.terms.map(([term, each]) => [term, each / factor] as const);
  return { factor, rest, multiple: table.affine(parts, (index.constant - rest) / factor) };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** `index = divisor · multiple + rest`. */
function separated(
  table: ExpressionTable,
  index: Expression,
  divisor: number,
): { readonly multiple: Expression; readonly rest: Expression } {
  const { terms, constant } = termsOf(index);
  const divisible = terms.filter(([, c]) => c % divisor === 0);
  const others = terms.filter(([, c]) => c % divisor !== 0);
  const whole = Math.floor(constant / divisor);
  return {
    multiple: table.affine(divisible.map(([term, c]) => [term, c / divisor] as const), whole),
    rest: table.affine(others, constant - whole * divisor),
  };
}

/**
 * Puts together what division took apart: `c·d·⌊x/d⌋ + c·(x mod d) = c·x`. `sums` are the terms of an index with their
 * coefficients, which are changed.
 */
export function joinDivisions(table: ExpressionTable, sums: Map<Expression, number>): void {
  for (const [rest, factor] of [...sums]) {
    if (rest.kind !== "apply" || rest.op !== "mod" || rest.args[1].kind !== "literal") continue;
    const [dividend, { value: divisor }] = [rest.args[0], rest.args[1]];
    const multiple = quotient(table, dividend, divisor);
    if (multiple.kind !== "apply" || sums.get(multiple) !== factor * divisor) continue;
    sums.delete(rest);
    sums.delete(multiple);
    const { terms, constant } = termsOf(dividend);
    // The constant stays a term: as a part of the index's constant it would let kernels compute four points per thread
    // that compute one now.
    const parts = constant ? [...terms, [table.literal("i32", 1), constant] as const] : terms;
    for (const [term, c] of parts) sums.set(term, (sums.get(term) ?? 0) + c * factor);
    return joinDivisions(table, sums);
  }
}

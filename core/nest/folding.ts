/**
 * Simplifies scalar operations whose result is already known, or is one of their operands.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import type { Expression } from "./expression.ts";
import type { ExpressionTable } from "./expression_table.ts";
import { type ScalarOp, scalarOps } from "../scalar/operations.ts";

/** The simplified form of an operation on these operands with this type of result; undefined if there is none. */
type Folding = (table: ExpressionTable, args: readonly Expression[], dtype: DType) => Expression | undefined;

/** `and` and `or`: the value `decisive` of one operand decides the result; otherwise the result is the other one. */
const connective = (decisive: boolean): Folding => (_, [a, b], dtype) => {
  if (dtype !== "bool") return undefined;
  if (a.kind === "literal") return !!a.value === decisive ? a : b;
  if (b.kind === "literal") return !!b.value === decisive ? b : a;
  return a === b ? a : undefined;
};

/** Whether a comparison holds, from the range of second operand − first operand; undefined if unknown. */
type Comparison = (low: number, high: number) => boolean | undefined;

const isZero: Comparison = (low, high) => low > 0 || high < 0 ? false : low === 0 && high === 0 ? true : undefined;

const comparisons: Partial<Record<ScalarOp, Comparison>> = {
  lt: (low, high) => low > 0 ? true : high <= 0 ? false : undefined,
  le: (low, high) => low >= 0 ? true : high < 0 ? false : undefined,
  eq: isZero,
  ne: (low, high) => {
    const zero = isZero(low, high);
    return zero === undefined ? undefined : !zero;
  },
};

const foldings: Partial<Record<ScalarOp, Folding>> = {
  cast: (_, [a], dtype) => a.dtype === dtype ? a : undefined,
  where: (_, [condition, a, b]) => {
    if (condition.kind === "literal") return condition.value ? a : b;
    return a === b ? a : undefined;
  },
  and: connective(false),
  or: connective(true),
  not: (table, [a], dtype) => {
    return dtype === "bool" && a.kind === "literal" ? table.literal("bool", a.value ? 0 : 1) : undefined;
  },
};

/** The simplified form of an operation; undefined if it must be computed. */
export function folded(
  table: ExpressionTable,
  op: ScalarOp,
  { dtype, args }: { readonly dtype: DType; readonly args: readonly Expression[] },
): Expression | undefined {
  const found = foldings[op]?.(table, args, dtype);
  return found ??
    (scalarOps[op].isComparison && args[0].dtype === "i32" ? foldedComparison(table, op, args) : undefined);
}

function foldedComparison(
  table: ExpressionTable,
  op: ScalarOp,
  [a, b]: readonly Expression[],
): Expression | undefined {
  const bounded = table.range(a) && table.range(b);
  const difference = bounded && table.range(table.affine([[b, 1], [a, -1]]));
  const holds = difference ? comparisons[op]?.(...difference) : undefined;
  return holds === undefined ? undefined : table.literal("bool", holds ? 1 : 0);
}

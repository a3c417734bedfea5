/**
 * Whether elements that do not exist are near those that do, so that vectors with both can be read at once and masked.
 *
 * @module
 */

import { dependsOn, type Expression, termsOf, type Variable } from "../../nest/expression.ts";
import type { ExpressionTable } from "../../nest/expression_table.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import { conjunctionOf } from "./skipping.ts";

/** A condition of the guard, and the sum that is not negative where it holds. */
export interface Condition {
  readonly holds: Expression;
  readonly sum: Expression;
}

/** The parts of a guard, each of which compares indices; undefined if a part does something else. */
export function conditionsOf(table: ExpressionTable, guard: Expression | undefined): Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const part of guard ? conjunctionOf(guard) : []) {
    const condition = conditionOf(table, part);
    if (!condition) return undefined;
    conditions.push(condition);
  }
  return conditions;
}

/** A comparison of an index with a number; undefined for other conditions. */
function conditionOf(table: ExpressionTable, holds: Expression): Condition | undefined {
  if (holds.kind !== "apply" || holds.op !== "le" && holds.op !== "lt") return undefined;
  const [low, high] = holds.args;
  if (low.dtype !== "i32" || high.dtype !== "i32") return undefined;
  return { holds, sum: table.affine([[high, 1], [low, -1]], holds.op === "lt" ? -1 : 0) };
}

/** An index into a buffer, and the conditions under which its element exists. */
export interface GuardedIndex {
  readonly table: ExpressionTable;
  readonly index: Expression;
  readonly conditions: readonly Condition[];
}

/** The most elements by which reads may miss the buffer; the space between buffers is 16 elements. */
const MOST_OUTSIDE = 16;

/**
 * Whether vectors along `variable` may be read without a condition for each lane: where an element does not exist,
 * others are read that are at most a few elements away from those that do.
 */
export function isNearMemory({ table, index, conditions }: GuardedIndex, variable: Variable): boolean {
  const stride = Math.abs(coefficientOf(index, variable));
  const outside = conditions.map(({ sum }) => {
    const step = Math.abs(coefficientOf(sum, variable));
    if (step === 0) return 0;
    const range = table.range(sum);
    return range ? Math.ceil(Math.max(0, -range[0]) / step) * stride : Infinity;
  });
  return 2 * Math.max(0, ...outside) + LANES * stride <= MOST_OUTSIDE;
}

/** Whether an index depends on variables only as a sum of their multiples. */
export function isSumOf(index: Expression, variables: readonly Variable[]): boolean {
  return termsOf(index).terms.every(([term]) =>
    term.kind === "variable" || !variables.some((variable) => dependsOn(term, variable))
  );
}

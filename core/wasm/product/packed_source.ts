/**
 * What is packed, if it is a matrix in memory whose index is a sum of loop counters: its strides, and the conditions
 * under which an element exists. So padded and strided convolutions are packed without computing an index per element.
 *
 * @module
 */

import { dependsOn, type Expression, type Load, termsOf, type Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import { conjunctionOf } from "../schedule/skipping.ts";

/** A condition of the guard, and the sum that is not negative where it holds. */
export interface Condition {
  readonly holds: Expression;
  readonly sum: Expression;
}

/** A matrix in memory. */
export interface PackedSource {
  readonly table: ExpressionTable;
  readonly slot: number;
  readonly index: Expression;
  /** All of these must hold, otherwise the element is 0. */
  readonly conditions: readonly Condition[];
}

/** The matrix that `value` loads; undefined if it is something else, or its index depends on `variables` otherwise. */
export function packedSourceOf(value: Expression, variables: readonly Variable[]): PackedSource | undefined {
  if (value.kind !== "load" || value.dtype !== "f32") return undefined;
  const table = new ExpressionTable();
  const { slot, index, guard } = table.adopt(value) as Load;
  if (!isSumOf(index, variables)) return undefined;
  const conditions = guard ? conjunctionOf(guard).map((part) => conditionOf(table, part)) : [];
  const known = conditions.filter((one) => one !== undefined && isSumOf(one.sum, variables)) as Condition[];
  return known.length === conditions.length ? { table, slot, index, conditions: known } : undefined;
}

/** Whether an index depends on variables only as a sum of their multiples. */
function isSumOf(index: Expression, variables: readonly Variable[]): boolean {
  return termsOf(index).terms.every(([term]) =>
    term.kind === "variable" || !variables.some((variable) => dependsOn(term, variable))
  );
}

/** A comparison of an index with a number; undefined for other conditions. */
function conditionOf(table: ExpressionTable, holds: Expression): Condition | undefined {
  if (holds.kind !== "apply" || holds.op !== "le" && holds.op !== "lt") return undefined;
  const [low, high] = holds.args;
  if (low.dtype !== "i32" || high.dtype !== "i32") return undefined;
  return { holds, sum: table.affine([[high, 1], [low, -1]], holds.op === "lt" ? -1 : 0) };
}

/** The most elements by which reads may miss the buffer; the space between buffers is 16 elements. */
const MOST_OUTSIDE = 16;

/**
 * Whether vectors along `variable` may be read without a condition for each lane: where an element does not exist,
 * others are read that are at most a few elements away from those that do.
 */
export function isNearMemory({ table, index, conditions }: PackedSource, variable: Variable): boolean {
  const stride = Math.abs(coefficientOf(index, variable));
  const outside = conditions.map(({ sum }) => {
    const step = Math.abs(coefficientOf(sum, variable));
    if (step === 0) return 0;
    const range = table.range(sum);
    return range ? Math.ceil(Math.max(0, -range[0]) / step) * stride : Infinity;
  });
  return 2 * Math.max(0, ...outside) + LANES * stride <= MOST_OUTSIDE;
}

/** The strides for which vectors are read at once. */
const stridesOfVectors: readonly number[] = [1, 2, -1];

/** Whether four values of `variable` can be read at once. */
export function isReadAtOnce(source: PackedSource, variable: Variable): boolean {
  return stridesOfVectors.includes(coefficientOf(source.index, variable)) && isNearMemory(source, variable);
}

/**
 * What is packed, if it is a matrix in memory whose index is a sum of loop counters: its strides, and the conditions
 * under which an element exists. So padded and strided convolutions are packed without computing an index per element.
 *
 * @module
 */

import type { Expression, Load, Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { type Condition, conditionsOf, isNearMemory, isSumOf } from "./near_memory.ts";

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
  const conditions = conditionsOf(table, guard);
  if (!conditions?.every(({ sum }) => isSumOf(sum, variables))) return undefined;
  return { table, slot, index, conditions };
}

/** The strides for which vectors are read at once. */
const stridesOfVectors: readonly number[] = [1, 2, -1];

/** Whether four values of `variable` can be read at once. */
export function isReadAtOnce(source: PackedSource, variable: Variable): boolean {
  return stridesOfVectors.includes(coefficientOf(source.index, variable)) && isNearMemory(source, variable);
}

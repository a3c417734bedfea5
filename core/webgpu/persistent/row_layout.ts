/**
 * The rows of buffers: which elements belong to which row, and whether an access stays in its own.
 *
 * @module
 */

import { type Expression, termsOf, type Variable } from "../../nest/expression.ts";
import type { ExpressionTable } from "../../nest/expression_table.ts";

/**
 * The rows of a buffer: element `e` belongs to row `⌊(e mod period) / stride⌋`. So all elements of different rows are
 * different, however many times the rows are repeated, as in the two halves of a carry.
 */
export interface RowLayout {
  readonly stride: number;
  readonly period: number;
}

/** An access to an element. */
export interface RowAccess {
  readonly index: Expression;
  /** If present and false, nothing is accessed. */
  readonly guard?: Expression | undefined;
}

/** The least and the greatest value of an index; infinite if unknown. */
type Bounds = readonly [least: number, greatest: number];

/**
 * Whether the element that is accessed in row `row` belongs to that row: the index is `stride · row`, plus multiples of
 * the period, plus a rest from 0 to `stride − 1`.
 */
export function staysInRow(
  table: ExpressionTable,
  { index, guard, row }: RowAccess & { readonly row: Variable },
  { stride, period }: RowLayout,
): boolean {
  const { terms, constant } = termsOf(index);
  const own = terms.find(([term]) => term === row);
  if (!own || own[1] !== stride) return false;
  const rest = terms.filter(([term, factor]) => term !== row && factor % period !== 0);
  const [least, greatest] = boundsOf(table, table.affine(rest, constant), guard);
  const before = Math.floor(least / period) * period;
  return greatest - before < stride;
}

/** The bounds of an index where its guard holds. */
function boundsOf(table: ExpressionTable, index: Expression, guard: Expression | undefined): Bounds {
  let [least, greatest] = table.range(index) ?? [-Infinity, Infinity];
  for (const [bounded, [low, high]] of limitsIn(guard)) {
    const distance = table.affine([[index, 1], [bounded, -1]]);
    if (distance.kind !== "literal") continue;
    least = Math.max(least, low + distance.value);
    greatest = Math.min(greatest, high + distance.value);
  }
  return [least, greatest];
}

/** The bounds that a condition implies for indices: those of comparisons with known numbers that must all hold. */
function limitsIn(guard: Expression | undefined): (readonly [Expression, Bounds])[] {
  if (guard?.kind !== "apply") return [];
  const { op, args: [a, b] } = guard;
  if (op === "and") return [...limitsIn(a), ...limitsIn(b)];
  if ((op !== "le" && op !== "lt") || a.dtype !== "i32") return [];
  const beyond = op === "lt" ? 1 : 0;
  if (a.kind === "literal") return [[b, [a.value + beyond, Infinity]]];
  return b.kind === "literal" ? [[a, [-Infinity, b.value - beyond]]] : [];
}

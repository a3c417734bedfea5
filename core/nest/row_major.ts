/**
 * Points of several loops by their number: row-major, the last loop fastest.
 *
 * @module
 */

import type { Expression, Variable } from "./expression.ts";
import type { ExpressionTable } from "./expression_table.ts";

/** The number of the current point among all points of `variables`. */
export function pointNumber(table: ExpressionTable, variables: readonly Variable[]): Expression {
  const parts: [Expression, number][] = [];
  let stride = 1;
  for (const variable of [...variables].reverse()) {
    parts.unshift([variable, stride]);
    stride *= variable.extent;
  }
  return table.affine(parts.map(([variable, factor]) => [table.adopt(variable), factor]));
}

/** The loop counters of the point with the number `number`. */
export function countersAt(
  table: ExpressionTable,
  variables: readonly Variable[],
  number: Expression,
): Map<Variable, Expression> {
  const counters = new Map<Variable, Expression>();
  let stride = 1;
  for (const [position, variable] of [...variables.entries()].reverse()) {
    const quotient = table.quotient(number, stride);
    const outermost = variables.slice(0, position).every(({ extent }) => extent === 1);
    counters.set(variable, outermost ? quotient : table.remainder(quotient, Math.max(1, variable.extent)));
    stride *= Math.max(1, variable.extent);
  }
  return counters;
}

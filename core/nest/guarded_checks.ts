/**
 * Checks of indices at points that may be outside of their loops, where an index can be anything.
 *
 * @module
 */

import { type Expression, walk } from "./expression.ts";
import type { ExpressionTable } from "./expression_table.ts";

/** A checked index that is 0 if the guard is present and false. */
export function guardedCheck(table: ExpressionTable, e: Expression, guard: Expression | undefined): Expression {
  if (e.kind !== "checked" || !guard || e.index.kind === "load" && e.index.guard === guard) return e;
  return table.checked(table.apply("where", "i32", [guard, e.index, table.literal("i32", 0)]), e);
}

/** An expression whose checked indices are 0 if the guard is present and false. */
export function guardedChecks(table: ExpressionTable, root: Expression, guard: Expression | undefined): Expression {
  if (!guard) return root;
  const replacements = new Map<Expression, Expression>();
  walk([root], (e) => e.kind === "checked" && replacements.set(e, guardedCheck(table, e, guard)));
  return replacements.size === 0 ? root : table.substitute(root, replacements);
}

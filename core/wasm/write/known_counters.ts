/**
 * Guards in which the counters of unrolled loops are replaced by their values. What remains of a guard often depends on
 * fewer loops, so it is computed farther out and less often: the masks of a padded row are the same for all rows.
 *
 * Indices keep their counters, because the addresses of unrolled loops differ only by constants.
 *
 * @module
 */

import { contains, type Expression, loadsIn } from "../../nest/expression.ts";
import type { ExpressionTable } from "../../nest/expression_table.ts";
import { computedValuesOf, type Phase } from "../../nest/nest.ts";
import { mapPhase } from "../../nest/rewrite.ts";
import type { KnownCounters } from "./iteration.ts";

/** A phase whose guards do not depend on counters that are known. */
export function withKnownGuards(table: ExpressionTable, phase: Phase, known: KnownCounters): Phase {
  if (known.size === 0) return phase;
  const isKnown = (e: Expression): boolean => e.kind === "variable" && known.has(e);
  const guards = loadsIn(computedValuesOf({ phases: [phase] })).map(({ guard }) => guard);
  if (!guards.some((guard) => guard && contains(guard, isKnown))) return phase;
  const values = new Map([...known].map(([variable, value]) => [variable, table.literal("i32", value)] as const));
  const settled = table.substitution(values);
  const done = new Map<Expression, Expression>();
  const go = (e: Expression): Expression => {
    const found = done.get(e);
    if (found) return found;
    const made = e.kind === "load" && e.guard
      ? table.load(e.dtype, e.slot, go(e.index), { guard: settled(e.guard) })
      : table.rebuild(e, go);
    done.set(e, made);
    return made;
  };
  return mapPhase(phase, { expression: go });
}

/**
 * Joins adjacent loops whose variables every index treats as one, so that kernels run over long contiguous ranges.
 *
 * @module
 */

import { type Expression, type Variable, walk } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { expressionsOf, type NestBody } from "../nest/nest.ts";
import { mapNest } from "../nest/rewrite.ts";

/** Counts integer divisions and remainders; joined loops must not add any. */
function divisions(expressions: readonly Expression[]): number {
  let count = 0;
  walk(expressions, (e) => {
    if (e.kind === "apply" && e.dtype === "i32" && (e.op === "div" || e.op === "mod")) count++;
  });
  return count;
}

/** Joins the loops `first` and `second`, which is directly inside of it; undefined if that costs divisions. */
function join<N extends NestBody>(
  nest: N,
  table: ExpressionTable,
  [first, second]: readonly [Variable, Variable],
): N | undefined {
  const joined = table.variable(first.name.replace(/\d+$/, ""), first.extent * second.extent);
  const replacements = new Map<Expression, Expression>([
    [first, table.quotient(joined, second.extent)],
    [second, table.remainder(joined, second.extent)],
  ]);
  const loops = (list: readonly Variable[]): Variable[] =>
    list.flatMap((variable) => variable === first ? [joined] : variable === second ? [] : [variable]);
  const result = mapNest(nest, { expression: table.substitution(replacements), loops });
  return divisions(expressionsOf(result)) > divisions(expressionsOf(nest)) ? undefined : result;
}

/** Returns adjacent loops that may be joined because they have one role, in the order of the loops. */
function neighbours(nest: NestBody): [Variable, Variable][] {
  const { contraction } = nest;
  const lists = contraction
    ? [contraction.batch, contraction.rows, contraction.columns, contraction.depth]
    : [nest.outer, ...nest.phases.slice(0, 1).map(({ inner }) => inner)];
  return lists.flatMap((list) => list.slice(1).map((second, i): [Variable, Variable] => [list[i], second]));
}

function adjacent(list: readonly Variable[], first: Variable, second: Variable): boolean {
  return list.indexOf(second) === list.indexOf(first) + 1;
}

/** Joins loops until no more can be joined. Positions within `inner` (argmax) stay the same. */
export function collapse<N extends NestBody>(nest: N, table: ExpressionTable): N {
  let current = nest;
  for (let again = true; again;) {
    again = false;
    for (const [first, second] of neighbours(current)) {
      const fits = [current.outer, ...current.phases.map(({ inner }) => inner)]
        .every((list) =>
          list.includes(first) === list.includes(second) && (!list.includes(first) || adjacent(list, first, second))
        );
      const joined = fits ? join(current, table, [first, second]) : undefined;
      if (joined) {
        current = joined;
        again = true;
        break;
      }
    }
  }
  return current;
}

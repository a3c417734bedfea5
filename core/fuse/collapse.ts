/**
 * Joins adjacent loops whose variables every index treats as one, so that kernels run over long contiguous ranges.
 *
 * @module
 */

import { type Expression, type Variable, walk } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { type Contraction, expressionsOf, type NestBody, type Phase, type Store } from "../nest/nest.ts";

/** Counts integer divisions and remainders; joined loops must not add any. */
function divisions(expressions: readonly Expression[]): number {
  let count = 0;
  walk(expressions, (e) => {
    if (e.kind === "apply" && e.dtype === "i32" && (e.op === "div" || e.op === "mod")) count++;
  });
  return count;
}

/** Returns a store with its expressions replaced. */
export function mapStore(store: Store, go: (e: Expression) => Expression): Store {
  return {
    ...store,
    index: go(store.index),
    value: go(store.value),
    ...(store.guard ? { guard: go(store.guard) } : {}),
  };
}

function mapNest<N extends NestBody>(
  nest: N,
  outer: readonly Variable[],
  inner: (old: Phase) => readonly Variable[],
  go: (e: Expression) => Expression,
): N {
  const phases = nest.phases.map((phase): Phase => ({
    inner: inner(phase),
    reductions: phase.reductions.map((reduction) => ({ ...reduction, value: go(reduction.value) })),
    stores: phase.stores.map((store) => mapStore(store, go)),
  }));
  const { contraction } = nest;
  return {
    ...nest,
    outer,
    phases,
    ...(contraction
      ? { contraction: { ...contraction, left: go(contraction.left), right: go(contraction.right) } }
      : {}),
  };
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
  const go = (e: Expression): Expression => table.substitute(e, replacements);
  const swap = (list: readonly Variable[]): Variable[] =>
    list.flatMap((variable) => variable === first ? [joined] : variable === second ? [] : [variable]);
  const result = mapNest(nest, swap(nest.outer), (phase) => swap(phase.inner), go);
  if (divisions(expressionsOf(result)) > divisions(expressionsOf(nest))) return undefined;
  if (!nest.contraction) return result;
  const { batch, rows, columns, depth } = nest.contraction;
  const contraction: Contraction = {
    ...result.contraction!,
    batch: swap(batch),
    rows: swap(rows),
    columns: swap(columns),
    depth: swap(depth),
  };
  return { ...result, contraction };
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

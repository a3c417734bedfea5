/**
 * Nests with their expressions made anew.
 *
 * @module
 */

import type { Expression, Variable } from "./expression.ts";
import type { Contraction, NestBody, Phase, Store } from "./nest.ts";

/** What the parts of a nest are replaced by. */
export interface Rewriting {
  readonly expression: (expression: Expression) => Expression;
  /** Nested loops, outermost first; they stay what they are unless this is given. */
  readonly loops?: (variables: readonly Variable[]) => readonly Variable[];
  /** The number of a reduction; it stays the same unless this is given. */
  readonly reduction?: (id: number) => number;
}

/** A store with its expressions replaced. */
export function mapStore(store: Store, change: Rewriting["expression"]): Store {
  const { index, value, guard } = store;
  return { ...store, index: change(index), value: change(value), ...(guard ? { guard: change(guard) } : {}) };
}

/** A phase with its expressions replaced. */
export function mapPhase({ inner, reductions, stores }: Phase, { expression, loops, reduction }: Rewriting): Phase {
  return {
    inner: loops?.(inner) ?? inner,
    reductions: reductions.map((one) => ({
      ...one,
      id: reduction?.(one.id) ?? one.id,
      value: expression(one.value),
    })),
    stores: stores.map((store) => mapStore(store, expression)),
  };
}

function mapContraction(contraction: Contraction, { expression, loops = (same) => same }: Rewriting): Contraction {
  const { batch, rows, columns, depth, left, right } = contraction;
  return {
    batch: loops(batch),
    rows: loops(rows),
    columns: loops(columns),
    depth: loops(depth),
    left: expression(left),
    right: expression(right),
  };
}

/** A nest with its expressions replaced, those of its contraction too. */
export function mapNest<N extends NestBody>(nest: N, rewriting: Rewriting): N {
  const { outer, phases, contraction } = nest;
  return {
    ...nest,
    outer: rewriting.loops?.(outer) ?? outer,
    phases: phases.map((phase) => mapPhase(phase, rewriting)),
    ...(contraction ? { contraction: mapContraction(contraction, rewriting) } : {}),
  };
}

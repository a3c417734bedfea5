/**
 * Nests with expressions or loops replaced.
 *
 * @module
 */

import type { Expression, Variable } from "./expression.ts";
import type { Contraction, NestBody, Phase, Store } from "./nest.ts";

/** The replacements for the parts of a nest. */
export interface Rewriting {
  readonly expression: (expression: Expression) => Expression;
  /** Nested loops, outermost first (default: unchanged). */
  readonly loops?: (variables: readonly Variable[]) => readonly Variable[];
  /** The number of a reduction (default: unchanged). */
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

/** A nest with its expressions replaced, including those of its contraction. */
export function mapNest<N extends NestBody>(nest: N, rewriting: Rewriting): N {
  const { outer, phases, contraction } = nest;
  return {
    ...nest,
    outer: rewriting.loops?.(outer) ?? outer,
    phases: phases.map((phase) => mapPhase(phase, rewriting)),
    ...(contraction ? { contraction: mapContraction(contraction, rewriting) } : {}),
  };
}

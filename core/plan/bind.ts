/**
 * Binds a nest to memory: value numbers become slots, and indices get the offsets of the values.
 *
 * @module
 */

import { type Expression, type Variable, walk } from "../nest/expression.ts";
import type { ExpressionTable } from "../nest/expression_table.ts";
import { type Contraction, expressionsOf, type Nest, type NestBody, type Phase, type Store } from "../nest/nest.ts";
import { mapPhase } from "../nest/rewrite.ts";
import { type Place, SlotTable } from "./place.ts";

/** The places and counters that binding needs. */
export interface Binding {
  readonly table: ExpressionTable;
  /** Counters of the loops around the nest. */
  readonly counters: readonly Variable[];
  /** Returns the place of the value with a number. */
  placeOf(number: number): Place;
}

/** A nest, and the program's buffers for its slots. */
export interface BoundNest {
  readonly nest: Nest;
  readonly buffers: readonly number[];
}

class Binder {
  readonly slots = new SlotTable();
  readonly #done = new Map<Expression, Expression>();

  constructor(readonly binding: Binding) {}

  #from(place: Place, index: Expression): Expression {
    return this.binding.table.affine([[index, 1], [place.offset, 1]]);
  }

  expression = (e: Expression): Expression => {
    const known = this.#done.get(e);
    if (known) return known;
    const { table, placeOf } = this.binding;
    let bound = table.rebuild(e, this.expression);
    if (bound.kind === "load") {
      const place = placeOf(bound.slot);
      bound = table.load(bound.dtype, this.slots.reading(place), this.#from(place, bound.index), bound);
    }
    this.#done.set(e, bound);
    return bound;
  };

  /** Returns a phase whose loads are bound; its stores still refer to value numbers. */
  reads(phase: Phase): Phase {
    return mapPhase(phase, this);
  }

  /** Returns the phase with its stores bound too. */
  writes(phase: Phase): Phase {
    const stores = phase.stores.map((store): Store => {
      const place = this.binding.placeOf(store.slot);
      return { ...store, slot: this.slots.writing(place), index: this.#from(place, store.index) };
    });
    return { ...phase, stores };
  }

  contraction(contraction: Contraction): Contraction {
    return { ...contraction, left: this.expression(contraction.left), right: this.expression(contraction.right) };
  }
}

/** Binds a nest to the places of its values. */
export function bindNest({ name, outer, phases, contraction }: NestBody, binding: Binding): BoundNest {
  const binder = new Binder(binding);
  const bound = phases.map((phase) => binder.reads(phase)).map((phase) => binder.writes(phase));
  const used = new Set<Expression>();
  walk(expressionsOf({ phases: bound }), (expression) => used.add(expression));
  const nest: Nest = {
    name,
    slots: binder.slots.slots(),
    counters: binding.counters.filter((counter) => used.has(counter)),
    outer,
    phases: bound,
    ...(contraction ? { contraction: binder.contraction(contraction) } : {}),
  };
  return { nest, buffers: binder.slots.buffers };
}

/**
 * The buffers of all nests of a loop, as slots of one kernel.
 *
 * @module
 */

import type { Expression } from "../../nest/expression.ts";
import type { ExpressionTable } from "../../nest/expression_table.ts";
import type { Access, Nest, Slot } from "../../nest/nest.ts";
import { mapNest } from "../../nest/rewrite.ts";
import type { SlicedLoop, SlicedNest } from "./slices.ts";

/** A loop whose nests have the slots of one kernel. */
export interface SharedLoop extends SlicedLoop {
  readonly slots: readonly Slot[];
  /** The program's buffer of each slot. */
  readonly buffers: readonly number[];
}

/** Gives all nests of a loop the same slots; undefined if they see elements of different types in one buffer. */
export function shareSlots(loop: SlicedLoop): SharedLoop | undefined {
  const slots = new Map<number, Slot>();
  for (const { nest, buffers } of [...loop.starts, ...loop.nests]) {
    for (const [number, slot] of nest.slots.entries()) {
      const known = slots.get(buffers[number]);
      if (known && known.dtype !== slot.dtype) return undefined;
      slots.set(buffers[number], known ? joined(known, slot) : slot);
    }
  }
  const buffers = [...slots.keys()];
  const shared = (one: SlicedNest): SlicedNest => ({
    ...one,
    nest: renumbered(loop.table, one.nest, one.buffers.map((buffer) => buffers.indexOf(buffer))),
    buffers,
  });
  const [starts, nests] = [loop.starts.map(shared), loop.nests.map(shared)];
  return { ...loop, starts, nests, slots: [...slots.values()], buffers };
}

function joined(a: Slot, b: Slot): Slot {
  const access: Access = a.access === b.access ? a.access : "readwrite";
  return { ...a, access, elements: Math.max(a.elements, b.elements) };
}

/** A nest with other numbers of its slots. Its own list of slots stays as it was. */
function renumbered(table: ExpressionTable, nest: Nest, numbers: readonly number[]): Nest {
  const done = new Map<Expression, Expression>();
  const expression = (e: Expression): Expression => {
    const known = done.get(e);
    if (known) return known;
    let made = table.rebuild(e, expression);
    if (made.kind === "load") made = table.load(made.dtype, numbers[made.slot], made.index, made);
    done.set(e, made);
    return made;
  };
  const changed = mapNest(nest, { expression });
  const phases = changed.phases.map((phase) => ({
    ...phase,
    stores: phase.stores.map((store) => ({ ...store, slot: numbers[store.slot] })),
  }));
  return { ...changed, phases };
}

/**
 * The condition under which a nest may overwrite what it reads.
 *
 * @module
 */

import { type Load, loadsIn } from "../nest/expression.ts";
import { expressionsOf, type Nest, type Phase } from "../nest/nest.ts";

function loadsFrom(phase: Phase, slot: number): Load[] {
  return loadsIn(expressionsOf({ phases: [phase] })).filter((load) => load.slot === slot);
}

/**
 * Whether each element of `slot` is read only at the point that stores it, before the store: there is one store, at the
 * same index as all loads, and no load in a later phase.
 */
export function overwrites(nest: Nest, slot: number): boolean {
  const writers = nest.phases.filter(({ stores }) => stores.some((store) => store.slot === slot));
  if (writers.length !== 1) return false;
  const [writer] = writers;
  const stores = writer.stores.filter((store) => store.slot === slot);
  if (stores.length !== 1) return false;
  const after = nest.phases.slice(nest.phases.indexOf(writer) + 1);
  if (after.some((phase) => loadsFrom(phase, slot).length > 0)) return false;
  return nest.phases.flatMap((phase) => loadsFrom(phase, slot)).every(({ index }) => index === stores[0].index);
}

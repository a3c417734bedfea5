/**
 * The condition under which a nest may overwrite what it reads.
 *
 * @module
 */

import { type Expression, type Load, walk } from "../nest/expression.ts";
import type { Nest, Phase } from "../nest/nest.ts";

function loadsOf({ reductions, stores }: Phase, slot: number): Load[] {
  const found: Load[] = [];
  const roots: Expression[] = [
    ...reductions.map(({ value }) => value),
    ...stores.flatMap(({ index, value, guard }) => guard ? [index, value, guard] : [index, value]),
  ];
  walk(roots, (expression) => {
    if (expression.kind === "load" && expression.slot === slot) found.push(expression);
  });
  return found;
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
  if (after.some((phase) => loadsOf(phase, slot).length > 0)) return false;
  return nest.phases.flatMap((phase) => loadsOf(phase, slot)).every(({ index }) => index === stores[0].index);
}

/**
 * Programs that a device keeps although no compiled function needs them at the moment.
 *
 * @module
 */

import type { Backend } from "../backend.ts";
import type { CompiledProgram } from "../compiled.ts";
import type { CompiledGraph } from "../compiled_graph.ts";
import { LeastRecentlyUsed } from "./least_recently_used.ts";

/** The most single operations that are kept for each device. */
export const MOST_OPERATIONS = 1000;

/** The most programs of compiled functions that are kept for each device after their functions are gone. */
export const MOST_WITHOUT_OWNER = 32;

/** The kept programs of a device; of each kind, the least recently used ones are freed first. */
export interface KeptPrograms {
  /** Those of operations outside of compiled functions, by structure. */
  readonly operations: LeastRecentlyUsed<CompiledGraph>;
  /** Those whose functions are gone, by graph, for functions with equal graphs. */
  readonly withoutOwner: LeastRecentlyUsed<CompiledProgram>;
}

const kept = new WeakMap<Backend, KeptPrograms>();

/** The kept programs of a device. */
export function keptBy(backend: Backend): KeptPrograms {
  let known = kept.get(backend);
  if (!known) {
    known = {
      operations: new LeastRecentlyUsed(MOST_OPERATIONS),
      withoutOwner: new LeastRecentlyUsed(MOST_WITHOUT_OWNER),
    };
    kept.set(backend, known);
  }
  return known;
}

/** Frees the kept programs of a device. */
export function freeKept(backend: Backend): void {
  const { operations, withoutOwner } = keptBy(backend);
  operations.clear();
  withoutOwner.clear();
}

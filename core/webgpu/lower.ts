/**
 * From a nest to the kernels that compute it.
 *
 * @module
 */

import type { Nest } from "../nest/nest.ts";
import type { Kernel } from "./wgsl/kernel.ts";
import type { Schedule } from "./schedule/schedule.ts";
import { isSplittable, splitNest } from "./schedule/split.ts";
import { renderMap } from "./wgsl/map.ts";
import { renderRow } from "./wgsl/row.ts";
import { renderTile } from "./wgsl/tile.ts";

/** Says how nests are laid out over threads. */
export interface Scheduler {
  /** Into how many parts a nest's reduction is split, so that they keep all of the device busy; 1 for none. */
  parts(nest: Nest): number;
  /** The schedule of a nest that is not split any more. */
  schedule(nest: Nest): Schedule;
}

/** The kernels of a nest, in the order in which they run. */
export interface LoweredNest {
  /** Their slots are those of the nest, and for some the scratch memory after the last one. */
  readonly kernels: readonly Kernel[];
  /** Bytes of memory that pass values from one kernel to the next; 0 where there is but one. */
  readonly scratchBytes: number;
}

/** Writes the kernels of `nest`, which may use `maxSlots` buffers. */
export function lowerNest(nest: Nest, scheduler: Scheduler, maxSlots: number): LoweredNest {
  const parts = isSplittable(nest) && nest.slots.length < maxSlots ? scheduler.parts(nest) : 1;
  if (parts <= 1) return { kernels: [render(nest, scheduler.schedule(nest))], scratchBytes: 0 };
  const { nests, scratchBytes } = splitNest(nest, parts);
  return { kernels: nests.map((one) => render(one, scheduler.schedule(one))), scratchBytes };
}

function render(nest: Nest, schedule: Schedule): Kernel {
  switch (schedule.kind) {
    case "map":
      return renderMap(nest, schedule);
    case "row":
      return renderRow(nest, schedule);
    case "tile":
      return renderTile(nest, schedule);
  }
}

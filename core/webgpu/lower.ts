/**
 * From a nest to the kernels that compute it.
 *
 * @module
 */

import type { Nest } from "../compile/nest.ts";
import type { Kernel } from "./kernel.ts";
import type { Schedule } from "./schedule.ts";
import { renderMap } from "./wgsl_map.ts";
import { renderRow } from "./wgsl_row.ts";
import { renderTile } from "./wgsl_tile.ts";

/** Says how a nest is laid out over threads. */
export type ScheduleChoice = (nest: Nest) => Schedule;

/** A kernel of a nest and the buffers it binds. */
export interface LoweredKernel {
  readonly kernel: Kernel;
  /** For each of the kernel's slots the nest's slot, or the number of the nest's slots for the scratch buffer. */
  readonly bindings: readonly number[];
}

/** The kernels of a nest, in the order in which they run. */
export interface LoweredNest {
  readonly kernels: readonly LoweredKernel[];
  /** Bytes of memory that pass values from one kernel to the next; 0 where there is but one. */
  readonly scratchBytes: number;
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

/** Writes the kernels of `nest` with the schedule that `choose` gives it. */
export function lowerNest(nest: Nest, choose: ScheduleChoice): LoweredNest {
  const kernel = render(nest, choose(nest));
  return { kernels: [{ kernel, bindings: nest.slots.map((_, slot) => slot) }], scratchBytes: 0 };
}

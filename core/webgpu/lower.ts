/**
 * Lowers a nest to the kernels that compute it.
 *
 * @module
 */

import { checksIndices } from "../nest/index_checks.ts";
import type { Nest } from "../nest/nest.ts";
import type { KernelSchedule, Scheduler } from "./schedule/schedule.ts";
import { canShareReduction, shareReduction } from "./schedule/split.ts";
import type { KernelBody } from "./wgsl/body.ts";
import { kernelOf, type WgslKernel } from "./wgsl/kernel.ts";
import { renderMap } from "./wgsl/map.ts";
import { renderRow } from "./wgsl/row.ts";
import { renderTile } from "./wgsl/tile.ts";

/** The kernels of a nest, in the order in which they run. */
export interface LoweredNest {
  /** Their slots are those of the nest, followed by the scratch memory if there is any. */
  readonly kernels: readonly WgslKernel[];
  /** The bytes of memory that pass values from one kernel to the next; 0 if there is only one. */
  readonly scratchBytes: number;
}

/** Writes the kernels of `nest`, which may use `maxSlots` buffers. */
export function lowerNest(nest: Nest, scheduler: Scheduler, maxSlots: number): LoweredNest {
  const buffers = nest.slots.length + Number(checksIndices(nest));
  const count = canShareReduction(nest) && buffers < maxSlots ? scheduler.parts(nest) : 1;
  if (count <= 1) return { kernels: [kernelOf(render(nest, scheduler.schedule(nest)))], scratchBytes: 0 };
  const { parts, joined, scratchBytes } = shareReduction(nest, count);
  return { kernels: [parts, joined].map((one) => kernelOf(render(one, scheduler.schedule(one)))), scratchBytes };
}

function render(nest: Nest, schedule: KernelSchedule): KernelBody {
  switch (schedule.kind) {
    case "map":
      return renderMap(nest, schedule);
    case "row":
      return renderRow(nest, schedule);
    case "tile":
      return renderTile(nest, schedule);
  }
}

/**
 * Lowers a nest to the kernels that compute it.
 *
 * @module
 */

import { type Cost, costOf } from "../nest/cost.ts";
import { checksIndices } from "../nest/index_checks.ts";
import type { Nest } from "../nest/nest.ts";
import { type KernelSchedule, type Scheduler, withThreads } from "./schedule/schedule.ts";
import { canShareReduction, shareReduction } from "./schedule/split.ts";
import type { KernelBody } from "./wgsl/body.ts";
import { renderMap } from "./wgsl/map.ts";
import { renderRow } from "./wgsl/row.ts";
import { renderTile } from "./wgsl/tile.ts";

/** A kernel, which may become a part of a larger one. */
export interface LoweredKernel {
  readonly body: KernelBody;
  /** The kind of its schedule. */
  readonly kind: KernelSchedule["kind"] | "persistent";
  readonly cost: Cost;
  /** Whether it computes the same numbers with `lanes` threads in a workgroup. */
  readonly fits: (lanes: number) => boolean;
  /** The body with `lanes` threads in a workgroup, which {@linkcode fits}. */
  readonly resized: (lanes: number) => KernelBody;
}

/** The kernels of a nest, in the order in which they run. */
export interface LoweredNest {
  /** Their slots are those of the nest, followed by the scratch memory if there is any. */
  readonly kernels: readonly LoweredKernel[];
  /** The bytes of memory that pass values from one kernel to the next; 0 if there is only one. */
  readonly scratchBytes: number;
}

/** Writes the kernels of `nest`, which may use `maxSlots` buffers. */
export function lowerNest(nest: Nest, scheduler: Scheduler, maxSlots: number): LoweredNest {
  const buffers = nest.slots.length + Number(checksIndices(nest));
  const count = canShareReduction(nest) && buffers < maxSlots ? scheduler.parts(nest) : 1;
  if (count <= 1) return { kernels: [lowerWhole(nest, scheduler)], scratchBytes: 0 };
  const { parts, joined, scratchBytes } = shareReduction(nest, count);
  return { kernels: [parts, joined].map((one) => lowerWhole(one, scheduler)), scratchBytes };
}

/** Writes a nest that is not split. */
function lowerWhole(nest: Nest, scheduler: Scheduler): LoweredKernel {
  const schedule = scheduler.schedule(nest);
  const body = render(nest, schedule);
  const known = new Map<number, KernelSchedule | undefined>([[body.lanes, schedule]]);
  const resized = (lanes: number): KernelSchedule | undefined => {
    if (!known.has(lanes)) {
      known.set(lanes, scheduler.resize ? scheduler.resize(nest, schedule, lanes) : withThreads(schedule, lanes));
    }
    return known.get(lanes);
  };
  return {
    body,
    kind: schedule.kind,
    cost: costOf(nest),
    fits: (lanes) => resized(lanes) !== undefined,
    resized: (lanes) => lanes === body.lanes ? body : render(nest, resized(lanes)!),
  };
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

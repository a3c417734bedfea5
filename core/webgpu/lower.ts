/**
 * From a nest to the kernels that compute it.
 *
 * @module
 */

import type { Nest } from "../compile/nest.ts";
import type { Kernel } from "./kernel.ts";
import { chooseSchedule, type DeviceClass, type Schedule } from "./schedule.ts";
import { renderMap } from "./wgsl_map.ts";

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

const renderers: { [kind in Schedule["kind"]]: (nest: Nest, schedule: Extract<Schedule, { kind: kind }>) => Kernel } = {
  map: renderMap,
};

/** Chooses a schedule for `nest` and writes its kernels. */
export function lowerNest(nest: Nest, device: DeviceClass): LoweredNest {
  const schedule = chooseSchedule(nest, device);
  const kernel = renderers[schedule.kind](nest, schedule);
  return { kernels: [{ kernel, bindings: nest.slots.map((_, slot) => slot) }], scratchBytes: 0 };
}

/**
 * Schedules: how a nest is laid out over threads, as data, and which one a nest gets.
 *
 * @module
 */

import type { Nest } from "../compile/nest.ts";

/** What computes: a graphics processor, or the processor's own vector units through a software driver. */
export type DeviceClass = "hardware" | "software";

/** One thread for each outer point. */
export interface MapSchedule {
  readonly kind: "map";
  /** Threads of a workgroup. */
  readonly lanes: number;
  /** The most points of inner loops that are written out. */
  readonly unroll: number;
}

/** How a nest is laid out over threads. */
export type Schedule = MapSchedule;

const map: Record<DeviceClass, MapSchedule> = {
  hardware: { kind: "map", lanes: 64, unroll: 8 },
  software: { kind: "map", lanes: 64, unroll: 8 },
};

/** The schedule of a nest on a class of device. */
export function chooseSchedule(_nest: Nest, device: DeviceClass): Schedule {
  return map[device];
}

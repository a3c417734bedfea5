/**
 * Schedules: how a nest is laid out over threads, as data.
 *
 * @module
 */

import type { Nest } from "../../nest/nest.ts";

/** What computes: a graphics processor, or the processor's vector units through a software driver. */
export type DeviceClass = "hardware" | "software";

/** One thread for each outer point. */
export interface MapSchedule {
  readonly kind: "map";
  /** Threads of a workgroup. */
  readonly lanes: number;
  /** The most points of inner loops that are written out. */
  readonly unroll: number;
  /** Whether a thread computes four neighboring points where its stores are then whole vectors. */
  readonly vectors: boolean;
}

/** One workgroup for each outer point, whose threads share the inner loops. */
export interface RowSchedule {
  readonly kind: "row";
  /** Threads of a workgroup; a power of two. */
  readonly lanes: number;
}

/**
 * A contraction in tiles. One side's points lie *along* neighboring threads, the other side's *across* them; a thread
 * keeps `acrossEach` by `alongEach` sums in registers.
 */
export interface TileSchedule {
  readonly kind: "tile";
  /** Which side lies along neighboring threads, so that its loads and the stores are contiguous. */
  readonly along: "rows" | "columns";
  readonly alongThreads: number;
  readonly acrossThreads: number;
  readonly alongEach: number;
  readonly acrossEach: number;
  /** Depth points that pass through workgroup memory at a time; 0 to load straight from the buffers. */
  readonly staged: number;
  /** Whether a thread's points along are groups of four neighbors, loaded as vectors where they lie side by side. */
  readonly vectors: boolean;
  /** The most products that are written out in the loop over depth. */
  readonly unroll: number;
}

/** How a nest is laid out over threads. */
export type KernelSchedule = MapSchedule | RowSchedule | TileSchedule;

/** Chooses how nests are laid out over threads. */
export interface Scheduler {
  /** Into how many parts a nest's reduction is split, so that they keep all of the device busy; 1 for none. */
  parts(nest: Nest): number;
  /** The schedule of a nest that is not split any more. */
  schedule(nest: Nest): KernelSchedule;
}

/** True for nests that the row schedule can compute: none of their stores add. */
export function isRowable({ phases }: Nest): boolean {
  return phases.every(({ stores }) => stores.every(({ add }) => !add));
}

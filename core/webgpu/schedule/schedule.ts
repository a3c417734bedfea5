/**
 * Schedules: how a nest is distributed over threads, as data.
 *
 * @module
 */

import type { Nest } from "../../nest/nest.ts";

/** A GPU, or the CPU's vector units through a software driver. */
export type DeviceClass = "hardware" | "software";

/** One thread for each outer point. */
export interface MapSchedule {
  readonly kind: "map";
  /** The number of threads of a workgroup. */
  readonly lanes: number;
  /** The most points of inner loops that are unrolled. */
  readonly unroll: number;
  /** Whether a thread computes four neighboring points if its stores are then whole vectors. */
  readonly vectors: boolean;
}

/** Some threads of a workgroup for each outer point, or for a few neighboring ones, which share the inner loops. */
export interface RowSchedule {
  readonly kind: "row";
  /** The number of threads of an outer point, or of its few neighbors together, a power of two. */
  readonly lanes: number;
  /** The number of threads of a workgroup, which has as many such teams as fit (default: one team). */
  readonly threads?: number;
  /** The number of neighboring outer points of such a team, a power of two below `lanes` (default: 1). */
  readonly columns?: number;
  /** The most values that a thread loads before it adds the first of them (default: 1). */
  readonly strip?: number;
}

/**
 * A contraction in tiles. One side's points are *along* neighboring threads, the other side's *across* them. A thread
 * keeps `acrossEach` by `alongEach` sums in registers.
 */
export interface TileSchedule {
  readonly kind: "tile";
  /** The side along neighboring threads, whose loads and stores are therefore contiguous. */
  readonly along: "rows" | "columns";
  readonly alongThreads: number;
  readonly acrossThreads: number;
  readonly alongEach: number;
  readonly acrossEach: number;
  /**
   * The number of groups of such threads, a power of two. Each multiplies its share of the depth points that are
   * staged, and at the end their sums are joined. 1 if no depth points are staged.
   */
  readonly groups: number;
  /**
   * The number of depth points that pass through workgroup memory at a time, a multiple of the groups; 0 to load
   * directly from the buffers.
   */
  readonly staged: number;
  /** Whether a thread's points along are groups of four neighbors, which are loaded as vectors if contiguous. */
  readonly vectors: boolean;
  /** The most products that are unrolled in the loop over depth. */
  readonly unroll: number;
}

/** The schedule of a kernel. */
export type KernelSchedule = MapSchedule | RowSchedule | TileSchedule;

/** All turns of a loop in one kernel: each workgroup computes some rows, which are independent of all others. */
export interface PersistentSchedule {
  readonly kind: "persistent";
  /** The number of rows of a workgroup. */
  readonly rows: number;
  /** The number of threads of a workgroup. */
  readonly lanes: number;
}

/** The work of one nest of a loop for each row. */
export interface RowWork {
  /** The number of points. */
  readonly points: number;
  /** The number of values that are reduced for each point; 0 if nothing is reduced. */
  readonly depth: number;
  /** Whether the values are products with a matrix that all rows share. */
  readonly sharesMatrix: boolean;
}

/** The work of a loop whose rows are independent of each other. */
export interface LoopWork {
  readonly turns: number;
  readonly rows: number;
  readonly nests: readonly RowWork[];
}

/** The number of threads of a workgroup. */
export function threadsOf(schedule: KernelSchedule): number {
  switch (schedule.kind) {
    case "map":
      return schedule.lanes;
    case "row":
      return schedule.threads ?? schedule.lanes;
    case "tile":
      return schedule.alongThreads * schedule.acrossThreads * schedule.groups;
  }
}

/**
 * The schedule with `threads` threads in a workgroup, which computes the same numbers; undefined if there is none. The
 * threads that share a row stay as many, since they decide the order of sums.
 */
export function withThreads(schedule: KernelSchedule, threads: number): KernelSchedule | undefined {
  if (threads === threadsOf(schedule)) return schedule;
  switch (schedule.kind) {
    case "map":
      return { ...schedule, lanes: threads };
    case "row":
      return threads >= schedule.lanes ? { ...schedule, threads } : undefined;
    case "tile":
      return undefined;
  }
}

/** Chooses schedules for nests. */
export interface Scheduler {
  /** The number of parts of a nest's reduction that keeps the whole device busy; 1 if it is not split. */
  parts(nest: Nest): number;
  /** The schedule of a nest that is not split further. */
  schedule(nest: Nest): KernelSchedule;
  /**
   * The schedule of a nest with `threads` threads in a workgroup, which computes the same numbers; undefined if there is
   * none that is worth a dispatch (default: {@linkcode withThreads}).
   */
  resize?(nest: Nest, schedule: KernelSchedule, threads: number): KernelSchedule | undefined;
  /**
   * How one kernel computes all turns of a loop with independent rows; `"repeated"` to launch its nests in each turn
   * instead, with the sums in the same order; undefined to do that with the sums in any order (default: undefined).
   */
  loop?(work: LoopWork): PersistentSchedule | "repeated" | undefined;
}

/** True for nests that the row schedule can compute, because none of their stores add. */
export function isRowable({ phases }: Nest): boolean {
  return phases.every(({ stores }) => stores.every(({ add }) => !add));
}

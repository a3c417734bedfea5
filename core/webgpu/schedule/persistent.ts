/**
 * Chooses between one kernel for all turns of a loop and launches of its nests in each turn.
 *
 * @module
 */

import { vectorWidth } from "./vectors.ts";
import type { LoopWork, PersistentSchedule, RowWork, Scheduler } from "./schedule.ts";

/**
 * A large GPU, with times in its cycles; calculated for an H100. Its caches give a multiprocessor 64 bytes per cycle if
 * few others read.
 */
const large = {
  processors: 128,
  /** The time from one dependent launch to the next one. */
  launch: 15_000,
  /** The time to wait for the memory and for all threads of a workgroup, which a nest does once or twice. */
  wait: 1500,
  /** The bytes per cycle that a workgroup reads of a matrix that is in the cache. */
  bandwidth: 48,
  /** The products per cycle of a workgroup whose rows share the matrix. */
  products: 100,
  /** The operations of an elementwise point, or of a value that is reduced. */
  operations: 30,
  /** The longest time of a kernel: about a second. Drivers end kernels that seem to hang. */
  longest: 2 ** 31,
};

/** The most rows of a workgroup that multiplies: each thread keeps a sum for each of them. */
const mostRows = 8;
/** The numbers of threads of a workgroup. */
const lanes = { least: 64, most: 256 };
/** The bytes of workgroup memory that every device has. */
export const leastMemory = 16384;

/** The cycles of a nest for the rows of a workgroup. */
function cyclesOf({ points, depth, sharesMatrix }: RowWork, rows: number, threads: number): number {
  if (!sharesMatrix) return large.wait + large.operations * Math.ceil(rows * points / threads) * Math.max(1, depth);
  const matrix = points * depth;
  return 2 * large.wait + Math.max(4 * matrix / large.bandwidth, rows * matrix / large.products);
}

/** The most rows whose factors fit into workgroup memory. */
function mostRowsOf({ depth }: RowWork): number {
  return Math.floor(leastMemory / (4 * vectorWidth * Math.max(1, Math.ceil(depth / vectorWidth))));
}

/** The rows of a workgroup: few, so that all multiprocessors have some, but enough for all threads. */
function rowsOf({ rows, nests }: LoopWork): number {
  const products = nests.filter(({ sharesMatrix }) => sharesMatrix);
  const each = Math.ceil(rows / large.processors);
  if (products.length > 0) return Math.max(1, Math.min(each, mostRows, ...products.map(mostRowsOf)));
  const widest = Math.max(...nests.map(({ points }) => points));
  return Math.min(rows, Math.max(each, Math.ceil(lanes.least / widest)));
}

/** The threads of a workgroup: the least power of two that is not less than the points of the widest nest. */
function lanesOf({ nests }: LoopWork, rows: number): number {
  const widest = Math.max(...nests.map(({ points, sharesMatrix }) => sharesMatrix ? points : rows * points));
  return Math.min(lanes.most, Math.max(lanes.least, 2 ** Math.ceil(Math.log2(widest))));
}

/**
 * The schedule of a loop on a GPU. One kernel for all turns saves the launches, but each workgroup reads all of the
 * matrices in each turn, and multiplies on one multiprocessor. So large matrices and many rows are launched.
 */
export function persistentSchedule(work: LoopWork): PersistentSchedule | undefined {
  const { turns, nests } = work;
  if (turns * nests.length < 2) return undefined;
  const rows = rowsOf(work);
  const schedule: PersistentSchedule = { kind: "persistent", rows, lanes: lanesOf(work, rows) };
  const waves = Math.ceil(Math.ceil(work.rows / rows) / large.processors);
  const turn = waves * nests.reduce((sum, nest) => sum + cyclesOf(nest, rows, schedule.lanes), 0);
  return turn < nests.length * large.launch && turns * turn < large.longest ? schedule : undefined;
}

/** The depth points of a step of a product in order. */
export const inOrderStep = 16;

/**
 * A scheduler whose kernels add in the order of a persistent kernel: no sum is split, and none is shared by threads. So
 * a loop computes the same bits whether it is one kernel or many.
 */
export function inOrder(scheduler: Scheduler): Scheduler {
  return {
    parts: () => 1,
    schedule: (nest) => {
      const schedule = scheduler.schedule(nest);
      if (schedule.kind === "row") return { kind: "map", lanes: lanes.least, unroll: 8, vectors: false };
      return schedule.kind === "tile" && schedule.staged > 0
        ? { ...schedule, groups: 1, staged: inOrderStep }
        : schedule;
    },
  };
}

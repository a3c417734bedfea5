/**
 * Chooses the schedule of a nest for a class of device.
 *
 * @module
 */

import { DeviceError } from "../../backend.ts";
import { loadsIn, type Variable, walk } from "../../nest/expression.ts";
import { expressionsOf, isTileable, type Nest, pointsOf } from "../../nest/nest.ts";
import { distanceAlong } from "../../nest/strides.ts";
import type { ScalarOp } from "../../scalar/operations.ts";
import { persistentSchedule } from "./persistent.ts";
import {
  type DeviceClass,
  isRowable,
  type KernelSchedule,
  type MapSchedule,
  type RowSchedule,
  type Scheduler,
  threadsOf,
  withThreads,
} from "./schedule.ts";
import { chooseTile, resizedTile, tilesOf } from "./tile_cost.ts";
import { vectorWidth } from "./vectors.ts";

/** Decides whether and into how many parts reductions are split. */
interface SplitRule {
  /** The number of units of work (tiles or outer points) that keeps the device busy. */
  readonly wanted: number;
  /** The fewest inner points of a part. */
  readonly least: number;
}

interface ClassSchedules {
  readonly map: Omit<MapSchedule, "kind" | "vectors">;
  /** With at least this many outer points, each thread computes four of them. */
  readonly vectorPoints: number;
  /** The number of threads that share a row, from the first entry whose `least` does not exceed the row's points. */
  readonly rows: readonly { readonly least: number; readonly lanes: number }[];
  /** The same for points that are neighbors in memory, and the most of them that share a workgroup. */
  readonly columns: readonly { readonly least: number; readonly lanes: number; readonly columns: number }[];
  /** The most values that a thread of a row or column loads before it adds the first of them. */
  readonly strip: number;
  /** With at least this many outer points, one thread for each of them fills the device. */
  readonly enoughPoints: number;
  /**
   * The most iterations of all loops of a thread. Mesa's llvmpipe silently leaves loops after a total of 65535
   * iterations (LP_MAX_TGSI_LOOP_ITERATIONS), so longer ones must be split or shared.
   */
  readonly mostTurns: number;
  /** The rules for reductions whose outer points are neighbors in memory, and for all others. */
  readonly split: Readonly<Record<"columns" | "rows", SplitRule>>;
}

/** The rule for contractions on a software driver. */
const softwareTiles: SplitRule = { wanted: 8, least: 512 };

const schedules: Record<DeviceClass, ClassSchedules> = {
  hardware: {
    map: { lanes: 64, unroll: 32 },
    vectorPoints: 2 ** 18,
    rows: [
      { least: 16384, lanes: 1024 },
      { least: 1024, lanes: 256 },
      { least: 128, lanes: 64 },
      { least: 48, lanes: 32 },
    ],
    columns: [{ least: 4096, lanes: 1024, columns: 16 }, { least: 33, lanes: 256, columns: 16 }],
    strip: 8,
    enoughPoints: 32768,
    mostTurns: Infinity,
    // A second kernel takes as long as a workgroup of 1024 threads takes for about as many points.
    split: {
      columns: { wanted: 256, least: 8192 },
      rows: { wanted: 256, least: 65536 },
    },
  },
  software: {
    map: { lanes: 64, unroll: 8 },
    vectorPoints: 0,
    rows: [],
    columns: [],
    strip: 1,
    enoughPoints: 0,
    mostTurns: 60000,
    split: {
      columns: { wanted: 1024, least: 256 },
      rows: { wanted: 1024, least: 256 },
    },
  },
};

/** The threads of a workgroup that every device allows. */
const leastLanes = 256;

/** The scheduler for a class of device, whose workgroups have at most `mostLanes` threads. */
export function schedulerFor(device: DeviceClass, mostLanes = leastLanes): Scheduler {
  return {
    parts: (nest) => chooseParts(nest, device, mostLanes),
    schedule: (nest) => chooseSchedule(nest, device, mostLanes),
    ...device === "hardware" ? { loop: persistentSchedule, resize: resizeForGpu } : {},
  };
}

/**
 * The schedule of a nest on a class of device.
 *
 * @throws {DeviceError} if its loops are longer than the device can run.
 */
export function chooseSchedule(nest: Nest, device: DeviceClass, mostLanes = leastLanes): KernelSchedule {
  const { map, vectorPoints, mostTurns } = schedules[device];
  const turns = nest.phases.reduce((sum, { inner }) => sum + turnsOf(inner), 0);
  if (turns > mostTurns) return shareLoops(nest, mostTurns);
  if (isTileable(nest)) return chooseTile(nest, device, 1).schedule;
  const row = rowOf(nest, device, mostLanes);
  if (row) return row;
  const copies = Math.floor(MOST_BRANCHING / branchingIn(nest));
  const unroll = Math.min(map.unroll, copies);
  return { kind: "map", ...map, unroll, vectors: pointsOf(nest.outer) >= vectorPoints && copies >= vectorWidth };
}

/** The schedule in which threads share the loops of a nest; undefined if a thread for each outer point is better. */
function rowOf(nest: Nest, device: DeviceClass, mostLanes: number): RowSchedule | undefined {
  const { rows, columns, strip, enoughPoints } = schedules[device];
  const points = pointsOf(nest.outer);
  if (points >= enoughPoints || !isRowable(nest)) return undefined;
  const inner = Math.max(...nest.phases.map((phase) => pointsOf(phase.inner)));
  const fits = (one: { readonly least: number; readonly lanes: number }): boolean =>
    inner >= one.least && one.lanes <= mostLanes;
  const together = { strip: Math.min(strip, Math.floor(MOST_BRANCHING / branchingIn(nest))) || 1 };
  const column = points > 1 && areNeighbors(nest) ? columns.find(fits) : undefined;
  if (column) {
    const shared = Math.min(column.columns, 2 ** Math.ceil(Math.log2(points)));
    return { kind: "row", lanes: column.lanes, columns: shared, ...together };
  }
  const row = rows.find(fits);
  return row && { kind: "row", lanes: row.lanes, ...together };
}

/** The schedule with other threads; a tile gets another shape. */
function resizeForGpu(nest: Nest, schedule: KernelSchedule, threads: number): KernelSchedule | undefined {
  const isOther = schedule.kind === "tile" && threads !== threadsOf(schedule);
  return isOther && isTileable(nest) ? resizedTile(nest, schedule, threads) : withThreads(schedule, threads);
}

/** Operations whose code has branches or loops. */
const branching: ReadonlySet<ScalarOp> = new Set(["sin", "cos", "pow", "mod"]);

/** The most operations with branches for which code is written several times. Drivers compile more of them slowly. */
const MOST_BRANCHING = 16;

/** The number of operations with branches in the body of a nest. */
function branchingIn(nest: Nest): number {
  let count = 0;
  walk(expressionsOf(nest), (one) => {
    if (one.kind === "apply" && one.dtype === "f32" && branching.has(one.op)) count++;
  });
  return count;
}

/** Shares the loops among the fewest threads with which none of them has too many iterations. */
function shareLoops(nest: Nest, mostTurns: number): KernelSchedule {
  const points = nest.phases.reduce((sum, { inner }) => sum + pointsOf(inner), 0);
  const lanes = [64, 256, 1024].find((count) => points / count + nest.phases.length <= mostTurns);
  if (lanes !== undefined && isRowable(nest)) return { kind: "row", lanes };
  throw new DeviceError(
    `Cannot run ${nest.name} on a software adapter: its loops have ${points} iterations, but the driver stops ` +
      "after 65535. Use the device wasm",
  );
}

/** The number of parts of a reduction, chosen so that few outer points with long inner loops fill the device. */
export function chooseParts(nest: Nest, device: DeviceClass, mostLanes = leastLanes): number {
  const tileable = isTileable(nest);
  if (tileable && device === "hardware") return chooseTile(nest, device).parts;
  const { split, mostTurns } = schedules[device];
  const [{ inner }] = nest.phases;
  const needed = Math.ceil(2 * turnsOf(inner) / mostTurns);
  const units = tileable ? tilesOf(nest, device) : unitsOf(nest, device, mostLanes);
  const rule = tileable ? softwareTiles : split[areNeighbors(nest) ? "columns" : "rows"];
  return Math.max(needed > 2 ? needed : 1, partsBy(rule, units, pointsOf(inner)));
}

/** The number of workgroups that share the loops of an outer point or of neighbors, or of outer points. */
function unitsOf(nest: Nest, device: DeviceClass, mostLanes: number): number {
  return Math.ceil(pointsOf(nest.outer) / (rowOf(nest, device, mostLanes)?.columns ?? 1));
}

/** The iterations of nested loops, all levels together. */
function turnsOf(inner: readonly Variable[]): number {
  return inner.reduce(({ sum, points }, { extent }) => ({ sum: sum + points * extent, points: points * extent }), {
    sum: 0,
    points: 1,
  }).sum;
}

function partsBy({ wanted, least }: SplitRule, units: number, innerPoints: number): number {
  if (units === 0 || units * 2 > wanted) return 1;
  return Math.max(1, Math.min(Math.ceil(wanted / units), Math.floor(innerPoints / least)));
}

/** Whether the elements that neighboring outer points read are closer in memory than those of inner points. */
function areNeighbors({ outer, phases: [{ inner, reductions }] }: Nest): boolean {
  const loads = loadsIn(reductions.map(({ value }) => value));
  const distance = (variable: Variable | undefined): number =>
    Math.min(...loads.map(({ index }) => distanceAlong(index, variable)));
  return distance(outer.at(-1)) < distance(inner.at(-1));
}

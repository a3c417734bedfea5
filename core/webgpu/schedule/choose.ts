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
import { type DeviceClass, isRowable, type KernelSchedule, type MapSchedule, type Scheduler } from "./schedule.ts";
import { chooseTile, tilesOf } from "./tile_cost.ts";
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
    rows: [{ least: 1024, lanes: 256 }, { least: 128, lanes: 64 }, { least: 48, lanes: 32 }],
    enoughPoints: 32768,
    mostTurns: Infinity,
    split: {
      columns: { wanted: 32768, least: 32 },
      rows: { wanted: 256, least: 4096 },
    },
  },
  software: {
    map: { lanes: 64, unroll: 8 },
    vectorPoints: 0,
    rows: [],
    enoughPoints: 0,
    mostTurns: 60000,
    split: {
      columns: { wanted: 1024, least: 256 },
      rows: { wanted: 1024, least: 256 },
    },
  },
};

/** The scheduler for a class of device. */
export function schedulerFor(device: DeviceClass): Scheduler {
  return {
    parts: (nest) => chooseParts(nest, device),
    schedule: (nest) => chooseSchedule(nest, device),
    ...device === "hardware" ? { loop: persistentSchedule } : {},
  };
}

/**
 * The schedule of a nest on a class of device.
 *
 * @throws {DeviceError} if its loops are longer than the device can run.
 */
export function chooseSchedule(nest: Nest, device: DeviceClass): KernelSchedule {
  const { map, vectorPoints, rows, enoughPoints, mostTurns } = schedules[device];
  const turns = nest.phases.reduce((sum, { inner }) => sum + turnsOf(inner), 0);
  if (turns > mostTurns) return shareLoops(nest, mostTurns);
  if (isTileable(nest)) return chooseTile(nest, device, 1).schedule;
  const inner = Math.max(...nest.phases.map((phase) => pointsOf(phase.inner)));
  const points = pointsOf(nest.outer);
  const row = rows.find(({ least }) => inner >= least);
  if (row && isRowable(nest) && points < enoughPoints) return { kind: "row", lanes: row.lanes };
  const copies = Math.floor(MOST_BRANCHING / branchingIn(nest));
  const unroll = Math.min(map.unroll, copies);
  return { kind: "map", ...map, unroll, vectors: points >= vectorPoints && copies >= vectorWidth };
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
export function chooseParts(nest: Nest, device: DeviceClass): number {
  const tileable = isTileable(nest);
  if (tileable && device === "hardware") return chooseTile(nest, device).parts;
  const { split, mostTurns } = schedules[device];
  const [{ inner }] = nest.phases;
  const needed = Math.ceil(2 * turnsOf(inner) / mostTurns);
  const units = tileable ? tilesOf(nest, device) : pointsOf(nest.outer);
  const rule = tileable ? softwareTiles : split[areNeighbors(nest) ? "columns" : "rows"];
  return Math.max(needed > 2 ? needed : 1, partsBy(rule, units, pointsOf(inner)));
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

/**
 * Which schedule a nest gets on which class of device.
 *
 * @module
 */

import { type Nest, pointsOf } from "../compile/nest.ts";
import type { DeviceClass, MapSchedule, Schedule, TileSchedule } from "./schedule.ts";
import { isTileable } from "./tile_frame.ts";
import { isRowable } from "./wgsl_row.ts";

interface ClassSchedules {
  readonly map: MapSchedule;
  /** Threads that share a row, longest rows first: the first entry whose rows are no longer than the nest's. */
  readonly rows: readonly { readonly least: number; readonly lanes: number }[];
  /** Outer points from which on a thread for each of them fills the device. */
  readonly enoughPoints: number;
  /** Tiles to choose from; the side that lies along is chosen with them. */
  readonly tiles: readonly Omit<TileSchedule, "kind" | "along">[];
}

const schedules: Record<DeviceClass, ClassSchedules> = {
  hardware: {
    map: { kind: "map", lanes: 64, unroll: 8, vectors: true },
    rows: [{ least: 1024, lanes: 256 }, { least: 128, lanes: 64 }, { least: 48, lanes: 32 }],
    enoughPoints: 32768,
    tiles: [
      { alongThreads: 16, acrossThreads: 16, alongEach: 4, acrossEach: 4, staged: 16, unroll: 64 },
      { alongThreads: 16, acrossThreads: 16, alongEach: 2, acrossEach: 2, staged: 16, unroll: 64 },
      { alongThreads: 16, acrossThreads: 4, alongEach: 4, acrossEach: 4, staged: 16, unroll: 64 },
    ],
  },
  software: {
    map: { kind: "map", lanes: 64, unroll: 8, vectors: true },
    rows: [{ least: 4096, lanes: 64 }],
    enoughPoints: 32,
    tiles: [16, 8, 4, 2, 1].flatMap((alongEach) =>
      [10, 8, 5, 4, 2, 1].map((acrossEach) => ({
        alongThreads: 8,
        acrossThreads: 1,
        alongEach,
        acrossEach,
        staged: 0,
        unroll: 512,
      }))
    ),
  },
};

/** The schedule of a nest on a class of device. */
export function chooseSchedule(nest: Nest, device: DeviceClass): Schedule {
  const { map, rows, enoughPoints, tiles } = schedules[device];
  if (isTileable(nest)) return chooseTile(nest, tiles);
  const inner = Math.max(...nest.phases.map((phase) => pointsOf(phase.inner)));
  const row = rows.find(({ least }) => inner >= least);
  if (row && isRowable(nest) && pointsOf(nest.outer) < enoughPoints) return { kind: "row", lanes: row.lanes };
  return map;
}

/** The cheapest tile: loads and products of all tiles, with those that reach beyond the ends. */
function chooseTile({ contraction }: Nest, tiles: ClassSchedules["tiles"]): TileSchedule {
  const points = { rows: pointsOf(contraction!.rows), columns: pointsOf(contraction!.columns) };
  let best: { cost: number; schedule: TileSchedule } | undefined;
  for (const tile of tiles) {
    for (const along of ["columns", "rows"] as const) {
      const count = (side: "rows" | "columns", size: number): number => Math.ceil(points[side] / size);
      const alongTiles = count(along, tile.alongThreads * tile.alongEach);
      const acrossTiles = count(along === "rows" ? "columns" : "rows", tile.acrossThreads * tile.acrossEach);
      const each = 2 * tile.alongEach + tile.acrossEach + tile.alongEach * tile.acrossEach / 4;
      const cost = alongTiles * acrossTiles * each * tile.alongThreads * tile.acrossThreads;
      if (!best || cost < best.cost) best = { cost, schedule: { kind: "tile", along, ...tile } };
    }
  }
  return best!.schedule;
}

/**
 * What tiles of a contraction cost on each class of device, and into how many parts it is best split.
 *
 * @module
 */

import { type Contraction, pointsOf, type ProductNest } from "../../nest/nest.ts";
import { coefficientOf } from "../../nest/strides.ts";
import type { DeviceClass, TileSchedule } from "./schedule.ts";

/** A tile, and how many parts of the depth its workgroups share among them. */
export interface TileChoice {
  readonly schedule: TileSchedule;
  readonly parts: number;
}

/** The shape of a tile, without the side that lies along. */
type Tile = Omit<TileSchedule, "kind" | "along">;

const staged = { staged: 16, unroll: 0, vectors: false };
const direct = { alongThreads: 8, acrossThreads: 1, staged: 0, unroll: 512, vectors: true };

/** Tiles of which some waste little of small sides, and some are large enough to load each value once for many. */
const hardwareTiles: readonly Tile[] = [8, 16, 32].flatMap((alongThreads) =>
  [1, 2, 3, 4, 5, 6, 8, 16].flatMap((acrossThreads) =>
    [4, 8].map((acrossEach) => ({ alongThreads, acrossThreads, alongEach: 4, acrossEach, ...staged }))
  )
).filter(({ alongThreads, acrossThreads, acrossEach }) => {
  const threads = alongThreads * acrossThreads;
  return threads >= 64 && threads <= 256 && threads * acrossEach <= 1024; // larger ones take long to compile
});

/** Large tiles pay off: a driver on the processor takes about as long for a load as for ten products. */
const softwareTiles: readonly Tile[] = [16, 8, 4, 3, 2, 1].flatMap((alongEach) =>
  [25, 10, 8, 5, 4, 2, 1].map((acrossEach) => ({ alongEach, acrossEach, ...direct }))
).filter(({ alongEach, acrossEach }) => alongEach * acrossEach <= 160); // larger ones take seconds to compile

const otherSide = { rows: "columns", columns: "rows" } as const;

/** How many workgroups a nest is cut into by a tile. */
function groupsOf({ contraction }: ProductNest, tile: TileSchedule): number {
  const count = (side: "rows" | "columns", size: number): number => Math.ceil(pointsOf(contraction[side]) / size);
  return pointsOf(contraction.batch) * count(tile.along, tile.alongThreads * tile.alongEach) *
    count(otherSide[tile.along], tile.acrossThreads * tile.acrossEach);
}

/** The time of a product whose sum stays in a register, in units of a load; measured on llvmpipe. */
const productCost = 0.12;
/** The time of a product where there are more sums than registers. */
const spilledCost = 0.3;
/** The factor for addresses that are kept from running beyond the end, in place of lying at constant distances. */
const clampedCost = 1.02;

/** Loads and products of all tiles, with those that reach beyond the ends. */
function softwareCost(nest: ProductNest, tile: TileSchedule): number {
  const products = tile.alongEach * tile.acrossEach;
  const each = tile.alongEach + tile.acrossEach + products * (products <= 16 ? productCost : spilledCost);
  const across = pointsOf(nest.contraction[otherSide[tile.along]]);
  const clamped = across % (tile.acrossEach * tile.acrossThreads) === 0 ? 1 : clampedCost;
  return groupsOf(nest, tile) * each * clamped * tile.alongThreads * tile.acrossThreads;
}

/**
 * A large graphics processor, in its cycles. Measured on an H100 with 132 multiprocessors of 128 lanes each; on a
 * smaller one, too many parts cost little.
 */
const large = {
  processors: 128,
  lanes: 128,
  /** Threads that go in step, whether they have something to do or not. */
  warp: 32,
  /** Operations that bring a value of a matrix from memory into a tile, its address among them. */
  fill: 16,
  /** The same where the address is made of several loop counters, as in convolutions. */
  fillAcross: 24,
  /** Operations that bring a value from a tile into a register. */
  load: 1.5,
  /** What workgroups of one processor wait for together, as the time of one more: memory and barriers. */
  waiting: 0.75,
  /** The second kernel that joins the parts. */
  join: 16000,
  /** Bytes a cycle between memory and the processors. */
  bandwidth: 1700,
  /** The fewest depth points of a part. */
  leastDepth: 32,
  /** What the compiler takes for a product that is written out: a third of a millisecond, over ten thousand runs. */
  compile: 60,
};

/** The operations of a thread for one depth point: a cycle each where no other thread is in the way. */
function operationsOf({ depth }: Contraction, { alongThreads, acrossThreads, alongEach, acrossEach }: Tile): number {
  const filled = (alongThreads * alongEach + acrossThreads * acrossEach) / (alongThreads * acrossThreads);
  return alongEach * acrossEach + large.load * (alongEach + acrossEach) +
    filled * (depth.length > 1 ? large.fillAcross : large.fill);
}

function hardwareCost(nest: ProductNest, { schedule: tile, parts }: TileChoice): number {
  const operations = operationsOf(nest.contraction, tile);
  const groups = Math.ceil(groupsOf(nest, tile) * parts / large.processors);
  const warps = Math.ceil(tile.alongThreads * tile.acrossThreads / large.warp);
  const share = (groups + large.waiting) * warps * large.warp / large.lanes;
  const product = pointsOf(nest.contraction.depth) / parts * Math.max(1, share) * operations;
  const compiled = product + large.compile * tile.alongEach * tile.acrossEach * tile.staged;
  return parts === 1 ? compiled : compiled + large.join + pointsOf(nest.outer) * parts * 8 / large.bandwidth;
}

/** Stores of neighboring threads to places that lie apart. */
const scattered = 1.1;

/** The side whose neighbors are neighbors in what is stored; columns, where rows alone are stored. */
function storedSide({ contraction: { rows }, phases }: ProductNest): "rows" | "columns" {
  const index = phases.at(-1)?.stores[0]?.index;
  const innermost = rows.at(-1);
  return index?.kind === "affine" && innermost && coefficientOf(index, innermost) === 1 ? "rows" : "columns";
}

/** Numbers of parts that are tried: those that fill the device once, twice, and four times. */
function partsFor(nest: ProductNest, tile: TileSchedule): number[] {
  const { depth } = nest.contraction;
  const groups = groupsOf(nest, tile);
  const most = Math.min(Math.max(0, ...depth.map(({ extent }) => extent)), pointsOf(depth) / large.leastDepth);
  const tried = [1, 2, 4].map((times) => Math.min(Math.floor(most), Math.ceil(times * large.processors / groups)));
  return [1, ...tried.filter((parts) => groups > 0 && parts > 1)];
}

/** What is known of tiles on a class of device. */
interface TileModel {
  readonly tiles: readonly Tile[];
  /** The numbers of parts that are tried. */
  readonly parts: (nest: ProductNest, tile: TileSchedule) => readonly number[];
  readonly cost: (nest: ProductNest, choice: TileChoice) => number;
}

const models: Record<DeviceClass, TileModel> = {
  hardware: {
    tiles: hardwareTiles,
    parts: partsFor,
    cost: (nest, choice) => hardwareCost(nest, choice) * (choice.schedule.along === storedSide(nest) ? 1 : scattered),
  },
  software: { tiles: softwareTiles, parts: () => [1], cost: (nest, { schedule }) => softwareCost(nest, schedule) },
};

/** The cheapest tile of a contraction, and on hardware the cheapest number of parts with it, at most `mostParts`. */
export function chooseTile(nest: ProductNest, device: DeviceClass, mostParts = Infinity): TileChoice {
  const model = models[device];
  let best: { readonly cost: number; readonly choice: TileChoice } | undefined;
  for (const tile of model.tiles) {
    for (const along of ["columns", "rows"] as const) {
      const schedule: TileSchedule = { kind: "tile", along, ...tile };
      for (const parts of model.parts(nest, schedule).filter((count) => count <= mostParts)) {
        const choice = { schedule, parts };
        const cost = model.cost(nest, choice);
        if (!best || cost < best.cost) best = { cost, choice };
      }
    }
  }
  return best!.choice;
}

/** How many workgroups compute a contraction that is not split. */
export function tilesOf(nest: ProductNest, device: DeviceClass): number {
  return groupsOf(nest, chooseTile(nest, device, 1).schedule);
}

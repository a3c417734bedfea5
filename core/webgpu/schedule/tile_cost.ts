/**
 * The costs of tiles of a contraction on each class of device, and the best number of parts.
 *
 * @module
 */

import { type Contraction, pointsOf, type ProductNest } from "../../nest/nest.ts";
import { coefficientOf } from "../../nest/strides.ts";
import type { DeviceClass, TileSchedule } from "./schedule.ts";
import { wholeSteps } from "./steps.ts";

/** A tile, and the number of parts into which the depth is split. */
export interface TileChoice {
  readonly schedule: TileSchedule;
  readonly parts: number;
}

/** The shape of a tile, without the side along threads. */
type Tile = Omit<TileSchedule, "kind" | "along">;

const staged = { groups: 1, staged: 16, unroll: 0, vectors: false };
const direct = { alongThreads: 8, acrossThreads: 1, groups: 1, staged: 0, unroll: 512, vectors: true };

/** The threads of a workgroup: enough to hide the latency of memory, and no more than every device has. */
const hasThreads = ({ alongThreads, acrossThreads, groups }: Tile): boolean => {
  const threads = alongThreads * acrossThreads * groups;
  return threads >= 64 && threads <= 256;
};

/** Small tiles waste little of small sides, and large ones load each value once for many products. */
const wholeTiles: readonly Tile[] = [8, 16, 32].flatMap((alongThreads) =>
  [1, 2, 3, 4, 5, 6, 8, 16].flatMap((acrossThreads) =>
    [4, 8].map((acrossEach) => ({ alongThreads, acrossThreads, alongEach: 4, acrossEach, ...staged }))
  )
).filter((tile) => hasThreads(tile) && tile.alongThreads * tile.acrossThreads * tile.acrossEach <= 1024); // larger tiles take long to compile

/** The bytes of workgroup memory that every device has. With more, the order of sums would depend on the device. */
const leastMemory = 16384;

/** The bytes of workgroup memory of a tile. */
function memoryOf({ alongThreads, acrossThreads, alongEach, acrossEach, staged }: Tile): number {
  const vectors = (points: number): number => Math.ceil(points / 4) | 1;
  return 16 * staged * (vectors(alongThreads * alongEach) + vectors(acrossThreads * acrossEach));
}

/** Tiles whose depth is shared by groups of threads, so that few of them keep a device busy. */
const sharedTiles: readonly Tile[] = [4, 8, 16].flatMap((alongThreads) =>
  [1, 2, 3, 4, 5, 6, 8].flatMap((acrossThreads) =>
    [2, 4, 8, 16].flatMap((groups) =>
      [4, 8, 16].filter((each) => each > 4 || groups > 8).map((each) => ({
        ...{ ...staged, alongThreads, acrossThreads, alongEach: 4, acrossEach: 4 },
        ...{ groups, staged: groups * each },
      }))
    )
  )
).filter((tile) => hasThreads(tile) && memoryOf(tile) <= leastMemory && tile.staged >= 32);

const hardwareTiles: readonly Tile[] = [...wholeTiles, ...sharedTiles];

/** The fewest and the most depth points that a group multiplies in a step. */
const [fewestStaged, mostStaged] = [7, 27];

/** The numbers of depth points with which all steps are alike. */
function alikeSteps({ contraction: { depth } }: ProductNest): ReadonlySet<number> {
  const sizes = Array.from({ length: 16 * mostStaged }, (_, i) => i + 1);
  return new Set(sizes.filter((size) => wholeSteps(depth, size)));
}

/** For each number of groups, the numbers of depth points of a step, ascending, with which steps are alike. */
function stepsByGroups(alike: ReadonlySet<number>): ReadonlyMap<number, readonly number[]> {
  const sizes = [...alike];
  return new Map([1, 2, 4, 8, 16].map((groups) => [
    groups,
    sizes.filter((size) => size % groups === 0 && size >= fewestStaged * groups && size <= mostStaged * groups),
  ]));
}

/** A tile with about as many depth points in a step, of those that are given; undefined if none fits into memory. */
function tileOfAlike(tile: Tile, sizes: readonly number[]): Tile | undefined {
  let made: Tile | undefined;
  for (const staged of sizes) {
    const one = { ...tile, staged };
    if (memoryOf(one) > leastMemory) break;
    made = one;
    if (staged > tile.staged) break;
  }
  return made;
}

/**
 * The tiles to try on a GPU: those above, and those of which all steps are alike. The values of the latter are found
 * without divisions, and none is past the end of the depth. If the depth has several loops, only they are tried.
 */
function tilesFor({ contraction: { depth } }: ProductNest, alike: ReadonlySet<number>): readonly Tile[] {
  const sizes = stepsByGroups(alike);
  const made = hardwareTiles.flatMap((tile) =>
    alike.has(tile.staged) ? tile : tileOfAlike(tile, sizes.get(tile.groups)!) ?? []
  );
  return depth.length > 1 && made.length > 0 ? made : [...new Set([...hardwareTiles, ...made])];
}

/** Large tiles pay off, because a software driver takes about as long for a load as for ten products. */
const softwareTiles: readonly Tile[] = [16, 8, 4, 3, 2, 1].flatMap((alongEach) =>
  [25, 10, 8, 5, 4, 2, 1].map((acrossEach) => ({ alongEach, acrossEach, ...direct }))
).filter(({ alongEach, acrossEach }) => alongEach * acrossEach <= 160); // larger tiles take seconds to compile

const otherSide = { rows: "columns", columns: "rows" } as const;

/** The number of workgroups of a nest with a tile. */
function groupsOf({ contraction }: ProductNest, tile: TileSchedule): number {
  const count = (side: "rows" | "columns", size: number): number => Math.ceil(pointsOf(contraction[side]) / size);
  return pointsOf(contraction.batch) * count(tile.along, tile.alongThreads * tile.alongEach) *
    count(otherSide[tile.along], tile.acrossThreads * tile.acrossEach);
}

/** The time of a product whose sum stays in a register, in units of a load; measured on llvmpipe. */
const productCost = 0.12;
/** The time of a product if there are more sums than registers. */
const spilledCost = 0.3;
/** The factor for addresses that are limited to the end of a side instead of being at constant distances. */
const clampedCost = 1.02;

/** The time for loads and products of all tiles, including those past the ends. */
function softwareCost(nest: ProductNest, tile: TileSchedule): number {
  const products = tile.alongEach * tile.acrossEach;
  const each = tile.alongEach + tile.acrossEach + products * (products <= 16 ? productCost : spilledCost);
  const across = pointsOf(nest.contraction[otherSide[tile.along]]);
  const clamped = across % (tile.acrossEach * tile.acrossThreads) === 0 ? 1 : clampedCost;
  return groupsOf(nest, tile) * each * clamped * tile.alongThreads * tile.acrossThreads;
}

/**
 * A large GPU, with times in its cycles. Measured on an H100 with 132 multiprocessors of 128 lanes each. On a smaller
 * GPU, too many parts cost little.
 */
const large = {
  processors: 128,
  lanes: 128,
  /** Threads that run in lockstep, whether they have work or not. */
  warp: 32,
  /** Operations that load a value of a matrix from memory into a tile, including its address. */
  fill: 16,
  /** The same if all steps are alike. */
  fillWhole: 12,
  /** The same if the address depends on several loop counters that are found by divisions. */
  fillAcross: 24,
  /** Operations that load a value from a tile into a register. */
  load: 1.5,
  /** The time that the workgroups of a multiprocessor wait for memory and barriers, in times of one workgroup. */
  waiting: 0.75,
  /** The time of the second kernel, which joins the parts. */
  join: 16000,
  /** Bytes per cycle between memory and the multiprocessors, and between their common cache and them. */
  bandwidth: 1700,
  cacheBandwidth: 3000,
  /** The time from the loads of a step to its products, which start when all threads have stored what they loaded. */
  latency: 800,
  /** The time of the two barriers that pass sums from one half of the groups to the other. */
  barriers: 100,
  /** Operations that pass a sum on. */
  pass: 1,
  /** The most workgroups whose threads share the depth. More of them keep the device busy without. */
  mostShared: 512,
  /** The fewest depth points of a part. */
  leastDepth: 32,
  /** The time to compile an unrolled product: a third of a millisecond, divided among ten thousand runs. */
  compile: 60,
};

/** The operations of a thread for one depth point. Each takes a cycle if no other thread is in the way. */
function operationsOf({ depth }: Contraction, tile: Tile, alike: ReadonlySet<number>): number {
  const { alongThreads, acrossThreads, alongEach, acrossEach, groups, staged } = tile;
  const filled = (alongThreads * alongEach + acrossThreads * acrossEach) / (alongThreads * acrossThreads);
  return (alongEach * acrossEach + large.load * (alongEach + acrossEach) +
    filled * (alike.has(staged) ? large.fillWhole : depth.length > 1 ? large.fillAcross : large.fill)) / groups;
}

/** The time to join the sums of groups: half of them pass theirs on, until one is left. */
function joinCost({ alongEach, acrossEach, groups }: Tile): number {
  return Math.log2(groups) * (large.barriers + large.pass * alongEach * acrossEach);
}

function hardwareCost(
  nest: ProductNest,
  { schedule: tile, parts }: TileChoice,
  alike: ReadonlySet<number>,
): number {
  const operations = operationsOf(nest.contraction, tile, alike);
  const workgroups = groupsOf(nest, tile) * parts;
  const warps = Math.ceil(tile.alongThreads * tile.acrossThreads * tile.groups / large.warp);
  const share = (Math.ceil(workgroups / large.processors) + large.waiting) * warps * large.warp / large.lanes;
  const steps = Math.ceil(pointsOf(nest.contraction.depth) / parts / tile.staged);
  const depth = steps * tile.staged;
  const loaded = 4 * workgroups * depth * (tile.alongThreads * tile.alongEach + tile.acrossThreads * tile.acrossEach);
  const product = Math.max(
    depth * Math.max(1, share) * operations,
    (steps + 1) * large.latency,
    loaded / large.cacheBandwidth,
  );
  const joined = product + Math.max(1, share) * joinCost(tile);
  const compiled = joined + large.compile * tile.alongEach * tile.acrossEach * tile.staged / tile.groups;
  return parts === 1 ? compiled : compiled + large.join + pointsOf(nest.outer) * parts * 8 / large.bandwidth;
}

/** The factor for stores of neighboring threads to elements that are not contiguous. */
const scattered = 1.1;

/** The side whose neighboring points are stored next to each other; columns if it is unknown. */
function storedSide({ contraction: { rows }, phases }: ProductNest): "rows" | "columns" {
  const index = phases.at(-1)?.stores[0]?.index;
  const innermost = rows.at(-1);
  return index?.kind === "affine" && innermost && coefficientOf(index, innermost) === 1 ? "rows" : "columns";
}

/** The numbers of parts to try, which fill the device once, twice and four times. */
function partsFor(nest: ProductNest, tile: TileSchedule): number[] {
  const { depth } = nest.contraction;
  const groups = groupsOf(nest, tile);
  const most = Math.min(Math.max(0, ...depth.map(({ extent }) => extent)), pointsOf(depth) / large.leastDepth);
  const tried = [1, 2, 4].map((times) => Math.min(Math.floor(most), Math.ceil(times * large.processors / groups)));
  return [1, ...tried.filter((parts) => groups > 0 && parts > 1)];
}

/** The cost model of tiles for a nest. */
interface TileModel {
  /** The tiles to try. */
  readonly tiles: readonly Tile[];
  /** The numbers of parts to try. */
  readonly parts: (tile: TileSchedule) => readonly number[];
  readonly cost: (choice: TileChoice) => number;
}

/** The costs of the tiles of a nest on a GPU, on which steps with some numbers of depth points are alike. */
function hardwareCosts(nest: ProductNest, alike: ReadonlySet<number>): TileModel["cost"] {
  const stored = storedSide(nest);
  return (choice) => hardwareCost(nest, choice, alike) * (choice.schedule.along === stored ? 1 : scattered);
}

const models: Record<DeviceClass, (nest: ProductNest) => TileModel> = {
  hardware: (nest) => {
    const alike = alikeSteps(nest);
    return {
      tiles: tilesFor(nest, alike),
      parts: (tile) => tile.groups > 1 && groupsOf(nest, tile) > large.mostShared ? [] : partsFor(nest, tile),
      cost: hardwareCosts(nest, alike),
    };
  },
  software: (nest) => ({
    tiles: softwareTiles,
    parts: () => [1],
    cost: ({ schedule }) => softwareCost(nest, schedule),
  }),
};

/** The cheapest tile of a contraction, and on hardware the cheapest number of parts, at most `mostParts`. */
export function chooseTile(nest: ProductNest, device: DeviceClass, mostParts = Infinity): TileChoice {
  const { tiles, parts, cost } = models[device](nest);
  let best: { readonly cost: number; readonly choice: TileChoice } | undefined;
  for (const tile of tiles) {
    for (const along of ["columns", "rows"] as const) {
      const schedule: TileSchedule = { kind: "tile", along, ...tile };
      for (const count of parts(schedule).filter((one) => one <= mostParts)) {
        const choice = { schedule, parts: count };
        const found = cost(choice);
        if (!best || found < best.cost) best = { cost: found, choice };
      }
    }
  }
  return best!.choice;
}

/** The number of workgroups of a contraction that is not split. */
export function tilesOf(nest: ProductNest, device: DeviceClass): number {
  return groupsOf(nest, chooseTile(nest, device, 1).schedule);
}

/**
 * The cheapest tile on a GPU with `threads` threads in a workgroup and the sums of `tile` in the same order; undefined
 * if there is none, or if it takes longer by more than a dispatch that it could save.
 */
export function resizedTile(nest: ProductNest, tile: TileSchedule, threads: number): TileSchedule | undefined {
  const each = threads / tile.groups;
  if (!Number.isInteger(each)) return undefined;
  const sides = Array.from({ length: each }, (_, i) => i + 1).filter((side) => each % side === 0);
  const tiles = sides.map((side) => ({ ...tile, alongThreads: side, acrossThreads: each / side }));
  const costs = hardwareCosts(nest, alikeSteps(nest));
  const costOf = (schedule: TileSchedule): number => costs({ schedule, parts: 1 });
  const most = costOf(tile) + large.join;
  return tiles.filter((one) => memoryOf(one) <= leastMemory && costOf(one) <= most)
    .toSorted((a, b) => costOf(a) - costOf(b))[0];
}

/**
 * The schedule of a product of two matrices: which side is in the lanes, the sizes of blocks and panels, and the parts
 * of the depth.
 *
 * Whatever decides the order of sums follows from the nest and the shape `NARROW`, so the results have the same bits with
 * any micro-kernel: whether the product is packed, the ranges of the depth that are skipped, and the blocks of the depth.
 *
 * @module
 */

import { PIECE } from "../../native/instruction_sets.ts";
import { OPERANDS_BYTES } from "../../native/operands.ts";
import type { Expression, Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { isTileable, type Nest, pointsOf, type ProductNest } from "../../nest/nest.ts";
import { strideAlong } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import { chooseKernel, type KernelChoice } from "./kernel_choice.ts";
import { type MicroKernelShape, NARROW } from "./micro_kernels.ts";
import { isFasterThanPanels, type ScatteredChannels, scatteredChannelsOf } from "./scattered_channels.ts";
import { type ScatteredColumns, scatteredColumnsOf } from "./scattered_columns.ts";
import { type DepthSkip, skipOf } from "./skipping.ts";
import { costWithPanels, panelCost } from "./tile_sizes.ts";

/** One of the two matrices. */
interface Matrix {
  readonly variables: readonly Variable[];
  /** The matrix's element as a function of the side's variables, those of the depth and those of the batch. */
  readonly value: Expression;
  readonly points: number;
}

/** One of the two matrices, cut into blocks and panels. */
export interface PackedSide extends Matrix {
  /** The number of points of a block, and of a panel within it, which is what the micro-kernel takes. */
  readonly block: number;
  readonly panel: number;
}

/** How the depth is cut into blocks. */
export interface DepthBlocks {
  /** Loops around the blocks of the depth, outermost first. */
  readonly depthOuter: readonly Variable[];
  /** The depth's loop that is cut into blocks of `depthBlock` iterations, and the loops inside it. */
  readonly depthSplit: Variable;
  readonly depthBlock: number;
  readonly depthInner: readonly Variable[];
  /** The number of all blocks of the depth. */
  readonly depthSteps: number;
  /** The number of points of a block of the depth. */
  readonly depthPoints: number;
}

/** The plan for one product. */
export interface ProductSchedule extends DepthBlocks {
  /** The side whose values are copied into all lanes. */
  readonly rows: PackedSide;
  /** The side whose successive values are in the lanes. */
  readonly columns: PackedSide;
  readonly batch: readonly Variable[];
  /** Present if parts of the depth are zero for whole tiles. */
  readonly skip?: DepthSkip;
  /** Present if the depth is cut into parts that are added up later: the part's number, and its number of blocks. */
  readonly part?: { readonly variable: Variable; readonly steps: number };
  /** The number of tiles: batch × row blocks × column blocks. */
  readonly units: number;
  readonly unitsPerChunk: number;
  /** Whether the panels of a tile are multiplied by machine code. */
  readonly native: boolean;
  /** Present if machine code reads the columns from a copy of the image instead of panels. */
  readonly scattered?: ScatteredColumns | ScatteredChannels | undefined;
  /** Bytes that each thread needs for packed panels and its tile. */
  readonly workspaceBytes: number;
}

/** The fewest points of each side, and the fewest multiplications, for which packing pays. */
const LEAST = { rows: 3, columns: 5, work: 8_192 };
/** The fewest points that a side must keep when one of its variables is moved outside the tiles. */
const LEAST_POINTS = 64;
/** The loop over the depth of a product of depth 1. */
const ONCE = new ExpressionTable().variable("once", 1);
/** A deep product with fewer tiles is cut into parts, on any number of threads: parts decide the order of sums. */
export const LEAST_TILES = 16;
/** The least depth of a part. The sums of parts are written and read once more, which must be cheap in comparison. */
export const LEAST_PART = 512;
/** From this depth on, there are enough parts for all threads, so tiles stay large and little is packed twice. */
const DEEP = LEAST_TILES * LEAST_PART;
/** The least depth of a product for which channels are worth being put next to each other. */
const LEAST_CHANNEL_DEPTH = 1024;
/** Multiplications that make a chunk worth handing to another thread. */
const CHUNK_WORK = 400_000;

/** The machine for which a product is planned. */
export interface ProductOptions {
  /** The fewest tiles that give all threads enough work (default: `LEAST_TILES`). */
  readonly tiles?: number;
  /** The kernels in machine code, if there are any. They are used if they are faster. */
  readonly native?: MicroKernelShape | undefined;
}

/** Plans a nest as a tiled product; undefined if it is not a product, or too small for packing to pay. */
export function productScheduleOf(
  nest: Nest,
  { tiles = LEAST_TILES, native }: ProductOptions = {},
): ProductSchedule | undefined {
  if (!isTileable(nest) || !isFloat(nest)) return undefined;
  const whole = matricesOf(nest);
  const depthPoints = pointsOf(whole.depth);
  const tooThin = whole.rows.points < LEAST.rows || whole.columns.points < LEAST.columns;
  if (tooThin || whole.rows.points * whole.columns.points * depthPoints < LEAST.work) return undefined;
  const { batch, depth, skip, ...sides } = withSkip(whole);
  const blocks = cutDepth(depth.length > 0 ? depth : [ONCE], NARROW.depth);
  const isDeep = depthPoints >= DEEP;
  const choice = chooseKernel({
    sides,
    size: { batch: pointsOf(batch), depth: depthPoints, packedDepth: blocks.depthPoints, tiles: isDeep ? 0 : tiles },
    mayExchange: isDeep,
    native,
  });
  const wanted = { batch: pointsOf(batch), tiles, isDeep };
  const { rows, columns, scattered } = channelLayout(choice, blocks, wanted) ?? rowLayout(choice, blocks, wanted);
  const units = pointsOf(batch) * Math.ceil(rows.points / rows.block) * Math.ceil(columns.points / columns.block);
  const work = rows.block * columns.block * depthPoints;
  const schedule = {
    ...{ rows, columns, scattered, batch },
    ...(skip ? skippable(blocks, skip) : blocks),
    native: choice.kernel.native ?? false,
    units,
    unitsPerChunk: Math.max(1, Math.min(Math.floor(CHUNK_WORK / work), Math.ceil(units / tiles))),
  };
  return { ...schedule, workspaceBytes: workspaceOf(schedule).bytes };
}

/** The sides of a product, cut into blocks and panels. */
type Layout = Pick<ProductSchedule, "rows" | "columns" | "scattered">;

/** How many tiles a product should have. */
interface Wanted {
  readonly batch: number;
  /** The fewest tiles that give all threads enough work. */
  readonly tiles: number;
  /** Whether the parts of the depth give them enough. */
  readonly isDeep: boolean;
}

/** The layout with panels of columns, or with columns that are points of an image. */
function rowLayout(
  { kernel, tile, rows, columns }: KernelChoice<Matrix>,
  { depthSplit, depthBlock, depthInner }: DepthBlocks,
  { batch, tiles, isDeep }: Wanted,
): Layout {
  const scattered = kernel.native
    ? scatteredColumnsOf({
      ...{ columns, depth: [depthSplit, ...depthInner], depthBlock },
      ...{ tileRows: tile.rows, tileColumns: tile.columns, panel: kernel.columns },
      ...{ otherTiles: batch * Math.ceil(rows.points / tile.rows), tiles: isDeep ? 0 : tiles },
    })
    : undefined;
  const block = scattered ? scattered.rows * columns.variables.at(-1)!.extent : tile.columns;
  return {
    rows: { ...rows, block: tile.rows, panel: tile.panel },
    columns: { ...columns, block, panel: kernel.columns },
    scattered,
  };
}

/** The layout with columns that are channels and taps of an image; undefined if there is none, or panels are as fast. */
function channelLayout(
  { kernel, tile, rows, columns }: KernelChoice<Matrix>,
  blocks: DepthBlocks,
  { batch, tiles }: Wanted,
): Layout | undefined {
  if (!kernel.native || blocks.depthSteps * blocks.depthPoints < LEAST_CHANNEL_DEPTH) return undefined;
  const panel = { rows: tile.panel, columns: kernel.columns };
  const panels = costWithPanels({ rows: rows.points, columns: columns.points }, tile, kernel);
  const rowBlocks = Math.ceil(tiles / batch);
  for (const [image, other] of [[columns, rows], [rows, columns]]) {
    const found = scatteredChannelsOf({ image, other, blocks, panel, rowBlocks });
    if (!found || !isFasterThanPanels(found, panels)) continue;
    return {
      rows: { ...other, block: found.tileRows, panel: panel.rows },
      columns: { ...image, variables: found.variables, block: image.points, panel: panel.columns },
      scattered: found.scattered,
    };
  }
  return undefined;
}

function isFloat({ contraction, phases: [{ reductions: [{ dtype }] }] }: ProductNest): boolean {
  return [dtype, contraction.left.dtype, contraction.right.dtype].every((one) => one === "f32");
}

/** The matrices by their roles, and the loops that they share. */
interface Matrices {
  readonly rows: Matrix;
  readonly columns: Matrix;
  readonly batch: readonly Variable[];
  readonly depth: readonly Variable[];
  readonly skip?: DepthSkip;
}

const matrix = (variables: readonly Variable[], value: Expression): Matrix => ({
  variables,
  value,
  points: pointsOf(variables),
});

/** The sides of a product. Columns are the side whose points are stored next to each other, or the cheaper choice. */
function matricesOf(nest: ProductNest): Matrices {
  const { rows, columns, batch, depth, left, right } = nest.contraction;
  const [first, second] = [matrix(rows, left), matrix(columns, right)];
  const cost = (rows: Matrix, columns: Matrix): number => panelCost(NARROW, rows.points, columns.points);
  // The sums of parts may be stored either way.
  const swaps = pointsOf(depth) >= DEEP
    ? cost(second, first) < cost(first, second)
    : storedAlong(nest, rows) && !storedAlong(nest, columns);
  return { rows: swaps ? second : first, columns: swaps ? first : second, batch, depth };
}

/** True if successive points of these variables are stored next to each other. */
function storedAlong({ phases }: Nest, variables: readonly Variable[]): boolean {
  const last = variables.at(-1);
  if (!last || last.extent < LANES) return false;
  const stores = phases.flatMap((phase) => phase.stores);
  return 2 * stores.filter(({ index }) => strideAlong(index, last) === 1).length > stores.length;
}

/** The same product with a variable of one side moved outside the tiles, if parts of the depth can then be skipped. */
function withSkip(whole: Matrices): Matrices {
  const { rows, columns, batch, depth } = whole;
  for (const [name, side] of [["columns", columns], ["rows", rows]] as const) {
    const skip = skipOf(side.value, side.variables.slice(0, -1), depth);
    if (!skip) continue;
    const rest = matrix(side.variables.filter((one) => one !== skip.around), side.value);
    if (rest.points < LEAST_POINTS) continue;
    const depthLeft = depth.filter((one) => one !== skip.along);
    return { ...whole, [name]: rest, batch: [...batch, skip.around], depth: depthLeft, skip };
  }
  return whole;
}

/** The blocks of a depth whose outermost loop is the one with iterations to skip. */
function skippable(blocks: DepthBlocks, skip: DepthSkip): DepthBlocks & { readonly skip: DepthSkip } {
  const { depthOuter, depthSteps } = blocks;
  return {
    ...blocks,
    depthOuter: [skip.along, ...depthOuter],
    depthSteps: depthSteps * skip.along.extent,
    skip,
  };
}

function cutDepth(depth: readonly Variable[], mostDepth: number): DepthBlocks {
  let at = depth.length - 1;
  let within = 1;
  while (at > 0 && within * depth[at].extent <= mostDepth) within *= depth[at--].extent;
  const split = depth[at];
  const most = Math.max(1, Math.floor(mostDepth / within));
  const count = Math.ceil(split.extent / most);
  const block = Math.ceil(split.extent / count);
  const depthOuter = depth.slice(0, at);
  return {
    depthOuter,
    depthSplit: split,
    depthBlock: block,
    depthInner: depth.slice(at + 1),
    depthSteps: pointsOf(depthOuter) * Math.ceil(split.extent / block),
    depthPoints: block * within,
  };
}

/** The routine may read this many addresses past the table. */
export const MOST_PIECES = 4;

/** The layout of a thread's workspace, in bytes from its start, where the panels of rows are. */
export interface Workspace {
  readonly columns: number;
  readonly tile: number;
  /** The tables of the vectors and of the depth of scattered columns. */
  readonly vectors: number;
  readonly distances: number;
  /** The record of the operands of machine code, if the product uses it. */
  readonly operands: number;
  readonly bytes: number;
}

/** The columns of a tile in memory. */
export function tileWidthOf({ columns, scattered }: Pick<ProductSchedule, "columns" | "scattered">): number {
  return scattered?.tileWidth ?? columns.block;
}

/** The layout of the workspace that each thread needs for a product. */
export function workspaceOf(
  schedule: Pick<ProductSchedule, "rows" | "columns" | "depthPoints" | "native" | "scattered">,
): Workspace {
  const { rows, columns, depthPoints, native, scattered } = schedule;
  const aligned = (values: number): number => Math.ceil(4 * values / 64) * 64;
  const packedRows = aligned(rows.block * depthPoints) + 64;
  const packedColumns = aligned(scattered?.elements ?? columns.block * depthPoints) + 64;
  const vectors = packedRows + packedColumns + aligned(rows.block * tileWidthOf(schedule));
  const distances = vectors + (scattered ? aligned(scattered.rows * scattered.width / PIECE + MOST_PIECES) : 0);
  const operandsAt = distances + (scattered ? aligned(depthPoints) : 0);
  return {
    columns: packedRows,
    tile: packedRows + packedColumns,
    ...{ vectors, distances },
    operands: operandsAt,
    bytes: operandsAt + (native ? OPERANDS_BYTES : 0),
  };
}

/**
 * How a product of two matrices is cut: which side lies in the lanes, the sizes of blocks and panels, the parts of the
 * depth.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { isTileable, type Nest, pointsOf, type ProductNest } from "../../nest/nest.ts";
import { strideAlong } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import { type MicroKernelShape, NARROW, WIDE } from "./micro_kernels.ts";
import { type DepthSkip, skipOf } from "./skipping.ts";
import { panelCost, tileSizes } from "./tile_sizes.ts";

/** One of the two matrices. */
interface Matrix {
  readonly variables: readonly Variable[];
  /** The matrix's element, by the side's variables, those of the depth and of the batch. */
  readonly value: Expression;
  readonly points: number;
}

/** One of the two matrices, cut into blocks and panels. */
export interface PackedSide extends Matrix {
  /** Points of a block, and of a panel within it: as many as the micro-kernel takes. */
  readonly block: number;
  readonly panel: number;
}

/** How the depth is cut into blocks. */
export interface DepthBlocks {
  /** Loops around the blocks of the depth, from the outside. */
  readonly depthOuter: readonly Variable[];
  /** The depth's loop that is cut into blocks of `depthBlock` turns, and the loops inside of it. */
  readonly depthSplit: Variable;
  readonly depthBlock: number;
  readonly depthInner: readonly Variable[];
  /** Blocks of the depth in all. */
  readonly depthSteps: number;
  /** Points of a block of the depth. */
  readonly depthPoints: number;
}

/** The plan for one product. */
export interface ProductSchedule extends DepthBlocks {
  /** The side whose values are copied into all lanes. */
  readonly rows: PackedSide;
  /** The side whose successive values lie in the lanes. */
  readonly columns: PackedSide;
  readonly batch: readonly Variable[];
  /** Set where parts of the depth are zero for whole tiles. */
  readonly skip?: DepthSkip;
  /** Set where the depth is cut into parts that are added up later: the part's number, and its blocks. */
  readonly part?: { readonly variable: Variable; readonly steps: number };
  /** Tiles: batch × row blocks × column blocks. */
  readonly units: number;
  readonly unitsPerChunk: number;
  /** Whether the micro-kernel is the one for pairs of vectors. */
  readonly wide: boolean;
  /** Bytes that each thread needs for packed panels and its tile. */
  readonly workspaceBytes: number;
}

/** The fewest points of the two sides, and multiplications in all, for which packing pays. */
const LEAST = { rows: 3, columns: 5, work: 8_192 };
/** Points that a side must keep when one of its variables is moved around the tiles. */
const LEAST_POINTS = 64;
/** The loop over the depth of a product of depth 1. */
const ONCE = new ExpressionTable().variable("once", 1);
/** A deep product with fewer tiles is cut into parts, whatever the number of threads: parts decide the order of sums. */
export const LEAST_TILES = 16;
/** The least depth of a part: the sums of parts are written and read once more, which must be little beside the work. */
export const LEAST_PART = 512;
/** From this depth on there are enough parts for all threads: tiles stay large, so that little is packed twice. */
const DEEP = LEAST_TILES * LEAST_PART;
/** Multiplications that make a chunk worth handing to another thread. */
const CHUNK_WORK = 400_000;

/** What a product is planned for. */
export interface ProductOptions {
  /** Whether the engine joins pairs of vectors. */
  readonly joins?: boolean;
  /** How many tiles there should be at least, for all threads to have some. */
  readonly tiles?: number;
}

/** Plans a nest as a tiled product; undefined where it is none, or too small for packing to pay. */
export function productScheduleOf(
  nest: Nest,
  { joins = false, tiles = LEAST_TILES }: ProductOptions = {},
): ProductSchedule | undefined {
  if (!isTileable(nest) || !isFloat(nest)) return undefined;
  const whole = matricesOf(nest, joins);
  const depthPoints = pointsOf(whole.depth);
  const tooThin = whole.rows.points < LEAST.rows || whole.columns.points < LEAST.columns;
  if (tooThin || whole.rows.points * whole.columns.points * depthPoints < LEAST.work) return undefined;
  const { rows, columns, batch, depth, skip } = withSkip(whole);
  const kernel = kernelFor(columns, joins);
  const blocks = cutDepth(depth.length > 0 ? depth : [ONCE], kernel.depth);
  const tile = tileSizes(kernel, {
    rows: rows.points,
    columns: columns.points,
    batch: pointsOf(batch),
    depth: depthPoints,
    packedDepth: blocks.depthPoints,
    tiles: depthPoints >= DEEP ? 0 : tiles,
  });
  const units = pointsOf(batch) * Math.ceil(rows.points / tile.rows) * Math.ceil(columns.points / tile.columns);
  const work = tile.rows * tile.columns * depthPoints;
  const schedule = {
    rows: { ...rows, block: tile.rows, panel: tile.panel },
    columns: { ...columns, block: tile.columns, panel: kernel.columns },
    batch,
    ...(skip ? skippable(blocks, skip) : blocks),
    wide: kernel === WIDE,
    units,
    unitsPerChunk: Math.max(1, Math.min(Math.floor(CHUNK_WORK / work), Math.ceil(units / tiles))),
  };
  return { ...schedule, workspaceBytes: workspaceOf(schedule).bytes };
}

function isFloat({ contraction, phases: [{ reductions: [{ dtype }] }] }: ProductNest): boolean {
  return [dtype, contraction.left.dtype, contraction.right.dtype].every((one) => one === "f32");
}

/** The micro-kernel for some columns; with few columns, much of what the wide one computes would be unused. */
function kernelFor({ points }: Matrix, joins: boolean): MicroKernelShape {
  return joins && points > NARROW.columns ? WIDE : NARROW;
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

/** The sides of a product: those points become columns that are stored next to each other, or else what costs least. */
function matricesOf(nest: ProductNest, joins: boolean): Matrices {
  const { rows, columns, batch, depth, left, right } = nest.contraction;
  const [first, second] = [matrix(rows, left), matrix(columns, right)];
  const cost = (rows: Matrix, columns: Matrix): number =>
    panelCost(kernelFor(columns, joins), rows.points, columns.points);
  // The sums of parts may be stored either way.
  const swaps = pointsOf(depth) >= DEEP
    ? cost(second, first) < cost(first, second)
    : storedAlong(nest, rows) && !storedAlong(nest, columns);
  return { rows: swaps ? second : first, columns: swaps ? first : second, batch, depth };
}

/** True where successive points of these variables are stored next to each other. */
function storedAlong({ phases }: Nest, variables: readonly Variable[]): boolean {
  const last = variables.at(-1);
  if (!last || last.extent < LANES) return false;
  const stores = phases.flatMap((phase) => phase.stores);
  return 2 * stores.filter(({ index }) => strideAlong(index, last) === 1).length > stores.length;
}

/** The same product with a variable of one side moved around the tiles, where parts of the depth can then be skipped. */
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

/** The blocks of a depth whose outermost loop is the one that is skipped along. */
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

/** The layout of a thread's workspace, in bytes from its start, where the panels of rows lie. */
export interface Workspace {
  /** The panels of columns; a wide product has none here. */
  readonly columns: number;
  readonly tile: number;
  readonly bytes: number;
}

/** The layout of the workspaces that a product needs. */
export function workspaceOf(
  { rows, columns, depthPoints, wide }: Pick<ProductSchedule, "rows" | "columns" | "depthPoints" | "wide">,
): Workspace {
  const aligned = (values: number): number => Math.ceil(4 * values / 64) * 64;
  const packedRows = aligned(rows.block * depthPoints) + 64;
  const packedColumns = wide ? 0 : aligned(columns.block * depthPoints) + 64;
  return {
    columns: packedRows,
    tile: packedRows + packedColumns,
    bytes: packedRows + packedColumns + aligned(rows.block * columns.block),
  };
}

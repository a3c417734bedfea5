/**
 * How a product of two matrices is cut: which side lies in the lanes, the sizes of blocks and panels, the pieces of the
 * depth.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { type Nest, pointsOf } from "../../nest/nest.ts";
import { strideAlong } from "../../nest/strides.ts";
import { type Skip, skipOf } from "./skipping.ts";
import { WIDE_COLUMNS, WIDE_DEPTH } from "../product/wide_microkernel.ts";

/** One of the two matrices. */
export interface Side {
  readonly variables: readonly Variable[];
  /** The matrix's element, by the side's variables, those of the depth and of the batch. */
  readonly value: Expression;
  readonly points: number;
  /** Points of a block, and of a panel within it: as many as the micro-kernel takes. */
  readonly block: number;
  readonly panel: number;
}

/** The plan for one product. */
export interface ProductSchedule {
  /** The side whose values are copied into all lanes. */
  readonly rows: Side;
  /** The side whose successive values lie in the lanes. */
  readonly columns: Side;
  readonly batch: readonly Variable[];
  /** Loops around the blocks of the depth, from the outside. */
  readonly depthOuter: readonly Variable[];
  /** The depth's loop that is cut into blocks of `depthBlock` turns, and the loops inside of it. */
  readonly depthSplit: Variable;
  readonly depthBlock: number;
  readonly depthInner: readonly Variable[];
  /** Blocks of the depth in all. */
  readonly depthSteps: number;
  /** Where parts of the depth are zero for whole tiles. */
  readonly skip?: Skip;
  /** Where the depth is cut into pieces that are added later: the piece's number, and its blocks. */
  readonly piece?: { readonly variable: Variable; readonly steps: number };
  /** Points of a block of the depth. */
  readonly depthPoints: number;
  /** Tiles: batch × row blocks × column blocks. */
  readonly units: number;
  readonly unitsPerChunk: number;
  /** Whether the micro-kernel is the one for pairs of vectors. */
  readonly wide: boolean;
  /** Bytes that each thread needs for packed panels and its tile. */
  readonly workspaceBytes: number;
}

/** A micro-kernel: values per panel of the columns, and of the rows with what the latter cost one by one; the depth at most. */
interface MicroKernel {
  readonly columns: number;
  readonly depth: number;
  readonly rows: readonly { readonly panel: number; readonly cost: number }[];
}
/** With 8 columns, a depth of 384 is 12 KB of the first-level cache. */
const NARROW: MicroKernel = { columns: 8, depth: 384, rows: [{ panel: 5, cost: 1 }, { panel: 4, cost: 1.07 }] };
const WIDE: MicroKernel = {
  columns: WIDE_COLUMNS,
  depth: WIDE_DEPTH,
  rows: [{ panel: 6, cost: 1 }, { panel: 5, cost: 1.05 }, { panel: 4, cost: 1.15 }],
};
/** Values of a packed block of columns: 384 KB of the second-level cache. */
const MOST_PACKED = 98_304;
/** So many rows are always in order; more where their panels, and the tile, are small: 256 KB each. */
const SURE_ROWS = 200;
const MOST_PACKED_ROWS = 65_536;
const MOST_TILE = 65_536;
const MOST_COLUMNS = 1024;
const LEAST_WORK = 8_192;
/** Points that a side must keep when one of its variables is moved around the tiles. */
const LEAST_POINTS = 64;
/** The depth of a product of depth 1. */
const ONCE: Variable = { kind: "variable", dtype: "i32", name: "once", extent: 1 };
/** Multiplications of a tile below which it is not cut further. */
const TILE_WORK = 600_000;
/** A deep product with fewer tiles is cut into pieces, whatever the number of threads: pieces decide the order of sums. */
export const LEAST_TILES = 16;
/** The least depth of a piece: the sums of pieces are written and read once more, which must be little beside the work. */
export const LEAST_PIECE = 512;
/** From this depth on there are enough pieces for all threads: tiles stay large, so that little is packed twice. */
const DEEP = LEAST_TILES * LEAST_PIECE;
/** Multiplications that make a chunk worth handing to another thread. */
const CHUNK_WORK = 400_000;

/** For what a product is planned. */
export interface ProductOptions {
  /** Whether the engine makes wide vectors of pairs. */
  readonly joins?: boolean;
  /** How many tiles there should be at least, for all threads to have some. */
  readonly tiles?: number;
}

/** Plans a nest as a tiled product; undefined where it is none, or too small for packing to pay. */
export function productScheduleOf(
  nest: Nest,
  { joins = false, tiles = LEAST_TILES }: ProductOptions = {},
): ProductSchedule | undefined {
  const { contraction } = nest;
  if (!contraction || !isPlain(nest)) return undefined;
  const left = matrix(contraction.rows, contraction.left);
  const right = matrix(contraction.columns, contraction.right);
  const depthPoints = pointsOf(contraction.depth);
  // The sums of pieces may be stored either way.
  const swaps = depthPoints >= DEEP
    ? costOf(kernelFor(left, joins), right, left) < costOf(kernelFor(right, joins), left, right)
    : storedAlong(nest, left.variables) && !storedAlong(nest, right.variables);
  const sides = swaps ? [right, left] : [left, right];
  const whole: Matrices = { rows: sides[0], columns: sides[1], batch: contraction.batch, depth: contraction.depth };
  const tooThin = whole.rows.points < 3 || whole.columns.points < 5;
  if (tooThin || whole.rows.points * whole.columns.points * depthPoints < LEAST_WORK) return undefined;
  const { rows, columns, batch, depth, skip } = withSkip(whole);
  const kernel = kernelFor(columns, joins);
  const inner = cutDepth(depth.length > 0 ? depth : [ONCE], kernel.depth);
  const depthSteps = inner.depthSteps * (skip?.along.extent ?? 1);
  const blocks = tileSizes(kernel, {
    rowPoints: rows.points,
    columnPoints: columns.points,
    batch: pointsOf(batch),
    depth: depthPoints,
    packedDepth: inner.depthPoints,
    tiles,
  });
  const units = pointsOf(batch) * Math.ceil(rows.points / blocks.rows) * Math.ceil(columns.points / blocks.columns);
  const work = blocks.rows * blocks.columns * depthPoints;
  return {
    rows: { ...rows, block: blocks.rows, panel: blocks.panel },
    columns: { ...columns, block: blocks.columns, panel: kernel.columns },
    batch,
    ...inner,
    ...(skip ? { depthOuter: [skip.along, ...inner.depthOuter], depthSteps, skip } : {}),
    wide: kernel === WIDE,
    units,
    unitsPerChunk: Math.max(1, Math.min(Math.floor(CHUNK_WORK / work), Math.ceil(units / tiles))),
    workspaceBytes: workspaceOf(blocks.rows, blocks.columns, inner.depthPoints, kernel === WIDE).bytes,
  };
}

/** The micro-kernel for some columns; with few of them, the wide one would compute more that nobody wants. */
function kernelFor({ points }: Matrix, joins: boolean): MicroKernel {
  return joins && points > NARROW.columns ? WIDE : NARROW;
}

/** What the panels of two sides take to multiply, by the number of values for one depth. */
function costOf(kernel: MicroKernel, rows: Matrix, columns: Matrix): number {
  const { panel, cost } = panelOf(kernel, rows.points);
  return cost * padded(rows.points, panel) * padded(columns.points, kernel.columns);
}

/** The height of a micro-kernel that wastes least on `points` rows. */
function panelOf({ rows }: MicroKernel, points: number): MicroKernel["rows"][number] {
  return rows.reduce((a, b) => a.cost * padded(points, a.panel) <= b.cost * padded(points, b.panel) ? a : b);
}

const padded = (points: number, panel: number): number => Math.ceil(points / panel) * panel;

type Matrix = Omit<Side, "block" | "panel">;

interface Matrices {
  readonly rows: Matrix;
  readonly columns: Matrix;
  readonly batch: readonly Variable[];
  readonly depth: readonly Variable[];
  readonly skip?: Skip;
}

const matrix = (variables: readonly Variable[], value: Expression): Matrix => ({
  variables,
  value,
  points: pointsOf(variables),
});

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

/** Where the panels of rows, those of columns (of which a wide product has none there) and the tile lie in a thread's workspace. */
export function workspaceOf(
  rows: number,
  columns: number,
  depth: number,
  wide: boolean,
): { columns: number; tile: number; bytes: number } {
  const aligned = (values: number): number => Math.ceil(4 * values / 64) * 64;
  const packedRows = aligned(rows * depth) + 64;
  const packedColumns = wide ? 0 : aligned(columns * depth) + 64;
  return {
    columns: packedRows,
    tile: packedRows + packedColumns,
    bytes: packedRows + packedColumns + aligned(rows * columns),
  };
}

function isPlain({ contraction, phases }: Nest): boolean {
  const [{ reductions, stores }, ...rest] = phases;
  return reductions.length === 1 && reductions[0].kind === "sum" && reductions[0].dtype === "f32" &&
    stores.length === 0 && contraction!.left.dtype === "f32" && contraction!.right.dtype === "f32" &&
    rest.every(({ inner, reductions }) => inner.length === 0 && reductions.length === 0);
}

/** True where successive points of these variables are stored next to each other. */
function storedAlong({ phases }: Nest, variables: readonly Variable[]): boolean {
  const last = variables.at(-1);
  if (!last || last.extent < 4) return false;
  const stores = phases.flatMap((phase) => phase.stores);
  return 2 * stores.filter(({ index }) => strideAlong(index, last) === 1).length > stores.length;
}

function cutDepth(depth: readonly Variable[], mostDepth: number): {
  depthOuter: readonly Variable[];
  depthSplit: Variable;
  depthBlock: number;
  depthInner: readonly Variable[];
  depthSteps: number;
  depthPoints: number;
} {
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

/** `points` cut into equal blocks of at most `most`, each a multiple of `panel`. */
function equalBlocks(points: number, most: number, panel: number): number {
  const blocks = Math.ceil(points / most);
  return Math.ceil(Math.ceil(points / blocks) / panel) * panel;
}

/** How many points a product has, of its depth also those of one block, and how many tiles it should have at least. */
interface Size {
  readonly rowPoints: number;
  readonly columnPoints: number;
  readonly batch: number;
  readonly depth: number;
  readonly packedDepth: number;
  readonly tiles: number;
}

function tileSizes(
  kernel: MicroKernel,
  { rowPoints, columnPoints, batch, depth, packedDepth, tiles }: Size,
): { rows: number; columns: number; panel: number } {
  const { panel } = panelOf(kernel, rowPoints);
  let mostColumns = Math.min(MOST_COLUMNS, Math.max(64, MOST_PACKED / packedDepth));
  const room = Math.min(MOST_PACKED_ROWS / packedDepth, MOST_TILE / Math.min(columnPoints, mostColumns));
  let mostRows = Math.max(SURE_ROWS, room);
  while (true) {
    const rows = equalBlocks(rowPoints, mostRows, panel);
    const columns = equalBlocks(columnPoints, mostColumns, kernel.columns);
    const units = batch * Math.ceil(rowPoints / rows) * Math.ceil(columnPoints / columns);
    if (depth >= DEEP || units >= tiles || rows * columns * depth < TILE_WORK || rows + columns < 120) {
      return { rows, columns, panel };
    }
    if (columns > rows) mostColumns = columns / 2;
    else mostRows = rows / 2;
  }
}

/**
 * Cuts contractions into tiles: the two sides, and their points in a tile.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { type Contraction, isTileable, type Nest, pointsOf, type Reduction } from "../../nest/nest.ts";
import { countersAt } from "../../nest/row_major.ts";
import { productBlocks, sumsSingles } from "../../nest/sum_blocks.ts";
import type { TileSchedule } from "../schedule/schedule.ts";
import { vectorWidth } from "../schedule/vectors.ts";
import { bindCounters } from "./body.ts";
import { Emitter } from "./emitter.ts";
import { unrolledLoops } from "./loops.ts";

/** One side of a contraction, cut into tiles. */
export interface TileSide {
  readonly loops: readonly Variable[];
  readonly points: number;
  /** The factor of the product that belongs to this side. */
  readonly factor: Expression;
  readonly threads: number;
  readonly each: number;
  /** The number of the thread's points that are neighbors. */
  readonly neighbors: number;
  /** The number of neighbors that are loaded from the buffers as one vector. */
  readonly width: number;
  /** The number of the tile. */
  readonly tile: Variable;
  /** The thread's number along this side of the tile. */
  readonly thread: Variable;
}

/** The data that the parts of the renderer share. */
export interface TileFrame {
  readonly nest: Nest;
  readonly contraction: Contraction;
  readonly schedule: TileSchedule;
  readonly reduction: Reduction;
  readonly emitter: Emitter;
  /** The slots that the emitter reads as vectors. They must be added before it loads from them. */
  readonly vectors: Set<number>;
  readonly table: ExpressionTable;
  readonly batch: ReadonlyMap<Variable, Expression>;
  /** The innermost loops over depth that are unrolled, if values come from the buffers. */
  readonly unrolled: readonly Variable[];
  /** The lengths of the blocks of the other loops over depth, or of the loop over its steps if they are staged. */
  readonly blocks: readonly (readonly number[])[];
  /** Whether any of these loops has blocks. */
  readonly isInBlocks: boolean;
  readonly along: TileSide;
  readonly across: TileSide;
}

/** The number of points of one side of a tile. */
export const tilePoints = ({ threads, each }: TileSide): number => threads * each;

/** The number of tiles of one side. */
export const tileCount = (side: TileSide): number => Math.ceil(side.points / tilePoints(side));

/**
 * Cuts the contraction of a nest into tiles.
 *
 * @throws {TypeError} if the nest is not {@linkcode isTileable}.
 */
export function openFrame(nest: Nest, schedule: TileSchedule): TileFrame {
  if (!isTileable(nest)) {
    throw new TypeError(`Cannot tile ${nest.name}: expected one sum of products followed by stores`);
  }
  const { contraction } = nest;
  const table = new ExpressionTable();
  const batch = table.variable("batch", pointsOf(contraction.batch));
  const vectors = new Set<number>();
  const emitter = new Emitter(nest.slots, vectors, table);
  bindCounters(nest, emitter);
  emitter.bind(batch, "batch");
  const frame = { contraction, schedule, table };
  const [reduction] = nest.phases[0].reductions;
  const depth = openDepth(frame);
  const blocks = sumsSingles(reduction) ? depth.blocks : [];
  return {
    ...{ ...frame, nest, reduction, emitter, vectors, blocks },
    unrolled: depth.unrolled,
    isInBlocks: blocks.some(({ length }) => length > 0),
    batch: countersAt(table, contraction.batch, batch),
    along: openSide(frame, schedule.along),
    across: openSide(frame, schedule.along === "rows" ? "columns" : "rows"),
  };
}

/** The loops over depth that are unrolled, and the blocks of the others. */
function openDepth(
  { contraction: { depth }, schedule }: Pick<TileFrame, "contraction" | "schedule">,
): Pick<TileFrame, "unrolled" | "blocks"> {
  const { staged, groups, unroll, alongEach, acrossEach } = schedule;
  if (staged > 0) return { unrolled: [], blocks: productBlocks([stagedSteps(depth, staged)], staged / groups) };
  const unrolled = unrolledLoops(depth, Math.floor(unroll / (alongEach * acrossEach)));
  const turns = depth.slice(0, depth.length - unrolled.length).map(({ extent }) => extent);
  return { unrolled, blocks: productBlocks(turns, pointsOf(unrolled)) };
}

/** The iterations of the loop over the depth's steps, of which the first one only loads and the last one only adds. */
export function stagedSteps(depth: readonly Variable[], staged: number): number {
  const steps = Math.ceil(pointsOf(depth) / staged);
  return steps > 0 ? steps + 1 : 0;
}

function openSide(
  { contraction, schedule, table }: Pick<TileFrame, "contraction" | "schedule" | "table">,
  name: "rows" | "columns",
): TileSide {
  const loops = contraction[name];
  const points = pointsOf(loops);
  const isAlong = name === schedule.along;
  const threads = isAlong ? schedule.alongThreads : schedule.acrossThreads;
  const each = isAlong ? schedule.alongEach : schedule.acrossEach;
  const fits = each % vectorWidth === 0 && points % vectorWidth === 0;
  const width = schedule.vectors && isAlong && fits ? vectorWidth : 1;
  return {
    loops,
    points,
    factor: name === "rows" ? contraction.left : contraction.right,
    threads,
    each,
    neighbors: schedule.staged > 0 ? [4, 2, 1].find((count) => each % count === 0)! : width,
    width,
    tile: table.variable("tile", Math.ceil(points / (threads * each))),
    thread: table.variable("thread", threads),
  };
}

/** The number of a side's point: that of its tile's first point plus its position in the tile. */
export function pointOf({ table }: TileFrame, side: TileSide, place: Expression): Expression {
  return table.affine([[side.tile, tilePoints(side)], [place, 1]]);
}

/** The position in the tile of a thread's point number `turn`. Neighboring threads have neighboring groups. */
export function placeOf({ table }: TileFrame, { threads, thread, neighbors }: TileSide, turn: Expression): Expression {
  if (threads === 1) return turn;
  return table.affine([
    [table.quotient(turn, neighbors), threads * neighbors],
    [thread, neighbors],
    [table.remainder(turn, neighbors), 1],
  ]);
}

/** A side's loop counters at one of its points; past the end, those of the last point, so that loads stay inside. */
export function loopsAt({ table }: TileFrame, side: TileSide, point: Expression): Map<Variable, Expression> {
  const { width, points, loops } = side;
  if (points % tilePoints(side) === 0) return countersAt(table, loops, point);
  const last = table.literal("i32", Math.ceil(points / width) - 1);
  const group = table.apply("min", "i32", [table.quotient(point, width), last]);
  return countersAt(table, loops, table.affine([[group, width], [table.remainder(point, width), 1]]));
}

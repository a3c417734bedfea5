/**
 * Contractions cut into tiles: the two sides, and their points in a tile.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { type Contraction, isTileable, type Nest, pointsOf, type Reduction } from "../../nest/nest.ts";
import { countersAt } from "../../nest/row_major.ts";
import type { TileSchedule } from "../schedule/schedule.ts";
import { vectorWidth } from "../schedule/vectors.ts";
import { Emitter } from "./emitter.ts";
import { bindCounters } from "./kernel.ts";

/** One side of a contraction, cut into tiles. */
export interface TileSide {
  readonly loops: readonly Variable[];
  readonly points: number;
  /** The factor of the product that belongs to this side. */
  readonly factor: Expression;
  readonly threads: number;
  readonly each: number;
  /** How many of the thread's points are neighbors. */
  readonly neighbors: number;
  /** How many neighbors are loaded from the buffers as one vector. */
  readonly width: number;
  /** The number of the tile. */
  readonly tile: Variable;
  /** The thread's place in the tile. */
  readonly thread: Variable;
}

/** What the parts of the renderer share. */
export interface TileFrame {
  readonly nest: Nest;
  readonly contraction: Contraction;
  readonly schedule: TileSchedule;
  readonly reduction: Reduction;
  readonly emitter: Emitter;
  /** The slots that the emitter reads as vectors; to be filled before it loads from them. */
  readonly vectors: Set<number>;
  readonly table: ExpressionTable;
  readonly batch: ReadonlyMap<Variable, Expression>;
  readonly along: TileSide;
  readonly across: TileSide;
}

/** Points of one side in a tile. */
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
  return {
    ...frame,
    nest,
    reduction: nest.phases[0].reductions[0],
    emitter,
    vectors,
    batch: countersAt(table, contraction.batch, batch),
    along: openSide(frame, schedule.along),
    across: openSide(frame, schedule.along === "rows" ? "columns" : "rows"),
  };
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

/** The number of a side's point: its tile's first point and its place in the tile. */
export function pointOf({ table }: TileFrame, side: TileSide, place: Expression): Expression {
  return table.affine([[side.tile, tilePoints(side)], [place, 1]]);
}

/** The place in the tile of a thread's point number `turn`: neighboring threads have neighboring (groups of) points. */
export function placeOf({ table }: TileFrame, { threads, thread, neighbors }: TileSide, turn: Expression): Expression {
  if (threads === 1) return turn;
  return table.affine([
    [table.quotient(turn, neighbors), threads * neighbors],
    [thread, neighbors],
    [table.remainder(turn, neighbors), 1],
  ]);
}

/** A side's loop counters at one of its points; beyond the end those of the last ones, so that loads stay inside. */
export function loopsAt({ table }: TileFrame, side: TileSide, point: Expression): Map<Variable, Expression> {
  const { width, points, loops } = side;
  if (points % tilePoints(side) === 0) return countersAt(table, loops, point);
  const last = table.literal("i32", Math.ceil(points / width) - 1);
  const group = table.apply("min", "i32", [table.quotient(point, width), last]);
  return countersAt(table, loops, table.affine([[group, width], [table.remainder(point, width), 1]]));
}

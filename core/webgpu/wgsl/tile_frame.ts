/**
 * Contractions cut into tiles: the two sides, their points in a tile, and the sums of a thread.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { type Contraction, type Nest, pointsOf, type Reduction } from "../../nest/nest.ts";
import { Emitter } from "./emitter.ts";
import { bindCounters } from "./kernel.ts";
import { Rewriter } from "../schedule/rewrite.ts";
import type { TileSchedule } from "../schedule/schedule.ts";
import { vectorWidth } from "../schedule/vectors.ts";
import { valueType } from "./scalar.ts";

/** One side of a contraction, cut into tiles. */
export interface Side {
  readonly loops: readonly Variable[];
  readonly points: number;
  /** The factor of the product that belongs to this side. */
  readonly factor: Expression;
  readonly threads: number;
  readonly each: number;
  /** How many of the thread's points are neighbours. */
  readonly neighbours: number;
  /** How many neighbours are loaded from the buffers as one vector. */
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
  readonly rewriter: Rewriter;
  readonly batch: ReadonlyMap<Variable, Expression>;
  readonly along: Side;
  readonly across: Side;
}

/** Points of one side in a tile. */
export const tilePoints = ({ threads, each }: Side): number => threads * each;

/** The number of tiles of one side. */
export const tileCount = (side: Side): number => Math.ceil(side.points / tilePoints(side));

/** True for nests that the tile schedule can compute: one sum of products, then stores. */
export function isTileable({ contraction, phases: [first, ...rest] }: Nest): boolean {
  return contraction !== undefined && first.reductions.length === 1 && first.reductions[0].kind === "sum" &&
    first.stores.length === 0 && rest.every(({ inner, reductions }) => inner.length + reductions.length === 0);
}

/**
 * Cuts the contraction of a nest into tiles.
 *
 * @throws {TypeError} if the nest is not {@linkcode isTileable}.
 */
export function openFrame(nest: Nest, schedule: TileSchedule): TileFrame {
  const { contraction } = nest;
  if (!contraction || !isTileable(nest)) {
    throw new TypeError(`Cannot tile ${nest.name}: expected one sum of products followed by stores`);
  }
  const rewriter = new Rewriter();
  const side = (name: "rows" | "columns", threads: number, each: number): Side => {
    const points = pointsOf(contraction[name]);
    const width = schedule.vectors && name === schedule.along && each % vectorWidth === 0 && points % vectorWidth === 0
      ? vectorWidth
      : 1;
    return {
      loops: contraction[name],
      points,
      factor: name === "rows" ? contraction.left : contraction.right,
      threads,
      each,
      neighbours: schedule.staged > 0 ? [4, 2, 1].find((count) => each % count === 0)! : width,
      width,
      tile: rewriter.table.variable("tile", Math.ceil(points / (threads * each))),
      thread: rewriter.table.variable("thread", threads),
    };
  };
  const batch = rewriter.table.variable("batch", pointsOf(contraction.batch));
  const vectors = new Set<number>();
  const emitter = new Emitter(nest.slots, vectors, rewriter.table);
  bindCounters(nest, emitter);
  emitter.bind(batch, "batch");
  return {
    nest,
    contraction,
    schedule,
    reduction: nest.phases[0].reductions[0],
    emitter,
    vectors,
    rewriter,
    batch: rewriter.unflatten(contraction.batch, batch),
    along: side(schedule.along, schedule.alongThreads, schedule.alongEach),
    across: side(schedule.along === "rows" ? "columns" : "rows", schedule.acrossThreads, schedule.acrossEach),
  };
}

/** The number of a side's point: its tile's first point and its place in the tile. */
export function pointOf({ rewriter: { table } }: TileFrame, side: Side, place: Expression): Expression {
  return table.affine([[side.tile, tilePoints(side)], [place, 1]]);
}

/** The place in the tile of a thread's point number `turn`: neighbouring threads have neighbouring (groups of) points. */
export function placeOf({ rewriter }: TileFrame, { threads, thread, neighbours }: Side, turn: Expression): Expression {
  if (threads === 1) return turn;
  return rewriter.table.affine([
    [rewriter.quotient(turn, neighbours), threads * neighbours],
    [thread, neighbours],
    [rewriter.remainder(turn, neighbours), 1],
  ]);
}

/** A side's loop counters at one of its points; beyond the end those of the last ones, so that loads stay inside. */
export function loopsAt({ rewriter }: TileFrame, side: Side, point: Expression): Map<Variable, Expression> {
  const { table } = rewriter;
  const { width, points, loops } = side;
  if (points % tilePoints(side) === 0) return rewriter.unflatten(loops, point);
  const last = table.literal("i32", Math.ceil(points / width) - 1);
  const group = table.apply("min", "i32", [rewriter.quotient(point, width), last]);
  return rewriter.unflatten(loops, table.affine([[group, width], [rewriter.remainder(point, width), 1]]));
}

/** The name of one of the thread's sums, or of the vector of those of neighbours along. */
const sumName = (across: number, along: number): string => `sum_${across}_${along}`;

/** The text of one of the thread's sums. */
export function sumText({ along, schedule }: TileFrame, row: number, column: number): string {
  const width = schedule.staged > 0 ? along.neighbours : 1;
  const place = column % width;
  return width === 1 ? sumName(row, column) : `${sumName(row, column - place)}.${"xyzw"[place]}`;
}

/** The WGSL type of `width` neighbours. */
export function vectorType(dtype: Reduction["dtype"], width: number): string {
  return width === 1 ? valueType[dtype] : `vec${width}<${valueType[dtype]}>`;
}

/** Declares the thread's sums, those of `width` neighbours along as one vector. */
export function declareSums({ emitter, across, along, reduction: { dtype } }: TileFrame, width = 1): void {
  const type = vectorType(dtype, width);
  const zero = width === 1 ? emitter.literal(dtype, 0) : `${type}()`;
  for (let row = 0; row < across.each; row++) {
    for (let column = 0; column < along.each; column += width) {
      emitter.line(`var ${sumName(row, column)}: ${type} = ${zero};`);
    }
  }
}

/** Adds the products of the values across and along, each of the latter of `width` neighbours, to the thread's sums. */
export function addProducts(
  { emitter, reduction: { dtype } }: TileFrame,
  across: readonly string[],
  along: readonly string[],
  width = 1,
): void {
  const type = vectorType(dtype, width);
  across.forEach((a, row) =>
    along.forEach((b, column) => {
      const sum = sumName(row, column * width);
      const factor = width === 1 || dtype !== "f32" ? a : `${type}(${a})`;
      emitter.line(dtype === "f32" ? `${sum} = fma(${factor}, ${b}, ${sum});` : `${sum} += ${factor} * ${b};`);
    })
  );
}

/**
 * Cuts long sums into pieces that several threads add up, and a nest that adds the pieces in order.
 *
 * The number of pieces follows from the nest alone, so the result does not depend on the number of threads.
 *
 * @module
 */

import type { Affine, Variable } from "../../nest/expression.ts";
import { type Nest, pointsOf, type Reduction, type Slot, type Store } from "../../nest/nest.ts";
import { rowMajor } from "../../nest/strides.ts";
import type { Piece } from "../write/loops.ts";
import { LEAST_PIECE, LEAST_TILES, type ProductSchedule } from "./product_schedule.ts";

/** The two nests of a sum in pieces. Both have one more slot than the nest they stand for: the pieces' sums. */
export interface SplitNests {
  readonly pieces: Nest;
  readonly whole: Nest;
  readonly scratchBytes: number;
}

/** A product in pieces. */
export interface SplitProduct extends SplitNests {
  readonly schedule: ProductSchedule;
}

/** Other reductions in pieces. */
export interface SplitReduction extends SplitNests {
  readonly part: Piece;
}

/** Cuts the depth of a product that has few tiles and is deep; undefined for others. */
export function splitProduct(nest: Nest, schedule: ProductSchedule): SplitProduct | undefined {
  const { depthSteps, depthPoints, units, batch } = schedule;
  const wanted = Math.min(Math.ceil(LEAST_TILES / units), Math.floor(depthSteps * depthPoints / LEAST_PIECE));
  if (wanted < 2) return undefined;
  const steps = Math.ceil(depthSteps / wanted);
  const piece = pieceVariable(Math.ceil(depthSteps / steps));
  if (piece.extent < 2) return undefined;
  const points = [...batch, ...schedule.rows.variables, ...schedule.columns.variables];
  return {
    ...inPieces(nest, piece, points),
    schedule: {
      ...schedule,
      batch: [piece, ...batch],
      piece: { variable: piece, steps },
      units: units * piece.extent,
      unitsPerChunk: 1,
    },
  };
}

/** Reductions of fewer results than this may be cut. */
const MOST_RESULTS = 64;
/** Values reduced to one below which cutting does not pay. */
const LEAST_VALUES = 100_000;
const WANTED_PIECES = 16;
/** Pieces of whole vectors, and of all their copies. */
const PIECE_UNIT = 16;

/** Cuts the first phase of a nest that reduces many values to few; undefined for others. */
export function splitReduction(nest: Nest): SplitReduction | undefined {
  const [first] = nest.phases;
  const results = pointsOf(nest.outer);
  const cuttable = first.stores.length === 0 && first.reductions.length > 0 &&
    first.reductions.every(({ kind }) => kind !== "argmax" && kind !== "argmin");
  if (!cuttable || results > MOST_RESULTS || results * pointsOf(first.inner) < LEAST_VALUES) return undefined;
  const loop = first.inner.reduce((best, one) => one.extent > best.extent ? one : best);
  const wanted = Math.min(WANTED_PIECES, Math.floor(loop.extent / PIECE_UNIT));
  if (wanted < 2) return undefined;
  const length = Math.ceil(loop.extent / wanted / PIECE_UNIT) * PIECE_UNIT;
  const piece = pieceVariable(Math.ceil(loop.extent / length));
  return { ...inPieces(nest, piece, nest.outer), part: { loop, piece, length } };
}

const pieceVariable = (extent: number): Variable => ({ kind: "variable", dtype: "i32", name: "piece", extent });

/** The nest that stores the first phase's results for each piece, and the one that joins them and goes on. */
function inPieces(nest: Nest, piece: Variable, points: readonly Variable[]): SplitNests {
  const [first, ...later] = nest.phases;
  const slot = nest.slots.length;
  const each = rowMajor([piece, ...points]);
  const size = pointsOf([piece, ...points]);
  const index = first.reductions.map((_, i): Affine => ({ ...each, constant: i * size }));
  const elements = first.reductions.length * size;
  const scratch = (access: Slot["access"]): Slot => ({ dtype: "f32", elements, access });
  const stores = first.reductions.map(({ id, dtype }, i): Store => ({
    slot,
    index: index[i],
    value: { kind: "result", dtype, reduction: id },
  }));
  const joined = first.reductions.map((reduction, i): Reduction => ({
    ...reduction,
    value: { kind: "load", dtype: reduction.dtype, slot, index: index[i] },
  }));
  return {
    pieces: {
      ...nest,
      slots: [...nest.slots, scratch("write")],
      outer: [piece, ...nest.outer],
      phases: [first, { inner: [], reductions: [], stores }],
    },
    whole: {
      ...withoutContraction(nest),
      slots: [...nest.slots, scratch("read")],
      phases: [{ inner: [piece], reductions: joined, stores: [] }, ...later],
    },
    scratchBytes: 4 * elements,
  };
}

function withoutContraction({ name, slots, counters, outer, phases }: Nest): Nest {
  return { name: `${name} (pieces)`, slots, counters, outer, phases };
}

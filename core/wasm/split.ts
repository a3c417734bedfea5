/**
 * Cuts long sums into pieces that several threads add up, and a nest that adds the pieces in order.
 *
 * The number of pieces follows from the nest alone, so the result does not depend on the number of threads.
 *
 * @module
 */

import type { Affine, Expression, Variable } from "../compile/expression.ts";
import { type Nest, pointsOf, type Reduction, type Slot, type Store } from "../compile/nest.ts";
import { rowMajor } from "./affine.ts";
import type { Piece } from "./loops.ts";
import type { ProductSchedule } from "./product_schedule.ts";

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

const WANTED_TILES = 16;
/** The sums of pieces are written and read once more: a piece must be much longer than that takes. */
const LEAST_DEPTH = 512;

/** Cuts the depth of a product that has few tiles and is deep; undefined for others. */
export function splitProduct(nest: Nest, schedule: ProductSchedule): SplitProduct | undefined {
  const { depthSteps, depthPoints, units } = schedule;
  const wanted = Math.min(Math.ceil(WANTED_TILES / units), Math.floor(depthSteps * depthPoints / LEAST_DEPTH));
  if (wanted < 2) return undefined;
  const steps = Math.ceil(depthSteps / wanted);
  const count = Math.ceil(depthSteps / steps);
  if (count < 2) return undefined;
  const { batch } = schedule;
  const variable: Variable = { kind: "variable", dtype: "i32", name: "piece", extent: count };
  const order = [...batch, ...schedule.rows.variables, ...schedule.columns.variables];
  const points = pointsOf(order);
  const slot = nest.slots.length;
  const scratch = (access: Slot["access"]): Slot => ({ dtype: "f32", elements: count * points, access });
  const index = rowMajor([variable, ...order]);
  const [product, ...later] = nest.phases;
  const [sum] = product.reductions;
  const value: Expression = { kind: "result", dtype: "f32", reduction: sum.id };
  return {
    pieces: {
      ...nest,
      slots: [...nest.slots, scratch("write")],
      phases: [product, { inner: [], reductions: [], stores: [{ slot, index, value }] }],
    },
    schedule: {
      ...schedule,
      batch: [variable, ...batch],
      piece: { variable, steps },
      units: units * count,
      unitsPerChunk: 1,
    },
    whole: {
      ...withoutContraction(nest),
      slots: [...nest.slots, scratch("read")],
      phases: [{
        inner: [variable],
        reductions: [{ ...sum, value: { kind: "load", dtype: "f32", slot, index } }],
        stores: [],
      }, ...later],
    },
    scratchBytes: 4 * count * points,
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
  const [first, ...later] = nest.phases;
  const results = pointsOf(nest.outer);
  const cuttable = first.stores.length === 0 && first.reductions.length > 0 &&
    first.reductions.every(({ kind }) => kind !== "argmax" && kind !== "argmin");
  if (!cuttable || results > MOST_RESULTS || results * pointsOf(first.inner) < LEAST_VALUES) return undefined;
  const loop = first.inner.reduce((best, one) => one.extent > best.extent ? one : best);
  const wanted = Math.min(WANTED_PIECES, Math.floor(loop.extent / PIECE_UNIT));
  if (wanted < 2) return undefined;
  const length = Math.ceil(loop.extent / wanted / PIECE_UNIT) * PIECE_UNIT;
  const count = Math.ceil(loop.extent / length);
  const piece: Variable = { kind: "variable", dtype: "i32", name: "piece", extent: count };
  const slot = nest.slots.length;
  const each = rowMajor([piece, ...nest.outer]);
  const index = first.reductions.map((_, i): Affine => ({ ...each, constant: i * count * results }));
  const elements = first.reductions.length * count * results;
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
    part: { loop, piece, length },
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

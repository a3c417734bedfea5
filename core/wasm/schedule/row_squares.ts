/**
 * Reductions and chains of them that read or store some elements along one outer loop and others along another one, such
 * as the sum of a batch of transposed matrices. They are computed in squares of both loops: one is in the lanes, and four
 * values of the other one are computed side by side.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { type Nest, pointsOf } from "../../nest/nest.ts";
import type { LoopParts } from "../../nest/split.ts";
import { LANES } from "../encode/lanes.ts";
import {
  leastCost,
  type LoopSchedule,
  nestCost,
  phaseCost,
  unitsPerChunk,
  UNROLL_LIMIT,
  wantedChunks,
} from "./loop_schedule.ts";
import { acrossOf, type SquareLoops } from "./squares.ts";
import { tileParts } from "./tiled_nest.ts";

/** A nest in squares of two outer loops. */
export interface RowSquares {
  readonly nest: Nest;
  /** The tiles of the loop whose values are side by side; undefined if it is short. */
  readonly parts: LoopParts | undefined;
  readonly schedule: LoopSchedule;
}

/** The lines of the cache that a block may read again for the next four rows. */
const MOST_LINES = 4096;

/** The nest in squares of two outer loops; undefined if other schedules cost less, or if the code would be long. */
export function rowSquares(nest: Nest): RowSquares | undefined {
  if (nest.phases.every(({ inner }) => inner.length === 0)) return undefined;
  const loops = cheapest(nest);
  if (!loops) return undefined;
  const { lanes, across } = loops;
  const parts = tileParts(across);
  const around = nest.outer.filter((variable) => variable !== lanes && variable !== across);
  const tiles = pointsOf(around) * (parts?.part.extent ?? 1);
  const cost = nestCost(nest, loops) * (parts?.length ?? across.extent);
  const lines = Math.max(...nest.phases.map(({ inner }) => pointsOf(inner)));
  const blocks = Math.max(lanes.extent * lines / MOST_LINES, wantedChunks(tiles * lanes.extent * cost) / tiles);
  const block = Math.ceil(lanes.extent / Math.ceil(blocks) / LANES) * LANES;
  const units = tiles * Math.ceil(lanes.extent / block);
  return {
    nest: { ...nest, outer: [...around, ...(parts ? [parts.part] : []), across, lanes] },
    parts,
    schedule: {
      mode: "outer",
      lanes: [lanes],
      copies: [1],
      across: nest.phases.map(() => undefined),
      rows: across,
      block,
      units,
      unitsPerChunk: unitsPerChunk(units, cost * block),
    },
  };
}

/** The two loops whose squares cost least, if that is less than without them. */
function cheapest(nest: Nest): SquareLoops | undefined {
  const long = nest.outer.filter(({ extent }) => extent >= LANES);
  const pairs = long.flatMap((lanes) => othersOf(long, lanes).map((across) => ({ lanes, across })))
    .filter(({ lanes, across }) => nest.phases.some((phase) => acrossOf(phase, lanes, [across])));
  if (pairs.length === 0) return undefined;
  const isLong = nest.phases.some((phase) => phaseCost(phase, {}) > UNROLL_LIMIT || phase.reductions.length > 2);
  if (isLong) return undefined;
  let least = leastCost(nest);
  let best: SquareLoops | undefined;
  for (const loops of pairs) {
    const cost = nestCost(nest, loops);
    if (cost < least) [best, least] = [loops, cost];
  }
  return best;
}

function othersOf(variables: readonly Variable[], one: Variable): readonly Variable[] {
  return variables.filter((variable) => variable !== one);
}

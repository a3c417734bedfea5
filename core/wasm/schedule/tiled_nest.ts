/**
 * Tiles of elementwise nests that read or write some elements along one loop and others along another one, such as the
 * sum of a matrix and of a transposed one. Row by row, such a nest would read one element of each line of the cache, and
 * come back when the line is no longer there. In tiles, all elements of a line are used while it is near.
 *
 * @module
 */

import type { Expression, Variable } from "../../nest/expression.ts";
import { contains, dependsOn } from "../../nest/expression.ts";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { computedValuesOf, type Nest, type Phase } from "../../nest/nest.ts";
import { type LoopParts, partsOf } from "../../nest/split.ts";
import { LANES } from "../encode/lanes.ts";
import { isCostly } from "../scalar/operations.ts";
import { phaseCost } from "./loop_schedule.ts";
import { acrossOf, type SquareLoops } from "./squares.ts";
import { LINE } from "./tile_sizes.ts";

/** An elementwise nest of which one outer loop has become an inner one, which runs over one part at a time. */
export interface TiledNest {
  readonly nest: Nest;
  /** If undefined, the loop is short enough to run as a whole. */
  readonly parts: LoopParts | undefined;
}

/** The most values of the inner loop: some lines of the cache, which are next to each other. */
const TILE = 64;

/** The nest in tiles; undefined if nothing is read or written across its lanes. */
export function tiledNest(nest: Nest): TiledNest | undefined {
  const [phase, ...later] = nest.phases;
  const isElementwise = later.length === 0 && phase.inner.length === 0 && phase.reductions.length === 0;
  if (!isElementwise || phase.stores.some(({ add }) => add)) return undefined;
  const loops = squareLoops(nest.outer, phase);
  if (!loops) return undefined;
  const { lanes, across } = loops;
  const others = nest.outer.filter((variable) => variable !== lanes && variable !== across);
  const tiled = { ...nest, phases: [{ ...phase, inner: [across] }] };
  const parts = tileParts(across);
  return { nest: { ...tiled, outer: [...others, ...(parts ? [parts.part] : []), lanes] }, parts };
}

/** The tiles of a loop; undefined if it is short enough to run as a whole. */
export function tileParts(loop: Variable): LoopParts | undefined {
  if (loop.extent <= TILE) return undefined;
  return partsOf(new ExpressionTable(), loop, { wanted: Math.ceil(loop.extent / TILE), unit: LINE });
}

/** The loops whose squares cost least, if that is less than without squares. */
function squareLoops(outer: readonly Variable[], phase: Phase): SquareLoops | undefined {
  const long = outer.filter(({ extent }) => extent >= LANES).toReversed();
  const candidates = long.map((lanes) => ({ lanes, across: acrossOf(phase, lanes, long) }))
    .filter((loops): loops is SquareLoops => loops.across !== undefined)
    .filter((loops) => !repeatsCosts(phase, loops));
  if (candidates.length === 0) return undefined;
  let least = Math.min(...long.map((lanes) => phaseCost(phase, { lanes })));
  let best: SquareLoops | undefined;
  for (const loops of candidates) {
    const cost = phaseCost(phase, loops);
    if (cost < least) [best, least] = [loops, cost];
  }
  return best;
}

/** Whether a costly value is the same in all lanes. Row by row it is computed once, but in tiles once for each vector. */
function repeatsCosts(phase: Phase, { lanes, across }: SquareLoops): boolean {
  const isRepeated = (e: Expression): boolean =>
    e.kind === "apply" && isCostly(e.op) && dependsOn(e, across) && !dependsOn(e, lanes);
  return computedValuesOf({ phases: [phase] }).some((value) => contains(value, isRepeated));
}

/**
 * Long reductions in parts that different workgroups reduce.
 *
 * @module
 */

import { ExpressionTable } from "../../nest/expression_table.ts";
import { laterPhases, type Nest, pointsOf } from "../../nest/nest.ts";
import { isSplittable, longestOf, partsOf, splitNest, type SplitNests, withinPart } from "../../nest/split.ts";

/** True for nests of one reducing phase of numbers of one type, without positions, followed by stores. */
export function canShareReduction(nest: Nest): boolean {
  const [{ inner, reductions }] = nest.phases;
  return isSplittable(nest) && pointsOf(inner) > 1 &&
    reductions.every(({ dtype }) => dtype !== "bool" && dtype === reductions[0].dtype) &&
    laterPhases(nest).phases.every((phase) => phase.inner.length + phase.reductions.length === 0);
}

/** Splits the longest of the inner loops into at most `wanted` parts. */
export function shareReduction(nest: Nest, wanted: number): SplitNests {
  const table = new ExpressionTable();
  const turns = partsOf(table, longestOf(nest.phases[0].inner), { wanted });
  const split = splitNest(nest, { table, part: turns.part });
  return { ...split, parts: withinPart(split.parts, table, turns) };
}

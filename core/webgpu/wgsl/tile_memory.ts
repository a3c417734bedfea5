/**
 * The workgroup memory of a tile: `[group][depth][vector]`, or `[depth][vector]` if there is one group.
 *
 * @module
 */

import type { WorkgroupArray } from "./body.ts";
import { type TileFrame, tilePoints, type TileSide } from "./tile_frame.ts";
import { vectorType } from "./tile_sums.ts";

/** The memory of the side across. */
export const acrossMemory = "tile_across";
/** The memory of the side along. */
export const alongMemory = "tile_along";

/** The depth points of a step that each group multiplies. */
export const groupDepth = ({ schedule: { staged, groups } }: TileFrame): number => staged / groups;

/** The vectors of a tile at one depth point. */
export const heldVectors = (side: TileSide): number => tilePoints(side) / side.neighbors;

/**
 * The depth points of a group in memory along: those of a step, or more if that is too little to pass a sum of each of
 * half the threads.
 */
export function heldRows(frame: TileFrame): number {
  const { across, along, schedule: { groups } } = frame;
  const passed = groups === 1 ? 0 : across.threads * along.threads / (2 * heldVectors(along));
  return Math.max(groupDepth(frame), Math.ceil(passed));
}

/** The memory of both sides. */
export function memoryOf(frame: TileFrame): WorkgroupArray[] {
  const { schedule: { groups }, reduction: { dtype }, across, along } = frame;
  const arrayOf = (side: TileSide, name: string, rows: number): WorkgroupArray => ({
    name,
    element: vectorType(dtype, side.neighbors),
    // One more vector if they are even, so that threads in a column access different memory banks.
    lengths: [...groups === 1 ? [] : [groups], rows, heldVectors(side) | 1],
  });
  return [arrayOf(across, acrossMemory, groupDepth(frame)), arrayOf(along, alongMemory, heldRows(frame))];
}

/**
 * Writes the copy of an image in which the channels of a point are next to each other, and the two tables by which
 * machine code reads the columns of a product from it: the address of each vector, and the distance of each point of the
 * depth.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { coefficientOf } from "../../nest/strides.ts";
import type { ScatteredChannels } from "../schedule/scattered_channels.ts";
import { PIECE } from "../../native/instruction_sets.ts";
import { decode } from "../write/iteration.ts";
import type { ExpressionWriter } from "../write/expressions.ts";
import { writePacking } from "./packing.ts";
import { type CopiedColumns, WordTable, writeDistances } from "./scattered_tables.ts";

/** The channels and taps of a tile, for a block of the depth. */
export interface ChannelBlock extends CopiedColumns {
  readonly scattered: ScatteredChannels;
  /** The variables of the columns, the last of which is the channel. */
  readonly variables: readonly Variable[];
}

/** Writes the copy and the tables. */
export function writeScatteredChannels(writer: ExpressionWriter, block: ChannelBlock): void {
  copyImage(writer, block);
  writeVectors(writer, block);
  const { scattered: { distance }, depth, distances } = block;
  writeDistances(writer, block, { at: distances, distance, step: coefficientOf(distance, depth[0]) });
}

/** Packs the channels of each point of the image that the block of the depth needs. */
function copyImage(writer: ExpressionWriter, { scattered, depthFrom, depthTo, copy }: ChannelBlock): void {
  const { scope } = writer;
  const { channels, points, step, reach, planeElements } = scattered;
  const from = scope.op("i32.mul", [depthFrom, scope.i32(step)]);
  const last = scope.op("i32.mul", [scope.op("i32.sub", [depthTo, scope.i32(1)]), scope.i32(step)]);
  writePacking(writer, {
    ...{ schedule: points, side: channels, from: scope.i32(0), to: scope.i32(channels.points) },
    ...{ depthFrom: from, depthTo: scope.op("i32.add", [last, scope.i32(reach)]) },
    target: { panels: copy, panelBytes: scope.i32(4 * planeElements) },
  });
}

/** Writes the addresses of the pieces of all channels of each tap. */
function writeVectors(writer: ExpressionWriter, { scattered, variables, from, to, copy, vectors }: ChannelBlock): void {
  const { scope } = writer;
  const { tap, width, planeElements } = scattered;
  const table = new WordTable(scope, vectors);
  scope.loop({ from, to, step: 1 }, (number) => {
    decode(scope, variables.slice(0, -1), number);
    const start = scope.op("i32.add", [copy, scope.op("i32.shl", [writer.scalar(tap), scope.i32(2)])]);
    const planes = scope.i32(width / PIECE * 4 * planeElements);
    scope.loop({ from: start, to: scope.op("i32.add", [start, planes]), step: 4 * planeElements }, (address) => {
      table.push(address);
    });
  });
  table.endWith(copy);
}

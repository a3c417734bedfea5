/**
 * Columns of a product that are channels and taps, read from a copy of the image in which the channels of a point are
 * next to each other.
 *
 * The gradient of a convolution by its filters sums over the points of images, and its columns are the channels and the
 * taps of the filter. Eight channels of a point are a vector. The vectors of all taps are in the same copy, at distances
 * that do not depend on the point. So the copy holds each element once, where panels hold it once for each tap.
 *
 * @module
 */

import { PIECE } from "../../native/instruction_sets.ts";
import type { Expression, Variable } from "../../nest/expression.ts";
import { pointsOf } from "../../nest/nest.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import type { DepthBlocks, PackedSide } from "./product_schedule.ts";
import { type PackedSource, packedSourceOf } from "./packed_source.ts";
import {
  haloOf,
  MOST_COPIED,
  MOST_TILE,
  oddLines,
  type ScatteredTile,
  type Tap,
  WORTHWHILE,
} from "./scattered_tile.ts";
import { packingCost, padded } from "./tile_sizes.ts";

/** The copy of the image for a block of the depth, and where the vectors of channels are in it. */
export interface ScatteredChannels extends ScatteredTile {
  readonly form: "channels";
  /** The channels of the image's points, which are packed into panels of `PIECE` channels. */
  readonly channels: PackedSide;
  /** The loops over the points of the copy, the first of which is that of the depth's first loop. */
  readonly points: Pick<DepthBlocks, "depthSplit" | "depthBlock" | "depthInner">;
  /** The points of the first loop: from `step · from` to `step · (to − 1) + reach` for a range of the depth's loop. */
  readonly step: number;
  readonly reach: number;
  /** The distance between the panels of successive pieces of channels. */
  readonly planeElements: number;
  /** The distance of each tap from the first one, by the variables of the columns except for the channel. */
  readonly tap: Expression;
}

/** One of the two matrices. */
interface Matrix {
  readonly variables: readonly Variable[];
  readonly value: Expression;
  readonly points: number;
}

/** A product one of whose sides may be an image. */
export interface ChannelOptions {
  /** The side that may be an image, and the other one. */
  readonly image: Matrix;
  readonly other: Matrix;
  readonly blocks: DepthBlocks;
  /** The rows and the columns of a panel. */
  readonly panel: { readonly rows: number; readonly columns: number };
  /** The fewest blocks of rows that are wanted, to give all threads work. */
  readonly rowBlocks: number;
}

/** A product whose columns are channels and taps of an image, with the rows of its tiles. */
export interface ChannelProduct {
  readonly scattered: ScatteredChannels;
  /** The order of the variables of the columns, the last of which is the channel. */
  readonly variables: readonly Variable[];
  readonly tileRows: number;
  /** The cost of a point of the depth: in products of a row and a column, and as many for packing. */
  readonly cost: number;
}

/** The most values of a packed block of rows. */
const MOST_PACKED_ROWS = 65_536;

/** How the columns are read from a copy of the image; undefined if they cannot be. */
export function scatteredChannelsOf(options: ChannelOptions): ChannelProduct | undefined {
  const { image: { variables, value }, blocks: { depthSplit, depthInner } } = options;
  const depth = [depthSplit, ...depthInner];
  const source = packedSourceOf(value, [...variables, ...depth]);
  // With one loop only, a row of points is cut into blocks.
  if (!source || depthInner.length === 0) return undefined;
  const axes = axesOf(source, depth, variables);
  if (!axes) return undefined;
  const isTap = (one: Variable): boolean => axes.some(({ taps }) => taps.some(({ variable }) => variable === one));
  const [channel, ...others] = variables.filter((one) => !isTap(one));
  if (!channel || others.length > 0) return undefined;
  const taps = variables.filter(isTap);
  const copy = copyOf({ source, axes, channel, taps }, options);
  const tileRows = rowsOfTile(copy, options);
  if (copy.elements > MOST_COPIED || tileRows === 0) return undefined;
  return { scattered: copy, variables: [...taps, channel], tileRows, cost: costOf(copy, tileRows, options) };
}

/** Whether a product is faster with a copy of the image than with panels, whose cost per point of the depth is given. */
export function isFasterThanPanels({ cost }: ChannelProduct, panels: number): boolean {
  return cost <= WORTHWHILE * panels;
}

/** A direction in the image: a loop of the depth, and the taps that move in the same direction. */
interface Axis {
  readonly loop: Tap;
  readonly taps: readonly Tap[];
  /** The loop whose iterations are next to each other. */
  readonly unit: Variable;
}

/** The axes of the image, in the order of the depth's loops; undefined if a loop does not move through the image. */
function axesOf(
  source: PackedSource,
  depth: readonly Variable[],
  columns: readonly Variable[],
): Axis[] | undefined {
  const axes: Axis[] = [];
  let left = columns;
  for (const loop of depth.toReversed()) {
    const axis = axisOf(source, loop, left);
    if (!axis) return undefined;
    axes.unshift(axis);
    left = left.filter((one) => !axis.taps.some(({ variable }) => variable === one));
  }
  return axes;
}

function axisOf({ index, conditions }: PackedSource, loop: Variable, columns: readonly Variable[]): Axis | undefined {
  const sums = [index, ...conditions.map(({ sum }) => sum)];
  const along = (one: Variable): number => coefficientOf(index, one);
  if (along(loop) <= 0) return undefined;
  /** Whether iterations of `one` move as those of `unit` do, a whole number of times as far. */
  const isMultiple = (one: Variable, unit: Variable): boolean => {
    const step = along(one) / along(unit);
    return Number.isInteger(step) && step > 0 &&
      sums.every((sum) => coefficientOf(sum, one) === step * coefficientOf(sum, unit));
  };
  let unit = loop;
  let group: Variable[] = [];
  for (const one of columns) {
    const least = along(one) > 0 && along(one) < along(unit) ? one : unit;
    const joined = [...group, one];
    if (!isMultiple(loop, least) || !joined.every((tap) => isMultiple(tap, least))) continue;
    const reach = joined.reduce((sum, tap) => sum + along(tap) * (tap.extent - 1), 0) / along(least);
    // Taps of successive points overlap, and are few in comparison with a row.
    const overlaps = along(loop) / along(least) <= reach;
    if (overlaps && reach <= Math.max(loop.extent, LANES)) [unit, group] = [least, joined];
  }
  const tap = (variable: Variable): Tap => ({ variable, step: along(variable) / along(unit) });
  return { loop: tap(loop), taps: group.map(tap), unit };
}

/** The points of an axis that some iterations of its loop need. */
const pointsAlong = (axis: Axis, iterations: number): number =>
  axis.loop.step * (iterations - 1) + haloOf(axis.taps) + 1;

/** An image whose channels are next to each other in the copy. */
interface ChannelImage {
  readonly source: PackedSource;
  readonly axes: readonly Axis[];
  readonly channel: Variable;
  readonly taps: readonly Variable[];
}

function copyOf(image: ChannelImage, { blocks: { depthBlock } }: ChannelOptions): ScatteredChannels {
  const { source: { table }, axes, channel, taps } = image;
  const counters = axes.map((axis) => table.variable("point", pointsAlong(axis, axis.loop.variable.extent)));
  const lengths = axes.map((axis, i) => i === 0 ? pointsAlong(axis, depthBlock) : counters[i].extent);
  const strides = lengths.map((_, i) => lengths.slice(i + 1).reduce((product, length) => product * length, PIECE));
  const moving = (of: (axis: Axis) => readonly Tap[]): Expression =>
    table.affine(
      axes.flatMap((axis, i) => of(axis).map(({ variable, step }) => [variable, step * strides[i]] as const)),
    );
  const rows = pointsOf(taps);
  const width = padded(channel.extent, PIECE);
  const planeElements = oddLines(strides[0] * lengths[0]);
  return {
    form: "channels",
    ...{ rows, width, tileWidth: oddLines(rows * width), elements: width / PIECE * planeElements, planeElements },
    channels: {
      ...{ variables: [channel], points: channel.extent, block: channel.extent, panel: PIECE },
      value: elementAt(image, counters),
    },
    points: { depthSplit: counters[0], depthBlock: lengths[0], depthInner: counters.slice(1) },
    ...{ step: axes[0].loop.step, reach: haloOf(axes[0].taps) + 1 },
    distance: moving(({ loop }) => [loop]),
    tap: moving(({ taps }) => taps),
  };
}

/** The image's element at the points of the axes. */
function elementAt({ source, axes, taps }: ChannelImage, counters: readonly Variable[]): Expression {
  const { table, slot, index, conditions } = source;
  const zero = table.literal("i32", 0);
  const moved = table.substitution(
    new Map<Expression, Expression>([
      ...[...taps, ...axes.map(({ loop: { variable } }) => variable)].map((one) => [one, zero] as const),
      ...axes.map(({ unit }, i) => [unit, counters[i]] as const),
    ]),
  );
  const guard = conditions.reduce<Expression | undefined>((all, { holds }) => table.both(all, moved(holds)), undefined);
  return table.load("f32", slot, moved(index), { guard });
}

/** The rows of a tile: equal blocks that fit into the caches, and as many as are wanted; 0 if not even a panel fits. */
function rowsOfTile(
  { tileWidth }: ScatteredTile,
  { other: { points }, blocks: { depthPoints }, panel, rowBlocks }: ChannelOptions,
): number {
  const most = Math.floor(Math.min(MOST_TILE / tileWidth, MOST_PACKED_ROWS / depthPoints) / panel.rows) * panel.rows;
  if (most === 0) return 0;
  const count = Math.max(Math.ceil(points / most), Math.min(rowBlocks, Math.ceil(points / panel.rows)));
  return padded(Math.ceil(points / count), panel.rows);
}

function costOf(
  { rows, width, elements }: ScatteredTile,
  tileRows: number,
  { other: { points }, blocks: { depthPoints }, panel }: ChannelOptions,
): number {
  const copied = elements / depthPoints * Math.ceil(points / tileRows);
  return points * padded(rows * width, panel.columns / 2) + packingCost(panel.columns) * (copied + points);
}

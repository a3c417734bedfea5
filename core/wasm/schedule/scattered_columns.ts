/**
 * Columns of a product that are read from a padded copy of the image, instead of packed panels.
 *
 * In a convolution, successive points of a row of the image are next to each other for each channel and each tap of the
 * filter. So the vectors of a tile's columns can be read from the rows themselves: each vector at the sum of its own
 * address and the distance of the channel and the tap. Panels hold every element once for each tap; the copy holds it
 * once, and the zeros around the image.
 *
 * @module
 */

import { PIECE, VECTORS } from "../../native/instruction_sets.ts";
import { evaluateExpression } from "../../nest/evaluate.ts";
import { dependsOn, type Expression, type Variable, walk } from "../../nest/expression.ts";
import type { ExpressionTable } from "../../nest/expression_table.ts";
import { pointsOf } from "../../nest/nest.ts";
import { coefficientOf } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
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

/** The image's rows that a tile needs, and where its vectors are in their copy. Lengths are in elements. */
export interface ScatteredColumns extends ScatteredTile {
  readonly form: "points";
  /** Successive rows of points that belong to the same image, and the rows of the image that these need in addition. */
  readonly group: number;
  readonly rowHalo: number;
  /** The rows of the image by their variables, all of them successive, and the elements of one row. */
  readonly rowVariables: readonly Variable[];
  readonly rowElements: number;
  /** The element at the start of a row, by these variables and those of the planes. */
  readonly slot: number;
  readonly index: Expression;
  /** The condition under which a row is not zero; undefined if none is. */
  readonly exists: Expression | undefined;
  /** For each element of a row, whether it exists in rows that do. Others are zero. */
  readonly columns: readonly boolean[];
  /** The loops of the depth for which each row is copied, such as those over channels. */
  readonly planes: readonly Variable[];
  /** The distance between the copies of a row for successive points of `planes`. */
  readonly planeElements: number;
}

/** A product whose columns may be scattered. */
export interface ScatteredOptions {
  readonly columns: { readonly variables: readonly Variable[]; readonly value: Expression; readonly points: number };
  /** The loops of a block of the depth, and the iterations of the first one. */
  readonly depth: readonly Variable[];
  readonly depthBlock: number;
  /** The rows of a tile, the columns of a tile of panels, and the columns of a panel. */
  readonly tileRows: number;
  readonly tileColumns: number;
  readonly panel: number;
  /** The number of tiles for each tile of columns, and the fewest that are wanted. */
  readonly otherTiles: number;
  readonly tiles: number;
}

/** A tile of fewer multiplications is not cut further. */
const TILE_WORK = 600_000;
/** The cost of copying an element of the image, relative to that of packing one. */
const COPYING_COST = 1;

/** How a product's columns are scattered; undefined if they cannot be, or if panels are as fast. */
export function scatteredColumnsOf(options: ScatteredOptions): ScatteredColumns | undefined {
  const { columns: { variables, value }, depth } = options;
  const last = variables.at(-1);
  const source = packedSourceOf(value, [...variables, ...depth]);
  if (!last || !source || coefficientOf(source.index, last) !== 1) return undefined;
  const shape = shapeOf(source, options, last);
  const rows = rowsOfTile(shape, options);
  if (!fits(shape, rows, options)) return undefined;
  if (costOfCopy(shape, rows, options) > WORTHWHILE * costOfPanels(options)) return undefined;
  return layoutOf(source, shape, rows);
}

/** The rows and planes of the image, whatever the size of a tile. */
interface ImageShape {
  readonly variables: readonly Variable[];
  readonly depth: readonly Variable[];
  readonly columnTaps: readonly Tap[];
  readonly rowTaps: readonly Tap[];
  readonly planes: readonly Variable[];
  readonly planeCount: number;
  readonly group: number;
  readonly rowHalo: number;
  /** The points of a row, rounded up to pieces, and the elements of a row of the copy. */
  readonly width: number;
  readonly vector: number;
  readonly rowElements: number;
}

function shapeOf(
  source: PackedSource,
  { columns: { variables }, depth, depthBlock, panel }: ScatteredOptions,
  last: Variable,
): ImageShape {
  const above = variables.at(-2);
  const columnTaps = tapsAlong(source, last, depth);
  const others = depth.filter((one) => !columnTaps.some(({ variable }) => variable === one));
  const rowTaps = above ? tapsAlong(source, above, others) : [];
  const planes = others.filter((one) => !rowTaps.some(({ variable }) => variable === one));
  const vector = panel / VECTORS;
  return {
    ...{ variables, depth, columnTaps, rowTaps, planes, vector },
    planeCount: planes.reduce((count, one) => count * (one === depth[0] ? depthBlock : one.extent), 1),
    group: above?.extent ?? 1,
    rowHalo: haloOf(rowTaps),
    width: padded(last.extent, PIECE),
    rowElements: padded(last.extent + haloOf(columnTaps), LANES),
  };
}

/** The loops that move along `variable` as if its counter grew, in the index and in all conditions. */
function tapsAlong({ index, conditions }: PackedSource, variable: Variable, depth: readonly Variable[]): Tap[] {
  const sums = [index, ...conditions.map(({ sum }) => sum)];
  const most = Math.max(variable.extent, LANES);
  const taps: Tap[] = [];
  for (const one of depth) {
    const step = coefficientOf(index, one) / coefficientOf(index, variable);
    const moves = Number.isInteger(step) && step > 0 &&
      sums.every((sum) => coefficientOf(sum, one) === step * coefficientOf(sum, variable));
    if (moves && haloOf([...taps, { variable: one, step }]) <= most) taps.push({ variable: one, step });
  }
  return taps;
}

/** The rows of the image for `rows` successive rows of points: the last ones of an image may be followed by others. */
function imageRows({ group, rowHalo }: ImageShape, rows: number): number {
  return rows + rowHalo * (1 + Math.ceil((rows - 1) / group));
}

function planeElementsOf(shape: ImageShape, rows: number): number {
  return oddLines(imageRows(shape, rows) * shape.rowElements);
}

function copiedElements(shape: ImageShape, rows: number): number {
  return shape.planeCount * planeElementsOf(shape, rows);
}

/** Whether the copy and the results of a tile fit into the caches. */
function fits(shape: ImageShape, rows: number, { tileRows }: Pick<ScatteredOptions, "tileRows">): boolean {
  return copiedElements(shape, rows) <= MOST_COPIED && tileRows * rows * shape.width <= MOST_TILE;
}

/** The rows of points of a tile: whole images or equal parts of one, as many as fit and leave enough tiles. */
function rowsOfTile(shape: ImageShape, { columns, tileRows, otherTiles, tiles }: ScatteredOptions): number {
  const count = columns.points / shape.variables.at(-1)!.extent;
  const depthPoints = shape.planeCount * pointsOf([...shape.rowTaps, ...shape.columnTaps].map((one) => one.variable));
  let rows = count;
  while (rows > 1) {
    const isEnough = otherTiles * Math.ceil(count / rows) >= tiles ||
      tileRows * rows * shape.width * depthPoints < TILE_WORK;
    if (isEnough && fits(shape, rows, { tileRows })) break;
    const next = rows - 1;
    rows = next >= shape.group
      ? Math.floor(next / shape.group) * shape.group
      : Math.ceil(shape.group / Math.ceil(shape.group / next));
    if (rows > next) rows = next;
  }
  return rows;
}

function costOfCopy(shape: ImageShape, rows: number, { tileRows, panel }: ScatteredOptions): number {
  const depthPoints = shape.planeCount * pointsOf([...shape.rowTaps, ...shape.columnTaps].map((one) => one.variable));
  const copied = copiedElements(shape, rows) / depthPoints;
  const points = rows * shape.variables.at(-1)!.extent;
  return (tileRows * padded(rows * shape.width, shape.vector) + packingCost(panel) * COPYING_COST * copied) / points;
}

function costOfPanels({ columns, tileRows, tileColumns, panel }: ScatteredOptions): number {
  const points = Math.min(columns.points, tileColumns);
  return tileRows * padded(points, panel / VECTORS) / points + packingCost(panel);
}

/** Whether an expression depends on nothing else than a variable. */
function isAlone(expression: Expression, variable: Variable): boolean {
  let alone = true;
  walk([expression], (e) => {
    if (e.kind === "load" || e.kind === "result" || e.kind === "variable" && e !== variable) alone = false;
  });
  return alone;
}

function unknown(): never {
  throw new Error("Cannot tell which elements of a row exist: that depends on values that are known only later");
}

function layoutOf(
  { table, slot, index, conditions }: PackedSource,
  shape: ImageShape,
  rows: number,
): ScatteredColumns | undefined {
  const { variables, columnTaps, rowTaps, planes, width, group, rowHalo, rowElements } = shape;
  const above = variables.at(-2);
  const row = above && table.variable("row", above.extent + rowHalo);
  const column = table.variable("column", rowElements);
  const moved = table.substitution(
    new Map<Expression, Expression>([
      ...(above && row ? [[above, row] as const] : []),
      [variables.at(-1)!, column],
      ...[...columnTaps, ...rowTaps].map(({ variable }) => [variable, table.literal("i32", 0)] as const),
    ]),
  );
  const holding = conditions.map(({ holds }) => moved(holds));
  const ofRows = holding.filter((one) => !dependsOn(one, column));
  const ofColumns = holding.filter((one) => dependsOn(one, column));
  if (!ofColumns.every((one) => isAlone(one, column))) return undefined;
  const existsAt = (at: number): boolean =>
    ofColumns.every((one) => !!evaluateExpression(one, { variable: () => at, result: unknown, load: unknown }));
  const planeElements = planeElementsOf(shape, rows);
  return {
    form: "points",
    tileWidth: oddLines(rows * width),
    ...{ rows, width, group, rowHalo, rowElements, slot, planes, planeElements },
    rowVariables: [...variables.slice(0, -2), ...(row ? [row] : [])],
    index: table.affine([[moved(index), 1], [column, -1]]),
    exists: ofRows.reduce<Expression | undefined>((all, one) => table.both(all, one), undefined),
    columns: Array.from({ length: rowElements }, (_, at) => existsAt(at)),
    distance: distanceOf(table, shape, planeElements),
    elements: copiedElements(shape, rows),
  };
}

/** The distance in the copy for each point of the depth. */
function distanceOf(
  table: ExpressionTable,
  { columnTaps, rowTaps, planes, rowElements }: ImageShape,
  planeElements: number,
): Expression {
  const parts: (readonly [Expression, number])[] = [
    ...columnTaps.map(({ variable, step }) => [variable, step] as const),
    ...rowTaps.map(({ variable, step }) => [variable, step * rowElements] as const),
  ];
  let stride = planeElements;
  for (const plane of planes.toReversed()) {
    parts.push([plane, stride]);
    stride *= plane.extent;
  }
  return table.affine(parts);
}

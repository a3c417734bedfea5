/**
 * Writes the phases after a product, which compute and store results from the values of a tile.
 *
 * @module
 */

import type { Variable } from "../../nest/expression.ts";
import { expressionsOf, laterPhases, type Nest, pointsOf } from "../../nest/nest.ts";
import { mergeableTail } from "../../nest/strides.ts";
import { LANES } from "../encode/lanes.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";
import type { ProductSchedule } from "../schedule/product_schedule.ts";
import type { ExpressionWriter } from "../write/expressions.ts";
import { decode, divide, greatest, least, type Range, vectorLoops } from "../write/iteration.ts";
import { writeStores } from "../write/loads.ts";
import { columnInTile, isDense, type Tile, tileStrideOf } from "./tile.ts";

/** A tile that holds all sums. */
export interface FinishedTile {
  readonly nest: Nest;
  readonly schedule: ProductSchedule;
  readonly tile: Tile;
}

/** Writes the phases after the product, for each value of the tile. */
export function storeTile(
  writer: ExpressionWriter,
  { nest, schedule, tile: { rows, columns, results } }: FinishedTile,
): void {
  const { scope } = writer;
  const { variables } = schedule.columns;
  const merged = isDense(schedule) ? mergeableTail(variables, expressionsOf(laterPhases(nest))) : 1;
  const outer = variables.slice(0, variables.length - merged);
  const inner = variables.slice(variables.length - merged);
  const extent = pointsOf(inner);
  const aligned = outer.length === 0 || extent % LANES === 0;
  scope.loop({ from: rows.from, to: rows.to, step: 1 }, (row) => {
    decode(scope, schedule.rows.variables, row);
    const distance = scope.op("i32.sub", [row, rows.from]);
    const bytes = scope.op("i32.mul", [distance, scope.i32(tileStrideOf(schedule))]);
    const tileRow = scope.op("i32.add", [results, bytes]);
    inner.slice(0, -1).forEach((variable) => scope.bind(variable, scope.i32(0)));
    eachRun(scope, { schedule, outer, extent, columns }, ({ skipped, ...run }) => {
      const start = scope.op("i32.sub", [tileRow, scope.op("i32.shl", [skipped, scope.i32(2)])]);
      storeRun(writer, nest, { variable: inner.at(-1)!, start, ...run, aligned });
    });
  });
}

/** A block's columns, which are cut into runs along the last variable, of at most `extent` points. */
interface Columns {
  readonly schedule: ProductSchedule;
  readonly outer: readonly Variable[];
  readonly extent: number;
  readonly columns: Range;
}

/** Writes `body` for each run. It gets the run's range, and the number to subtract from its points to get columns. */
function eachRun(
  scope: CodeScope,
  { schedule, outer, extent, columns }: Columns,
  body: (run: Range & { readonly skipped: Local }) => void,
): void {
  if (outer.length === 0) return body({ from: columns.from, to: columns.to, skipped: columns.from });
  const [first] = divide(scope, columns.from, extent);
  const [past] = divide(scope, scope.op("i32.add", [columns.to, scope.i32(extent - 1)]), extent);
  scope.loop({ from: first, to: past, step: 1 }, (segment) => {
    decode(scope, outer, segment);
    const begin = scope.op("i32.mul", [segment, scope.i32(extent)]);
    const from = greatest(scope, scope.op("i32.sub", [columns.from, begin]), scope.i32(0));
    const to = least(scope, scope.op("i32.sub", [columns.to, begin]), scope.i32(extent));
    if (isDense(schedule)) return body({ from, to, skipped: scope.op("i32.sub", [columns.from, begin]) });
    const column = columnInTile(scope, schedule, scope.op("i32.sub", [begin, columns.from]));
    body({ from, to, skipped: scope.op("i32.sub", [scope.i32(0), column]) });
  });
}

/** Successive columns along `variable`. The address of the value at its counter 0 would be `start`. */
interface ColumnRun extends Range {
  readonly variable: Variable;
  readonly start: Local;
  readonly aligned: boolean;
}

/** Writes the stores of a run, whose results are in the tile. */
function storeRun(writer: ExpressionWriter, nest: Nest, { variable, start, ...run }: ColumnRun): void {
  const { scope } = writer;
  const [product, ...later] = nest.phases;
  vectorLoops(scope, { variable, ...run, copies: 1, blocks: 1 }, (vector) => {
    const offset = scope.op("i32.shl", [scope.variable(variable), scope.i32(2)]);
    const address = scope.op("i32.add", [start, offset]);
    scope.bindResult(product.reductions[0].id, [scope.op(vector ? "v128.load" : "v128.load32_splat", [address])]);
    for (const { stores } of later) writeStores(writer, stores);
  });
}

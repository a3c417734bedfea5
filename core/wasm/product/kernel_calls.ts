/**
 * Writes the calls that multiply the packed sides of a tile: of a micro-kernel for each pair of panels, or of machine
 * code for all of them.
 *
 * @module
 */

import { PIECE } from "../../native/instruction_sets.ts";
import { operands } from "../../native/operands.ts";
import type { CodeScope, Local } from "../scalar/code_scope.ts";
import { type ProductSchedule, workspaceOf } from "../schedule/product_schedule.ts";
import { columnInTile, type Tile, tileStrideOf } from "./tile.ts";

/** What is multiplied, and by which function. */
export interface KernelCall {
  readonly tile: Tile;
  /** The points of the depth that are packed. */
  readonly depth: Local;
  /** Not 0 if the tile already holds sums. */
  readonly adds: Local;
  /** The index of the function. */
  readonly kernel: number;
}

/** Calls the micro-kernel for each pair of panels. A panel of columns stays in the first-level cache. */
export function callMicroKernels(
  scope: CodeScope,
  schedule: ProductSchedule,
  { tile: { rows, columns, results }, depth, adds, kernel }: KernelCall,
): void {
  const column = scope.local("i32");
  const tileColumn = scope.local("i32");
  scope.code.get(columns.panels).set(column).get(results).set(tileColumn);
  const rowBytes = tileStrideOf(schedule);
  const [rowPanel, stride] = [schedule.rows.panel, scope.i32(rowBytes)];
  const columnPanel = schedule.columns.panel;
  scope.loop({ from: columns.from, to: columns.to, step: columnPanel }, () => {
    const row = scope.local("i32");
    const tileRow = scope.local("i32");
    scope.code.get(rows.panels).set(row).get(tileColumn).set(tileRow);
    scope.loop({ from: rows.from, to: rows.to, step: rowPanel }, () => {
      const { code } = scope;
      for (const argument of [row, column, tileRow, depth, stride, adds]) code.get(argument);
      code.op("call", kernel);
      code.get(row).get(rows.panelBytes).op("i32.add").set(row);
      code.get(tileRow).i32(rowPanel * rowBytes).op("i32.add").set(tileRow);
    });
    scope.code.get(column).get(columns.panelBytes).op("i32.add").set(column);
    scope.code.get(tileColumn).i32(4 * columnPanel).op("i32.add").set(tileColumn);
  });
}

/** Calls the machine code for all panels of the tile. Its operands are in a record in the workspace. */
export function callMachineCode(
  scope: CodeScope,
  schedule: ProductSchedule,
  { tile: { rows, columns, results }, depth, adds, kernel, workspace }: KernelCall & { readonly workspace: Local },
): void {
  const { code } = scope;
  const places = workspaceOf(schedule);
  const at = (offset: number): Local => scope.op("i32.add", [workspace, scope.i32(offset)]);
  const record = at(places.operands);
  const { scattered } = schedule;
  const values: Readonly<Record<keyof typeof operands, Local>> = {
    rows: rows.panels,
    columns: scattered ? at(places.vectors) : columns.panels,
    tile: results,
    depth,
    stride: scope.i32(tileStrideOf(schedule)),
    adds,
    rowCount: scope.op("i32.sub", [rows.to, rows.from]),
    columnCount: columnInTile(scope, schedule, scope.op("i32.sub", [columns.to, columns.from])),
    rowPanelBytes: rows.panelBytes,
    columnPanelBytes: scattered ? scope.i32(4 * schedule.columns.panel / PIECE) : columns.panelBytes,
    distances: scattered ? at(places.distances) : scope.i32(0),
  };
  const names = Object.keys(operands) as (keyof typeof operands)[];
  for (const name of names) code.get(record).get(values[name]).op("i32.store", operands[name]);
  code.get(record).op("call", kernel);
}

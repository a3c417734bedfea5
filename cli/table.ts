/**
 * Tables of text.
 *
 * @module
 */

import { inOneLine } from "../core/options/show.ts";

/** A cell; it is empty if the value is unknown. */
export type Cell = string | number | null | undefined;

/** Cells that are aligned as numbers: digits, with or without a unit. */
const number = /^-?[\d.,]*(?: %)?$/;

/**
 * Rows below their headings, with numbers aligned right. If they do not fit the width, each row becomes a block of
 * lines.
 */
export function tableOf(heads: readonly string[], rows: readonly (readonly Cell[])[], width = Infinity): string[] {
  const cells = rows.map((row) =>
    row.map((cell) => cell === null || cell === undefined ? "" : inOneLine(String(cell)))
  );
  const widths = heads.map((head, i) => cells.reduce((most, row) => Math.max(most, row[i].length), head.length));
  if (widths.reduce((sum, one) => sum + one + 2, -2) > width) return blocksOf(heads, cells);
  const isRight = heads.map((_, i) => cells.every((row) => number.test(row[i])));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => isRight[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])).join("  ").trimEnd();
  return [line(heads), ...cells.map(line)];
}

function blocksOf(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.flatMap((row, number) => [
    ...(number === 0 ? [] : [""]),
    ...row.flatMap((cell, i) => cell === "" ? [] : [`${heads[i]}: ${cell}`]),
  ]);
}

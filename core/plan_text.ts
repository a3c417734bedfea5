/**
 * Numbers, loops and tables as text, for plans and profiles.
 *
 * @module
 */

import type { LaunchLoop } from "./nest/launches.ts";
import type { Nest } from "./nest/nest.ts";
import type { LoopStep } from "./nest/program.ts";

const units = ["", "k", "M", "G", "T"];

/** Returns a number with a unit prefix: `12.3 M`. */
export function short(value: number): string {
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? scaled : scaled.toPrecision(3)} ${units[unit]}`.trimEnd();
}

/** Returns a number with three significant digits, or with all of its whole ones: `0.0123`, `12.3`, `1234`. */
export function threeDigits(value: number): string {
  return value >= 999.5 ? value.toFixed(0) : value.toPrecision(3);
}

/** Returns the extents of outer loops, and of inner ones: `32×10 · 784`. */
export function loopsOf(nest: Nest): string {
  const outer = nest.outer.map(({ extent }) => extent).join("×") || "1";
  const inner = [
    ...new Set(nest.phases.map(({ inner }) => inner.map(({ extent }) => extent).join("×")).filter(Boolean)),
  ];
  return inner.length > 0 ? `${outer} · ${inner.join(" · ")}` : outer;
}

/** The columns that are aligned at their beginnings. */
const FIRST: readonly number[] = [0, 1];

/** Returns rows as lines with aligned columns: those of `left` at their beginnings, the others at their ends. */
export function alignColumns(rows: readonly (readonly string[])[], left = FIRST): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const aligned = (cell: string, column: number): string =>
    left.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return rows.map((row) => row.map(aligned).join("  ").trimEnd()).join("\n");
}

/** The head of a loop, given the launches of its turns; undefined if it is one kernel. */
export function repeatText({ counter }: LoopStep, launched: LaunchLoop | undefined): string {
  return `repeat ${counter.extent} times${launched ? "" : " in one kernel"}`;
}

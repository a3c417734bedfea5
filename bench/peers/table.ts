/**
 * The table of measurements beside other frameworks, in Markdown.
 *
 * @module
 */

import { cpus } from "node:os";
import type { RowResult, Spread } from "./measure.ts";

/** The page with the table, and the lines around it. */
export const page = "docs/performance.md";
const [begin, end] = ["<!-- peers: written by deno task peers --write -->", "<!-- end of the peers -->"];

/** The conditions of a measurement. */
export interface Conditions {
  readonly device: string;
  readonly peers: readonly string[];
  readonly threads: number;
  readonly rounds: number;
}

/** A number of three digits. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3).replace(/^(\d+\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

function cellOf({ median, least, most }: Spread): string {
  return `${digits(median)} (${digits(least)}–${digits(most)})`;
}

/** The processor and its number of logical cores. */
export function processorName(): string {
  const all = cpus();
  return `${all.length} cores of ${all[0]?.model.trim() || "an unknown processor"}`;
}

/** Returns the table, and below it the conditions of the measurement. */
export function tableOf(results: readonly RowResult[], { device, peers, threads, rounds }: Conditions): string {
  const heads = ["work", "yadll", ...peers.flatMap((peer) => [peer.replace(/ .*/, ""), "ratio"])];
  const rows = results.map((result) => [
    result.title,
    cellOf(result.milliseconds),
    ...peers.flatMap((name) => {
      const found = result.peers.find(({ peer }) => peer === name);
      return found ? [cellOf(found.milliseconds), `${found.speedup.toFixed(2)} ×`] : ["–", "–"];
    }),
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join(" | ")} |`;
  const rule = widths.map((width, i) => i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`);
  const others = peers.length > 0 ? `; ${peers.join(", ")}, ${threads} threads` : "";
  const conditions = `Milliseconds: the median of ${rounds} interleaved rounds, and the fastest and slowest of them. ` +
    `${device} on ${processorName()}, Deno ${Deno.version.deno}${others}.`;
  return `${[heads, rule, ...rows].map(line).join("\n")}\n\n${conditions}`;
}

/** Returns the page with another table between its markers. */
export function replaceTable(text: string, table: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`Cannot write the table to ${page}: expected the lines ${begin} and ${end}`);
  }
  return `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`;
}

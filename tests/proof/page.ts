/**
 * The page of the proof, docs/accuracy.md: a section for each suite, written by the last run of that suite.
 *
 * @module
 */

import type { Suite, SuiteReport } from "./suite.ts";

/** What a run of a suite leaves on the page. */
export interface Result {
  readonly suite: Pick<Suite, "name" | "description">;
  readonly report: SuiteReport;
  readonly seed: number;
  readonly seconds: number;
  /** The day of the run: `2026-11-30`. */
  readonly date: string;
  /** Where it ran: processor, cores, Deno, adapter. */
  readonly machine: string;
}

const introduction = `# Accuracy and endurance

What \`deno task prove\` tried on this code, and what it found. Each section is written by \`deno task prove --write\`; a
run of some suites replaces only their sections. The same seed tries the same cases again:
\`deno task prove SUITE --seed N\`.
`;

/** The time that a run took: seconds, and from two minutes on minutes. */
export function showSeconds(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** A number of things, with its thousands apart: `12,000 files`. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? thing : things}`;
}

/** Markdown that shows a text as it is. */
function asCode(text: string): string {
  const fence = "`".repeat(Math.max(0, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length)) + 1);
  const space = fence.length > 1 ? " " : "";
  return `${fence}${space}${text.replaceAll(/\s*\n\s*/g, " ")}${space}${fence}`;
}

/** The section of a suite, from its heading to its last line. */
export function sectionOf({ suite, report, seed, seconds, date, machine }: Result): string {
  const { tried, faults, section } = report;
  const found = faults.length === 0 ? "no faults" : `**${counted(faults.length, "fault")}**`;
  const parts = [
    `## ${suite.name}`,
    suite.description,
    `- Tried: ${tried}, with seed ${seed}, in ${showSeconds(seconds)}\n- Found: ${found}\n- ${date}, ${machine}`,
    faults.map((fault) => `- ${asCode(fault)}`).join("\n"),
    section.trim(),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The sections of a page, by the names of their suites. */
export function sectionsIn(page: string): Map<string, string> {
  const starts = [...page.matchAll(/^## (.+)$/gm)];
  return new Map(starts.map(({ index, 1: name }, i) => [name, `${page.slice(index, starts[i + 1]?.index).trim()}\n`]));
}

/**
 * The page with the sections of these results; all other sections stay.
 *
 * @param names the names of all suites, in the order of their sections
 */
export function updatedPage(page: string, results: readonly Result[], names: readonly string[]): string {
  const sections = sectionsIn(page);
  for (const result of results) sections.set(result.suite.name, sectionOf(result));
  const ordered = [
    ...names.filter((name) => sections.has(name)),
    ...new Set(sections.keys()).difference(new Set(names)),
  ];
  return [introduction, ...ordered.map((name) => sections.get(name))].join("\n");
}

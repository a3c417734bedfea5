/**
 * The record of the generated code of many programs. What changes it by mistake is noticed; what is meant to change it
 * records it anew:
 *
 * ```sh
 * deno task record:code
 * ```
 *
 * @module
 */

import { codeOfNetworks } from "./networks.ts";
import { CodeRecord, type Generated, type GeneratedCode } from "./targets.ts";
import type { Groups } from "./programs.ts";

/** The code of groups of programs, by their names. */
export type RecordedCode = Readonly<Record<string, GeneratedCode>>;

/** The file of the record. */
export const recordedCode: URL = new URL("recorded.json", import.meta.url);

/** Reads the record. */
export async function readRecord(): Promise<RecordedCode> {
  return JSON.parse(await Deno.readTextFile(recordedCode));
}

/** The code of each group. */
export function codeOf(groups: Groups): RecordedCode {
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => {
      const record = new CodeRecord();
      group(record);
      return [name, record.generated];
    }),
  );
}

const show = ({ kernels, bytes, hash }: Generated): string => `${kernels} kernels of ${bytes} bytes (${hash})`;

/** Says what differs from the record. */
export function changes(name: string, recorded: GeneratedCode | undefined, now: GeneratedCode): string[] {
  const cure = "If it was meant, run deno task record:code, and say so in the change";
  if (!recorded) return [`the code generated for ${name} is not recorded yet: run deno task record:code`];
  return [...new Set([...Object.keys(recorded), ...Object.keys(now)])].flatMap((target) => {
    const [before, after] = [recorded[target], now[target]];
    if (before && after && before.hash === after.hash) return [];
    const shown = [before, after].map((one) => one ? show(one) : "none");
    return [`the code generated for ${name} changed: ${target}: ${shown.join(" before, now ")}. ${cure}`];
  });
}

/** The record as text, with one line per target. */
export function showRecord(record: RecordedCode): string {
  const groups = Object.entries(record).map(([name, code]) => {
    const lines = Object.entries(code).map(([target, generated]) => `    "${target}": ${JSON.stringify(generated)}`);
    return `  ${JSON.stringify(name)}: {\n${lines.join(",\n")}\n  }`;
  });
  return `{\n${groups.join(",\n")}\n}\n`;
}

if (import.meta.main) {
  const record: Record<string, GeneratedCode> = {};
  // First, because their checks are numbered in the order in which the process meets them.
  await codeOfNetworks((name, { generated }) => record[name] = generated);
  const { groups } = await import("./programs.ts");
  await Deno.writeTextFile(recordedCode, showRecord({ ...record, ...codeOf(groups) }));
  Deno.exit(0);
}

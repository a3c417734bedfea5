/**
 * What a dry run tried, as text.
 *
 * @module
 */

import { inOneLine } from "../../core/options/show.ts";
import type { DryRun } from "./dry_run.ts";

/** The line about a dry run. */
export function dryRunLine({ examples, epochs, batches, file, bytes }: DryRun): string {
  const sets = [
    `a step of ${counted(examples.training, "example")}`,
    `validation of ${examples.validation}`,
    ...(examples.test === null ? [] : [`test of ${examples.test}`]),
  ];
  const save = file === null ? "nothing would be saved" : `it would be saved in ${inOneLine(file)}${sizeOf(bytes)}`;
  return `Dry run, nothing was written: ${sets.join(", ")}; the training would have up to ${
    counted(epochs, "epoch")
  } of ${counted(batches, "step")}, and ${save}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function sizeOf(bytes: number | null): string {
  return bytes === null ? "" : ` (${bytes.toLocaleString("en-US")} bytes)`;
}

/**
 * What `--help` and `--network_list` show.
 *
 * @module
 */

import type { Examples } from "./example.ts";
import { exitCodes } from "./errors.ts";
import { type OptionDescription, optionTable } from "./options.ts";

/** Two columns, the first as wide as it must be. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

/** The networks and what they are. */
export function networkList(examples: Examples): string {
  return columns(Object.entries(examples).map(([name, { title }]) => [name, title]));
}

/** The help, examples first. */
export function helpText(program: string, examples: Examples): string {
  const options = Object.entries<OptionDescription>(optionTable).map(([name, { value, letter, help }]) =>
    [`${letter ? `-${letter}, ` : ""}--${name}${value ? ` ${value}` : ""}`, help] as const
  );
  return `Trains a network on handwritten digits.

Examples:
  ${program} lenet5
  ${program} mlp --epochs 5 --seed 7
  ${program} dropout --update adam --learning-rate 0.001 --device webgpu
  ${program} logistic_regression --data digits --json

Usage: ${program} NETWORK [options]

Networks:
${networkList(examples)}

Options:
${columns(options)}

The result goes to standard output, all else to standard error. Exit codes: ${
    Object.entries(exitCodes).map(([name, code]) => `${code} ${name}`).join(", ")
  }.`;
}

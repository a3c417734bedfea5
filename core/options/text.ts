/**
 * Options as text: read from a command line, and described for its help.
 *
 * @module
 */

import type { AnyDeclaration, AnyOption, Option } from "./option.ts";

/** The value that a text of a command line stands for; `undefined` where the option cannot have it. */
export function parseOption<T>(option: Option<T>, text: string): T | undefined;
export function parseOption(option: AnyOption, text: string): unknown;
export function parseOption(option: AnyOption, text: string): unknown {
  const value = option.parse(text);
  return option.accepts(value) ? value : undefined;
}

/** What an option is for, and its default: `examples per step (default: 100)`. */
export function describeOption({ help, default: value, otherwise }: AnyOption): string {
  const words = otherwise ?? (value === undefined ? undefined : inWords(value));
  return words === undefined ? help : `${help} (default: ${words})`;
}

function inWords(value: unknown): string {
  if (typeof value === "function") return value.name;
  if (Array.isArray(value)) return value.map(inWords).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Rows of a help: each option's name, and what it is for, what it must be, and its default. */
export function describeDeclaration(declaration: AnyDeclaration): (readonly [name: string, description: string])[] {
  return Object.entries(declaration).map(([name, option]) => [name, `${describeOption(option)}; ${option.expected}`]);
}

/**
 * Options as text: parsed from a command line, and described for its help.
 *
 * @module
 */

import type { AnyDeclaration, AnyOption, Option } from "./option.ts";
import { showValue } from "./show.ts";

/** Parses text of a command line; `undefined` if the option cannot have this value. */
export function parseOption<T>(option: Option<T>, text: string): T | undefined;
export function parseOption(option: AnyOption, text: string): unknown;
export function parseOption(option: AnyOption, text: string): unknown {
  const value = option.parse(text);
  return option.accepts(value) ? value : undefined;
}

/** Describes an option by its purpose and default: `examples per step (default: 100)`. */
export function describeOption({ help, default: value, otherwise }: AnyOption): string {
  const words = otherwise ?? (value === undefined ? undefined : inWords(value));
  return words === undefined ? help : `${help} (default: ${words})`;
}

function inWords(value: unknown): string {
  if (typeof value === "function") return value.name;
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.map(inWords).join(",");
  return typeof value === "object" ? showValue(value) : String(value);
}

/** Returns the rows of a help text: each option's name, and its purpose, default and values. */
export function describeDeclaration(declaration: AnyDeclaration): (readonly [name: string, description: string])[] {
  return Object.entries(declaration).map(([name, option]) => [name, `${describeOption(option)}; ${option.expected}`]);
}

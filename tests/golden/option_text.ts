/**
 * Declared options as text.
 *
 * @module
 */

import type { AnyOption } from "../../core/options/option.ts";

/** What an option takes, its default, and its help text. */
export function optionAsText({ expected, default: usual, otherwise, required, help }: AnyOption): string {
  return [
    expected,
    ...(usual === undefined ? [] : [`default ${typeof usual === "function" ? "a function" : JSON.stringify(usual)}`]),
    ...(otherwise === undefined ? [] : [`otherwise ${otherwise}`]),
    ...(required ? ["required"] : []),
    help,
  ].join("; ");
}

/**
 * Text of run folders as it is shown.
 *
 * @module
 */

import { showLine } from "../../core/options/show.ts";

/** The longest text that is shown, in characters: a path, or a message. */
const LONGEST = 2000;

/** A text in one line, shortened if necessary; empty if the value is no text. */
export function shownText(value: unknown): string {
  return typeof value === "string" ? showLine(value, LONGEST) : "";
}

/**
 * Names of columns in messages. They come from files, so they are shown in one line, and cut.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { showLine } from "../../core/options/show.ts";

/** The most characters of a suggestion. */
const LONGEST = 300;

/** The end of a message about an unknown name: `: did you mean age?`, or the known names if none is near. */
export function suggestColumn(name: string, known: Iterable<string>): string {
  return showLine(suggestName(name, known), LONGEST);
}

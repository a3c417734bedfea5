/**
 * Names of files after names of models and networks, which may be any text.
 *
 * @module
 */

/** The longest name in bytes; systems allow 255, and saving adds an ending, a number and a mark of the process. */
const LONGEST = 150;

/** A name for a file: letters, digits, `_` and `-` stay, anything else becomes `_`, and the end of a long name is cut. */
export function fileNameOf(name: string): string {
  const bytes = new TextEncoder().encode(name.replaceAll(/[^\p{L}\p{N}_-]+/gu, "_"));
  // A letter that is cut apart is left out.
  return new TextDecoder().decode(bytes.subarray(0, LONGEST)).replace(/\uFFFD+$/, "");
}

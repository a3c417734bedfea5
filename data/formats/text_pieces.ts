/**
 * Decodes the text of a file, which arrives in pieces. Texts of other encodings than UTF-8 are refused: each of their
 * letters would become the same replacement character, and different categories would become equal.
 *
 * @module
 */

import { DataError } from "../errors.ts";
import { isGzip } from "./gzip.ts";

/** What stands for bytes that are no text. */
const REPLACEMENT = "\uFFFD";

const AS_UTF8 = "save it as UTF-8, in Excel as CSV UTF-8";

/** The byte order marks of UTF-16. */
const marksOfUtf16: readonly (readonly [number, number])[] = [[0xff, 0xfe], [0xfe, 0xff]];

/** Decodes the pieces of a text file in UTF-8. */
export class TextPieces {
  readonly #strict = new TextDecoder("utf-8", { fatal: true });
  readonly #lenient = new TextDecoder("utf-8");
  #isFirst = true;
  /** The number of line ends so far. */
  #lines = 0;

  /** @param name The name of the file in messages. */
  constructor(readonly name: string) {}

  /**
   * The text of the next piece, as far as its characters are complete.
   *
   * @throws {DataError} if it is not in UTF-8, with its line.
   */
  add(piece: Uint8Array): string {
    if (this.#isFirst && piece.length > 0) this.#checkStart(piece);
    const text = this.#decode(piece, { stream: true });
    const zero = piece.includes(0) ? text.indexOf("\0") : -1;
    if (zero >= 0) {
      this.#refuse(text.slice(0, zero), `a zero, as UTF-16 and other kinds of files have them; ${AS_UTF8}`);
    }
    this.#lines += linesIn(text);
    return text;
  }

  /**
   * The rest of the text.
   *
   * @throws {DataError} if its last character is incomplete.
   */
  end(): string {
    return this.#decode(new Uint8Array(0), { stream: false });
  }

  #checkStart(piece: Uint8Array): void {
    this.#isFirst = false;
    if (isGzip(piece)) this.#refuse("", "a file that is compressed by gzip; unpack it");
    const [first, second] = piece;
    if (marksOfUtf16.some(([a, b]) => a === first && b === second)) this.#refuse("", `UTF-16; ${AS_UTF8}`);
  }

  #decode(piece: Uint8Array, { stream }: { readonly stream: boolean }): string {
    try {
      return this.#strict.decode(piece, { stream });
    } catch {
      const text = this.#lenient.decode(piece);
      this.#refuse(text.slice(0, Math.max(0, text.indexOf(REPLACEMENT))), `other bytes; ${AS_UTF8}`);
    }
  }

  /** @param before The text of this piece before the fault. */
  #refuse(before: string, got: string): never {
    const line = 1 + this.#lines + linesIn(before);
    throw new DataError(`Cannot read line ${line} of ${this.name}: expected a text in UTF-8, got ${got}`);
  }
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

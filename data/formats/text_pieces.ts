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

/** The bytes of a replacement character that the text itself has. */
const OWN_REPLACEMENT = [0xef, 0xbf, 0xbd] as const;

/** Decodes the pieces of a text file in UTF-8. */
export class TextPieces {
  // A decoder that refuses other bytes takes many times longer than to look for what stands for them.
  readonly #decoder = new TextDecoder();
  #isFirst = true;
  /** The last two bytes so far, which may begin a replacement character. */
  #tail: Uint8Array = new Uint8Array(0);

  /**
   * @param name The name of the file in messages.
   * @param line The line to which the pieces so far lead, for messages.
   */
  constructor(readonly name: string, readonly line: () => number) {}

  /**
   * The text of the next piece, as far as its characters are complete.
   *
   * @throws {DataError} if it is not in UTF-8, with its line.
   */
  add(piece: Uint8Array): string {
    if (this.#isFirst && piece.length > 0) this.#checkStart(piece);
    const text = this.#decoder.decode(piece, { stream: true });
    if (text.includes(REPLACEMENT)) this.#checkReplacements(text, piece);
    const zero = text.indexOf("\0");
    if (zero >= 0) {
      this.#refuse(text.slice(0, zero), `a zero, as UTF-16 and other kinds of files have them; ${AS_UTF8}`);
    }
    this.#tail = piece.length < 2 ? Uint8Array.of(...this.#tail, ...piece).slice(-2) : piece.slice(-2);
    return text;
  }

  /**
   * The rest of the text, which is empty.
   *
   * @throws {DataError} if the last character is incomplete.
   */
  end(): string {
    const text = this.#decoder.decode();
    if (text !== "") this.#refuse("", `other bytes; ${AS_UTF8}`);
    return text;
  }

  #checkStart(piece: Uint8Array): void {
    this.#isFirst = false;
    if (isGzip(piece)) this.#refuse("", "a file that is compressed by gzip; unpack it");
    const [first, second] = piece;
    if (marksOfUtf16.some(([a, b]) => a === first && b === second)) this.#refuse("", `UTF-16; ${AS_UTF8}`);
  }

  /** Throws unless the file itself has all replacement characters of a text. */
  #checkReplacements(text: string, piece: Uint8Array): void {
    const bytes = new Uint8Array([...this.#tail, ...piece]);
    const own = bytes.reduce(
      (count, _, i) => count + Number(OWN_REPLACEMENT.every((one, k) => bytes[i + k] === one)),
      0,
    );
    const parts = text.split(REPLACEMENT);
    if (parts.length - 1 === own) return;
    this.#refuse(parts.slice(0, own + 1).join(""), `other bytes; ${AS_UTF8}`);
  }

  /** @param before The text of this piece before the fault. */
  #refuse(before: string, got: string): never {
    const line = this.line() + before.split("\n").length - 1;
    throw new DataError(`Cannot read line ${line} of ${this.name}: expected a text in UTF-8, got ${got}`);
  }
}

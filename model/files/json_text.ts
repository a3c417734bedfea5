/**
 * Decodes the text of JSON in files.
 *
 * @module
 */

import { FileFormatError } from "./errors.ts";
import { MOST_JSON_BYTES, tooLarge } from "./json_structure.ts";

/** The bytes that are decoded at a time while they are checked. */
const PIECE_BYTES = 2 ** 16;

/** The least first byte of characters because of which an engine keeps all characters of a text in two bytes each. */
const WIDE = 0xc4;

/** The times that a wide text is in memory, in strings and while it is decoded. */
const WIDE_COPIES = 2;

/**
 * The text in some bytes of UTF-8, which a decoder that checks all of them at once would take three times the memory for.
 *
 * @param most The most bytes that its value may take in memory, to which long texts of wide characters add.
 * @throws {FileFormatError} if it takes more, or if it must be valid UTF-8 and is not.
 */
export function decodeJsonText(
  bytes: Uint8Array,
  file: string,
  { most = MOST_JSON_BYTES, fatal = false }: { readonly most?: number; readonly fatal?: boolean } = {},
): string {
  if (bytes.length * 2 * WIDE_COPIES > most && wideBytes(bytes) * WIDE_COPIES > most) throw tooLarge(file, most);
  if (fatal) checkUtf8(bytes, file);
  return new TextDecoder("utf-8", { ignoreBOM: fatal }).decode(bytes);
}

/** The bytes of the string of a text; 0 if an engine can keep it in a byte per character. */
function wideBytes(bytes: Uint8Array): number {
  let [characters, isWide] = [0, false];
  for (const byte of bytes) {
    if (byte < 0x80 || byte > 0xbf) characters++;
    if (byte >= WIDE) isWide = true;
  }
  return isWide ? 2 * characters : 0;
}

function checkUtf8(bytes: Uint8Array, file: string): void {
  const checker = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      checker.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
    }
    checker.decode();
  } catch (cause) {
    throw new FileFormatError(file, "a header in UTF-8", "other bytes", { cause });
  }
}

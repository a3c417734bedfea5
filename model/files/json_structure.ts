/**
 * Checks of JSON texts that `JSON.parse` does not make: how deep and how large the value is, and that keys are unique.
 *
 * @module
 */

import { FileFormatError } from "./errors.ts";

/** The maximum depth of arrays and records in a file: more than any program writes, and few enough for any stack. */
export const DEEPEST = 200;

/** The most bytes that the value of a text may take in memory by default, estimated, without the bytes of the text itself. */
export const MOST_JSON_BYTES = 5 * 2 ** 23;

/**
 * What parts of a value take in memory while it is parsed, checked and copied, in bytes: measured in V8. A name that
 * occurs in many records is in memory once, so only its first occurrence counts as a name, and all count as items.
 */
const taken = { container: 192, name: 1000, text: 72, item: 40 } as const;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_RECORD = 0x7b;
const CLOSE_RECORD = 0x7d;

/**
 * Checks a text before it is parsed; it need not be JSON. It may be very long, and so may its strings, so no pattern
 * matches a whole string: patterns that repeat alternatives overflow the stack.
 *
 * @param most The most bytes that its value may take in memory, without the bytes of the text itself.
 * @returns the bytes that its value takes, estimated.
 * @throws {FileFormatError} if it is too deep or too large, or a record has a key twice.
 */
export function checkStructure(text: string, file: string, most = MOST_JSON_BYTES): number {
  const open: (Set<string> | undefined)[] = [];
  const names = new Set<string>();
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end)) {
        const key = addKey(keys, text.slice(at, end), file);
        if (key !== undefined && !names.has(key)) {
          names.add(key);
          bytes += taken.name;
        }
      } else bytes += taken.text;
      at = end - 1;
    } else if (code === OPEN_LIST || code === OPEN_RECORD) {
      open.push(code === OPEN_RECORD ? new Set() : undefined);
      if (open.length > DEEPEST) throw new FileFormatError(file, `at most ${DEEPEST} levels of brackets`, "more");
      bytes += taken.container;
    } else if (code === CLOSE_LIST || code === CLOSE_RECORD) open.pop();
    else if (code === COMMA) bytes += taken.item;
    if (bytes > most) throw tooLarge(file, most);
  }
  return bytes;
}

/** The error of JSON that takes too much memory. */
export function tooLarge(file: string, most: number): FileFormatError {
  return new FileFormatError(
    file,
    `JSON whose values take at most ${most} bytes in memory (see option limitBytes)`,
    "more",
  );
}

/** The position behind the quote that ends a string; the end of the text if it does not end. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** Whether the string that ends here is followed by a colon. */
function isKey(text: string, end: number): boolean {
  let next = end;
  while (/[ \t\r\n]/.test(text.charAt(next))) next++;
  return text[next] === ":";
}

/** Notes the key of a quoted text, and returns it; undefined if that is no JSON. */
function addKey(keys: Set<string>, quoted: string, file: string): string | undefined {
  const key = plainKey(quoted);
  if (key === undefined) return undefined;
  if (keys.has(key)) throw new FileFormatError(file, "every key once", `the key ${JSON.stringify(key)} twice`);
  keys.add(key);
  return key;
}

/** The key of a quoted text; undefined if that is no JSON, which the parser reports. */
function plainKey(quoted: string): string | undefined {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted);
  } catch {
    return undefined;
  }
}

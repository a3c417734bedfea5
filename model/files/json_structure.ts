/**
 * Checks of JSON texts that `JSON.parse` does not make: how deep and how large the value is, and that keys are unique.
 *
 * @module
 */

import { FileFormatError } from "./errors.ts";

/** The maximum depth of arrays and records in a file: more than any program writes, and few enough for any stack. */
export const DEEPEST = 200;

/** The maximum numbers of arrays and records, and of items, in a text. Each takes many times the bytes of its text. */
const MOST_CONTAINERS = 2 ** 20;
const MOST_ITEMS = 2 ** 23;

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
 * @throws {FileFormatError} if it is too deep or too large, or a record has a key twice.
 */
export function checkStructure(text: string, file: string): void {
  const open: (Set<string> | undefined)[] = [];
  let [containers, items] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end)) addKey(keys, text.slice(at, end), file);
      at = end - 1;
    } else if (code === OPEN_LIST || code === OPEN_RECORD) {
      open.push(code === OPEN_RECORD ? new Set() : undefined);
      if (open.length > DEEPEST) throw new FileFormatError(file, `at most ${DEEPEST} levels of brackets`, "more");
      if (++containers > MOST_CONTAINERS) throw tooMany(file, MOST_CONTAINERS, "lists and records");
    } else if (code === CLOSE_LIST || code === CLOSE_RECORD) open.pop();
    else if (code === COMMA && ++items > MOST_ITEMS) throw tooMany(file, MOST_ITEMS, "items");
  }
}

function tooMany(file: string, most: number, what: string): FileFormatError {
  return new FileFormatError(file, `at most ${most} ${what} in JSON`, "more");
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

function addKey(keys: Set<string>, quoted: string, file: string): void {
  const key = plainKey(quoted);
  if (key === undefined) return;
  if (keys.has(key)) throw new FileFormatError(file, "every key once", `the key ${JSON.stringify(key)} twice`);
  keys.add(key);
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

/**
 * Values as text for messages.
 *
 * @module
 */

/** The longest text of a value in messages, in characters. */
const LONGEST = 80;

/** The deepest level of lists and records that is shown; a value may contain itself. */
const DEEPEST = 4;

/**
 * Returns a value as text for messages, shortened if necessary: `0.5`, `"adam"`, `[1, 2]`, `the function relu`,
 * `a Tensor`.
 */
export function showValue(value: unknown): string {
  return cut(shown(value, 0));
}

/**
 * Returns text from a file, such as the name of an entry, for messages: in one line, without control characters, and
 * shortened if necessary.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { showText } from "./show.ts";
 *
 * assertEquals(showText("a\nb"), "a\\nb");
 * ```
 */
export function showText(text: string): string {
  return showLine(text, LONGEST);
}

/** Returns longer text for messages, such as a path or a reason: as `showText`, with at most this many characters. */
export function showLine(text: string, longest: number): string {
  return cut(inOneLine(text.slice(0, longest + 1)), longest);
}

function cut(text: string, longest: number = LONGEST): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Characters that JSON leaves as they are, but that control a terminal, end a line, or change the order of letters. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a text in one line, with control characters as in JSON; for messages, {@linkcode showText} cuts it, too. */
export function inOneLine(text: string): string {
  return text.toWellFormed().replaceAll(controls, (one) => {
    const short = JSON.stringify(one).slice(1, -1);
    return short === one ? `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}` : short;
  });
}

function shown(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      // What does not fit is cut first: a text may have megabytes.
      return inOneLine(JSON.stringify(value.slice(0, LONGEST + 1)));
    case "function":
      return value.name === "" ? "a function" : `the function ${value.name}`;
    case "object":
      return shownObject(value, depth);
    case "bigint":
      return `${value}n`;
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

/** Letters of abbreviations are spoken by their names, and an initial u mostly like "you". */
const SPOKEN_VOWEL = /^(?:[AEIOaeio]|[Uu]n(?!i)|[FHLMNRSX](?=[A-Z]))/;

/**
 * A noun with its article: `an AbortController`, `a Uint8Array`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withArticle } from "./show.ts";
 *
 * assertEquals(["Tensor", "object", "URL", "HTMLElement"].map(withArticle).join(), "a Tensor,an object,a URL,an HTMLElement");
 * ```
 */
export function withArticle(noun: string): string {
  return `${SPOKEN_VOWEL.test(noun) ? "an" : "a"} ${noun}`;
}

function shownObject(value: object | null, depth: number): string {
  if (value === null) return "null";
  // The longest text holds no more parts than these.
  const most = LONGEST >> depth;
  if (Array.isArray(value)) {
    if (depth === DEEPEST) return "[…]";
    return `[${Array.from(value.slice(0, most), (one) => shown(one, depth + 1)).join(", ")}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return withArticle(value.constructor?.name ?? "object");
  const names = Object.keys(value).slice(0, most);
  if (names.length === 0) return "{}";
  if (depth === DEEPEST) return "{…}";
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return `{ ${names.map((name) => `${name}: ${shown(fields[name], depth + 1)}`).join(", ")} }`;
}

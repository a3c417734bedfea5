/**
 * Lossless JSON: every double keeps all bits, and values that JSON cannot represent are refused, not dropped.
 *
 * JSON cannot represent infinities, NaN and −0. They are written as `{ "$number": "Infinity" }`.
 *
 * @module
 */

import { showLine, showValue, withArticle } from "../../core/options/show.ts";
import type { Json } from "../../layers/layer.ts";
import { FileFormatError } from "./errors.ts";
import { checkStructure, DEEPEST } from "./json_structure.ts";

export type { Json };

/** A record of values that can be written as JSON. */
export type JsonRecord = Readonly<Record<string, Json>>;

/** The number of characters of a value that messages show. */
const LONGEST_SHOWN = 80;

/** The key that marks numbers that JSON cannot represent; the user's records must not have it. */
const NUMBER_KEY = "$number";

const specialNumbers: Readonly<Record<string, number>> = {
  "Infinity": Infinity,
  "-Infinity": -Infinity,
  "NaN": NaN,
  "-0": -0,
};

/** Whether a value is a record: an object, but not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a record that is no object of a class, such as a date or a map. */
export function isPlainRecord(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/**
 * A value as JSON text, which `readJson` turns into the same value.
 *
 * @param indent Spaces per level, for readable files.
 * @throws {TypeError} if it contains something that JSON cannot represent, such as undefined, functions, dates or typed
 * arrays; the message names the place.
 */
export function writeJson(value: Json, indent = 0): string {
  return JSON.stringify(toPlain(value, "the value"), null, indent);
}

/**
 * Plain data whose type is not known to be JSON, such as those of an interface.
 *
 * @throws {TypeError} if they contain something that JSON cannot represent.
 */
export function plainCopy(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plainCopy);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainCopy(item)]));
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return value as Json;
  throw new TypeError(`Cannot write ${withArticle(typeof value)} as JSON: expected plain data`);
}

/** A value as JSON; if it is not plain data, such as an object that contains itself, as `showValue` shows it. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? showValue(value);
  } catch {
    return showValue(value);
  }
}

/** A value in a message: JSON, truncated if it is long. */
export function showJson(value: unknown): string {
  return showLine(textOf(value), LONGEST_SHOWN);
}

function toPlain(value: unknown, path: string, depth = 0): unknown {
  if (depth > DEEPEST) {
    throw new TypeError(
      `Cannot write ${showLine(path, LONGEST_SHOWN)} as JSON: expected at most ${DEEPEST} levels, got more`,
    );
  }
  if (typeof value === "number") return plainNumber(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return Array.from(value, (item, i) => toPlain(item, `${path}[${i}]`, depth + 1));
  if (isPlainRecord(value)) {
    if (Object.hasOwn(value, NUMBER_KEY)) {
      throw new TypeError(`Cannot write ${path} as JSON: the key ${NUMBER_KEY} is reserved; use another name`);
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, toPlain(item, `${path}.${key}`, depth + 1)]),
    );
  }
  const kind = typeof value === "object" ? value!.constructor.name : typeof value;
  throw new TypeError(
    `Cannot write ${path} as JSON: expected numbers, strings, booleans, null, arrays and plain records, got ${kind}`,
  );
}

function plainNumber(value: number): unknown {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : { [NUMBER_KEY]: Object.is(value, -0) ? "-0" : String(value) };
}

/**
 * The value of a JSON text that `writeJson` wrote.
 *
 * @param file The name of the file in messages.
 * @param most The most bytes that the value may take in memory.
 * @throws {FileFormatError} if it is not JSON, nested too deeply, too large, or a record contains a key twice.
 */
export function readJson(text: string, file: string, most?: number): Json {
  return fromPlain(parseJson(text, file, most), file);
}

/**
 * The values of several texts, which may take this many bytes together.
 *
 * @throws {FileFormatError} as {@linkcode readJson} does.
 */
export function readJsonTexts<K extends string>(
  texts: Readonly<Record<K, string>>,
  file: string,
  most: number,
): Record<K, Json>;
export function readJsonTexts(texts: Readonly<Record<string, string>>, file: string, most: number): JsonRecord {
  let left = most;
  const values = Object.entries(texts).map(([name, text]): [string, Json] => {
    const of = `the ${name} in ${file}`;
    left -= checkStructure(text, of, left);
    return [name, fromPlain(parsed(text, of), of)];
  });
  return Object.fromEntries(values);
}

/**
 * The value of any JSON text in which every record contains each key once.
 *
 * @throws {FileFormatError} if it is not JSON, nested too deeply, too large, or a record contains a key twice.
 */
export function parseJson(text: string, file: string, most?: number): unknown {
  checkStructure(text, file, most);
  return parsed(text, file);
}

/** The value of a text whose structure was checked. */
function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new FileFormatError(file, "JSON", `invalid JSON: ${got}`, { cause });
  }
}

/** Puts the numbers that JSON cannot represent into a value that was just parsed: a copy would take as much memory again. */
function fromPlain(value: unknown, file: string): Json {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = fromPlain(value[i], file);
    return value;
  }
  if (!isRecord(value)) return value as Json;
  if (!Object.hasOwn(value, NUMBER_KEY)) {
    for (const key of Object.keys(value)) {
      const [item, read] = [value[key], fromPlain(value[key], file)];
      // An assignment to the key "__proto__" would change the prototype.
      if (read !== item) Object.defineProperty(value, key, { value: read });
    }
    return value as JsonRecord;
  }
  const name = value[NUMBER_KEY];
  if (typeof name !== "string" || !Object.hasOwn(specialNumbers, name) || Object.keys(value).length > 1) {
    const known = Object.keys(specialNumbers).join(", ");
    throw new FileFormatError(file, `one of the numbers ${known} under ${NUMBER_KEY}`, showJson(value));
  }
  return specialNumbers[name];
}

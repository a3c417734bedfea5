/**
 * JSON: values that can be written to files and read again.
 *
 * @module
 */

/** A value that can be written as JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Returns a value as JSON. A function becomes `{ "function": name }`, which is refused on reading.
 *
 * @throws {TypeError} if it holds something else that JSON cannot represent.
 */
export function plainJson(value: unknown): Json {
  if (value === null || typeof value === "number" || typeof value === "string" || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "function") return { function: value.name };
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainJson(one)]));
  }
  throw new TypeError(`Cannot write a value of type ${typeof value} as JSON: expected plain data`);
}

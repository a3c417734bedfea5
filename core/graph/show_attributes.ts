/**
 * Attributes as text, by which equal nodes and equal graphs are found.
 *
 * @module
 */

/** Returns the text for an attribute that is a record, such as the body of a loop or the memory of a tensor. */
export type ShowRecord = (record: object, name: string) => string | number;

/** The texts of attributes without records, which do not depend on anything else. */
const known = new WeakMap<object, string>();

/** Attributes as text. Different attributes have different texts if different records do. */
export function showAttributes(attributes: object, showRecord: ShowRecord): string {
  const before = known.get(attributes);
  if (before !== undefined) return before;
  let text = "";
  let hasRecords = false;
  for (const [name, value] of Object.entries(attributes) as [string, unknown][]) {
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    hasRecords ||= isRecord;
    text += `${name}:${isRecord ? `#${showRecord(value, name)}` : showPlain(value)},`;
  }
  if (!hasRecords) known.set(attributes, text);
  return text;
}

/** Plain data as text. JSON would turn infinite numbers and NaN into null, and −0 into 0. */
export function showPlain(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(showPlain).join()}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{${Object.entries(value).map(([name, one]) => `${name}:${showPlain(one)}`).join()}}`;
}

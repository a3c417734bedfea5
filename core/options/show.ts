/**
 * Values as text for messages.
 *
 * @module
 */

/** The longest text of a value in messages, in characters. */
const LONGEST = 80;

/**
 * Returns a value as text for messages, shortened if necessary: `0.5`, `"adam"`, `[1, 2]`, `the function relu`,
 * `a Tensor`.
 */
export function showValue(value: unknown): string {
  const text = shown(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "function":
      return value.name === "" ? "a function" : `the function ${value.name}`;
    case "object":
      return shownObject(value);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function shownObject(value: object | null): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.slice(0, LONGEST).map(shown).join(", ")}]`;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return `a ${value.constructor.name}`;
  const fields = Object.entries(value).slice(0, LONGEST).map(([name, one]) => `${name}: ${shown(one)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

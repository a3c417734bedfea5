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
  const text = shown(value, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function shown(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
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

function shownObject(value: object | null, depth: number): string {
  if (value === null) return "null";
  // The longest text holds no more parts than these.
  const most = LONGEST >> depth;
  if (Array.isArray(value)) {
    if (depth === DEEPEST) return "[…]";
    return `[${Array.from(value.slice(0, most), (one) => shown(one, depth + 1)).join(", ")}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return `a ${value.constructor?.name ?? "object"}`;
  const names = Object.keys(value).slice(0, most);
  if (names.length === 0) return "{}";
  if (depth === DEEPEST) return "{…}";
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return `{ ${names.map((name) => `${name}: ${shown(fields[name], depth + 1)}`).join(", ")} }`;
}

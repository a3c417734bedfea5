import { deepStrictEqual } from "node:assert";
import { inspect } from "node:util";
import { AssertionError, suffix } from "./assertion_error.ts";

type Pairs = Map<object, object>;

function sameKind(a: object, b: object): boolean {
  return a.constructor === b.constructor || (a.constructor === Object && !b.constructor) ||
    (!a.constructor && b.constructor === Object);
}

function sameEntries(a: Map<unknown, unknown> | Set<unknown>, b: Map<unknown, unknown> | Set<unknown>, seen: Pairs) {
  if (a.size !== b.size) return false;
  const rest = new Set(b.entries());
  for (const entry of a.entries()) {
    const twin = [...rest].find((other) => compare(entry, other, seen));
    if (twin === undefined) return false;
    rest.delete(twin);
  }
  return true;
}

const isTypedArray = (value: object): value is Float32Array => ArrayBuffer.isView(value) && "length" in value;

/** Whether an array has an element at every index, and nothing else. */
const isDense = (value: object): value is unknown[] =>
  Array.isArray(value) && Object.keys(value).length === value.length && !value.includes(undefined);

function sameElements(a: ArrayLike<unknown>, b: ArrayLike<unknown>, seen: Pairs): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!compare(a[i], b[i], seen)) return false;
  return true;
}

function sameProperties(a: object, b: object, seen: Pairs): boolean {
  if (seen.get(a) === b) return true;
  // Reading millions of elements by their names takes seconds.
  if (isTypedArray(a) && isTypedArray(b)) return sameElements(a, b, seen);
  if (isDense(a) && isDense(b)) {
    seen.set(a, b);
    return sameElements(a, b, seen);
  }
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  seen.set(a, b);
  if ((a instanceof Map && b instanceof Map) || (a instanceof Set && b instanceof Set)) return sameEntries(a, b, seen);
  return Reflect.ownKeys({ ...a }).every((key) =>
    Object.hasOwn(b, key) && compare(Reflect.get(a, key), Reflect.get(b, key), seen)
  );
}

function compare(a: unknown, b: unknown, seen: Pairs): boolean {
  if (typeof a === "number" && typeof b === "number") return a === b || (Number.isNaN(a) && Number.isNaN(b));
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object" || !sameKind(a, b)) return false;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
  return sameProperties(a, b, seen);
}

/** Deep equality; `NaN` equals `NaN`, `0` equals `-0`. */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

/** The difference of two values in words, as `node:assert` shows it. */
function difference(actual: unknown, expected: unknown): string {
  try {
    deepStrictEqual(actual, expected);
    return `${inspect(actual)} and ${inspect(expected)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Expects two values to be deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(`Values are not equal${suffix(msg)}\n\n${difference(actual, expected)}`);
}

/** Expects two values to differ deeply. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${inspect(actual)} not to be: ${inspect(expected)}${suffix(msg)}`,
  );
}

/** Expects two values to be the same by `Object.is`. */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(`Values are not strictly equal${suffix(msg)}\n\n${difference(actual, expected)}`);
}

/** Expects two values to differ by `Object.is`. */
export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(`Expected "actual" to not be strictly equal to: ${inspect(actual)}${suffix(msg)}`);
}

/** Expects every one of `expected` among the elements of `actual`. */
export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>, msg?: string): void {
  const missing = Array.from(expected).filter((one) => !Array.from(actual).some((other) => equal(one, other)));
  if (missing.length === 0) return;
  throw new AssertionError(
    `Expected actual: "${inspect(actual)}" to include: "${inspect(expected)}"${suffix(msg)}\nmissing: ${
      inspect(missing)
    }`,
  );
}

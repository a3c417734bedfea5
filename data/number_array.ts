/**
 * Arrays of numbers of every kind, as the two kinds that samples have: singles and whole numbers.
 *
 * @module
 */

import { showValue } from "../core/options/show.ts";

/** The numbers of samples: singles, or whole numbers such as tokens, which stay whole. */
export type SampleValues = Float32Array | Int32Array;

/** Arrays whose numbers become singles. */
export type FloatArray = Float32Array | Float64Array | Float16Array;

/** Arrays whose numbers stay whole. */
export type WholeArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Arrays of numbers. */
export type NumberArray = FloatArray | WholeArray;

/** The kinds of arrays: whether their numbers are whole, or cannot be used. Engines may lack some of them. */
const kinds: Readonly<Record<string, "float" | "whole" | "big">> = {
  Float16Array: "float",
  Float32Array: "float",
  Float64Array: "float",
  Int8Array: "whole",
  Uint8Array: "whole",
  Uint8ClampedArray: "whole",
  Int16Array: "whole",
  Uint16Array: "whole",
  Int32Array: "whole",
  Uint32Array: "whole",
  BigInt64Array: "big",
  BigUint64Array: "big",
};

function kindOf(value: unknown): "float" | "whole" | "big" | undefined {
  const name = ArrayBuffer.isView(value) ? Object.prototype.toString.call(value).slice(8, -1) : "";
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** Whether a value is an array of numbers. */
export function isNumberArray(value: unknown): value is NumberArray {
  const kind = kindOf(value);
  return kind === "float" || kind === "whole";
}

/** Whether a value is an array of whole numbers, such as those of classes. */
export function isWholeArray(value: unknown): value is WholeArray {
  return kindOf(value) === "whole";
}

/**
 * Refuses an array of BigInts.
 *
 * @param action what is tried, for the message: `make samples`
 */
export function refuseBigInts(action: string, value: unknown): void {
  if (kindOf(value) !== "big") return;
  throw new TypeError(
    `Cannot ${action}: expected numbers, got a ${Object.prototype.toString.call(value).slice(8, -1)}; convert it, ` +
      "such as with Int32Array.from(values, Number)",
  );
}

/** The largest single. */
const LARGEST = 3.4028234663852886e38;

/**
 * The numbers of an array as singles or whole numbers. An array that is one of the two already is kept, not copied.
 *
 * @param action what is tried, for the message: `make samples`
 * @throws {RangeError} if a number is beyond the largest single, or beyond the largest i32; the message has its place.
 */
export function sampleValues(action: string, numbers: NumberArray): SampleValues {
  if (numbers instanceof Float32Array || numbers instanceof Int32Array) return numbers;
  return isWholeArray(numbers) ? wholeNumbers(action, numbers) : singles(action, numbers);
}

/** Whole numbers as i32. */
export function wholeNumbers(action: string, numbers: WholeArray): Int32Array {
  if (numbers instanceof Int32Array) return numbers;
  if (numbers instanceof Uint32Array) {
    const odd = numbers.findIndex((one) => one > 2 ** 31 - 1);
    if (odd >= 0) {
      throw beyond(action, numbers[odd], { place: `at ${odd}`, limit: "whole numbers of at most 2147483647" });
    }
  }
  return Int32Array.from(numbers);
}

function singles(action: string, numbers: ArrayLike<number>): Float32Array {
  const values = new Float32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    checkSingle(action, numbers[i], () => `at ${i}`);
    values[i] = numbers[i];
  }
  return values;
}

/**
 * Refuses a number that would become infinite as a single.
 *
 * @param place returns where it is, for the message: `at 3`
 */
export function checkSingle(action: string, value: number, place: () => string): void {
  if (value <= LARGEST && value >= -LARGEST || Number.isFinite(Math.fround(value)) || !Number.isFinite(value)) return;
  throw beyond(action, value, { place: place(), limit: "numbers up to 3.4e38, the largest single" });
}

function beyond(action: string, value: number, { place, limit }: { place: string; limit: string }): RangeError {
  return new RangeError(
    `Cannot ${action}: expected ${limit}, got ${showValue(value)} ${place}; scale the numbers down`,
  );
}

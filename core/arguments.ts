/**
 * Checks of the kinds of arguments, for callers whose types were not checked.
 *
 * @module
 */

import { type DType, dtypes } from "./dtype.ts";
import { showValue } from "./options/show.ts";
import type { Tensor } from "./tensor.ts";

/** Whether a value is a tensor. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "node" in value && "matmul" in value;
}

/**
 * Refuses arguments that are not tensors.
 *
 * @param action the start of messages after "Cannot": `multiply matrices`
 * @throws {TypeError} with the name of the argument, and its value.
 */
export function checkTensors(action: string, given: Readonly<Record<string, unknown>>): void {
  for (const name in given) if (!isTensor(given[name])) throw wrongKind(action, `${name} to be a tensor`, given[name]);
}

/**
 * Refuses arguments that are neither tensors nor numbers.
 *
 * @throws {TypeError} with the name of the argument, and its value.
 */
export function checkOperands(action: string, given: Readonly<Record<string, unknown>>): void {
  for (const name in given) {
    if (typeof given[name] === "number" || isTensor(given[name])) continue;
    throw wrongKind(action, `${name} to be a tensor or a number`, given[name]);
  }
}

/**
 * Refuses a record of parameters that is none, or lacks tensors. Other entries may be anything.
 *
 * @param names the tensors that the record must have
 * @throws {TypeError} with the name of the missing tensor.
 */
export function checkParameters(action: string, given: unknown, names: readonly string[]): void {
  if (typeof given !== "object" || given === null) {
    throw wrongKind(action, `a record with ${names.join(", ")}`, given);
  }
  const values: Readonly<Record<string, unknown>> = { ...given };
  for (const name of names) {
    if (!isTensor(values[name])) throw wrongKind(action, `parameter ${name} to be a tensor`, values[name]);
  }
}

/** What an argument must be. */
export interface ExpectedRecord {
  /** In words that follow "expected": `a model`. */
  readonly what: string;
  /** Names that it must have, its own or inherited. */
  readonly fields: readonly string[];
}

/**
 * Refuses an argument that is not an object with certain fields.
 *
 * @throws {TypeError} with the value.
 */
export function checkFields(action: string, given: unknown, { what, fields }: ExpectedRecord): void {
  if (typeof given === "object" && given !== null && fields.every((field) => field in given)) return;
  throw wrongKind(action, what, given);
}

/**
 * Refuses an argument that is not a list.
 *
 * @throws {TypeError} with the value.
 */
export function checkList(action: string, what: string, given: unknown): void {
  if (!Array.isArray(given)) throw wrongKind(action, `a list of ${what}`, given);
}

/**
 * Refuses an argument that is not a string.
 *
 * @throws {TypeError} with the value.
 */
export function checkText(action: string, name: string, given: unknown): void {
  if (typeof given !== "string") throw wrongKind(action, `${name} to be a string`, given);
}

/**
 * Refuses an argument that is not a function.
 *
 * @throws {TypeError} with the value.
 */
export function checkFunction(action: string, given: unknown): void {
  if (typeof given !== "function") throw wrongKind(action, "a function", given);
}

/**
 * Refuses an argument that is not a list of numbers.
 *
 * @throws {TypeError} with the value.
 */
export function checkNumbers(action: string, name: string, given: unknown): void {
  if (Array.isArray(given) && given.every((one) => typeof one === "number")) return;
  throw wrongKind(action, `${name} to be a list of numbers`, given);
}

/**
 * Refuses an argument that is not a number.
 *
 * @throws {TypeError} with the value.
 */
export function checkNumber(action: string, name: string, given: unknown): void {
  if (typeof given !== "number") throw wrongKind(action, `${name} to be a number`, given);
}

/**
 * Returns an element type, which must be a known one.
 *
 * @throws {RangeError} with the value.
 */
export function checkElementType<T extends DType>(action: string, given: T): T {
  if (dtypes.includes(given)) return given;
  throw new RangeError(`Cannot ${action}: expected an element type of ${dtypes.join(", ")}, got ${showValue(given)}`);
}

/** The error for an argument of a wrong kind. */
export function wrongKind(action: string, expected: string, got: unknown): TypeError {
  return new TypeError(`Cannot ${action}: expected ${expected}, got ${showValue(got)}`);
}

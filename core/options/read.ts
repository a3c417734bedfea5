/**
 * Reading options: unknown and invalid ones are refused, and those that are not given get their defaults.
 *
 * @module
 */

import { nearestName } from "../nearest.ts";
import { showValue } from "./show.ts";
import {
  type AnyDeclaration,
  type AnyOption,
  type ArgumentKind,
  checkOption,
  type Declaration,
  kindRefusal,
  type OptionValues,
  type Refusal,
} from "./option.ts";

/** Names of a declaration that its interface does not have; there must be none. */
export type NothingElse<D, O> = { readonly [K in Exclude<keyof D, keyof O>]: never };

/**
 * Checks the given options and adds the defaults of the others. An option that is `undefined` counts as not given.
 *
 * @param action the start of messages after "Cannot", such as `make adam`
 * @throws {TypeError} for a value of another kind, or a missing one.
 * @throws {RangeError} for an unknown option, with the nearest name, or a value out of bounds.
 *
 * @example
 * ```ts
 * import { option } from "@yadll/yadll/core";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * interface StepOptions {
 *   readonly size?: number;
 *   readonly steps: number;
 * }
 * const stepOptions = {
 *   size: option.positive({ default: 0.5, help: "size of a step" }),
 *   steps: option.count({ required: true, help: "number of steps" }),
 * } satisfies option.Declaration<StepOptions>;
 *
 * function distance(options: StepOptions): number {
 *   const { size, steps } = option.readOptions("walk", stepOptions, options);
 *   return size * steps;
 * }
 * assertEquals(distance({ steps: 4 }), 2);
 * assertThrows(() => distance({ steps: 0 }), RangeError, "expected steps to be a whole number of at least 1, got 0");
 * ```
 */
export function readOptions<O extends object, D extends Declaration<O>>(
  action: string,
  declaration: D & NothingElse<D, O>,
  given: O | undefined,
): OptionValues<D>;
export function readOptions(
  action: string,
  declaration: AnyDeclaration,
  given: Readonly<Record<string, unknown>> = {},
): object {
  return readUntyped(action, declaration, given);
}

/**
 * Reads options like {@linkcode readOptions}, if their types are unknown because they come from a file or from
 * hyperparameters.
 */
export function readUntyped<D extends AnyDeclaration>(
  action: string,
  declaration: D,
  given: Readonly<Record<string, unknown>>,
): OptionValues<D>;
export function readUntyped(
  action: string,
  declaration: AnyDeclaration,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (typeof declaration !== "object" || declaration === null) checkOption(declaration);
  if (!isRecord(given)) throw refusalError(action, "", notARecord(given));
  for (const name in given) {
    if (!Object.hasOwn(declaration, name) && given[name] !== undefined) {
      throw refusalError(action, "", unknownOption(declaration, name));
    }
  }
  const values: Record<string, unknown> = {};
  for (const name in declaration) {
    const option = declaration[name];
    checkOption(option);
    const value = given[name];
    if (value === undefined) {
      if (option.required) throw refusalError(action, name, missing(option.expected));
      values[name] = option.default;
    } else if (option.accepts(value)) values[name] = value;
    else throw refusalError(action, name, option.refuse(value));
  }
  return values;
}

/**
 * Checks an argument by a kind. The message does not name it: `Cannot compile a function: expected a function, got 3`.
 *
 * @param action the start of messages after "Cannot", such as `compile a function`
 * @throws {TypeError} for a value of another kind.
 * @throws {RangeError} for a value out of bounds.
 */
export function checkArgument<T>(action: string, value: unknown, kind: Pick<ArgumentKind<T>, "accepts" | "refuse">): T {
  if (kind.accepts(value)) return value;
  throw refusalError(action, "", kind.refuse(value));
}

/**
 * Checks arguments by a kind. The message has the name: `Cannot multiply matrices: expected b to be a tensor, got 3`.
 *
 * @throws {TypeError} for a value of another kind.
 * @throws {RangeError} for a value out of bounds.
 */
export function checkArguments(
  action: string,
  given: Readonly<Record<string, unknown>>,
  kind: Pick<AnyOption, "accepts" | "refuse">,
): void {
  for (const name in given) {
    if (!kind.accepts(given[name])) throw refusalError(action, name, kind.refuse(given[name]));
  }
}

/**
 * Returns why a record of these options is refused; `undefined` if it is valid. For options inside of options, and for
 * plain data of unknown type.
 */
export function refusalOf(declaration: AnyDeclaration, given: unknown): Refusal | undefined {
  if (!isRecord(given)) return notARecord(given);
  const values: Readonly<Record<string, unknown>> = { ...given };
  for (const name in values) {
    if (!Object.hasOwn(declaration, name) && values[name] !== undefined) return unknownOption(declaration, name);
  }
  for (const name in declaration) {
    const { [name]: option } = declaration;
    const value = values[name];
    if (value === undefined ? !option.required : option.accepts(value)) continue;
    const refusal = value === undefined ? missing(option.expected) : option.refuse(value);
    return { ...refusal, path: `.${name}${refusal.path}` };
  }
  return undefined;
}

/**
 * Whether a value may be a record of options: any object with fields, or an empty plain one. Objects of other classes
 * without fields, such as tensors and maps, would count as no options, although something was passed.
 */
function isRecord(given: unknown): given is object {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  const prototype = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null || Object.keys(given).length > 0;
}

function notARecord(given: unknown): Refusal {
  return kindRefusal("a record of options", given);
}

function missing(expected: string): Refusal {
  return { problem: "missing", path: "", expected, got: "nothing" };
}

function unknownOption(declaration: AnyDeclaration, name: string): Refusal {
  const known = Object.keys(declaration);
  const expected = known.length === 0 ? "no options" : known.length === 1 ? known[0] : `one of ${known.join(", ")}`;
  return { problem: "unknown", path: "", expected, got: showValue(name), nearest: nearestName(name, known) };
}

/** Describes what is wrong, for a message after its colon. */
export function describeRefusal(option: string, { problem, path, expected, got, nearest }: Refusal): string {
  const subject = `${option}${path}`.replace(/^\./, "");
  if (problem === "unknown") {
    const where = subject === "" ? "" : ` of ${subject}`;
    return `unknown option ${got}${where}; ${
      nearest === undefined ? `expected ${expected}` : `did you mean ${nearest}?`
    }`;
  }
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  return `expected ${subject === "" ? expected : `${subject} to be ${expected}`}, got ${got}${hint}`;
}

/** Makes the error for an invalid option. */
export function refusalError(action: string, option: string, refusal: Refusal): TypeError | RangeError {
  const message = `Cannot ${action}: ${describeRefusal(option, refusal)}`;
  return refusal.problem === "bounds" || refusal.problem === "unknown"
    ? new RangeError(message)
    : new TypeError(message);
}

/** Makes the error for a value whose kind no declaration describes, such as what a function of the user returned. */
export function wrongKind(action: string, expected: string, got: unknown): TypeError | RangeError {
  return refusalError(action, "", kindRefusal(expected, got));
}

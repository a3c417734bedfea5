import { AssertionError, suffix } from "./assertion_error.ts";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = new (...values: any[]) => E;

/** Expects an `Error`, of the given class and with the given words in its message where they are named. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass?: abstract new (...values: any[]) => E,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) throw new AssertionError(`Expected "error" to be an Error object${suffix(msg)}`);
  if (ErrorClass && !(error instanceof ErrorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${ErrorClass.name}", but was "${error.constructor.name}": ${error.message}${
        suffix(msg)
      }`,
    );
  }
  if (!msgMatches) return;
  const found = typeof msgMatches === "string" ? error.message.includes(msgMatches) : msgMatches.test(error.message);
  if (found) return;
  throw new AssertionError(
    `Expected error message to include ${
      typeof msgMatches === "string" ? JSON.stringify(msgMatches) : msgMatches
    }, but got ${JSON.stringify(error.message)}${suffix(msg)}`,
  );
}

interface Expectation<E extends Error> {
  readonly errorClass: ErrorClass<E> | undefined;
  readonly includes: string | undefined;
  readonly message: string | undefined;
}

/** The two overloads of the callers as one record. */
function expectation<E extends Error>(
  classOrMessage: ErrorClass<E> | string | undefined,
  includes: string | undefined,
  message: string | undefined,
): Expectation<E> {
  return typeof classOrMessage === "string"
    ? { errorClass: undefined, includes: undefined, message: classOrMessage }
    : { errorClass: classOrMessage, includes, message };
}

function checkThrown<E extends Error>(error: unknown, expected: Expectation<E>): unknown {
  if (expected.errorClass) assertIsError(error, expected.errorClass, expected.includes, expected.message);
  return error;
}

/** Expects `fn` to throw; returns what was thrown. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Expects `fn` to throw an error of a class, with some words in its message; returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMessage?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = expectation(classOrMessage, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    return checkThrown(error, expected);
  }
  throw new AssertionError(`Expected function to throw${suffix(expected.message)}`);
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}

/** The promise of a call, which must neither throw nor return something else. */
function promiseOf(fn: () => PromiseLike<unknown>, message: string | undefined): PromiseLike<unknown> {
  try {
    const promise: unknown = fn();
    if (isPromiseLike(promise)) return promise;
  } catch {
    // Falls through to the same complaint: a synchronous throw is no rejection.
  }
  throw new AssertionError(`Function throws when expected to reject${suffix(message)}`);
}

/** Expects the promise of `fn` to reject; returns the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Expects the promise of `fn` to reject with an error of a class, with some words in its message. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMessage?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectation(classOrMessage, msgIncludes, msg);
  const promise = promiseOf(fn, expected.message);
  try {
    await promise;
  } catch (error) {
    return checkThrown(error, expected);
  }
  throw new AssertionError(`Expected function to reject${suffix(expected.message)}`);
}

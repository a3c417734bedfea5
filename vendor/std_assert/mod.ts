/**
 * Stand-in for `jsr:@std/assert`.
 *
 * @module
 */

export { AssertionError } from "./assertion_error.ts";
export * from "./comparisons.ts";
export * from "./equal.ts";
export * from "./errors.ts";
export * from "./truths.ts";

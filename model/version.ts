/**
 * The versions of the software, for reports.
 *
 * @module
 */

/** The version of this library, as in `deno.json`. */
export const version = "0.1.0";

/** Versions of the software. */
export interface Versions {
  /** This library. */
  readonly yadll: string;
  /** Deno; `undefined` on other hosts. */
  readonly deno?: string;
}

/**
 * The versions of this library and of Deno.
 *
 * @example
 * ```ts
 * import { version, versions } from "@yadll/yadll/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(versions(), { yadll: version, deno: Deno.version.deno });
 * ```
 */
export function versions(): Versions {
  return { yadll: version, ...(typeof Deno === "object" && { deno: Deno.version.deno }) };
}

/**
 * Messages about missing permissions that say what to do.
 *
 * @module
 */

const refused =
  /^Requires (?<kind>read|write|net|env|run|sys|ffi|import) access to "(?<what>.*)", run again with the --allow-\w+ flag$/;

/**
 * Returns the message of an error; for a missing permission of Deno, with the flag that grants exactly this one.
 *
 * @example
 * ```ts
 * import { reasonOf } from "./permission.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const refused = new Deno.errors.NotCapable('Requires read access to "/data", run again with the --allow-read flag');
 * assertEquals(reasonOf(refused), "reading /data is not permitted; run again with --allow-read=/data");
 * ```
 */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { kind, what } = refused.exec(thrown.message)?.groups ?? {};
  if (kind === undefined) return thrown.message;
  const [action, value] = kind === "net" ? ["reaching", what.replace(/:443$/, "")] : [actions[kind] ?? "using", what];
  return `${action} ${value} is not permitted; run again with --allow-${kind}=${value}`;
}

const actions: Readonly<Record<string, string>> = { read: "reading", write: "writing", env: "reading" };

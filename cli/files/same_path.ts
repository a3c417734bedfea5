/**
 * Compares paths by what they mean, since one file has many spellings.
 *
 * @module
 */

import { join, resolve } from "@std/path";

/** A path without what says nothing: `x` for `./x`, `x/`, `x/.` and `y/../x`. */
export function plainPath(path: string): string {
  return join(path, ".");
}

/** Whether two paths mean the same place, which need not exist. Links are not followed. */
export function isSamePath(one: string, other: string): boolean {
  if (plainPath(one) === plainPath(other)) return true;
  // Only with this permission is it known what relative paths are relative to.
  if (Deno.permissions.querySync({ name: "read", path: "." }).state !== "granted") return false;
  return resolve(one) === resolve(other);
}

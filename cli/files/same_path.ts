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
  return plainPath(one) === plainPath(other) || resolve(one) === resolve(other);
}

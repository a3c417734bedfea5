/**
 * The folder that fetched data are kept in, and what may be done there.
 *
 * @module
 */

import { cacheDirectory } from "../../data/cache.ts";
import { checkFolderToBe } from "../files/check_writable.ts";

/** The cache, as far as this program may look. */
export interface CacheState {
  /** Its path; none where it is not known. */
  readonly path: string | null;
  /** Whether data can be kept there; null where asking is not permitted. */
  readonly writable: boolean | null;
  /** Whether MNIST is there already; null where looking is not permitted. */
  readonly mnist: boolean | null;
  /** Why something is not known, or not possible. */
  readonly problem: string | null;
}

/** Looks at the cache; what it writes it removes again. */
export function cacheState(): CacheState {
  let path: string;
  try {
    path = cacheDirectory();
  } catch (error) {
    return { path: null, writable: null, mnist: null, problem: messageOf(error) };
  }
  const isGranted = (name: "read" | "write"): boolean => Deno.permissions.querySync({ name, path }).state === "granted";
  const mnist = isGranted("read") ? exists(`${path}/mnist/train-images-idx3-ubyte.gz`) : null;
  if (!isGranted("write") || !isGranted("read")) {
    const problem = `reading or writing it is not permitted: run with --allow-read=${path} --allow-write=${path}`;
    return { path, writable: null, mnist, problem };
  }
  const problem = probe(path);
  return { path, writable: problem === null, mnist, problem };
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Why nothing could be kept in a folder; null where it can. */
function probe(path: string): string | null {
  try {
    checkFolderToBe(path);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

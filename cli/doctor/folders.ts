/**
 * The cache of downloaded data, and whether it is accessible.
 *
 * @module
 */

import { cacheDirectory, readPermittedVariable } from "../../data/mnist/cache.ts";
import { checkFolderToBe } from "../files/check_writable.ts";

/** The state of the cache, as far as the permissions show it. */
export interface CacheState {
  /** Its path; null if it is not known. */
  readonly path: string | null;
  /** Whether data can be written there; null without the permission to check. */
  readonly writable: boolean | null;
  /** Whether it contains MNIST; null without the permission to check. */
  readonly mnist: boolean | null;
  /** Why something is unknown or impossible. */
  readonly problem: string | null;
}

/** Examines the cache. A file that it writes for the check is removed again. */
export function cacheState(): CacheState {
  let path: string;
  try {
    path = cacheDirectory(readPermittedVariable);
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

/** Why nothing can be written to a folder; null if it is possible. */
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

/**
 * Loads libraries from npm when they are needed, not before.
 *
 * @module
 */

import { importLibrary } from "./import_library.ts";

/** Thrown if a library that draws pictures or reads files cannot be loaded. */
export class LibraryError extends Error {
  /** Its name in stack traces. */
  override readonly name = "LibraryError";
}

/** A library on npm. */
export interface LibraryVersion {
  readonly name: string;
  readonly version: string;
}

/**
 * Loads a library. No import that Deno could read before the program runs has its name. Otherwise every program that
 * might need the library would fetch it at its start.
 *
 * @param purpose the task that requires it, for the message
 * @throws {LibraryError} if it is neither on this machine nor available from npm.
 */
export async function loadVersion<T>({ name, version }: LibraryVersion, purpose: string): Promise<T> {
  try {
    return await importLibrary(name, version);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : cause;
    const source = globalThis.Deno === undefined
      ? `, got ${got}; install it with npm install ${name}@${version}`
      : `, which is fetched from npm the first time, got ${got}`;
    throw new LibraryError(`Cannot ${purpose}: expected ${name} ${version}${source}`, { cause });
  }
}

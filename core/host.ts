/**
 * The host of the program: Deno, Node, or a browser. Features that they do not have in common are requested here, when
 * they are needed, so that everything else can be imported and bundled anywhere.
 *
 * @module
 */

interface HostModules {
  readonly "node:crypto": typeof import("node:crypto");
  readonly "node:fs": typeof import("node:fs");
  readonly "node:os": typeof import("node:os");
  readonly "node:path": typeof import("node:path");
  readonly "node:url": typeof import("node:url");
  readonly "node:worker_threads": typeof import("node:worker_threads");
  readonly "node:zlib": typeof import("node:zlib");
}

/** Returns a module that Deno and Node include; `undefined` in browsers. */
export function hostModule<N extends keyof HostModules>(name: N): HostModules[N] | undefined {
  return (globalThis.process as Partial<NodeJS.Process> | undefined)?.getBuiltinModule?.(name);
}

/**
 * Returns a module that Deno and Node include, for a task that requires it.
 *
 * @param task the task, in the words of a message after `Cannot`
 * @throws {TypeError} in browsers.
 */
export function neededModule<N extends keyof HostModules>(name: N, task: string): HostModules[N] {
  const found = hostModule(name);
  if (found) return found;
  throw new TypeError(`Cannot ${task}: it requires ${name}, which Deno and Node have, but this host does not`);
}

/**
 * Returns Deno, for tasks that this package supports only there: reading and writing files.
 *
 * @param task the task, in the words of a message after `Cannot`
 * @throws {TypeError} outside of Deno.
 */
export function denoFor(task: string): typeof Deno {
  if (globalThis.Deno !== undefined) return Deno;
  throw new TypeError(
    `Cannot ${task}: only Deno can read and write files here; in Node and in browsers read the bytes yourself, ` +
      "and pass them to the functions that take bytes",
  );
}

/** Why a pipe, a socket or a device should not be read. */
export const noFile = "it is a pipe or a device; write its content to a file, and give the path of the file";

/**
 * Returns why a path should not be read: it is a pipe, a socket or a device. Reading one may block forever, and a
 * program that is blocked ignores signals. Returns undefined for files and folders.
 *
 * @throws {Deno.errors.NotFound} if there is nothing.
 */
export function notAFile(path: string | URL): string | undefined {
  const { isFile, isDirectory } = denoFor(`look at ${path}`).statSync(path);
  if (isFile || isDirectory) return undefined;
  return noFile;
}

/** Returns the number of processors of this machine. */
export function processors(): number {
  return globalThis.navigator?.hardwareConcurrency ?? hostModule("node:os")?.availableParallelism() ?? 1;
}

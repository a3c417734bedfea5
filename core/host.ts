/**
 * What the program runs in: Deno, Node, or a browser. What they do not have in common is asked for here, when it is
 * needed, so that everything else can be imported and bundled anywhere.
 *
 * @module
 */

interface HostModules {
  readonly "node:crypto": typeof import("node:crypto");
  readonly "node:os": typeof import("node:os");
  readonly "node:path": typeof import("node:path");
  readonly "node:url": typeof import("node:url");
  readonly "node:worker_threads": typeof import("node:worker_threads");
  readonly "node:zlib": typeof import("node:zlib");
}

/** A module that Deno and Node carry; `undefined` in browsers. */
export function hostModule<N extends keyof HostModules>(name: N): HostModules[N] | undefined {
  return (globalThis.process as Partial<NodeJS.Process> | undefined)?.getBuiltinModule?.(name);
}

/**
 * A module that Deno and Node carry, for a task that cannot do without.
 *
 * @param task What is to be done, behind `Cannot`.
 * @throws {TypeError} in browsers.
 */
export function neededModule<N extends keyof HostModules>(name: N, task: string): HostModules[N] {
  const found = hostModule(name);
  if (found) return found;
  throw new TypeError(`Cannot ${task}: it takes ${name}, which Deno and Node have, but not this program's host`);
}

/**
 * Deno, for what it alone can do here: reading and writing files.
 *
 * @param task What is to be done, behind `Cannot`.
 * @throws {TypeError} outside of Deno.
 */
export function denoFor(task: string): typeof Deno {
  if (globalThis.Deno !== undefined) return Deno;
  throw new TypeError(
    `Cannot ${task}: files are read and written by Deno alone; in Node and in browsers get the bytes in your own way, ` +
      "and hand them to the functions that take bytes",
  );
}

/** Processors of this machine. */
export function processors(): number {
  return globalThis.navigator?.hardwareConcurrency ?? hostModule("node:os")?.availableParallelism() ?? 1;
}

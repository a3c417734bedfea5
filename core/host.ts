/**
 * The host of the program: Deno, Node, or a browser. Features that they do not have in common are requested here, when
 * they are needed, so that everything else can be imported and bundled anywhere.
 *
 * @module
 */

import { permittedVariable } from "./environment.ts";

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

/** Whether programs may start threads that share memory without any policy; not in browsers. */
export function hasThreads(): boolean {
  // Deno loads much of Node when `process` is first read.
  return globalThis.Deno !== undefined || hostModule("node:worker_threads") !== undefined;
}

/**
 * Returns the number of processors that this process may use. Deno and Node know the processors that it is bound to, and
 * Deno also the share that a container has of them. Slurm says in a variable how many it gave, if it binds no processors.
 */
export function processors(): number {
  const available = globalThis.navigator?.hardwareConcurrency ?? hostModule("node:os")?.availableParallelism() ?? 1;
  const given = Number(permittedVariable("SLURM_CPUS_PER_TASK"));
  return given >= 1 ? Math.min(available, Math.floor(given)) : available;
}

/**
 * What is common to all that is killed or interrupted.
 *
 * @module
 */

import { randomOf } from "../../hostile_models/craft.ts";

/** How often something was killed or interrupted, and what was wrong afterwards. */
export interface Tried {
  readonly kills: number;
  readonly faults: readonly string[];
}

/** Random delays up to a number of milliseconds. */
export function delaysOf(seed: number): (most: number) => Promise<void> {
  const random = randomOf(seed);
  return (most) => new Promise((resolve) => setTimeout(resolve, random(most)));
}

/** Starts a program of this repository in Deno. */
export function spawn(program: string, args: readonly string[], cwd?: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", program, ...args],
    ...{ stdin: "null", stdout: "null", stderr: "null", env: { NO_COLOR: "1" } },
    ...cwd !== undefined && { cwd },
  }).spawn();
}

/** The milliseconds from the first file of a process to its end. */
export async function durationOf(hasBegun: () => boolean, child: Deno.ChildProcess): Promise<number> {
  await waitFor(hasBegun, child);
  const begin = performance.now();
  await child.status;
  return performance.now() - begin;
}

/** Waits until a condition holds, or a process has ended. */
export async function waitFor(condition: () => boolean, child: Deno.ChildProcess): Promise<void> {
  let ended = false;
  child.status.then(() => ended = true);
  while (!ended && !condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Sends a signal to a process, which may have ended by now. */
export function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}

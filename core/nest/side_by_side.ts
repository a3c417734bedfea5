/**
 * Finds launches that do not wait for each other.
 *
 * @module
 */

import { type LaunchStep, usesOf } from "./launches.ts";

/**
 * The numbers of the steps in runs, in order: launches one after the other of which none writes what another one of
 * their run uses. A loop is a run of its own.
 */
export function sideBySide(steps: readonly LaunchStep[]): number[][] {
  const runs: number[][] = [];
  const read = new Set<number>();
  const written = new Set<number>();
  let open = false;
  for (const [number, step] of steps.entries()) {
    const uses = usesOf(step);
    const waits = uses.read.some((buffer) => written.has(buffer)) ||
      uses.written.some((buffer) => written.has(buffer) || read.has(buffer));
    if (!open || waits || step.kind === "loop") {
      read.clear();
      written.clear();
      runs.push([]);
    }
    runs.at(-1)!.push(number);
    uses.read.forEach((buffer) => read.add(buffer));
    uses.written.forEach((buffer) => written.add(buffer));
    open = step.kind === "launch";
  }
  return runs;
}

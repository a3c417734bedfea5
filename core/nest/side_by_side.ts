/**
 * Finds launches that do not wait for each other.
 *
 * @module
 */

import { type LaunchStep, usesOf } from "./launches.ts";
import { SinceBarrier } from "./since_barrier.ts";

/**
 * The numbers of the steps in runs, in order: launches one after the other of which none writes what another one of
 * their run uses. A loop is a run of its own.
 */
export function sideBySide(steps: readonly LaunchStep[]): number[][] {
  const runs: number[][] = [];
  const since = new SinceBarrier();
  let open = false;
  for (const [number, step] of steps.entries()) {
    const uses = usesOf(step);
    if (!open || since.waits(uses) || step.kind === "loop") {
      since.clear();
      runs.push([]);
    }
    runs.at(-1)!.push(number);
    since.add(uses);
    open = step.kind === "launch";
  }
  return runs;
}

/**
 * The time that this process has computed, for tests of work that must end soon: unlike a clock, it does not run while
 * other processes do.
 *
 * @module
 */

import { cpuUsage } from "node:process";

/** Milliseconds of all threads of this process, in user and system code. */
export function cpuTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

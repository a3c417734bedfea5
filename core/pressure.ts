/**
 * Collecting early when device memory fills with results that nobody holds any more.
 *
 * Buffers go back to their pool when the tensors that held them are collected. But the collector sees small handles only,
 * not the memory behind them, and its notices wait for a pause in which nothing else is to be done; a loop that awaits
 * nothing but results that are there already never pauses.
 *
 * @module
 */

import type { Backend } from "./backend.ts";

/** Below this many bytes nobody needs to hurry. */
const LEAST = 256 * 2 ** 20;
/** Memory that the collector does see, of a size that makes it look for garbage. */
const BAIT = 128 * 2 ** 20;

/** Bytes from which on the next pause is due, by device. */
const due = new WeakMap<Backend, number>();

/** Pauses if the memory in use has doubled since the last pause, so that what nobody holds is given back. */
export async function relievePressure(backend: Backend): Promise<void> {
  if (backend.statistics.liveBytes < (due.get(backend) ?? LEAST)) return;
  for (let turn = 0; turn < 2; turn++) {
    void new ArrayBuffer(BAIT);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  due.set(backend, Math.max(LEAST, 2 * backend.statistics.liveBytes));
}

/**
 * Starts garbage collection early if device memory fills with results that are not used any more.
 *
 * Buffers are returned to their pool when the tensors that held them are collected. But the collector only sees small
 * handles, not the memory behind them, and its callbacks run only when the event loop is idle. A loop that awaits only
 * results that are already available never lets it become idle.
 *
 * @module
 */

import type { Backend } from "./backend.ts";

/** Below this many bytes no pause is needed. */
const LEAST = 256 * 2 ** 20;
/** Memory that the collector does see, of a size that triggers a collection. */
const BAIT = 128 * 2 ** 20;

/** The number of bytes in use at which the next pause is due, by device. */
const due = new WeakMap<Backend, number>();

/** Pauses if the memory in use has doubled since the last pause, so that unused memory is released. */
export async function relievePressure(backend: Backend): Promise<void> {
  if (backend.statistics.liveBytes < (due.get(backend) ?? LEAST)) return;
  for (let turn = 0; turn < 2; turn++) {
    void new ArrayBuffer(BAIT);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  due.set(backend, Math.max(LEAST, 2 * backend.statistics.liveBytes));
}

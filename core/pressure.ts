/**
 * Starts garbage collection early if a device fills with results or programs that are not used any more.
 *
 * Buffers are returned to their pool when the tensors that held them are collected, and programs are freed when their
 * functions are. But the collector only sees small handles, not the memory behind them, and its callbacks run only when
 * the event loop is idle. A loop that awaits only results that are already available never lets it become idle.
 *
 * @module
 */

import type { Backend } from "./backend.ts";

/** Below this many bytes and programs no pause is needed. */
const LEAST = { bytes: 256 * 2 ** 20, programs: 500 };
/** Memory that the collector does see, of a size that triggers a collection. */
const BAIT = 128 * 2 ** 20;

/** What a device has in memory. */
interface InMemory {
  readonly bytes: number;
  readonly programs: number;
}

/** What may be in memory until the next pause is due, by device. */
const due = new WeakMap<Backend, InMemory>();

/** Pauses if the memory in use has doubled since the last pause, so that unused memory is released. */
export async function relievePressure(backend: Backend): Promise<void> {
  const { bytes, programs } = due.get(backend) ?? LEAST;
  const { statistics } = backend;
  if (statistics.liveBytes < bytes && statistics.programs < programs) return;
  for (let turn = 0; turn < 2; turn++) {
    void new ArrayBuffer(BAIT);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  due.set(backend, {
    bytes: Math.max(LEAST.bytes, 2 * backend.statistics.liveBytes),
    programs: Math.max(LEAST.programs, 2 * backend.statistics.programs),
  });
}

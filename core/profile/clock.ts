/**
 * Times runs of programs.
 *
 * @module
 */

import type { Backend, DeviceBuffer, Executable } from "../backend.ts";

/** Returns the median of numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Returns the rate of work in billions per second; 0 if the time is too short to be measured. */
export function rate(work: number, milliseconds: number): number {
  return milliseconds > 0 ? work / milliseconds / 1e6 : 0;
}

/** A program and the buffers on which it runs. */
export interface Ready {
  readonly executable: Executable;
  readonly buffers: readonly DeviceBuffer[];
}

/** Runs a program, and resolves to the milliseconds until it has finished, by the clock of the host. */
export async function timeOnHost({ executable, buffers }: Ready, backend: Backend): Promise<number> {
  const start = performance.now();
  executable.run(buffers);
  await backend.finish();
  return performance.now() - start;
}

/** Does the same by the clock of the device, if it has one. */
export async function timeOnDevice(ready: Ready, backend: Backend): Promise<number> {
  const { executable, buffers } = ready;
  return executable.time ? await executable.time(buffers) : await timeOnHost(ready, backend);
}

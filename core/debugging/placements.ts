/**
 * The buffers of device memory that tensors hold, recorded only during a watch.
 *
 * @module
 */

import type { Backend, DeviceBuffer } from "../backend.ts";

/** A buffer, its device, and who made its contents. */
export interface Placement {
  readonly backend: Backend;
  readonly buffer: DeviceBuffer;
  /** The name of a compiled function or of an operation, or what the host did. */
  readonly owner: string;
}

const watches = new Set<Set<Placement>>();

/** Records that a tensor holds a buffer. */
export function notePlaced(placement: Placement): void {
  for (const watch of watches) watch.add(placement);
}

/** Records that a tensor no longer holds a buffer. */
export function noteLeft(placement: Placement): void {
  for (const watch of watches) watch.delete(placement);
}

/** Records placements from now on in a set, until it is passed to {@linkcode endWatch}. */
export function beginWatch(): Set<Placement> {
  const watch = new Set<Placement>();
  watches.add(watch);
  return watch;
}

/** Stops recording in a set. */
export function endWatch(watch: Set<Placement>): void {
  watches.delete(watch);
  watch.clear();
}

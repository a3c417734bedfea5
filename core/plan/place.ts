/**
 * The places of values in the buffers of a program, and the buffers that one nest uses.
 *
 * @module
 */

import type { DType } from "../dtype.ts";
import type { Expression } from "../nest/expression.ts";
import type { Slot } from "../nest/nest.ts";

/** A part of a program's buffer: `elements` of it from `offset`, which may depend on counters of loops. */
export interface Place {
  readonly buffer: number;
  readonly dtype: DType;
  /** The number of elements of the whole buffer. */
  readonly elements: number;
  readonly offset: Expression;
}

/** Numbers the buffers that one nest uses. */
export class SlotTable {
  readonly buffers: number[] = [];
  readonly #places: Place[] = [];
  readonly #written = new Set<number>();
  readonly #read = new Set<number>();

  #slot(place: Place): number {
    let slot = this.buffers.indexOf(place.buffer);
    if (slot < 0) {
      slot = this.buffers.push(place.buffer) - 1;
      this.#places.push(place);
    }
    return slot;
  }

  /** Returns the slot of a place that is read. */
  reading(place: Place): number {
    const slot = this.#slot(place);
    this.#read.add(slot);
    return slot;
  }

  /** Returns the slot of a place that is written. */
  writing(place: Place): number {
    const slot = this.#slot(place);
    this.#written.add(slot);
    return slot;
  }

  /** Returns all slots, in the order in which they were first requested. */
  slots(): Slot[] {
    return this.#places.map(({ dtype, elements }, slot) => ({
      dtype,
      elements,
      access: !this.#written.has(slot) ? "read" : this.#read.has(slot) ? "readwrite" : "write",
    }));
  }
}

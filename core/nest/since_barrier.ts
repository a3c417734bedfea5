/**
 * What was used since the last barrier, and what must therefore wait for the next one.
 *
 * @module
 */

/** What a launch, or a part of a kernel, reads and writes: the numbers of buffers. */
export interface Uses {
  readonly read: readonly number[];
  readonly written: readonly number[];
}

/** Finds the places of barriers while uses follow one another. */
export class SinceBarrier {
  readonly #read = new Set<number>();
  readonly #written = new Set<number>();

  /** Whether something was written since the last barrier. */
  get hasWritten(): boolean {
    return this.#written.size > 0;
  }

  /** Whether there must be a barrier before this: it uses what was written since the last one, or writes what was used. */
  waits({ read, written }: Uses): boolean {
    return read.some((buffer) => this.#written.has(buffer)) ||
      written.some((buffer) => this.#written.has(buffer) || this.#read.has(buffer));
  }

  /** Notes a barrier. */
  clear(): void {
    this.#read.clear();
    this.#written.clear();
  }

  /** Notes what is used. */
  add({ read, written }: Uses): void {
    for (const buffer of read) this.#read.add(buffer);
    for (const buffer of written) this.#written.add(buffer);
  }
}

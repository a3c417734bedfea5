/**
 * The mean cost of an epoch in progress, for the display of progress.
 *
 * @module
 */

/** The least time between two readings, in milliseconds. */
const READING = 250;

/**
 * Reads a sum of costs from the device a few times per second. Steps do not wait for it: the copy is queued between two
 * of them, and there is never more than one at a time.
 */
export class RunningCost {
  #mean: number | undefined;
  #epoch = 0;
  #last: number;
  #reading: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** `now` returns milliseconds. */
  constructor(readonly now: () => number = performance.now.bind(performance)) {
    this.#last = now();
  }

  /** The mean cost of this epoch when it was last read; undefined before. */
  of(epoch: number): number | undefined {
    return epoch === this.#epoch ? this.#mean : undefined;
  }

  /**
   * Starts to read, if the last reading is long enough ago.
   *
   * @param read returns the mean cost of the epoch so far
   * @throws what the last reading has thrown.
   */
  update(epoch: number, read: () => Promise<number>): void {
    this.#check();
    if (this.#reading || this.now() - this.#last < READING) return;
    this.#last = this.now();
    this.#reading = read().then(
      (mean) => {
        [this.#epoch, this.#mean] = [epoch, mean];
      },
      (error) => {
        this.#failure = { error };
      },
    ).finally(() => this.#reading = undefined);
  }

  /**
   * Waits for the reading in progress.
   *
   * @throws what it throws, such as the error of an index that was outside of its table.
   */
  async settle(): Promise<void> {
    await this.#reading;
    this.#check();
  }

  #check(): void {
    if (!this.#failure) return;
    const { error } = this.#failure;
    this.#failure = undefined;
    throw error;
  }
}

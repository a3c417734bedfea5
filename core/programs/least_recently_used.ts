/**
 * A bounded table that forgets what was not used for the longest time.
 *
 * @module
 */

/** Something whose memory can be returned at once. */
export interface Freeable {
  /** Returns the memory. */
  dispose(): void;
}

/** Values by key. If there are more than `most`, the least recently used one is disposed. */
export class LeastRecentlyUsed<V extends Freeable> {
  /** In the order of their last use. */
  readonly #values = new Map<string, V>();

  constructor(readonly most: number) {}

  /** The number of values. */
  get size(): number {
    return this.#values.size;
  }

  /** Returns a value, which is then the most recently used one. */
  get(key: string): V | undefined {
    const value = this.take(key);
    if (value) this.#values.set(key, value);
    return value;
  }

  /** Adds a value under a new key. */
  set(key: string, value: V): void {
    this.#values.set(key, value);
    for (const [oldest] of this.#values) {
      if (this.#values.size <= this.most) return;
      this.take(oldest)?.dispose();
    }
  }

  /** Removes a value without disposing it. */
  take(key: string): V | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  /** Disposes all values. */
  clear(): void {
    for (const key of [...this.#values.keys()]) this.take(key)?.dispose();
  }
}

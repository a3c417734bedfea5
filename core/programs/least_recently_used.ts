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

interface Entry<V> {
  readonly value: V;
  /** The number of the last use of the table at which it was used. */
  used: number;
}

/** Values by key. If there are more than `most`, the least recently used one is disposed. */
export class LeastRecentlyUsed<V extends Freeable> {
  readonly #entries = new Map<string, Entry<V>>();
  #uses = 0;

  constructor(readonly most: number) {}

  /** The number of values. */
  get size(): number {
    return this.#entries.size;
  }

  /** Returns a value, which is then the most recently used one. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry) entry.used = ++this.#uses;
    return entry?.value;
  }

  /** Adds a value under a new key. */
  set(key: string, value: V): void {
    this.#entries.set(key, { value, used: ++this.#uses });
    while (this.#entries.size > this.most) this.take(this.#leastUsed())?.dispose();
  }

  /** Removes a value without disposing it. */
  take(key: string): V | undefined {
    const value = this.#entries.get(key)?.value;
    this.#entries.delete(key);
    return value;
  }

  /** Disposes all values. */
  clear(): void {
    for (const key of [...this.#entries.keys()]) this.take(key)?.dispose();
  }

  #leastUsed(): string {
    let [oldest, least] = ["", Infinity];
    for (const [key, { used }] of this.#entries) if (used < least) [oldest, least] = [key, used];
    return oldest;
  }
}

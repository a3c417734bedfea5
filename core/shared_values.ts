/**
 * Values with several users, which are freed when the last of them has returned them.
 *
 * @module
 */

interface Shared<V> {
  readonly value: V;
  users: number;
}

/** Values by key, with the number of their users. */
export class SharedValues<V> {
  readonly #values = new Map<string, Shared<V>>();

  /** @param free frees a value that has no user any more */
  constructor(readonly free: (value: V, key: string) => void = () => {}) {}

  /** The number of values that are in use. */
  get size(): number {
    return this.#values.size;
  }

  /** Returns the value of a key, which is made if nobody uses it yet. The caller must {@linkcode drop} it. */
  take(key: string, make: () => V): V {
    const known = this.#values.get(key);
    if (known) {
      known.users++;
      return known.value;
    }
    const value = make();
    this.#values.set(key, { value, users: 1 });
    return value;
  }

  /** Returns what was taken; the last user frees it. */
  drop(key: string): void {
    const known = this.#values.get(key);
    if (!known || --known.users > 0) return;
    this.#values.delete(key);
    this.free(known.value, key);
  }

  /** Forgets all values without freeing them. */
  clear(): void {
    this.#values.clear();
  }
}

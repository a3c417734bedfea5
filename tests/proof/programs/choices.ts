/**
 * Choices that a list of numbers makes.
 *
 * @module
 */

/** A source of choices: the same numbers make the same choices. */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 2654435761) >>> 0;
  }

  /** A whole number from 0 to `count − 1`. */
  below(count: number): number {
    this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 2246822519) + 374761393) >>> 0;
    const mixed = Math.imul(this.#state ^ (this.#state >>> 13), 3266489917) >>> 0;
    return Math.floor(mixed / 2 ** 32 * count);
  }

  /** A whole number from 0 to `count − 1`, sooner a small one. */
  small(count: number): number {
    return Math.min(this.below(count), this.below(count), this.below(count));
  }

  /** One of a list. */
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** Whether something that happens once in `count` times happens. */
  once(count: number): boolean {
    return this.below(count) === 0;
  }
}

/**
 * Random numbers on the host, for built-in data and for splitting: small, and the same on every machine.
 *
 * Only 32-bit whole numbers and exactly rounded operations are used, so no engine's `Math.sin` or `Math.log` can
 * change a bit.
 *
 * @module
 */

/**
 * Spreads the bits of a whole number over 32 bits, so that neighbors share nothing.
 *
 * @see Chris Wellons, "Prospecting for Hash Functions" (2018): the `lowbias32` constants.
 */
export function scramble(value: number): number {
  let bits = value >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A stream of random numbers; two streams of different seed or index are independent. */
export class RandomStream {
  #key: number;
  #counter: number;

  /**
   * @param seed Any whole number; only its low 32 bits count.
   * @param index Which of the streams of this seed, from 0.
   */
  constructor(seed: number, index: number) {
    this.#key = scramble(scramble(seed ^ 0x5bf03635) + index);
    this.#counter = scramble(this.#key ^ index);
  }

  /** A whole number from 0 to 2³² − 1. */
  #next(): number {
    this.#counter = (this.#counter + 0x9e3779b9) >>> 0;
    return scramble(this.#counter ^ this.#key);
  }

  /** A number from `low` to `high`, which is excluded. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.#next() / 2 ** 32);
  }

  /** A whole number from 0 to `count`, which is excluded. */
  below(count: number): number {
    return Math.floor(this.uniform(0, count));
  }

  /** A nearly normal number: the sum of four uniform ones, scaled to `deviation`; never beyond 3.5 deviations. */
  bell(deviation: number): number {
    const sum = this.uniform() + this.uniform() + this.uniform() + this.uniform();
    return (sum - 2) * Math.sqrt(3) * deviation;
  }
}

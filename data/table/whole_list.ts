/**
 * Lists of whole numbers whose length is not known in advance.
 *
 * @module
 */

/** A list of whole numbers, which takes four bytes for each, and at most twice that while it grows. */
export class WholeList {
  #numbers = new Int32Array(16);
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds a number. */
  add(number: number): void {
    if (this.#length === this.#numbers.length) {
      const longer = new Int32Array(2 * this.#length);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.#length++] = number;
  }

  /** The numbers in an array of their own. */
  toArray(): Int32Array {
    return this.#numbers.slice(0, this.#length);
  }
}

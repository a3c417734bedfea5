/**
 * Fields of a CSV text as numbers.
 *
 * @module
 */

/** Whether a field counts as missing: it is empty, `NA` or `null`. */
export function isMissing(field: string): boolean {
  return /^(?:NA|null)?$/i.test(field);
}

/** Numbers that programs write as words, in any case. */
const numberWords: ReadonlyMap<string, number> = new Map([
  ["nan", NaN],
  ...["inf", "+inf", "infinity", "+infinity"].map((word) => [word, Infinity] as const),
  ...["-inf", "-infinity"].map((word) => [word, -Infinity] as const),
]);

/** The longest of these words. */
const LONGEST_WORD = "+infinity".length;

/** The code of the digit 0. */
const ZERO = 0x30;

/** The number in a field, in decimal notation or as a word; `undefined` if there is none. */
export function numberOf(field: string): number | undefined {
  // Many fields are digits, such as classes and the black of images.
  if (field.length === 1 && field >= "0" && field <= "9") return field.charCodeAt(0) - ZERO;
  if (!/^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(field)) {
    return field.length > LONGEST_WORD ? undefined : numberWords.get(field.toLowerCase());
  }
  const value = Number(field);
  return Number.isNaN(value) ? undefined : value;
}

/** Memory grows by blocks of this many numbers. */
const BLOCK_BITS = 16;
const BLOCK = 2 ** BLOCK_BITS;

/** A list of numbers whose length is not known in advance. */
export class NumberList {
  readonly #blocks: Float32Array[] = [];
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds a number. */
  add(value: number): void {
    const block = this.#blocks[Math.floor(this.#length / BLOCK)] ??= new Float32Array(BLOCK);
    block[this.#length++ % BLOCK] = value;
  }

  /** Drops all but the first ones. */
  cut(length: number): void {
    this.#length = length;
  }

  /** The numbers in one array. */
  toArray(): Float32Array {
    const all = new Float32Array(this.#length);
    for (let at = 0; at < all.length; at += BLOCK) {
      all.set(this.#blocks[at / BLOCK].subarray(0, all.length - at), at);
    }
    return all;
  }
}

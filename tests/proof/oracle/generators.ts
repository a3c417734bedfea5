/**
 * The random numbers as a whole: published answers of Threefry, and moments of the distributions.
 *
 * @module
 */

import { tensor } from "../../../core/creation.ts";
import * as random from "../../../core/random/mod.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { threefry } from "./scalar.ts";

/** Key, counter and result: the known answers of threefry2x32 with 20 rounds in Random123 (`kat_vectors`). */
export const knownAnswers: readonly (readonly (readonly [number, number])[])[] = [
  [[0, 0], [0, 0], [0x6b200159, 0x99ba4efe]],
  [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], [0x1cb996fc, 0xbb002be7]],
  [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], [0xc4923a9c, 0x483df7a0]],
];

/** A moment: its value, what it should be, and its standard error for n numbers. */
interface Moment {
  readonly name: string;
  readonly of: (numbers: Float64Array) => number;
  readonly expected: number;
  /** The variance of one number's share. */
  readonly variance: number;
}

const meanOf = (numbers: Float64Array, power: number): number =>
  numbers.reduce((sum, x) => sum + x ** power, 0) / numbers.length;

/** E xᵏ of the uniform distribution is 1 / (k + 1). */
const ofUniform = (power: number): Moment => ({
  name: `uniform, E x^${power}`,
  of: (numbers) => meanOf(numbers, power),
  expected: 1 / (power + 1),
  variance: 1 / (2 * power + 1) - 1 / (power + 1) ** 2,
});

/** E xᵏ of the normal distribution is 1 · 3 · 5 … (k − 1), and 0 if k is odd. */
function ofNormal(power: number): Moment {
  const moment = (k: number): number => k % 2 ? 0 : k === 0 ? 1 : (k - 1) * moment(k - 2);
  const expected = moment(power);
  return {
    name: `normal, E x^${power}`,
    of: (numbers) => meanOf(numbers, power),
    expected,
    variance: moment(2 * power) - expected ** 2,
  };
}

/** One row of the table of moments. */
export interface MeasuredMoment {
  readonly name: string;
  readonly expected: number;
  readonly measured: number;
  /** The distance in standard errors. */
  readonly deviation: number;
}

/** The most standard errors that a moment may be off: once in 1.7 million. */
const MOST_DEVIATIONS = 5;

async function measured(drawn: Tensor, moments: readonly Moment[]): Promise<MeasuredMoment[]> {
  const numbers = Float64Array.from(await drawn.data());
  return moments.map(({ name, of, expected, variance }) => {
    const value = of(numbers);
    return { name, expected, measured: value, deviation: (value - expected) / Math.sqrt(variance / numbers.length) };
  });
}

/** The results of {@linkcode checkGenerators}. */
export interface Generators {
  readonly moments: readonly MeasuredMoment[];
  readonly faults: readonly string[];
}

/** Compares the generators of the current device with published answers, and moments of `count` numbers with theory. */
export async function checkGenerators(device: string, seed: number, count: number): Promise<Generators> {
  const faults: string[] = [];
  for (const [key, counter, expected] of knownAnswers) {
    const own = threefry([key[0], key[1]], [counter[0], counter[1]]);
    const words = [...key, ...counter].map((word) => tensor(Uint32Array.of(word)));
    const got = await words[0].apply("threefry", words.slice(1), {}).item();
    // The primitive gives the exclusive or of both words.
    if (String(own) !== String(expected) || got !== (expected[0] ^ expected[1]) >>> 0) {
      faults.push(`threefry of key ${key} and counter ${counter}, ${device}: got ${got}, expected words ${expected}`);
    }
  }
  const [first, second] = random.splitKeys(random.key(seed), 2);
  const moments = [
    ...await measured(random.uniform(first, [count]), [1, 2, 3, 4].map(ofUniform)),
    ...await measured(random.normal(second, [count]), [1, 2, 3, 4].map(ofNormal)),
  ];
  for (const { name, deviation } of moments) {
    if (!(Math.abs(deviation) < MOST_DEVIATIONS)) {
      faults.push(`${name}, ${device}: off by ${deviation} standard errors`);
    }
  }
  return { moments, faults };
}

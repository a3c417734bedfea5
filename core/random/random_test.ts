import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../creation.ts";
import { setDevice } from "../device.ts";
import { jit } from "../jit.ts";
import { erf, threefry2x32 } from "../scalar/double_precision.ts";
import type { Tensor } from "../tensor.ts";
import { bernoulli, bits, fold, key, normal, permutation, split, splitKeys, uniform } from "./mod.ts";
import { deviceKinds, testOnEveryDevice } from "../../tests/on_every_device.ts";

/** Known answers of the Random123 library (kat_vectors, threefry2x32 with 20 rounds): key, counter, result. */
const known: readonly (readonly [number, number, number, number, number, number])[] = [
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
];

Deno.test("Threefry-2x32 returns the known answers", () => {
  for (const [k0, k1, c0, c1, ...expected] of known) {
    assertEquals(threefry2x32([k0, k1], [c0, c1]), expected);
    // Words with a sign are the same words.
    assertEquals(threefry2x32([k0 | 0, k1 | 0], [c0 | 0, c1 | 0]), expected);
  }
});

testOnEveryDevice("devices return the known answers, both words combined", async () => {
  const column = (i: number): Tensor => tensor(Uint32Array.from(known, (row) => row[i]));
  const words = column(0).apply("threefry", [column(1), column(2), column(3)], {});
  assertEquals([...await words.data()], known.map(([, , , , x, y]) => (x ^ y) >>> 0));
});

Deno.test("the same numbers on all devices, bit for bit", async () => {
  const draw = jit((k: Tensor) => {
    const [a, b, c, d] = splitKeys(k, 4);
    return [
      bits(a, [1001]),
      uniform(b, [33, 31]),
      uniform(b, [257], { low: -0.3, high: 0.7 }),
      normal(c, [4099]).bitcast("u32"),
      bernoulli(d, 0.3, [129]),
      permutation(d, 100),
      split(fold(d, 7), 3),
    ];
  });
  const results: unknown[][] = [];
  for (const kind of deviceKinds) {
    await setDevice(kind);
    const drawn: unknown[] = [];
    for (const x of draw(key(2024))) drawn.push([...await x.data()]);
    results.push(drawn);
  }
  for (const result of results) assertEquals(result, results[0]);
});

/** The greatest distance between the distribution of samples and that of `cdf` (Kolmogorov and Smirnov). */
function distance(samples: Iterable<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted.reduce((most, x, i) => {
    const expected = cdf(x);
    return Math.max(most, Math.abs(expected - i / sorted.length), Math.abs((i + 1) / sorted.length - expected));
  }, 0);
}

const n = 200_000;
/** Exceeded with probability 10⁻⁶ by true samples. */
const farthest = Math.sqrt(Math.log(2 / 1e-6) / (2 * n));

/** The mean of the powers of samples. */
const moment = (samples: ArrayLike<number>, power: number): number =>
  Array.from(samples).reduce((sum, x) => sum + x ** power, 0) / samples.length;

testOnEveryDevice("uniform numbers are uniform", async () => {
  const x = await uniform(key(1), [n]).data();
  assert(distance(x, (value) => Math.min(Math.max(value, 0), 1)) < farthest);
  assert(x.every((value) => value >= 0 && value < 1));
  const y = await uniform(key(2), [n], { low: -3, high: 5 }).data();
  assert(distance(y, (value) => (value + 3) / 8) < farthest);
});

testOnEveryDevice("uniform numbers fill intervals that are wider than the largest number", async () => {
  const largest = 3.4028234663852886e38;
  for (const [low, high] of [[-3e38, 3e38], [3e38, -2e38], [-largest, largest]]) {
    const [least, most] = [Math.min(low, high), Math.max(low, high)].map(Math.fround);
    const x = await uniform(key(3), [4000], { low, high }).data();
    assert(x.every((value) => value >= least && value <= most && value !== Math.fround(high)));
    const quarters = [1, 2, 3].map((i) => x.filter((one) => one < least + (most - least) * i / 4).length / 4000);
    quarters.forEach((share, i) => assertAlmostEquals(share, (i + 1) / 4, 0.03));
  }
});

testOnEveryDevice("normal numbers are normal, in the tails too", async () => {
  const x = await normal(key(3), [n]).data();
  assert(distance(x, (value) => (1 + erf(value / Math.SQRT2)) / 2) < farthest);
  for (const [power, expected, error] of [[1, 0, 1], [2, 1, 2], [3, 0, 15], [4, 3, 96], [6, 15, 10170]]) {
    assertAlmostEquals(moment(x, power), expected, 5 * Math.sqrt(error / n));
  }
  const beyond = Array.from(x).filter((value) => Math.abs(value) > 4).length / n;
  assertAlmostEquals(beyond, 6.33e-5, 5 * Math.sqrt(6.33e-5 / n));
});

testOnEveryDevice("bernoulli numbers are true as often as they should be", async () => {
  for (const probability of [0, 0.1, 0.5, 0.9, 1]) {
    const x = await bernoulli(key(4), probability, [n]).data();
    const error = 5 * Math.sqrt(probability * (1 - probability) / n);
    assertAlmostEquals(moment(x, 1), probability, error);
  }
  const chances = tensor([0, 1, 0, 1]);
  assertEquals(await bernoulli(key(5), chances).toArray(), [false, true, false, true]);
});

testOnEveryDevice("adjacent numbers of a stream, and numbers of sibling keys, are independent", async () => {
  const [a, b] = splitKeys(key(6), 2);
  const [x, y] = [await normal(a, [n]).data(), await normal(b, [n]).data()];
  const correlation = (shift: number, other: ArrayLike<number>): number =>
    Array.from(x.slice(0, n - 16)).reduce((sum, value, i) => sum + value * other[i + shift], 0) / n;
  for (const shift of [1, 2, 15]) assert(Math.abs(correlation(shift, x)) < 5 / Math.sqrt(n));
  for (const shift of [0, 1]) assert(Math.abs(correlation(shift, y)) < 5 / Math.sqrt(n));
});

testOnEveryDevice("a permutation holds each number once, for any length", async () => {
  for (const length of [0, 1, 2, 3, 5, 31, 32, 33, 100, 1000, 4097]) {
    const order = await permutation(key(length), length).data();
    assertEquals([...order].sort((a, b) => a - b), Array.from({ length }, (_, i) => i));
  }
});

Deno.test("each of the 24 orders of four occurs as often as the others", async () => {
  await setDevice("wasm");
  const draw = jit((k: Tensor) => permutation(k, 4));
  const counts = new Map<string, number>();
  const draws = 2400;
  for (const one of splitKeys(key(8), draws)) {
    const order = String(await draw(one).data());
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  const square = [...counts.values()].reduce((sum, count) => sum + (count - draws / 24) ** 2 / (draws / 24), 0);
  // Pearson's statistic with 23 degrees of freedom; beyond 60 with probability below 10⁻⁴.
  assert(square < 60, `χ² = ${square}`);
});

testOnEveryDevice("keys that are made differently are different", async () => {
  const k = key(9);
  const made = [k, ...splitKeys(k, 3), fold(k, 0), fold(k, 1), fold(k, tensor(Int32Array.of(2)).reshape([])), key(10)];
  const texts = await Promise.all(made.map(async (one) => String(await one.data())));
  assertEquals(new Set(texts).size, made.length);
  assertEquals(await fold(k, 3).toArray(), await fold(k, tensor(Uint32Array.of(3)).reshape([])).toArray());
});

Deno.test("invalid keys and seeds are refused", () => {
  assertThrows(() => key(1.5), RangeError, "expected seed to be a whole number, got 1.5");
  assertThrows(() => uniform(tensor([1, 2]), [3]), TypeError, "Cannot use f32[2] as a random key");
  assertThrows(() => normal(split(key(1)), [3]), TypeError, "u32[2, 2]");
});

testOnEveryDevice("uniform numbers never reach the upper bound, however coarse its neighbors are", async () => {
  for (
    const [low, high] of [[1, 2], [1000, 1001], [-1, -0.5], [1e6, 1e6 + 0.5], [-1, 0], [0.1, 0.3], [2, 1], [5, 5.1]]
  ) {
    const x = await uniform(key(3), [200_000], { low, high }).data();
    const isOutside = low < high
      ? (value: number) => value < Math.fround(low) || value >= high
      : (value: number) => value > Math.fround(low) || value <= high;
    assertEquals(x.find(isOutside), undefined, `from ${low} to ${high}`);
  }
  // The number at this position has the largest bits of all, so rounding makes its sum equal to the bound.
  const largest = async (low: number, high: number) => (await uniform(key(493805), [5], { low, high }).data())[4];
  assertEquals(await largest(0, 1), 1 - 2 ** -24);
  assertEquals([await largest(1, 2), await largest(2, 1)], [2 - 2 ** -23, 1 + 2 ** -23]);
});

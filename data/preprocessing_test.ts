import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DataError } from "./errors.ts";
import {
  applyNormalize,
  applyStandardize,
  momentsOf,
  normalize,
  revertNormalize,
  revertStandardize,
  standardize,
} from "./preprocessing.ts";
import { samples } from "./samples.ts";

const x = samples([[1, 10, 5], [2, -30, 5], [4, 20, 5], [9, 0, 5]]);

Deno.test("normalize and standardize refuse numbers that are not finite, which would make a whole feature NaN", () => {
  for (const [name, scale] of Object.entries({ normalize, standardize })) {
    for (const odd of [NaN, Infinity, -Infinity]) {
      const message = `Cannot ${name} samples: expected finite numbers, got ${odd} as feature 1 of example 2`;
      assertThrows(() => scale(samples([[1, 2], [3, 4], [5, odd]])), DataError, message);
    }
  }
});

Deno.test("normalize brings each feature to [0, 1] and keeps its range", () => {
  const { z, min, max } = normalize(x);
  assertEquals([...min], [1, -30, 5]);
  assertEquals([...max], [9, 20, 5]);
  assertEquals([...z.values].map((value) => Math.round(value * 1000)), [
    0,
    800,
    0,
    125,
    0,
    0,
    375,
    1000,
    0,
    1000,
    600,
    0,
  ]);
});

Deno.test("standardize brings each feature to mean 0 and deviation 1", () => {
  const { z } = standardize(x);
  for (const feature of [0, 1]) {
    const column = [0, 1, 2, 3].map((row) => z.values[3 * row + feature]);
    assertAlmostEquals(column.reduce((sum, value) => sum + value, 0), 0, 1e-6);
    assertAlmostEquals(column.reduce((sum, value) => sum + value * value, 0) / 4, 1, 1e-6);
  }
});

Deno.test("a deviation of at least epsilon scales, and less does not", () => {
  const of = (...values: number[]) => samples(values.map((value) => [value]));
  const deviations = [of(0, 4), of(0, 3), of(1, 1)].map((x) => [...momentsOf(() => [x], x.shape, 2).std]);
  assertEquals(deviations, [[2], [1], [1]]);
});

Deno.test("a deviation of 0, as of other programs, scales by 1", () => {
  const [mean, std] = [Float32Array.of(3), Float32Array.of(0)];
  const z = applyStandardize(samples([[3], [5]]), mean, std);
  assertEquals([...z.values], [0, 2]);
  assertEquals([...revertStandardize(z, mean, std).values], [3, 5]);
});

Deno.test("constant features become 0, not NaN, and are restored", () => {
  const constant = samples([[0.1], [0.1], [0.1]]);
  const normal = normalize(constant);
  const standard = standardize(constant);
  assertEquals([...normal.z.values], [0, 0, 0]);
  assertEquals([...standard.z.values], [0, 0, 0]);
  assertEquals(revertNormalize(normal.z, normal.min, normal.max), constant);
  assertEquals(revertStandardize(standard.z, standard.mean, standard.std), constant);
});

Deno.test("a deviation below epsilon counts as constant", () => {
  const nearly = samples([[1], [1.01]]);
  assertEquals([...standardize(nearly, 0.1).std], [1]);
  assertAlmostEquals(standardize(nearly).std[0], 0.005, 1e-6);
});

Deno.test("reverting restores the samples", () => {
  const normal = normalize(x);
  const standard = standardize(x);
  const back = [
    revertNormalize(normal.z, normal.min, normal.max),
    revertStandardize(standard.z, standard.mean, standard.std),
  ];
  for (const { values, shape } of back) {
    assertEquals(shape, x.shape);
    values.forEach((value, i) => assertAlmostEquals(value, x.values[i], 1e-5));
  }
});

Deno.test("other samples are scaled by the statistics they are given", () => {
  assertEquals([...applyNormalize(samples([[5]]), Float32Array.of(1), Float32Array.of(3)).values], [2]);
  assertEquals([...applyStandardize(samples([[5]]), Float32Array.of(1), Float32Array.of(2)).values], [2]);
});

Deno.test("features are counted over all axes but the first", () => {
  const images = samples(Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7), [2, 2, 2]);
  assertEquals([...normalize(images).min], [0, 1, 2, 3]);
  assertEquals(normalize(images).z.shape, [2, 2, 2]);
});

Deno.test("a NaN among the samples to which a scaling is applied stays in its place", () => {
  const z = applyNormalize(samples([[NaN, 1], [1, 2]]), Float32Array.of(0, 1), Float32Array.of(1, 2));
  assertEquals([...z.values], [NaN, 0, 1, 1]);
});

Deno.test("no samples give no scaled samples", () => {
  assertEquals(normalize(samples(new Float32Array(0), [0, 3])).z.shape, [0, 3]);
  assertEquals(standardize(samples(new Float32Array(0), [0, 3])).z.values.length, 0);
});

Deno.test("statistics of another number of features are refused", () => {
  assertThrows(
    () => applyNormalize(x, new Float32Array(2), new Float32Array(2)),
    TypeError,
    "Cannot normalize samples of 3 features with statistics of 2",
  );
  assertThrows(() => revertStandardize(x, new Float32Array(3), new Float32Array(1)), TypeError, "statistics of 1");
});

Deno.test("features of the largest numbers are scaled, and scaled back", () => {
  const x = samples([[-3e38], [0], [3e38]]);
  const { z, min, max } = normalize(x);
  assertEquals([...z.values], [0, 0.5, 1]);
  assertEquals(revertNormalize(z, min, max), x);
  const standard = standardize(x);
  assertEquals([...standard.z.values].map((value) => value.toFixed(4)), ["-1.2247", "0.0000", "1.2247"]);
});

Deno.test("only features that deviate by less than epsilon are not scaled", () => {
  const set = samples([[0, 0, 0, 7], [4, 3.9, 4.1, 7]]);
  const { mean, std } = momentsOf(() => [set], set.shape, 2);
  assertEquals([...mean].map((value) => Number(value.toFixed(3))), [2, 1.95, 2.05, 7]);
  assertEquals([...std].map((value) => Number(value.toFixed(3))), [2, 1, 2.05, 1]);
});

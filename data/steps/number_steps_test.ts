import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tableOf } from "../table/table_of.ts";
import { fitPreprocessing } from "./fit_preprocessing.ts";
import { knownOf, meanOf, momentsOf } from "./number_steps.ts";

const of = (...values: number[]): Float64Array => Float64Array.from(values);

Deno.test("known numbers are those that are not missing", () => {
  assertEquals(knownOf(of(NaN, 0, -1, NaN, Infinity)), of(0, -1, Infinity));
});

Deno.test("moments are those of the population", () => {
  const small = momentsOf(of(2, 4, 4, 4, 5, 5, 7, 9));
  assertEquals([small.mean, small.deviation], [5, 2]);
  const { mean, deviation } = momentsOf(of(3e300, -1e300, 1e300, 1e300));
  assertAlmostEquals(mean / 1e300, 1, 1e-12);
  assertAlmostEquals(deviation / 1e300, Math.SQRT2, 1e-12);
});

Deno.test("numbers that differ by roundings alone are constant, and others are not", () => {
  // Neighbors of 1000 in double precision, whose deviation is some 1e-13.
  assertEquals(momentsOf(of(1000, 1000 + 2 ** -43)).deviation, 1);
  assertEquals(momentsOf(of(0.3, 0.1 + 0.2, 0.3)).deviation, 1);
  assertAlmostEquals(momentsOf(of(1, 1 + 2e-10)).deviation / 1e-10, 1, 1e-3);
  assertAlmostEquals(momentsOf(of(0, 1e-30)).deviation / 5e-31, 1, 1e-12);
  // For four numbers around 1, deviations up to 4 ε are roundings.
  const spread = (size: number): number =>
    momentsOf(of(1 - size, 1 + size, 1 - size, 1 + size)).deviation / Number.EPSILON;
  assertEquals(spread(3 * Number.EPSILON) * Number.EPSILON, 1);
  assertAlmostEquals(spread(6 * Number.EPSILON), 6, 1);
});

Deno.test("a mean is exact if the sum is infinite, too", () => {
  assertEquals(meanOf(of(1, 2, 6)), 3);
  assertAlmostEquals(meanOf(of(1.5e308, 1.5e308, 0)) / 1e308, 1, 1e-12);
  assertAlmostEquals(meanOf(of(-1.5e308, -0.9e308, -0.6e308)) / -1e308, 1, 1e-12);
});

Deno.test("logarithms need numbers above minus the offset", () => {
  const table = tableOf([0, 1, 3].map((x) => ({ x, y: x })));
  const fit = (offset: number) =>
    fitPreprocessing(table, { inputs: { x: [["log", { offset }]] }, targets: { y: [] } }).apply(table);
  const message = "expected numbers above 0, got 0";
  assertThrows(() => fit(0), Error, message);
  assertThrows(() => fit(-1), Error, "expected numbers above 1, got 0");
  const { x } = fit(1);
  assertEquals([...x.values], [0, Math.LN2, Math.log(4)].map(Math.fround));
});

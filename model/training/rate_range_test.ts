import { assertAlmostEquals, assertEquals } from "@std/assert";
import { exponentialRates, hasDiverged, judgeRates, settlingSteps, smoother } from "./rate_range.ts";

const near = (found: readonly number[], wanted: readonly number[]): void => {
  assertEquals(found.length, wanted.length);
  found.forEach((one, i) => assertAlmostEquals(one, wanted[i], 1e-12));
};

Deno.test("rates are equal multiples of each other, from the first to exactly the last", () => {
  near(exponentialRates(0.001, 10, 5), [0.001, 0.01, 0.1, 1, 10]);
  assertEquals(exponentialRates(0.001, 10, 5)[4], 10);
  assertEquals([exponentialRates(0.5, 8, 1), exponentialRates(0.5, 8, 2)], [[0.5], [0.5, 8]]);
  near(exponentialRates(1, 8, 4), [1, 2, 4, 8]);
});

Deno.test("a tenth of the steps, rounded up, does not count", () => {
  assertEquals([100, 101, 10, 1].map(settlingSteps), [10, 11, 1, 1]);
});

Deno.test("a smoothed loss is the mean of the losses with shares that fall from the last one on", () => {
  const smooth = smoother(0.5);
  near([smooth(4), smooth(1), smooth(2)], [4, (0.5 * 4 + 1) / 1.5, (0.25 * 4 + 0.5 + 2) / 1.75]);
  const none = smoother(0);
  assertEquals([none(3), none(7)], [3, 7]);
});

const pointsOf = (...losses: readonly number[]) =>
  losses.map((smoothed, i) => ({ rate: 10 ** i, loss: smoothed + 0.5, smoothed }));

Deno.test("a loss has diverged above a multiple of the lowest one, if that is above 0", () => {
  const points = pointsOf(3, 2, 5);
  assertEquals([7.9, 8, 8.1].map((loss) => hasDiverged(loss, points, 4)), [false, false, true]);
  assertEquals([NaN, Infinity].map((loss) => hasDiverged(loss, points, 4)), [true, true]);
  assertEquals([hasDiverged(9, [], 4), hasDiverged(9, pointsOf(0), 4), hasDiverged(9, pointsOf(-1), 4)], [
    ...[false, false, false],
  ]);
});

Deno.test("the suggested rate is the lower one of the steepest and a tenth of the one with the lowest loss", () => {
  const judge = (losses: readonly number[], settling = 0) => {
    const { suggestion, steepest, lowest, stop, points } = judgeRates(pointsOf(...losses), { stop: "steps", settling });
    assertEquals([stop, points], ["steps", pointsOf(...losses)]);
    return [suggestion, steepest, lowest];
  };
  assertEquals(judge([9, 8, 4, 3, 7]), [10, 10, 1000]);
  assertEquals(judge([9, 8, 7, 3, 2.5, 7]), [100, 100, 10_000]);
  assertEquals(judge([9, 8, 7, 6.9, 2, 7]), [1000, 1000, 10_000]);
  assertEquals(judge([9, 5, 4.5, 3, 8]), [10, 10, 1000]);
  // The falls before and after a rate count alike, and of equal ones the first.
  assertEquals(judge([9, 7, 5, 3, 8]), [10, 10, 1000]);
  // Two equal losses: the first is the lowest one.
  assertEquals(judge([9, 5, 3, 3, 8])[2], 100);
  // What falls before the first tenth has passed does not count.
  assertEquals(judge([9, 1, 8, 7, 3, 2, 7], 2), [1000, 1000, 100_000]);
  assertEquals(judge([9, 1, 8, 7], 3), [null, null, 1000]);
  assertEquals(judge([9, 8], 5), [null, null, 10]);
  const fine = pointsOf(9, 8, 7, 2, 1, 7).map((point, i) => ({ ...point, rate: 2 ** i }));
  const { suggestion, steepest, lowest } = judgeRates(fine, { stop: "steps", settling: 0 });
  assertEquals([suggestion, steepest, lowest], [1.6, 4, 16]);
  assertEquals([judge([]), judge([5]), judge([1, 2, 3])], [[null, null, null], [null, null, 1], [null, null, 1]]);
});

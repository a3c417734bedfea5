import { assert, assertEquals } from "@std/assert";
import { linearScale, logScale, roundStep, type Scale, showNumber } from "./scale.ts";

const labelsOf = ({ ticks }: Scale): string[] => ticks.map(({ label }) => label);

Deno.test("the ticks of a linear scale are round numbers, and include all values", () => {
  assertEquals(labelsOf(linearScale([3.1, 17.4])), ["0", "5", "10", "15", "20"]);
  assertEquals(labelsOf(linearScale([-0.7, 0.9])), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
  assertEquals(labelsOf(linearScale([1, 3], { whole: true })), ["1", "2", "3"]);
  assertEquals(labelsOf(linearScale([2, 12], { fromZero: true })), ["0", "5", "10", "15"]);
  assertEquals(linearScale([3.1, 17.4]).domain, [0, 20]);
  assertEquals(labelsOf(linearScale([-12, 2], { fromZero: true })), ["-15", "-10", "-5", "0", "5"]);
});

Deno.test("equal values, and none at all, have a scale around them", () => {
  for (const values of [[], [0], [5, 5], [-3], [NaN], [Infinity, 2], [1e300], [5e-324]]) {
    const { domain: [low, high], ticks } = linearScale(values);
    assert(low < high && ticks.length > 1, String(values));
    for (const value of values.filter(Number.isFinite)) assert(low <= value && value <= high, String(values));
    assert(!labelsOf(linearScale(values)).some((label) => /NaN|Infinity/.test(label)), String(values));
  }
});

Deno.test("neighboring ticks have different labels, however near or large they are", () => {
  for (const values of [[12.34, 12.3404], [-1, 1e9], [0, 1e-8], [1e-7, 1.0004e-7], [1e5, 1e5 + 1], [1e12, 1e12 + 8]]) {
    const labels = labelsOf(linearScale(values));
    assertEquals(new Set(labels).size, labels.length, String(labels));
  }
  assertEquals(labelsOf(linearScale([-1, 1e9])).slice(0, 3), ["-5·10⁸", "0", "5·10⁸"]);
  assertEquals(labelsOf(linearScale([0, 8e-8])), ["0", "2·10⁻⁸", "4·10⁻⁸", "6·10⁻⁸", "8·10⁻⁸"]);
});

Deno.test("the ticks of a logarithmic scale are powers of ten, two at least", () => {
  assertEquals(labelsOf(logScale([0.0004, 0.7])), ["10⁻³", "10⁻²", "10⁻¹"]);
  assertEquals(labelsOf(logScale([0.02, 0.7])), ["10⁻²", "10⁻¹", "10⁰"]);
  assertEquals(labelsOf(logScale([0.3, 0.7])), ["10⁻¹", "10⁰"]);
  assertEquals(labelsOf(logScale([16, 512])), ["10", "100", "1000"]);
  assertEquals(labelsOf(logScale([1e-12, 1e12])), ["10⁻¹²", "10⁻⁷", "10⁻²", "10³", "10⁸"]);
  assertEquals(labelsOf(logScale([1])), ["1", "10"]);
  // Two powers between the numbers are enough, one is not.
  assertEquals(labelsOf(logScale([5, 300])), ["10", "100"]);
  assertEquals(labelsOf(logScale([20, 300])), ["10", "100", "1000"]);
  assertEquals(logScale([0.02, 0.7]).minor.map(showNumber).slice(0, 9), [
    ...["0.02", "0.03", "0.04", "0.05", "0.06", "0.07", "0.08", "0.09", "0.2"],
  ]);
});

Deno.test("numbers are shown to three digits, small and large ones with a power of ten", () => {
  assertEquals([0, 3.14159, -20, 12345.6, 0.000123].map(showNumber), ["0", "3.14", "-20", "12300", "0.000123"]);
  assertEquals([1e9, -2.5e-8].map(showNumber), ["1·10⁹", "-2.5·10⁻⁸"]);
});

Deno.test("steps are 1, 2 or 5 times a power of ten", () => {
  assertEquals([0.3, 0.2, 3, 5, 60, 0.011].map(roundStep), [0.5, 0.2, 5, 5, 100, 0.02]);
});

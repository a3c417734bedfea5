import { assertEquals } from "@std/assert";
import { betaQuantiles } from "./beta.ts";

Deno.test("quantiles of beta distributions are those that SciPy computes, in steps of 2⁻²⁰", () => {
  // [round(beta.ppf((i + 0.5) / 1024, a, a) * 2**20) for i in [0, 1, 10, 100, 300, 511]], with SciPy 1.17
  const expected: [number, number[]][] = [
    [0.2, [0, 0, 0, 237, 54578, 522683]],
    [0.5, [1, 6, 272, 24725, 207466, 523484]],
    [0.75, [55, 240, 3214, 64757, 270271, 523675]],
    [2, [13435, 23344, 62560, 203244, 375945, 523947]],
    [20, [267161, 289419, 337414, 417628, 479051, 524186]],
    [3000, [501980, 504158, 508609, 515542, 520610, 524280]],
  ];
  for (const [alpha, multiples] of expected) {
    const quantiles = betaQuantiles(alpha);
    assertEquals([0, 1, 10, 100, 300, 511].map((i) => quantiles[i] * 2 ** 20), multiples, `${alpha}`);
    assertEquals(quantiles.length, 1024);
    for (const i of [0, 100, 511]) assertEquals(quantiles[1023 - i], 1 - quantiles[i]);
  }
});

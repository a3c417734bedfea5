import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { LearningRateRange } from "../model/mod.ts";
import { rateCurve, shownPoints } from "./rate_curve.ts";
import { terminalRateCurve } from "./terminal_rate_curve.ts";
import { assertReadable } from "./test_layout.ts";
import { cornersOf, partsOf, textsOf } from "./testing.ts";
import { seriesShades } from "./theme.ts";

/** A range test with these smoothed losses at rates from 10⁻⁴. */
function rangeOf(losses: readonly number[], suggestion: number | null = 1e-2): LearningRateRange {
  const points = losses.map((smoothed, i) => ({ rate: 10 ** (i - 4), loss: smoothed + 0.1, smoothed }));
  return { points, suggestion, steepest: suggestion, lowest: losses.length === 0 ? null : 0.1, stop: "steps" };
}

const range = rangeOf([2.3, 2.2, 1.6, 1, 3]);

Deno.test("losses are drawn at equal distances of rates that are multiples, and the suggestion is marked", async () => {
  const { svg, description } = await rateCurve(range, { title: "mlp" });
  const [[smoothed]] = seriesShades;
  const corners = cornersOf(svg, smoothed).at(-1)!;
  assertEquals(corners.length, 5);
  const steps = corners.slice(1).map(([x], i) => Math.round(x - corners[i][0]));
  assert(Math.max(...steps) - Math.min(...steps) <= 1, String(steps));
  const [ring] = partsOf(svg, 'g[aria-label="dot"] circle[r="5"]');
  assert(Math.abs(Number(ring.getAttribute("cx")) - corners[2][0]) < 0.2);
  assert(textsOf(svg).includes("suggestion 0.01") && textsOf(svg).includes("learning rate"));
  assertEquals(description, "mlp: losses of 5 steps at rising learning rates; suggestion 0.01; lowest loss at 0.1");
  assertReadable(svg);
});

Deno.test("a suggestion at either end of the rates is marked, and none beyond them", async () => {
  const marks = async (suggestion: number) =>
    partsOf((await rateCurve(rangeOf([2.3, 2.2, 1.6, 1, 0.9], suggestion))).svg, 'g[aria-label="dot"] circle[r="5"]')
      .length;
  assertEquals([await marks(1e-4), await marks(1), await marks(5e-5), await marks(2)], [1, 1, 0, 0]);
});

Deno.test("losses of more than twice the first one, and tests without points or suggestion, are drawn, too", async () => {
  const { svg } = await rateCurve(rangeOf([2, 1, 90]));
  assertEquals(cornersOf(svg, seriesShades[0][0]).at(-1)!.length, 2);
  for (const one of [rangeOf([], null), rangeOf([2], null), rangeOf([2, 3], null), rangeOf([0, 0])]) {
    const picture = await rateCurve(one);
    assert(!/NaN|Infinity|undefined|null/.test(picture.svg));
    assertReadable(picture.svg);
  }
  assertStringIncludes((await rateCurve(rangeOf([2, 3], null))).description, "no suggestion: the loss does not fall");
});

Deno.test("a loss of exactly twice the first one is drawn", async () => {
  assertEquals(3.9 + 0.1, 4);
  const { svg } = await rateCurve(rangeOf([2, 1, 3.9, 5]));
  assertEquals(cornersOf(svg, seriesShades[0][0]).at(-1)!.length, 3);
  assertEquals(shownPoints(rangeOf([2, 4, 5]).points).length, 2);
  assertEquals(cornersOf((await rateCurve(rangeOf([0.3, 0.2, 1.5]))).svg, seriesShades[0][0]).at(-1)!.length, 2);
});

Deno.test("losses below 0 are drawn up to twice the size of the first one", async () => {
  const range = rangeOf([-2, -1, 3, 5, 6], null);
  assertEquals(shownPoints(range.points).length, 3);
  assertEquals(cornersOf((await rateCurve(range)).svg, seriesShades[0][0]).at(-1)!.length, 3);
});

Deno.test("a terminal shows the smoothed losses between the first and the last rate", async () => {
  const text = await terminalRateCurve(range, { columns: 70, rows: 5 });
  const lines = text.split("\n");
  assertEquals(lines[0], "smoothed loss, suggestion 0.01; lowest loss at 0.1");
  assert(
    /^ +learning rate 1·10⁻⁴ +1$/.test(lines.at(-1)!) || /^ +learning rate 0.0001 +1$/.test(lines.at(-1)!),
    lines.at(-1),
  );
  assert(lines.every((line) => line.length <= 70));
  assertEquals(await terminalRateCurve(rangeOf([], null)), "");
});

Deno.test("other values than the result of a range test are refused", async () => {
  for (
    const wrong of [undefined, {}, { ...range, points: [{ rate: 0, loss: 1, smoothed: 1 }] }, { ...range, lowest: "a" }]
  ) {
    await assertRejects(() => rateCurve(wrong as never), TypeError, "expected the result of learningRateRange");
    await assertRejects(() => terminalRateCurve(wrong as never), TypeError, "expected the result of learningRateRange");
  }
});

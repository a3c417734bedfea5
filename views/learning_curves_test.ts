import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { learningCurves } from "./learning_curves.ts";
import { cornersOf, historyOf, partsOf, textsOf } from "./testing.ts";
import { seriesShades } from "./theme.ts";

const [[training], [validation]] = seriesShades;

Deno.test("better values are lower on the curves, at equal distances", async () => {
  const { svg } = await learningCurves({ history: historyOf(40, 20, 10), errorUnit: "%" });
  const [, [first, second, third]] = cornersOf(svg, validation);
  assertEquals(second[0] - first[0], third[0] - second[0]);
  assertEquals((second[1] - first[1]) / (third[1] - second[1]), 2);
  const [, [trained]] = cornersOf(svg, training);
  assertEquals(trained[0], first[0]);
  // The training error is half the validation error, which is that value one epoch later.
  assertEquals(trained[1], second[1]);
});

Deno.test("the best validation error is marked, within its epoch if the report has its step", async () => {
  const history = historyOf(40, 10, 20);
  const rough = await learningCurves({ history, errorUnit: "%" });
  assertStringIncludes(rough.description, "best: 10.000 % in epoch 2");
  const exact = await learningCurves(
    { history, errorUnit: "", bestIteration: 25, validationError: 9, batches: 10 },
  );
  assert(textsOf(exact.svg).includes("best: 9.000 in epoch 3"));
  const ringOf = (svg: string) => Number(partsOf(svg, 'g[aria-label="dot"] circle[r="5"]')[0].getAttribute("cx"));
  assert(ringOf(exact.svg) > ringOf(rough.svg));
});

Deno.test("the best error is reported in its epoch, even if the last epoch was not finished", async () => {
  // 33 steps with 16 per epoch: patience ended in the third epoch.
  const stopped = { history: historyOf(40, 10, 20), errorUnit: "%" as const, bestIteration: 32, batches: 16 };
  assertStringIncludes((await learningCurves(stopped)).description, "best: 10.000 % in epoch 2");
});

Deno.test("values that are not finite and missing measures are not drawn", async () => {
  const [first, second] = historyOf(40, NaN);
  const history = [{ ...first, validationLoss: null }, { ...second, trainLoss: Infinity, validationLoss: null }];
  const { svg } = await learningCurves({ history, errorUnit: "%" });
  assert(!/NaN|Infinity|undefined|null/.test(svg));
  assertEquals(textsOf((await learningCurves({ history: [], errorUnit: "%" })).svg).includes("epoch"), true);
});

Deno.test("values without a logarithm are left out", async () => {
  const { svg } = await learningCurves({ history: historyOf(100, 10, 0), errorUnit: "%" }, { logarithmic: true });
  const [, corners] = cornersOf(svg, validation);
  assertEquals(corners.length, 2);
});

Deno.test("a title is text, and stays within the picture", async () => {
  const { svg, width } = await learningCurves(
    { history: historyOf(1), errorUnit: "%" },
    { title: `</svg><script>"&'${"long ".repeat(50)}`, width: 320 },
  );
  assertEquals(partsOf(svg, "script"), []);
  const [title] = textsOf(svg);
  assert(title.startsWith("</svg><script>\"&'long") && title.endsWith("…"));
  assertEquals(width, 340);
});

Deno.test("readers who choose dark get other colors", async () => {
  const { svg } = await learningCurves({ history: historyOf(1), errorUnit: "%" });
  const [style] = partsOf(svg, "style");
  const [, dark] = style.textContent.split("@media (prefers-color-scheme:dark)");
  for (const [light, other] of seriesShades) assertStringIncludes(dark, `[stroke="${light}"]{stroke:${other}}`);
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { learningCurves } from "./learning_curves.ts";
import { assertReadable } from "./test_layout.ts";
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

Deno.test("curves have numbers at round ticks, and nothing overlaps or is cut off", async () => {
  const shapes: Readonly<Record<string, (epoch: number) => number>> = {
    falling: (epoch) => 40 * Math.exp(-epoch / 3) + 2,
    large: (epoch) => 4e7 / epoch,
    small: (epoch) => 3e-5 / epoch,
    nearlyConstant: (epoch) => 12.34 + 1e-4 / epoch,
    constant: () => 0,
  };
  for (const [name, errorOf] of Object.entries(shapes)) {
    for (const count of [0, 1, 2, 7, 40, 1500]) {
      const history = historyOf(...Array.from({ length: count }, (_, i) => errorOf(i + 1)));
      for (const options of [{}, { width: 320 }, { width: 600, logarithmic: true }]) {
        const { svg } = await learningCurves({ history, errorUnit: "%" }, options);
        assertReadable(svg, `${count} ${name} ${JSON.stringify(options)}`);
        if (count < 2 || name === "constant" && options.logarithmic) continue;
        const ticks = partsOf(svg, 'g[aria-label="y-axis tick label"] text').map(({ textContent }) => textContent);
        assert(ticks.length >= (options.logarithmic ? 2 : 3), `${name}: ${ticks}`);
        for (const tick of ticks) assert(/^-?([\d.]+|([\d.]+·)?10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.test(tick), `${name}: ${tick}`);
      }
    }
  }
});

Deno.test("logarithmic scales have powers of ten as ticks", async () => {
  const history = historyOf(40, 7, 0.3, 0.02);
  const { svg } = await learningCurves({ history, errorUnit: "%" }, { logarithmic: true });
  const [losses, errors] = partsOf(svg, 'g[aria-label="y-axis tick label"]').map((axis) =>
    [...axis.querySelectorAll("text")].map(({ textContent }) => textContent)
  );
  assertEquals(losses, ["10⁻²", "10⁻¹", "10⁰"]);
  assertEquals(errors, ["10⁻²", "10⁻¹", "10⁰", "10¹"]);
});

Deno.test("a best error near 0 is not reported as 0", async () => {
  const { description } = await learningCurves({ history: historyOf(40, 0.00025), errorUnit: "%" });
  assertStringIncludes(description, "best: 0.00025 % in epoch 2");
  const least = await learningCurves({ history: historyOf(40, 0.001), errorUnit: "%" });
  assertStringIncludes(least.description, "best: 0.001 % in epoch 2");
  const unitless = await learningCurves({ history: historyOf(40, 0.00025), errorUnit: "" });
  assertStringIncludes(unitless.description, "best: 0.00025 in epoch 2");
});

Deno.test("each metric has a panel, and the best value of the monitored one is marked there", async () => {
  const values = [0.25, 0.75, 0.5];
  const history = historyOf(40, 20, 10).map((record, i) => ({
    ...record,
    metrics: {
      training: { f1: values[i] / 2, auc: 0.5, "f1 of each/0": 1 },
      validation: { f1: values[i], auc: NaN, "f1 of each/0": 1 },
    },
  }));
  const metrics = { validation: { f1: 0.75 }, test: null };
  const report = { history, errorUnit: "%" as const, batches: 10, bestIteration: 20, monitoredMetric: "f1", metrics };
  const { svg, description } = await learningCurves(report);
  assertStringIncludes(description, "best f1: 0.750 in epoch 2");
  const texts = textsOf(svg);
  assert(["loss", "error (%)", "f1", "auc"].every((label) => texts.some((text) => text.includes(label))));
  assert(!texts.some((text) => text.includes("f1 of each")));
  assertEquals(partsOf(svg, 'g[aria-label="dot"] circle[r="5"]').length, 1);
  const { monitoredMetric: _, ...others } = report;
  const loss = await learningCurves({ ...others, monitor: "validationLoss", validationLoss: 1.25 });
  assertStringIncludes(loss.description, "best: 1.250 in epoch 2");
});

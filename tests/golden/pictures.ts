/**
 * Pictures, pages and charts of all kinds and sizes, which `pictures_test.ts` compares with the recorded ones.
 *
 *     deno run -A tests/golden/pictures.ts FOLDER     writes them into a folder, to look at
 *     deno task record pictures                       records them anew, if they are meant to change
 *
 * @module
 */

import { ones, tensor } from "../../core/creation.ts";
import { setDevice } from "../../core/device.ts";
import { softmax } from "../../core/functions/reduction.ts";
import { jit } from "../../core/jit.ts";
import { key as randomKey } from "../../core/random/bits.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { convLayer } from "../../layers/convolution/conv.ts";
import { denseLayer } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import type { Layer } from "../../layers/layer.ts";
import { autoEncoder } from "../../layers/unsupervised/auto_encoder.ts";
import { rbm } from "../../layers/unsupervised/rbm.ts";
import { type Network, network } from "../../model/network.ts";
import { resultOf } from "../../model/search/result.ts";
import { failure, result, row } from "../../model/search/test_rows.ts";
import { compose } from "../../views/compose.ts";
import { someEvents } from "../../views/events/testing.ts";
import * as views from "../../views/mod.ts";
import { historyOf, someProfile } from "../../views/testing.ts";

/** The recorded digests, by the names of the pictures. */
export const recordPath: string = `${import.meta.dirname}/pictures.json`;

const errorUnit = "%" as const;
const falling = Array.from({ length: 40 }, (_, i) => 40 * Math.exp(-i / 6) + 2 + (i % 5) / 4);
const losses = historyOf(9, 5, 4).map((one) => ({ ...one, trainError: NaN, validationError: null }));
const exact = { history: historyOf(40, 10, 20), errorUnit, bestIteration: 25, validationError: 9, batches: 10 };

const square = (count: number, valueOf: (i: number, j: number) => number): number[][] =>
  Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => valueOf(i, j)));

const confusion = (count: number, examples: number) => ({
  counts: square(count, (i, j) => i === j ? examples : (i * 7 + j) % 5 === 0 ? 1 + i : 0),
  total: 2 * count * examples,
  wrong: count * examples,
});

const images = (count: number, size: number): number[][] =>
  Array.from({ length: count }, (_, i) => Array.from({ length: size }, (_, j) => (i * 31 + j * 17) % 101 / 100));

const fraction = (i: number): number => (i * 0.6180339887 + 0.137) % 1;
const searched = (count: number, failed: number) =>
  resultOf(
    ["learningRate", "nUnits", "activation", "shuffle", "aRateWithAVeryLongNameThatNeedsMoreThanOneLine", "l2"],
    Array.from({ length: count }, (_, i) =>
      row(i, {
        hyperparameters: {
          learningRate: 10 ** (-5 * fraction(i)),
          nUnits: 3 + Math.floor(500 * fraction(i + 3)),
          activation: ["tanh", "leakyRectifiedLinearUnit0.2", "sigmoid"][i % 3],
          shuffle: i % 2 === 0,
          aRateWithAVeryLongNameThatNeedsMoreThanOneLine: 0.1 * fraction(i),
          l2: i % 3 === 0 ? 0 : 10 ** -(i % 5),
        },
        ...i < failed ? { outcome: "failed", failure } : { validationError: 2 + (i * 7919 % 101) / 13 },
      })),
    count,
  );

const end = someEvents.at(-1);
if (end?.event !== "end") throw new Error("Cannot draw a report: the last event is not the end of a training");
const report = { ...end.report, history: historyOf(40, 20, 10), testError: 11.25 };
const { confusionMatrix, compareRuns, imageGrid, learningCurves, terminalCurves } = views;
const labels = ["cat", "dog", "a bird with a long name", "fish"];

/** The memory of a function with values that are alive at the same time. */
async function plan(): Promise<{ toString(): string }> {
  await setDevice("wasm", { threads: 2, native: false });
  const layered = jit((x: Tensor) => {
    const [first, second] = [x.matmul(x), x.transpose([1, 0]).matmul(x)];
    return [first.matmul(second).sum({ axis: 0 }), softmax(second).matmul(first)];
  }, { name: "layered" });
  layered(ones([24, 24]));
  return await views.planDiagram(layered, { title: "Two products" });
}

/** The result of a learning-rate range test with these smoothed losses. */
const rates = (losses: readonly number[], suggestion: number | null) => ({
  points: losses.map((smoothed, i) => ({ rate: 10 ** (i / 2 - 4), loss: smoothed + (i % 3) / 10, smoothed })),
  ...{ suggestion, steepest: suggestion, lowest: losses.length === 0 ? null : 10 ** (losses.indexOf(1) / 2 - 4) },
  stop: "steps" as const,
});
const risingRates = rates([2.3, 2.25, 2.1, 1.6, 1, 1.3, 9], 10 ** -2.5);

/** Numbers between 0 and 1 that repeat after 101. */
const numbers = (shape: readonly number[]): Tensor =>
  tensor(Float32Array.from({ length: sizeOf(shape) }, (_, i) => i * 17 % 101 / 100)).reshape(shape);

/** A network of one layer, whose weights are given by their shapes. */
async function trained(layer: Layer, shapes: Readonly<Record<string, readonly number[]>>): Promise<Network> {
  await setDevice("wasm", { threads: 2, native: false });
  const net = network("net", layer);
  const params = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, numbers(shape).sub(0.5)]));
  return net.withWeights({ ...net.init(randomKey(1)), params: { [net.layers.at(-1)!.name]: params } });
}

const pixels = inputLayer({ shape: [null, 16] });
const denseNetwork = () => trained(denseLayer(pixels, { nUnits: 7 }), { W: [16, 7], b: [7] });
const convolution = () =>
  trained(convLayer(inputLayer({ shape: [null, 2, 8, 8] }), { filterShape: [3, 2, 3, 4] }), {
    W: [3, 2, 3, 4],
    b: [3],
  });
const coded = () => trained(autoEncoder(pixels, { nUnits: 5 }), { W: [16, 5], b: [5], b_prime: [16] });
const machine = () => trained(rbm(pixels, { nUnits: 5 }), { W: [16, 5], b: [5], b_hidden: [16] });

/** A picture with samples of all marks in its legend, in several rows. */
const marks = compose({
  ...{ title: "All marks", note: "One panel in each row", columns: 1 },
  legend: (["line", "dot", "ring", "best", "cross", "line"] as const).map((mark, i) => (
    { label: `${mark} ${"and more ".repeat(i)}`, mark, color: `#00${i}${i}72`, dash: i === 5 ? "3,2" : "none" }
  )),
  panels: [120, 240].map((width) => ({ svg: `<svg width="${width}" height="30"></svg>`, width, height: 30 })),
});

/** Everything that is drawn, by name. */
export const drawn: Readonly<Record<string, () => Promise<{ toString(): string }>>> = {
  "curves.svg": () => learningCurves({ history: historyOf(...falling), errorUnit }, { title: "Falling" }),
  "profile.svg": () => views.profileDiagram(someProfile),
  "curves_exact.svg": () => learningCurves(exact),
  "curves_narrow.svg": () => learningCurves({ history: historyOf(3, 2), errorUnit: "" }, { width: 320 }),
  "curves_logarithmic.svg": () =>
    learningCurves({ history: historyOf(70, 7, 0.3, 0.02), errorUnit }, { logarithmic: true }),
  "curves_losses.svg": () => learningCurves({ history: losses, errorUnit: "" }),
  "curves_long.svg": () => learningCurves({ history: historyOf(...falling, ...falling), errorUnit }, { width: 900 }),
  "curves_700.svg": () =>
    learningCurves({ history: historyOf(...Array.from({ length: 700 }, (_, i) => 40 / (1 + i / 50))), errorUnit }),
  // Ranges of epochs that round steps between the marks of the axis just fill.
  ...Object.fromEntries(
    [8, 15, 36, 71].map((epochs) => {
      const history = historyOf(...Array.from({ length: epochs }, (_, i) => 40 / (1 + i)));
      return [`curves_${epochs}.svg`, () => learningCurves({ history, errorUnit })];
    }),
  ),
  "curves_large.svg": () => learningCurves({ history: historyOf(4e7, 2e7, 1e6), errorUnit: "" }),
  "curves_empty.svg": () => learningCurves({ history: [], errorUnit }),
  "runs.svg": () =>
    compareRuns({ sgd: { history: historyOf(40, 20, 12), errorUnit }, adam: { history: historyOf(30, 8), errorUnit } }),
  "runs_measures.svg": () =>
    compareRuns(
      Object.fromEntries(
        falling.slice(0, 9).map((error, i) => [`run number ${i}`, { history: historyOf(error, error / 2), errorUnit }]),
      ),
      { measures: ["trainLoss", "validationError", "trainError"], width: 500, logarithmic: true, title: "Nine" },
    ),
  "confusion.svg": () => confusionMatrix(confusion(4, 980), { labels, title: "Animals" }),
  "confusion_10.svg": () => confusionMatrix(confusion(10, 12_345)),
  "confusion_45.svg": () => confusionMatrix(confusion(45, 7), { width: 300 }),
  "confusion_large.svg": () => confusionMatrix(confusion(3, 98_765_432), { width: 270 }),
  "plan.svg": plan,
  "images.svg": () =>
    imageGrid([{ label: "inputs", images: images(7, 16) }, {
      label: "codes with a long label",
      images: images(3, 16),
    }]),
  "images_narrow.svg": () => imageGrid([{ images: images(10, 64) }], { columns: 4, width: 120, title: "Some images" }),
  "marks.svg": () => Promise.resolve(marks),
  "rates.svg": () => views.rateCurve(risingRates, { title: "Rates" }),
  "rates_rising.svg": () => views.rateCurve(rates([1, 1.5, 1.9], null), { width: 300, height: 200 }),
  "rates_empty.svg": () => views.rateCurve(rates([], null)),
  "filters.svg": async () => views.filters(await denseNetwork(), { most: 5, columns: 3 }),
  "filters_oblong.svg": async () => views.filters(await denseNetwork(), { imageShape: [2, 8], title: "Oblong" }),
  "filters_convolution.svg": async () => views.filters(await convolution()),
  "reconstructions.svg": async () => views.reconstructions(await coded(), numbers([5, 16]), { columns: 3 }),
  "samples.svg": async () => views.rbmSamples(await machine(), numbers([3, 16]), { turns: [1, 4], seed: 5 }),
  "search.svg": () => Promise.resolve(views.searchPicture(searched(8, 1))),
  "search_complete.svg": () => Promise.resolve(views.searchPicture(searched(5, 0))),
  "search_long.svg": () => Promise.resolve(views.searchSvg(searched(40, 2))),
  "search_few.svg": () => Promise.resolve(views.searchSvg(result)),
  "search.html": () => Promise.resolve(views.searchHtml(searched(8, 1), { seconds: true })),
  "curves.txt": () => terminalCurves({ history: historyOf(...falling), errorUnit }, { columns: 60, rows: 9 }),
  "curves_color.txt": () => terminalCurves(exact, { columns: 50, rows: 5, color: true }),
  "curves_losses.txt": () => terminalCurves({ history: losses, errorUnit: "" }, { columns: 30 }),
  "curves_large.txt": () => terminalCurves({ history: historyOf(4e7, 2e7, 1e6), errorUnit: "" }, { columns: 40 }),
  "rates.txt": () => views.terminalRateCurve(risingRates, { columns: 60, rows: 8 }),
  "report.html": () => views.htmlReport(report, { confusion: confusion(4, 980), labels, warning: "Careful" }),
  "report_losses.html": () => views.htmlReport({ ...report, history: losses, testError: null, validationError: null }),
};

/** The digests of everything that is drawn, by name. */
export async function digests(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, draw] of Object.entries(drawn)) {
    const text = new TextEncoder().encode(String(await draw()));
    found[name] = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
  }
  return found;
}

/** Records the digests anew. */
export async function recordPictures(): Promise<void> {
  await Deno.writeTextFile(recordPath, `${JSON.stringify(await digests(), null, 2)}\n`);
}

if (import.meta.main) {
  const [where] = Deno.args;
  for (const [name, draw] of Object.entries(drawn)) Deno.writeTextFileSync(`${where}/${name}`, String(await draw()));
}

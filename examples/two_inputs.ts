/**
 * Two inputs and two outputs: a network learns from a picture of a digit and from the size of the pen both which digit it
 * is, and how much of the picture is ink.
 *
 * ```sh
 * deno run -A examples/two_inputs.ts
 * ```
 *
 * Trains for 20 epochs on 2000 built-in digits; with `--quick`, for 5 epochs on 500. Prints the losses of each epoch, and
 * what the network says about digits that it has not seen:
 *
 * ```text
 * epoch 20: digit/loss 0.046, ink/loss 0.0104
 * test: 11.20 % misclassified, ink off by 0.055 on average
 * ```
 *
 * @module
 */

import {
  adam,
  categoricalCrossentropyError,
  concatenateLayer,
  data,
  denseLayer,
  digitsLoader,
  dropout,
  inputLayer,
  logisticRegression,
  meanSquaredError,
  model,
  network,
  samples,
  type SampleSet,
  sequential,
} from "../mod.ts";

const quick = Deno.args.includes("--quick");
const [nEpochs, examples] = quick ? [5, 500] : [20, 2000];

/** A set by the names of the inputs and outputs: pictures, and for each the share of gray in its ink. */
function named({ x: { values, shape }, y }: SampleSet) {
  const pictures = Array.from({ length: shape[0] }, (_, i) => values.subarray(i * 784, (i + 1) * 784));
  const inks = pictures.map((picture) => [picture.reduce((sum, one) => sum + one, 0) / 100]);
  const edges = pictures.map((picture) => [picture.filter((one) => one > 0 && one < 1).length / 100]);
  return { x: { picture: samples(values, shape), edge: samples(edges) }, y: { digit: y, ink: samples(inks) } };
}

const picture = inputLayer({ shape: [null, 784], name: "picture" });
const edge = inputLayer({ shape: [null, 1], name: "edge" });
const features = sequential(picture, [
  (previous) => denseLayer(previous, { nUnits: 100, activation: "relu" }),
  (previous) => dropout(previous, { corruptionLevel: 0.1 }),
]);
const both = concatenateLayer([features, edge]);
const digit = logisticRegression(both, { nClass: 10 });
const ink = denseLayer(both, { nUnits: 1, activation: "linear" });

const sets = data(digitsLoader({ sizes: [examples, 500, 500] }).map(named), { name: "digits" });
const { report } = await model({
  network: network("two inputs, two outputs", { digit, ink }),
  data: sets,
  objective: { digit: categoricalCrossentropyError, ink: meanSquaredError },
  lossWeights: { ink: 0.1 },
  updates: adam,
  hyperparameters: { batchSize: 50, nEpochs, learningRate: 0.002, patienceEpochs: nEpochs },
}).train({ metrics: { digit: ["accuracy"], ink: ["meanAbsoluteError"] }, progress: false });

for (const { epoch, metrics } of report.history) {
  const { "digit/loss": ofDigit, "ink/loss": ofInk } = metrics!.training;
  console.log(`epoch ${String(epoch).padStart(2)}: digit/loss ${ofDigit.toFixed(3)}, ink/loss ${ofInk.toFixed(4)}`);
}
const { "digit/accuracy": accuracy, "ink/meanAbsoluteError": off } = report.metrics!.test!;
console.log(
  `test: ${(100 * (1 - accuracy)).toFixed(2)} % misclassified, ink off by ${off.toFixed(3)} on average`,
);

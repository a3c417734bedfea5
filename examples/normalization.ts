/**
 * The effect of scaling the inputs: the same network learns from raw gray levels between 0 and 255, from gray levels
 * scaled to [0, 1] (`normalize`) or to mean 0 and standard deviation 1 (`standardize`), and with batch normalization.
 *
 * ```sh
 * deno run -A examples/normalization.ts [EPOCHS [DATA]]
 * ```
 *
 * Trains for EPOCHS epochs (default: 5) on 10 000 images of MNIST: the files in the directory DATA, by default downloaded
 * ones. If DATA is `digits`, it trains on built-in digits. Prints:
 *
 * ```text
 *                       validation error after each epoch, and test error, in percent
 * gray levels           22.92  19.66  22.43  23.87  22.94  21.29
 * normalize             14.86  11.29  10.21   9.60   9.35   9.61
 * standardize           11.73   9.36   8.72   8.30   7.87   8.34
 * batch normalization   11.10   9.53   8.96   8.64   8.42   8.72
 * ```
 *
 * @module
 */

import {
  batchNormalization,
  type Data,
  data,
  denseLayer,
  type ImageSet,
  inputLayer,
  logisticRegression,
  model,
  type Network,
  network,
  type Preprocessing,
  type SampleSet,
  sgd,
} from "../mod.ts";
import { mnistOrDigits } from "./mnist_or_digits.ts";

const [epochs = "5", from] = Deno.args;

// The loaders return pixels in [0, 1]. Many data sets use other units; here the pixels become gray levels from 0 to 255.
const [training, validation, test] = await mnistOrDigits(from);
const few = training.slice(0, Math.min(10_000, training.length));
const greyLevels = [few, validation, test].map(toGreyLevels);

function toGreyLevels({ x: { values, shape }, y }: ImageSet): SampleSet {
  return { x: { values: values.map((pixel) => 255 * pixel), shape }, y };
}

// The data: preprocessing is fitted to the training set and applied to all three sets.
function scaled(preprocessing?: Preprocessing): Data {
  return data(greyLevels, preprocessing ? { preprocessing } : {});
}

// A plain network.
function plain(): Network {
  const input = inputLayer({ shape: [null, 28 * 28], name: "Input" });
  const hidden = denseLayer(input, { nUnits: 100, activation: "tanh", name: "Hidden layer" });
  const output = logisticRegression(hidden, { nClass: 10, name: "Logistic regression" });
  return network("plain", [input, hidden, output]);
}

// The same network with the inputs of both layers normalized over each batch.
function normalized(): Network {
  const input = inputLayer({ shape: [null, 28 * 28], name: "Input" });
  const pixels = batchNormalization(input, { name: "Batch normalization 1" });
  const hidden = denseLayer(pixels, { nUnits: 100, activation: "tanh", name: "Hidden layer" });
  const units = batchNormalization(hidden, { name: "Batch normalization 2" });
  const output = logisticRegression(units, { nClass: 10, name: "Logistic regression" });
  return network("normalized", [input, pixels, hidden, units, output]);
}

// Train each variant with the same seed, and print its validation error after each epoch.
const variants = [
  { name: "gray levels", data: scaled(), network: plain() },
  { name: "normalize", data: scaled("normalize"), network: plain() },
  { name: "standardize", data: scaled("standardize"), network: plain() },
  { name: "batch normalization", data: scaled(), network: normalized() },
];
console.log("                      validation error after each epoch, and test error, in percent");
for (const variant of variants) {
  const untrained = model({
    ...variant,
    hyperparameters: { batchSize: 100, nEpochs: Number(epochs), learningRate: 0.1 },
    updates: sgd,
  });
  const { report } = await untrained.train({ seed: 1, earlyStop: false, progress: false });
  const errors = [...report.history.map(({ validationError }) => validationError), report.testError];
  console.log(variant.name.padEnd(20), ...errors.map((error) => error?.toFixed(2).padStart(6)));
}

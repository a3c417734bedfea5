/**
 * Compares the update rules: the same network with the same initial weights and batches is trained with each of the
 * nine rules at its default learning rate.
 *
 * ```sh
 * deno run -A examples/updates.ts [EPOCHS [DATA [PICTURE]]]
 * ```
 *
 * Trains for EPOCHS epochs (default: 5) on 10 000 images of MNIST: the files in the directory DATA, by default downloaded
 * ones. If DATA is `digits`, it trains on built-in digits. Writes the learning curves to PICTURE (default: updates.svg),
 * and prints:
 *
 * ```text
 * update rule        training loss   validation error   test error
 * rmsprop                   0.0745             5.03 %       5.57 %
 * momentum                  0.0837             5.53 %       5.65 %
 * nesterovMomentum          0.0823             5.68 %       6.15 %
 * adagrad                   0.1173             5.65 %       6.30 %
 * nadam                     0.2377             7.73 %       7.94 %
 * adam                      0.2405             7.82 %       8.25 %
 * sgd                       0.3146             9.08 %       9.27 %
 * adamax                    0.3563             9.82 %      10.14 %
 * adadelta                  0.4197            10.66 %      11.00 %
 * Learning curves written to updates.svg
 * ```
 *
 * @module
 */

import {
  adadelta,
  adagrad,
  adam,
  adamax,
  data,
  denseLayer,
  inputLayer,
  logisticRegression,
  model,
  momentum,
  nadam,
  nesterovMomentum,
  network,
  type Report,
  rmsprop,
  sgd,
} from "../mod.ts";
import { compareRuns } from "../views/mod.ts";
import { mnistOrDigits } from "./mnist_or_digits.ts";

const [epochs = "5", from, picture = "updates.svg"] = Deno.args;

// The data: part of the training set is enough for a comparison.
const [training, validation, test] = await mnistOrDigits(from);
const digits = data([training.slice(0, Math.min(10_000, training.length)), validation, test]);

// The network. Its initial weights come from the seed of the training, so all rules start from the same weights.
const input = inputLayer({ shape: [null, 28 * 28], name: "Input" });
const hidden = denseLayer(input, { nUnits: 100, activation: "relu", name: "Hidden layer" });
const output = logisticRegression(hidden, { nClass: 10, name: "Logistic regression" });
const net = network("updates", [input, hidden, output]);

// The rules.
const rules = { sgd, momentum, nesterovMomentum, adagrad, rmsprop, adadelta, adam, adamax, nadam };

// Train with each of them, with the same seed.
const reports: Record<string, Report> = {};
for (const [name, rule] of Object.entries(rules)) {
  const untrained = model({
    name,
    network: net,
    data: digits,
    hyperparameters: { batchSize: 100, nEpochs: Number(epochs) },
    updates: rule,
  });
  const { report } = await untrained.train({ seed: 1, earlyStop: false, progress: false });
  reports[name] = report;
}

// Print a table, best rule first.
console.log("update rule        training loss   validation error   test error");
for (const { model, history, validationError, testError } of Object.values(reports).toSorted(byTestError)) {
  const cost = history[history.length - 1].trainLoss;
  console.log(
    model.padEnd(16),
    cost.toFixed(4).padStart(15),
    `${validationError?.toFixed(2)} %`.padStart(18),
    `${testError?.toFixed(2)} %`.padStart(12),
  );
}

function byTestError(a: Report, b: Report): number {
  return (a.testError ?? Infinity) - (b.testError ?? Infinity);
}

// Draw the training loss and the validation error of each rule, epoch by epoch.
const { svg } = await compareRuns(reports, { title: "Update rules" });
await Deno.writeTextFile(picture, svg);
console.log(`Learning curves written to ${picture}`);

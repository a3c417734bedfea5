/**
 * Trainings that only try something, and the learning-rate range test, on a network of several inputs and outputs.
 */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { data, samples } from "../../data/mod.ts";
import { concatenateLayer, denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { adam } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { learningRateRange } from "./learning_rate_range.ts";

const EXAMPLES = 40;
const numbers = (columns: number) =>
  samples(
    Array.from({ length: EXAMPLES }, (_, i) => Array.from({ length: columns }, (_, j) => Math.sin(i * 7 + j * 13))),
  );
const set = {
  x: { left: numbers(2), right: numbers(3) },
  y: { kind: Int32Array.from({ length: EXAMPLES }, (_, i) => i % 3), size: numbers(1) },
};
const left = inputLayer({ shape: [null, 2], name: "left" });
const right = inputLayer({ shape: [null, 3], name: "right" });
const joined = concatenateLayer([denseLayer(left, { nUnits: 8 }), denseLayer(right, { nUnits: 8 })]);
const outputs = {
  kind: logisticRegression(joined, { nClass: 3, name: "kind" }),
  size: denseLayer(joined, { nUnits: 1, activation: "linear", name: "size" }),
};
const learner = model({
  network: network("both", outputs),
  data: data([set, set]),
  objective: { kind: "categoricalCrossentropyError", size: "meanSquaredError" },
  updates: adam,
  hyperparameters: { batchSize: 10, nEpochs: 3, learningRate: 0.01 },
});

testOnEveryDevice(
  "several outputs are learned by heart, tried in a dry run, and have a range of learning rates",
  async () => {
    const { report: { stop, overfit, validationLoss } } = await learner.train({ overfit: 10 });
    assertEquals([stop, overfit?.reached], ["overfit", true]);
    assert(validationLoss! <= overfit!.firstLoss / 100);
    const { report: { dryRun, iterations } } = await learner.train({ dryRun: true });
    assertEquals([iterations, dryRun?.examples], [1, { training: 10, validation: EXAMPLES, test: null }]);
    const { suggestion, points } = await learningRateRange(learner, { from: 1e-5, to: 10 });
    // At first, the classes are equally likely: the cost is at least log 3.
    assert(points[0].loss > Math.log(3));
    assertAlmostEquals(points[0].loss, points[0].smoothed, 1e-9);
    assert(suggestion! > 1e-4 && suggestion! < 0.1);
  },
);

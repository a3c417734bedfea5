import { assertAlmostEquals } from "@std/assert";
import { data } from "../data/data.ts";
import { samples } from "../data/samples.ts";
import { logisticRegression } from "../layers/dense.ts";
import { inputLayer } from "../layers/input.ts";
import { model } from "../model/model.ts";
import { network } from "../model/network.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { evaluateSet } from "./evaluate_set.ts";

testOnEveryDevice("The loss of a softmax is the same for objectives of probabilities and of logits", async () => {
  const input = inputLayer({ shape: [null, 2] });
  const net = network("softmax", [input, logisticRegression(input, { nClass: 2 })]);
  const set = { x: samples([[1, 2], [2, -1], [0, 1], [3, 3]]), y: Int32Array.of(0, 1, 1, 0) };
  const parts = { network: net, data: data([set, set, set]), hyperparameters: { batchSize: 2, nEpochs: 3 } };
  for (const objective of ["categoricalCrossentropyError", "categoricalCrossentropyFromLogits"]) {
    const { model: trained, report } = await model({ ...parts, objective }).train();
    const { loss } = await evaluateSet(trained, parts.data.test!);
    assertAlmostEquals(loss, report.testLoss!, 1e-5, objective);
  }
});

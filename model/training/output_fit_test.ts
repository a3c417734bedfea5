import { assertAlmostEquals, assertRejects } from "@std/assert";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import type { Activation } from "../../layers/get_activation.ts";
import { denseLayer, logisticRegression } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import type { Objective } from "../../optim/objectives.ts";
import { categoricalCrossentropyFromLogits } from "../../optim/objectives_from_logits.ts";
import { getObjective } from "../../optim/registry.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { type Network, network } from "../network.ts";

const input = inputLayer({ shape: [null, 2] });
const x = [[1, 2], [2, -1], [0, 1], [3, 3]];
const classes = [0, 1, 1, 0];
const softmaxes: Record<string, Network> = {
  "logistic regression": network("softmax", [input, logisticRegression(input, { nClass: 2 })]),
  "a dense layer": network("softmax", [input, denseLayer(input, { nUnits: 2, activation: "softmax" })]),
};

function modelOf(
  network: Network,
  objective?: Objective | string,
  y: Int32Array | number[][] = Int32Array.from(classes),
) {
  const set = { x: samples(x), y: y instanceof Int32Array ? y : samples(y) };
  return model({
    ...{ network, data: data([set, set, set]), hyperparameters: { batchSize: 2, nEpochs: 3 } },
    ...objective !== undefined && { objective },
  });
}

const ending = (activation: Activation, nUnits = 2): Network =>
  network("net", [input, denseLayer(input, { nUnits, activation })]);

testOnEveryDevice(
  "A network that ends in a softmax is judged by its logits, if the objective takes logits",
  async () => {
    const given = [
      categoricalCrossentropyFromLogits,
      "categoricalCrossentropyFromLogits",
      getObjective("categoricalCrossentropyFromLogits", { labelSmoothing: 0 }),
      getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 7 }),
    ];
    for (const net of Object.values(softmaxes)) {
      const expected = await modelOf(net).train();
      for (const objective of given) {
        const { report } = await modelOf(net, objective).train();
        assertAlmostEquals(report.testLoss!, expected.report.testLoss!, 1e-6);
      }
    }
  },
);

Deno.test("Objectives of probabilities are refused for outputs that are none, with the cure", async () => {
  const rows = classes.map((one) => [1 - one, one]);
  const cases = [
    ["categoricalCrossentropyError", "softmax, or use categoricalCrossentropyFromLogits"],
    ["kullbackLeiblerDivergence", "softmax, or use categoricalCrossentropyFromLogits"],
    ["binaryCrossentropyError", "sigmoid, or use binaryCrossentropyFromLogits"],
  ];
  for (const [objective, cure] of cases) {
    for (const activation of ["linear", "relu", "tanh", ["relu", { alpha: 0.1 }]] satisfies Activation[]) {
      const name = typeof activation === "string" ? activation : activation[0];
      await assertRejects(
        () => modelOf(ending(activation), objective, rows).train(),
        TypeError,
        `with ${objective}: expected probabilities as outputs, got the activation ${name}; ` +
          `end the network in the activation ${cure}`,
      );
    }
    for (const activation of ["sigmoid", "softmax", (one) => one.sigmoid()] satisfies Activation[]) {
      await modelOf(ending(activation), objective, rows).train();
    }
  }
});

Deno.test("An objective with a sigmoid is refused for outputs that went through one", async () => {
  const objective = "binaryCrossentropyFromLogits";
  const rows = classes.map((one) => [one]);
  await assertRejects(
    () => modelOf(ending("sigmoid", 1), objective, rows).train(),
    TypeError,
    "expected outputs before the sigmoid, which it computes, got the activation sigmoid; use binaryCrossentropyError",
  );
  await modelOf(ending("linear", 1), objective, rows).train();
});

Deno.test("A metric that takes logits gets those of a network that ends in a softmax; others must fit, too", async () => {
  const net = softmaxes["logistic regression"];
  const evaluationMetric = "categoricalCrossentropyFromLogits";
  const ignoring = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 7 });
  for (const objective of ["categoricalCrossentropyError", "categoricalHingeError", ignoring]) {
    const { report } = await modelOf(net, objective).with({ evaluationMetric }).train();
    const probable = { evaluationMetric: "categoricalCrossentropyError" };
    const expected = await modelOf(net, objective).with(probable).train();
    assertAlmostEquals(report.testError!, expected.report.testError!, 1e-6);
    const linear = modelOf(ending("linear"), "categoricalHingeError").with(probable);
    await assertRejects(() => linear.train(), TypeError, "with categoricalCrossentropyError: expected probabilities");
  }
});

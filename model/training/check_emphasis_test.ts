import { assert, assertRejects, assertThrows } from "@std/assert";
import { random, tensor } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer } from "../../layers/mod.ts";
import { getObjective, sgd } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { type Network, network } from "../network.ts";
import { trainStep } from "./train_step.ts";

const input = inputLayer({ shape: [null, 1] });
const netOf = (activation: "softmax" | "sigmoid" | "linear"): Network =>
  network("two", [input, denseLayer(input, { nUnits: 2, activation })]);

testOnEveryDevice("class weights for rows of several classes need a categorical cross-entropy", async () => {
  const set = { x: samples([[1], [1]]), y: samples([[0.6, 0.4], [0.4, 0.6]]) };
  const names = ["kullbackLeiblerDivergence", "meanSquaredError", "meanAbsoluteError", "binaryCrossentropyError"];
  for (const objective of names) {
    const activation = objective === "binaryCrossentropyError" ? "sigmoid" : "softmax";
    const learner = model({ network: netOf(activation), data: data([set, set]), objective });
    await assertRejects(
      () => learner.train({ classWeights: [1, 10] }),
      TypeError,
      "with classWeights: expected one class per row of targets, got rows with several classes, or none",
    );
    const { init, step } = trainStep({ network: netOf(activation), objective, rule: sgd(), classWeights: [1, 10] });
    const [, figures] = step(init(random.key(1)), { x: tensor([[1]]), y: tensor([[0.6, 0.4]]) });
    await assertRejects(() => figures.loss.data(), RangeError, "names several classes, or none");
  }
  assert(
    Number.isFinite(
      (await model({ network: netOf("softmax"), data: data([set, set]) }).train({ classWeights: [1, 10] })).report
        .validationLoss,
    ),
  );
});

Deno.test("an objective that was made without options is smoothed, and one with options is not", () => {
  const name = "categoricalCrossentropyFromLogits";
  const make = (options: { readonly labelSmoothing?: number }) =>
    trainStep({
      network: netOf("linear"),
      objective: getObjective(name, options),
      rule: sgd(),
      labelSmoothing: 0.1,
    });
  make({});
  assertThrows(
    () => make({ labelSmoothing: 0.2 }),
    TypeError,
    "with options of its own; pass labelSmoothing to getObjective as well",
  );
});

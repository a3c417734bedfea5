import { assertEquals, assertThrows } from "@std/assert";
import { ones, tensor } from "../../core/creation.ts";
import { key } from "../../core/random/bits.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { network } from "../network.ts";
import { objectiveLoss } from "./objective_loss.ts";

const input = inputLayer({ shape: [null, 2] });
const linear = network("linear", [input, denseLayer(input, { nUnits: 3, activation: "linear" })]);
const softmax = network("softmax", [input, logisticRegression(input, { nClass: 3 })]);

Deno.test("an objective must fit the output of the network, before any step", () => {
  const refuse = (of: typeof linear, objective: string, message: string) =>
    assertThrows(() => objectiveLoss(of, { objective }), TypeError, message);
  refuse(linear, "categoricalCrossentropyError", "expected probabilities as outputs, got the activation linear");
  refuse(softmax, "binaryCrossentropyFromLogits", "expected outputs before the sigmoid");
  objectiveLoss(linear, { objective: "meanSquaredError" });
  objectiveLoss(softmax, { objective: "categoricalCrossentropyError" });
});

Deno.test("objectives and factors for each output are for networks of several", () => {
  for (const options of [{ objective: { a: "meanSquaredError" } }, { lossWeights: { a: 1 } }]) {
    assertThrows(() => objectiveLoss(softmax, options), TypeError, "the network has only one output");
  }
});

Deno.test("the costs of one output with weights of classes stay apart, with the sum of their weights", async () => {
  const { params, state } = softmax.init(key(1));
  const loss = objectiveLoss(softmax, { objective: "categoricalCrossentropyError", classWeights: [1, 2, 4] });
  const batch = { x: ones([3, 2]), y: tensor([0, 2, 2]) };
  const { cost, divisor } = loss({ network: softmax, params, state, train: true, key: key(2) }, batch);
  assertEquals([cost.shape, await divisor?.item()], [[3], 9]);
});

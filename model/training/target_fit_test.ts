import { assertEquals, assertRejects } from "@std/assert";
import { data } from "../../data/data.ts";
import { samples } from "../../data/samples.ts";
import { denseLayer } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";
import { getObjective } from "../../optim/registry.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";

const input = inputLayer({ shape: [null, 1] });

function train(name: string, y: readonly number[] | Int32Array) {
  const activation = name === "binaryCrossentropyError" ? "sigmoid" : "linear";
  const x = samples([[1], [2], [3], [4]]);
  const set = { x, y: y instanceof Int32Array ? y : samples(y.map((one) => [one])) };
  return model({
    network: network("answers", [input, denseLayer(input, { nUnits: 1, activation })]),
    data: data([set, set]),
    hyperparameters: { batchSize: 2, nEpochs: 1 },
    objective: getObjective(name),
  }).train();
}

Deno.test("Targets that an objective of yes/no answers does not have are refused, with the cure", async () => {
  const cases = [
    ["binaryCrossentropyError", [0, 1, -1, 1], "expected targets from 0 to 1, got -1"],
    ["binaryCrossentropyFromLogits", [0, 1, 1.5, 1], "expected targets from 0 to 1, got 1.5"],
    ["binaryCrossentropyError", Int32Array.of(0, 1, 2, 1), "got class 2; for more than two classes end the network"],
  ] as const;
  for (const [name, y, message] of cases) {
    await assertRejects(() => train(name, y), TypeError, `Cannot train "answers" on data with ${name}: `);
    await assertRejects(() => train(name, y), TypeError, message);
  }
});

Deno.test("Targets that an objective of yes/no answers has are taken", async () => {
  const cases = [
    ["binaryCrossentropyError", [0, 1, 0.25, 1]],
    ["binaryCrossentropyFromLogits", Int32Array.of(0, 1, 0, 1)],
    ["binaryCrossentropyError", Int32Array.of(0, 0, 0, 0)],
    ["binaryHingeError", [-1, 1, 0, 1]],
  ] as const;
  for (const [name, y] of cases) assertEquals((await train(name, y)).report.epochs, 1);
});

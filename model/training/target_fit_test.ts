import { assertEquals, assertRejects } from "@std/assert";
import { data } from "../../data/data.ts";
import { samples, type SampleSet } from "../../data/samples.ts";
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
    [
      "binaryHingeError",
      [0, 1, 2, 1],
      "expected targets -1 and 1, or 0 and 1, got 2 in row 2 of the training set; for",
    ],
    ["binaryHingeError", [-1, 1, 1, 0.5], "got 0.5 in row 3 of the training set; for numbers use another objective"],
    ["binaryHingeError", Int32Array.of(0, 1, 2, 1), "got class 2; for numbers use another objective"],
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
    ["binaryHingeError", Int32Array.of(0, 1, 0, 1)],
  ] as const;
  for (const [name, y] of cases) assertEquals((await train(name, y)).report.epochs, 1);
});

Deno.test("Rows of a categorical hinge error are signs or zeros and ones, and class numbers are any", async () => {
  const three = network("three", [input, denseLayer(input, { nUnits: 3, activation: "linear" })]);
  const x = samples([[1], [2]]);
  const trainOn = (y: SampleSet["y"]) =>
    model({
      network: three,
      data: data([{ x, y }, { x, y }]),
      hyperparameters: { batchSize: 2, nEpochs: 1 },
      objective: "categoricalHingeError",
    }).train();
  for (const y of [Int32Array.of(2, 0), samples(Float32Array.of(2, 0), [2]), samples([[0, 0, 1], [1, 0, 0]])]) {
    assertEquals((await trainOn(y)).report.epochs, 1);
  }
  await assertRejects(
    () => trainOn(samples([[0, 0, 1], [0.5, 0.5, 0]])),
    TypeError,
    "with categoricalHingeError: expected targets -1 and 1, or 0 and 1, got 0.5 in row 1 of the training set; for",
  );
});

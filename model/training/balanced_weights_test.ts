import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { tensor } from "../../core/mod.ts";
import { type AnySamples, data, samples } from "../../data/mod.ts";
import { activationLayer, denseLayer, inputLayer } from "../../layers/mod.ts";
import {
  binaryCrossentropyError,
  binaryHingeError,
  categoricalCrossentropyError,
  categoricalCrossentropyFromLogits,
  getObjective,
  meanSquaredError,
  type Objective,
} from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { balancedWeights, checkCounted } from "./balanced_weights.ts";
import type { EmphasisOptions } from "./train_options.ts";

interface Case {
  readonly units: number;
  readonly activation: "linear" | "sigmoid" | "softmax";
  readonly y: AnySamples;
  readonly objective: Objective;
}

/** The loss of an epoch in which nothing is learned, with class weights. */
async function lossWith(
  { units, activation, y, objective }: Case,
  classWeights: EmphasisOptions["classWeights"],
): Promise<number> {
  const [count, ...others] = y.shape;
  // Predictions of time steps are the softmax of their inputs.
  const size = activation === "softmax" ? [count, ...others, units] : [count, 2];
  const x = { values: Float32Array.from({ length: size.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)), shape: size };
  const W = tensor(Float32Array.from({ length: 2 * units }, (_, i) => Math.cos(i)), [2, units]);
  const input = inputLayer({ shape: [null, ...size.slice(1)] });
  const last = activation === "softmax"
    ? activationLayer(input, { activation })
    : denseLayer(input, { nUnits: units, activation, W });
  const net = network("weighed", [input, last]);
  const hyperparameters = { batchSize: 5, nEpochs: 1, learningRate: 0 };
  const { report } = await model({ network: net, data: data([{ x, y }, { x, y }]), objective, hyperparameters })
    .train({ classWeights, restoreBest: false });
  return report.history[0].trainLoss;
}

const threeOf = Float32Array.from({ length: 36 }, (_, i) => i % 3 === 0 ? 2 : i % 5 === 0 ? 1 : 0);
const signs = Float32Array.from({ length: 20 }, (_, i) => i % 4 === 0 ? 1 : -1);
const counts = Float32Array.from({ length: 20 }, (_, i) => i % 6);
const labels = Float32Array.from({ length: 60 }, (_, i) => i % 7 < 3 ? 1 : 0);

testOnEveryDevice("balanced weights of sequences that are as long as there are classes", async () => {
  const found = [0, 1, 2].map((one) => threeOf.filter((value) => value === one).length);
  const right = found.map((count) => 36 / (3 * count));
  for (const values of [threeOf, Int32Array.from(threeOf)]) {
    const sequences = {
      units: 3,
      activation: "softmax",
      y: { values, shape: [12, 3] },
      objective: categoricalCrossentropyError,
    } as const;
    assertAlmostEquals(await lossWith(sequences, "balanced"), await lossWith(sequences, right), 1e-6);
  }
});

testOnEveryDevice("one unit has balanced weights of -1 and 1, as whole numbers and as floats", async () => {
  for (const values of [Int32Array.from(signs), signs]) {
    const answers = {
      units: 1,
      activation: "linear",
      y: { values, shape: [20, 1] },
      objective: binaryHingeError,
    } as const;
    assertAlmostEquals(await lossWith(answers, "balanced"), await lossWith(answers, [20 / 30, 2]), 1e-6);
  }
});

testOnEveryDevice("class weights of one unit need answers, also of whole numbers", async () => {
  for (const values of [counts, signs.map((one, i) => i < 3 ? 0 : one)]) {
    for (const numbers of [Int32Array.from(values), Float32Array.from(values)]) {
      for (const classWeights of ["balanced", [1, 2]] as const) {
        const given = {
          units: 1,
          activation: "linear",
          y: { values: numbers, shape: [20, 1] },
          objective: meanSquaredError,
        } as const;
        await assertRejects(
          () => lossWith(given, classWeights),
          TypeError,
          "with classWeights: expected targets that are classes, 0 and 1 or -1 and 1, got other numbers; give",
        );
      }
    }
  }
});

testOnEveryDevice("rows with several classes have no class weights, unless the objective takes classes", async () => {
  const y = { values: labels, shape: [20, 3] };
  const several = { units: 3, activation: "sigmoid", y, objective: binaryCrossentropyError } as const;
  for (const classWeights of ["balanced", [1, 2, 3]] as const) {
    await assertRejects(
      () => lossWith(several, classWeights),
      TypeError,
      "with classWeights: expected one class per row of targets, got rows with several classes, or none; weigh",
    );
  }
  const shares = { units: 3, activation: "linear", y, objective: categoricalCrossentropyFromLogits } as const;
  assertEquals(Number.isFinite(await lossWith(shares, [1, 2, 3])), true);
  const one = samples(Array.from({ length: 20 }, (_, i) => [0, 1, 2].map((k) => k === i % 3 ? 1 : 0)));
  assertEquals(Number.isFinite(await lossWith({ ...several, y: one }, "balanced")), true);
});

/** A set with these targets, and what learns from it. */
function learning(units: number, y: Int32Array | AnySamples, objective: Objective = meanSquaredError) {
  const input = inputLayer({ shape: [null, 1] });
  const activation = units === 1 ? "sigmoid" : "softmax";
  const net = network("counted", [input, denseLayer(input, { nUnits: units, activation })]);
  const length = y instanceof Int32Array ? y.length : y.shape[0];
  const set = { x: samples(Array.from({ length }, (_, i) => [i])), y };
  return { set: data([set, set]).training, learned: { network: net, objective } };
}

Deno.test("a set of which all classes have the weight 0 is refused with these classes", () => {
  const check = (weights: readonly number[], ...classes: number[]) => {
    const { set, learned } = learning(3, Int32Array.from(classes));
    checkCounted("train", set, { ...learned, weights });
  };
  assertThrows(() => check([0, 1, 1], 0, 0), RangeError, "got 0 for its only class, 0");
  assertThrows(() => check([0, 1, 0], 0, 2), RangeError, "got 0 for all of its classes, 0, 2");
  check([0, 1, 0], 0, 1);
  check([0, 0.5, 0], 1);
});

Deno.test("targets count for the class that they name, and classes that do not occur have no weight", () => {
  const weightsOf = (...given: Parameters<typeof learning>): number[] => {
    const { set, learned } = learning(...given);
    return balancedWeights(set, learned);
  };
  assertEquals(weightsOf(3, Int32Array.of(0, 0, 2)), [0.75, 0, 1.5]);
  // A half is yes, and the first of equal elements counts, unless the objective takes shares of classes.
  assertEquals(weightsOf(1, samples([[0.5], [0.49], [1], [0.75]])), [2, 4 / 6]);
  assertEquals(weightsOf(2, samples([[0.5, 0.5], [0.2, 0.8], [0.9, 0.1]])), [0.75, 1.5]);
  assertEquals(weightsOf(3, samples([[0, 0, 1], [0, 1, 0]])), [0, 1, 1]);
  // The class that the objective ignores does not count.
  const ignoring = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 1 });
  assertEquals(weightsOf(3, Int32Array.of(0, 0, 1, 1, 1, 2), ignoring), [0.75, 0, 1.5]);
  // Rows of zeros have no class.
  assertEquals(weightsOf(2, samples([[0, 0], [0.25, 0.75], [0.5, 0.5]]), categoricalCrossentropyError), [4 / 3, 0.8]);
});

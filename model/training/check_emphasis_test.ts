import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { random, tensor } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer } from "../../layers/mod.ts";
import { getObjective, meanSquaredError, sgd } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { type Network, network } from "../network.ts";
import { checkEmphasis, checkWeighedClasses, classCount } from "./check_emphasis.ts";
import type { TaskEmphasis } from "./emphasis.ts";
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

const units = (nUnits: number): Network => network("net", [input, denseLayer(input, { nUnits })]);
const categorical = getObjective("categoricalCrossentropyError");

Deno.test("a network has a class per unit, and a single unit answers yes or no", () => {
  assertEquals([1, 2, 3].map((nUnits) => classCount(units(nUnits))), [2, 2, 3]);
});

Deno.test("there are as many weights as classes, and not all are 0", () => {
  const check = (emphasis: TaskEmphasis, nUnits = 3) =>
    checkEmphasis("train", { network: units(nUnits), objective: meanSquaredError, emphasis });
  for (const classWeights of [[1, 2], [1, 2, 3, 4]]) {
    assertThrows(
      () => check({ classWeights }),
      RangeError,
      `one for each of 3 classes, the outputs of the network, got`,
    );
  }
  assertThrows(() => check({ classWeights: [0, 0, 0] }), RangeError, "at least one above 0, got only zeros");
  assertThrows(() => check({ labelSmoothing: 0.1 }), TypeError, "expected a cross-entropy as objective");
  check({ classWeights: [0, 0, 1], labelSmoothing: 0 });
  check({ classWeights: [0, 1] }, 1);
  check({});
});

Deno.test("mixed targets need an objective that counts all classes, and weights a categorical one", () => {
  const check = (objective: string, emphasis: TaskEmphasis, options = {}) =>
    checkEmphasis("train", { network: units(2), objective: getObjective(objective, options), emphasis });
  const name = "categoricalCrossentropyFromLogits";
  const [mixed, classWeights] = [{ mixedBy: "mixup" }, [1, 2]];
  assertThrows(() => check(name, mixed, { ignoreIndex: 0 }), TypeError, "with mixup and ignoreIndex: expected");
  assertThrows(() => check("mse", { ...mixed, classWeights }), TypeError, "with mixup and classWeights: expected");
  check(name, {}, { ignoreIndex: 0 });
  check(name, { ...mixed, classWeights });
  check("mse", mixed);
  check("mse", { classWeights });
});

Deno.test("the targets of weighed classes are classes, or answers of one kind", () => {
  const check = (y: readonly (readonly number[])[], objective = meanSquaredError) => {
    const set = { x: samples(y.map(() => [1])), y: samples(y) };
    const { training } = data([set, set]);
    checkWeighedClasses("train", { network: units(y[0].length), objective, set: training });
  };
  check([[0], [1]]);
  check([[-1], [1]]);
  for (const odd of [[[-1], [0], [1]], [[0.5], [1]], [[2], [1]]]) {
    assertThrows(
      () => check(odd),
      TypeError,
      "expected targets that are classes, 0 and 1 or -1 and 1, got other numbers",
    );
  }
  check([[0, 1], [1, 0]]);
  check([[1, 1], [1, 0]], categorical);
  check([[0.5, 0.5], [1, 0]], categorical);
  assertThrows(() => check([[0.5, 0.5], [1, 0]]), TypeError, "got rows with several classes");
  for (const objective of [meanSquaredError, categorical]) {
    assertThrows(
      () => check([[-2, 1], [1, 0]], objective),
      TypeError,
      "expected targets that are classes, got other numbers",
    );
  }
});

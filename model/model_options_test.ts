import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { data, digitsLoader } from "../data/mod.ts";
import { inputLayer, layerNormalization, logisticRegression } from "../layers/mod.ts";
import { adam, adamw, categoricalAccuracy, clipByValue, meanSquaredError, sgd } from "../optim/mod.ts";
import { count } from "../core/options/numbers.ts";
import { finish } from "./search/finish.ts";
import { gridSearch } from "./search/grid_search.ts";
import { randomSearch } from "./search/random_search.ts";
import { logBetween } from "./search/distribution.ts";
import { hyperparameters, type HyperparameterValues } from "./hyperparameters.ts";
import { model } from "./model.ts";
import type { ModelParts, ModelTrainOptions } from "./model_options.ts";
import { network } from "./network.ts";

const input = inputLayer({ shape: [null, 784] });
const softmax = network("softmax", [input, logisticRegression(input, { nClass: 10 })]);
const digits = data(digitsLoader({ sizes: [60, 20, 20] }), { name: "digits" });
const values = { batchSize: 20, nEpochs: 1, learningRate: 0.01 };
const learner = model({ network: softmax, data: digits, hyperparameters: values });

Deno.test("an unknown option of a training is refused with the nearest known one", async () => {
  const refuse = (options: object, message: string) =>
    assertRejects(() => learner.train(options as ModelTrainOptions), Error, message);
  await refuse({ sed: 7 }, 'Cannot train: unknown option "sed"; did you mean seed?');
  await refuse({ seed: 0.5 }, "Cannot train: expected seed to be a whole number, got 0.5");
  await refuse({ earlyStop: "no" }, 'Cannot train: expected earlyStop to be true or false, got "no"');
  await refuse({ saveMode: "evry" }, "Cannot train: expected saveMode to be one of stop, end, each, epoch, or null");
  await refuse({ log: true }, "Cannot train: expected log to be a function, got true");
  await assertRejects(() => learner.pretrain({ sed: 1 } as ModelTrainOptions), RangeError, "did you mean seed?");
  await assertRejects(() => learner.events({ onEvent: () => {} } as object).next(), RangeError, 'option "onEvent"');
});

Deno.test("an unknown part of a model is refused with the nearest known one, and one of another kind", () => {
  const refuse = (parts: object, message: string) =>
    assertThrows(() => model(parts as ModelParts), Error, `Cannot make a model: ${message}`);
  refuse({ netwrok: softmax }, 'unknown option "netwrok"; did you mean network?');
  refuse({ network: input }, "expected network to be a network, got {");
  refuse({ updates: "adm" }, "expected updates to be one of sgd, momentum, nesterovMomentum");
  assertThrows(() => model({ updates: "adm" }), RangeError, 'got "adm"; did you mean adam?');
  refuse({ updates: 5 }, "expected updates to be an update rule, or a function, or one of sgd");
  assertThrows(() => model({ objective: "meanSquareError" }), RangeError, "did you mean meanSquaredError?");
  assertThrows(() => model({ evaluationMetric: "categoricalEror" }), RangeError, "did you mean categoricalError?");
  refuse({ hyperparameters: 3 }, "expected hyperparameters to be hyperparameters or a record of their values");
  assertThrows(() => learner.with({ nam: "it" } as ModelParts), RangeError, "did you mean name?");
});

Deno.test("update rule, objective and metric may be given by name, as activations are", async () => {
  const named = learner.with({
    updates: "adam",
    objective: "meanSquaredError",
    evaluationMetric: "categoricalAccuracy",
  });
  assertEquals(named.parts.updates, adam);
  assertEquals(named.parts.objective, meanSquaredError);
  assertEquals(named.parts.evaluationMetric, categoricalAccuracy);
  const trained = await named.with({ objective: "categoricalCrossentropyError" }).train({ seed: 1 });
  assertEquals([trained.report.updates, trained.report.errorUnit], ["adam", "%"]);
  const { updates, objective, evaluationMetric } = named.toConf();
  assertEquals([updates, objective, evaluationMetric], ["adam", "meanSquaredError", "categoricalAccuracy"]);
});

async function lossOf(parts: ModelParts): Promise<number> {
  const { report } = await learner.with(parts).train({ seed: 1 });
  return report.history[0].trainLoss;
}

Deno.test("weight decay is a hyperparameter of adamw, and one value does not do what another does", async () => {
  const of = (weightDecay: number) =>
    lossOf({ updates: adamw, hyperparameters: { ...values, learningRate: 0.1, weightDecay } });
  const [little, much] = [await of(0.01), await of(5)];
  assert(little !== much);
  const made = await lossOf({ updates: adamw({ learningRate: 0.1, weightDecay: 5 }), hyperparameters: values });
  assertEquals(much, made);
});

Deno.test("a hyperparameter that only other rules take is refused, because it would have no effect", async () => {
  const refuse = (parts: ModelParts, message: string) =>
    assertRejects(() => learner.with(parts).train(), RangeError, `Cannot train with hyperparameter ${message}`);
  await refuse(
    { updates: sgd, hyperparameters: { ...values, weightDecay: 0.01 } },
    "weightDecay: the update rule sgd takes learningRate; weightDecay is an option of adamw",
  );
  await refuse(
    { updates: adam, hyperparameters: { ...values, rho: 0.9 } },
    "rho: the update rule adam takes learningRate, beta1, beta2, epsilon; rho is an option of rmsprop, adadelta",
  );
  await refuse(
    { updates: adamw({ weightDecay: 0.1 }), hyperparameters: { ...values, weightDecay: 0.2 } },
    "weightDecay: the update rule adamw already has its options; pass weightDecay to it",
  );
});

Deno.test("names that the network or all examples may have, and null, are accepted", async () => {
  const normal = layerNormalization(input, { epsilon: 0.01 });
  const other = network("normalized", [input, normal, logisticRegression(normal, { nClass: 10 })]);
  await lossOf({ network: other, updates: sgd, hyperparameters: { ...values, epsilon: 0.01, rho: null } });
  await lossOf({ updates: sgd, hyperparameters: { ...values, momentum: 0.9 } });
});

Deno.test("values of rules are checked if they are given as hyperparameters", async () => {
  const refuse = (hyperparameters: HyperparameterValues, message: string) =>
    assertRejects(() => learner.with({ updates: adamw, hyperparameters }).train(), Error, `Cannot train: ${message}`);
  await refuse({ ...values, weightDecay: -1 }, "expected weightDecay to be a number of at least 0, got -1");
  await refuse({ ...values, beta1: "0.9" }, 'expected beta1 to be a number of at least 0 and below 1, got "0.9"');
  await refuse({ ...values, nEpochs: 1.5 }, "expected nEpochs to be a whole number of at least 1, got 1.5");
  assertThrows(() => model({ hyperparameters: { weightDecy: 1 } }), RangeError, "did you mean weightDecay?");
});

Deno.test("a user's update rule gets the options that it declares, or without a declaration those of all rules", async () => {
  const seen: object[] = [];
  const own = (options: object = {}) => {
    seen.push(options);
    return clipByValue(sgd({ learningRate: 0.01 }), 1);
  };
  const given = { ...values, weightDecay: 0.3, lookahead: 5 };
  await lossOf({ updates: own, hyperparameters: given });
  const declared = Object.assign(own, { options: { lookahead: count() } });
  await lossOf({ updates: declared, hyperparameters: { ...values, lookahead: 5 } });
  assertEquals(seen, [{ learningRate: 0.01, weightDecay: 0.3 }, { lookahead: 5 }]);
  await assertRejects(() => lossOf({ updates: declared, hyperparameters: { ...values, lookahead: 0 } }), RangeError);
});

Deno.test("weight decay is searched, in a grid and at random", async () => {
  const hps = hyperparameters({ ...values, learningRate: 0.1, weightDecay: [0.01, [0.01, 1, 5]] });
  const build = (): ModelParts => ({ network: softmax, data: digits, updates: adamw });
  const grid = await finish(gridSearch(hps, build));
  const random = await finish(
    randomSearch(hps, build, { count: 3, distributions: { weightDecay: logBetween(0.01, 10) } }),
  );
  for (const { rows, searched } of [grid, random]) {
    assertEquals([searched, rows.map(({ outcome }) => outcome)], [["weightDecay"], Array(3).fill("trained")]);
    assertEquals(new Set(rows.map(({ hyperparameters: { weightDecay } }) => weightDecay)).size, 3);
  }
});

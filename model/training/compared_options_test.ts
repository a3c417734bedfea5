import { assertEquals, assertRejects } from "@std/assert";
import { gaussianNoise } from "../../data/augment/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { meanSquaredError, sgd } from "../../optim/mod.ts";
import { setDevice, tensor } from "../../core/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { ResumeError } from "../files/errors.ts";
import type { TrainingChoices } from "../files/saved_schema.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { comparisons } from "./compared_options.ts";
import type { TrainingEvent } from "./events.ts";
import { type ModelTrainOptions, type TrainOptions, trainOptions } from "./train_options.ts";

const input = inputLayer({ shape: [null, 4] });
const set = { x: samples([[1, 2, 3, 4], [4, 3, 2, 1]]), y: Int32Array.of(0, 1) };
const learner = model({
  network: network("softmax", [input, logisticRegression(input, { nClass: 2 })]),
  data: data([set, set]),
  hyperparameters: { batchSize: 1, nEpochs: 2, learningRate: 0.1 },
  updates: sgd,
});

/** Two values of each option that is compared. */
const values: { readonly [N in keyof TrainingChoices]-?: readonly [TrainOptions[N], TrainOptions[N]] } = {
  seed: [1, 2],
  unsupervisedTraining: [true, false],
  earlyStop: [true, false],
  shuffle: [true, false],
  restoreBest: [true, false],
  classWeights: [[1, 2], [2, 1]],
  labelSmoothing: [0.1, 0.2],
  augment: [[gaussianNoise({ sigma: 0.1 })], [gaussianNoise({ sigma: 0.2 })]],
  metrics: [["f1"], ["accuracy"]],
  monitor: ["loss", "error"],
  reduceOnPlateau: [{ factor: 0.5, patience: 1 }, { factor: 0.1, patience: 2 }],
};

Deno.test("it is decided for each option whether a resumed training must have it", () => {
  assertEquals(Object.keys(comparisons).sort(), Object.keys(trainOptions).sort());
  const compared = Object.entries(comparisons).filter(([, one]) => one !== null).map(([name]) => name);
  assertEquals(compared.sort(), Object.keys(values).sort());
});

for (const [name, [first, second]] of Object.entries(values)) {
  Deno.test(`a training is resumed only with the same ${name}`, async () => {
    await setDevice("wasm");
    await inFolder(async (folder) => {
      const file = `${folder}/training.ym`;
      const resume = (one: unknown) => learner.train({ file, resume: true, [name]: one });
      await learner.train({ file, [name]: first });
      const { problems } = await assertRejects(() => resume(second), ResumeError);
      assertEquals(problems.every((problem) => problem.startsWith(`expected ${name}`)), true, problems.join());
      await resume(first);
      await resume(undefined);
    });
  });
}

testOnEveryDevice("a resumed training neither adds nor changes a reduction of the learning rate", async () => {
  const input = inputLayer({ shape: [null, 1] });
  const line = denseLayer(input, { nUnits: 1, activation: "linear", W: tensor([[0]]), name: "line" });
  // The validation gets worse with each step.
  const training = { x: samples([[1], [2]]), y: samples([[1], [5]]) };
  const validation = { x: samples([[1]]), y: samples([[-100]]) };
  const learner = model({
    network: network("line", [input, line]),
    data: data([training, validation]),
    objective: meanSquaredError,
    updates: sgd,
    hyperparameters: { batchSize: 2, nEpochs: 8, learningRate: 0.02 },
  });
  const plain = { restoreBest: false, earlyStop: false } as const;
  const weight = async (options: ModelTrainOptions): Promise<number> => {
    const { model: trained } = await learner.train({ ...plain, ...options });
    return await trained.network.params.line.W.item();
  };
  const halved = { reduceOnPlateau: { factor: 0.5, patience: 1 } };
  const others = { reduceOnPlateau: { factor: 0.1, patience: 2 } };
  await inFolder(async (folder) => {
    const file = `${folder}/line.ym`;
    const stopped = async (options: ModelTrainOptions): Promise<void> => {
      const controller = new AbortController();
      const onEvent = (one: TrainingEvent) => one.event === "step" && one.iteration === 4 && controller.abort();
      await learner.train({ ...plain, ...options, file, signal: controller.signal, onEvent });
    };
    await stopped({});
    const added = 'reduceOnPlateau: none, not {"factor":0.5,"patience":1,"least":0}';
    await assertRejects(() => weight({ ...halved, file, resume: true }), ResumeError, added);
    await stopped(halved);
    const changed = "reduceOnPlateau.factor: 0.5, not 0.1";
    await assertRejects(() => weight({ ...others, file, resume: true }), ResumeError, changed);
    assertEquals(await weight({ file, resume: true }), await weight(halved));
  });
});

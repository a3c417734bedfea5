import { assert, assertEquals } from "@std/assert";
import { data, samples } from "../../data/mod.ts";
import {
  gaussianNoise,
  mixup,
  randomAffine,
  randomBrightness,
  randomCrop,
  randomErasing,
  randomFlip,
} from "../../data/augment/mod.ts";
import {
  batchNormalization,
  convPoolLayer,
  dropout,
  flattenLayer,
  inputLayer,
  logisticRegression,
} from "../../layers/mod.ts";
import { accumulate, adam, average, chain } from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { TrainingEvent } from "./events.ts";
import { contentOf, smallDigits } from "./test_resuming.ts";
import type { ModelTrainOptions } from "./train_options.ts";

const digits = smallDigits(1);
const values = await digits.training.x.data();
const classes = await digits.training.y.data();
const set = {
  x: samples(Float32Array.from(values), [190, 1, 8, 7]),
  y: Int32Array.from(classes),
  weights: Float32Array.from(classes, (one, i) => (one + i) % 4 / 2),
};

const input = inputLayer({ shape: [null, 1, 8, 7] });
const filters = convPoolLayer(input, { filterShape: [3, 1, 3, 3], poolSize: [2, 2] });
const flat = flattenLayer(filters);
const noisy = dropout(flat, { corruptionLevel: 0.2 });
const normal = batchNormalization(noisy);
const output = logisticRegression(normal, { nClass: 10, l2: 0.001 });

/** 190 examples in batches of 20: 10 steps per epoch, the last one of 10 examples, so epochs end within accumulations. */
const untrained = model({
  name: "everything",
  network: network("everything", [input, filters, flat, noisy, normal, output]),
  data: data([set, set]),
  hyperparameters: { batchSize: 20, nEpochs: 5 },
  updates: chain(accumulate(3), adam({ learningRate: 0.02 }), average(0.9)),
});

const options: ModelTrainOptions = {
  augment: [
    randomCrop({ padding: 1 }),
    randomFlip({ mode: "horizontal_and_vertical" }),
    randomAffine({ degrees: 15 }),
    randomErasing(),
    gaussianNoise(),
    randomBrightness(),
    mixup(),
  ],
  metrics: ["accuracy", "f1"],
  monitor: "accuracy",
  classWeights: "balanced",
  labelSmoothing: 0.1,
  reduceOnPlateau: { patience: 1, factor: 0.5 },
  earlyStop: false,
  seed: 5,
};

testOnEveryDevice(
  "a training with everything on resumes from each of its 50 steps with the same bits",
  async () => {
    await inFolder(async (folder) => {
      const [whole, part, rest] = ["whole", "part", "rest"].map((name) => `${folder}/${name}.ym`);
      const { report } = await untrained.train({ ...options, file: whole });
      assertEquals(report.iterations, 50);
      assert(report.metrics?.validation);
      const expected = contentOf(whole);
      for (let step = 1; step <= 50; step++) {
        const controller = new AbortController();
        const onEvent = (one: TrainingEvent) => one.event === "step" && one.iteration === step && controller.abort();
        const from = step === 1 ? options : { resume: true };
        const stopped = await untrained.train({ ...from, file: part, signal: controller.signal, onEvent });
        assertEquals([stopped.report.stop, stopped.report.iterations], ["aborted", step]);
        if (step % 10 > 0 && step !== 32) continue;
        // All options are read from the file.
        await loadModel(part, { data: untrained.parts.data! }).train({ resume: part, file: rest });
        assertEquals(contentOf(rest), expected, `resumed from step ${step}, and from each step before it`);
      }
    });
  },
);

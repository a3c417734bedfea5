import { assert, assertEquals, assertRejects } from "@std/assert";
import { setDevice, tensor } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer } from "../../layers/mod.ts";
import {
  accuracy,
  adam,
  average,
  chain,
  cosineDecay,
  masked,
  meanSquaredError,
  momentum,
  parametersOf,
  sgd,
} from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { readModel } from "../files/container.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import type { TrainingEvent } from "./events.ts";
import { afterPlateau, noPlateau, type Plateau, readPlateau } from "./plateau.ts";
import { contentOf, untrained } from "./test_resuming.ts";
import type { ModelTrainOptions } from "./train_options.ts";

/** The learning rates of epochs by `ReduceLROnPlateau` of Keras, as it is written there. */
function ratesOfKeras(
  values: readonly number[],
  { factor, patience }: { readonly factor: number; readonly patience: number },
) {
  let [best, wait, rate] = [Infinity, 0, 1];
  return values.map((value) => {
    if (value < best) [best, wait] = [value, 0];
    else if (++wait >= patience) [rate, wait] = [rate * factor, 0];
    return rate;
  });
}

Deno.test("the rate is reduced in the epochs in which Keras reduces it", () => {
  const values = [5, 4, 4.5, 4, 3, 3, 3, 3, 3, 3, 2, 2.5, 2.5, 1.9, 2, 2, 2, 2, 2, 2];
  for (const patience of [1, 2, 3]) {
    const options = readPlateau({ factor: 0.5, patience });
    let plateau: Plateau = noPlateau;
    let [best, bestIteration] = [Infinity, -1];
    const scales = values.map((value, epoch) => {
      const iteration = (epoch + 1) * 7;
      if (value < best) [best, bestIteration] = [value, iteration - 1];
      plateau = afterPlateau(plateau, options, { iteration, bestIteration, batches: 7, learningRate: 0.02 });
      return plateau.scale;
    });
    assertEquals(scales, ratesOfKeras(values, { factor: 0.5, patience }), `patience ${patience}`);
  }
});

Deno.test("the scale ends where the rate is the least one, and does not begin above it", () => {
  const scalesWith = (learningRate: number | (() => never), least: number): number[] => {
    let plateau: Plateau = noPlateau;
    return [1, 2, 3, 4].map((iteration) => {
      const end = { iteration, bestIteration: -1, batches: 1, learningRate };
      plateau = afterPlateau(plateau, { factor: 0.5, patience: 1, least }, end);
      return plateau.scale;
    });
  };
  assertEquals(scalesWith(0.02, 0.006), [0.5, 0.3, 0.3, 0.3]);
  for (const least of [0.02, 1]) assertEquals(scalesWith(0.02, least), [1, 1, 1, 1]);
  assertEquals(scalesWith(0.02, 0), [0.5, 0.25, 0.125, 0.0625]);
  assertEquals(scalesWith(0, 0), [1, 1, 1, 1]);
  const schedule = () => {
    throw new Error("is not called");
  };
  assertEquals(scalesWith(schedule, 1), [0.5, 0.25, 0.125, 0.0625]);
});

/** An accuracy that is better when it is lower, so that learning makes it worse. */
const wrong = { ...accuracy(), name: "wrong", direction: "minimize" as const };
const reduceOnPlateau = { factor: 0.5, patience: 1 };

testOnEveryDevice(
  "a training whose rate is reduced is resumed with the same bits, from each epoch and within",
  async () => {
    const rules = {
      momentum,
      adam,
      chain: chain(adam({ learningRate: cosineDecay({ learningRate: 0.01, steps: 50 }) }), average(0.9)),
    };
    for (const [name, updates] of Object.entries(rules)) {
      const options = { reduceOnPlateau, earlyStop: false, seed: 7, metrics: [wrong], monitor: "wrong" };
      const { momentum: _, ...values } = { batchSize: 20, nEpochs: 5, learningRate: 0.05, momentum: 0.9 };
      const learner = untrained.with({
        updates,
        hyperparameters: name === "chain" ? { batchSize: 20, nEpochs: 5 } : values,
      });
      await inFolder(async (folder) => {
        const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
        await learner.train({ ...options, file: whole });
        const expected = contentOf(whole);
        for (const step of [3, 20, 30, 41]) {
          const controller = new AbortController();
          await learner.train({
            ...options,
            file: part,
            signal: controller.signal,
            onEvent: (event) => event.event === "step" && event.iteration === step && controller.abort(),
          });
          await learner.train({ file: part, resume: true });
          assertEquals(contentOf(part), expected, `${name} resumed from step ${step}`);
        }
      });
    }
  },
);

Deno.test("a rate that is never reduced changes no bit", async () => {
  await setDevice("wasm");
  await inFolder(async (folder) => {
    const weightsOf = async (options: Parameters<typeof untrained.train>[0]) => {
      await untrained.train({ ...options, earlyStop: false, file: `${folder}/one.ym` });
      const { params, state } = readModel(`${folder}/one.ym`).groups;
      return { params, state };
    };
    assertEquals(await weightsOf({ reduceOnPlateau: { patience: 100 } }), await weightsOf({}));
  });
});

Deno.test("a rule without one learning rate, and wrong options, are refused before training", async () => {
  const several = chain(
    masked(parametersOf("*/W"), sgd()),
    masked(parametersOf("*/b", "*/gamma", "*/beta"), momentum()),
  );
  const learner = untrained.with({ updates: several, hyperparameters: { batchSize: 20, nEpochs: 1 } });
  await assertRejects(() => learner.train({ reduceOnPlateau }), TypeError, "expected a rule with one learning rate");
  for (
    const [options, message] of [
      [{ factor: 1 }, "factor"],
      [{ factor: 0 }, "factor"],
      [{ patience: 0 }, "patience"],
      [{ least: -1 }, "least"],
      [{ patiance: 3 }, "did you mean patience?"],
    ] as const
  ) {
    const error = await assertRejects(() => untrained.train({ reduceOnPlateau: options as never }), RangeError);
    assert(error.message.includes(message), error.message);
  }
});

testOnEveryDevice("each reduction is an event after its epoch, and epochs have the scale of their steps", async () => {
  // The first line is right for the validation set, so every step makes its error worse, and only the first is the best.
  const input = inputLayer({ shape: [null, 1] });
  const line = denseLayer(input, { nUnits: 1, activation: "linear", W: tensor([[1]]), b: tensor([0]) });
  const set = (y: readonly number[]) => ({ x: samples([[1], [2]]), y: samples(y.map((one) => [one])) });
  const learner = model({
    network: network("line", [input, line]),
    data: data([set([5, 9]), set([1, 2])]),
    objective: meanSquaredError,
    evaluationMetric: meanSquaredError,
    updates: sgd,
    hyperparameters: { batchSize: 1, nEpochs: 7, learningRate: 0.05 },
  });
  const run = async (options: ModelTrainOptions, from = learner) => {
    const [events, lines]: [TrainingEvent[], string[]] = [[], []];
    const { report } = await from.train({
      ...{ ...options, earlyStop: false, onEvent: (event: TrainingEvent) => void events.push(event) },
      log: (line) => void lines.push(line),
    });
    const reductions = events.flatMap((event, i) => event.event === "rateReduced" ? [{ ...event, i }] : []);
    assert(reductions.every(({ i }) => events[i - 1].event === "epoch"));
    return { reductions, lines, scales: report.history.map(({ learningRateScale }) => learningRateScale) };
  };
  const options = { reduceOnPlateau: { factor: 0.5, patience: 2, least: 0.02 } };
  const { reductions, scales, lines } = await run(options);
  // After epoch 7 the rate is the least one already.
  assertEquals(reductions.map(({ epoch, iteration, scale }) => [epoch, iteration, scale]), [[3, 6, 0.5], [
    5,
    10,
    0.02 / 0.05,
  ]]);
  assertEquals(reductions.map(({ learningRate }) => learningRate), [0.025, 0.02]);
  assertEquals(scales, [1, 1, 1, 0.5, 0.5, 0.02 / 0.05, 0.02 / 0.05]);
  assert(lines.includes("epoch 3: validation stopped improving, so the learning rate is reduced to 0.02500"));
  const scheduled = await run(
    options,
    learner.with({
      updates: sgd({ learningRate: cosineDecay({ learningRate: 0.05, steps: 50 }) }),
      hyperparameters: { batchSize: 1, nEpochs: 4 },
    }),
  );
  assertEquals(scheduled.reductions.map(({ learningRate, scale }) => [learningRate, scale]), [[null, 0.5]]);
  assert(scheduled.lines.some((line) => line.endsWith("the learning rate is reduced to 0.5000 times the schedule")));
  const without = await run({});
  assertEquals([without.reductions, without.scales[0]], [[], undefined]);
});

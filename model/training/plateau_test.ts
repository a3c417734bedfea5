import { assert, assertEquals, assertRejects } from "@std/assert";
import { setDevice } from "../../core/mod.ts";
import { accuracy, adam, average, chain, cosineDecay, masked, momentum, parametersOf, sgd } from "../../optim/mod.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { readModel } from "../files/container.ts";
import { afterPlateau, noPlateau, type Plateau, readPlateau } from "./plateau.ts";
import { contentOf, untrained } from "./test_resuming.ts";

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
      plateau = afterPlateau(plateau, options, { iteration, bestIteration, batches: 7 });
      return plateau.scale;
    });
    assertEquals(scales, ratesOfKeras(values, { factor: 0.5, patience }), `patience ${patience}`);
  }
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

/**
 * Trainings that are stopped after each of their steps and resumed.
 *
 * @module
 */

import { assertEquals, equal } from "@std/assert";
import { setDevice } from "../../../core/device.ts";
import { data, digitsLoader } from "../../../data/mod.ts";
import { networks } from "../../../examples/networks.ts";
import { loadModel, type Model, model } from "../../../model/mod.ts";
import { contentOf, untrained } from "../../../model/training/test_resuming.ts";
import { getUpdate } from "../../../optim/mod.ts";
import { inFolder } from "../../in_folder.ts";
import type { SuiteOptions } from "../suite.ts";

/** The number of examples and of epochs, small because each step is resumed from. */
const [BATCHES, BATCH, EPOCHS] = [5, 6, 3];

/** An example network with a few units and few examples. */
function exampleModel(name: string, settings: Readonly<Record<string, number>>): Model {
  const { build, hyperparameters, update = "momentum" } = networks[name];
  const values = { ...hyperparameters, ...settings, batchSize: BATCH, nEpochs: EPOCHS };
  return model({
    name,
    network: build(values),
    data: data(digitsLoader({ sizes: [BATCHES * BATCH - 1, 12, 12] }), { name: "digits" }),
    hyperparameters: values,
    updates: getUpdate(update),
  });
}

/** The models, with their numbers of steps: each kind of state of layers, steps and update rules. */
export const models = (): readonly (readonly [Model, number])[] => [
  [untrained, 50],
  [exampleModel("dropout", { nUnits: 12 }), BATCHES * EPOCHS],
  [exampleModel("convpool", { nFilters: 3 }), BATCHES * EPOCHS],
  [exampleModel("lstm", { nUnits: 8 }), BATCHES * EPOCHS],
];

/** Trains until a step is done, and saves there. */
async function stopAfter(
  step: number,
  one: Model,
  options: { readonly file: string; readonly seed: number },
): Promise<void> {
  const controller = new AbortController();
  await one.train({
    ...options,
    earlyStop: false,
    progress: false,
    signal: controller.signal,
    onEvent: (event) => event.event === "step" && event.iteration === step && controller.abort(),
  });
}

/** The parameter file of a saved model, and everything else that was saved, except times. */
async function savedIn(file: string): Promise<unknown> {
  await loadModel(file).network.saveParams(`${file}.yp`);
  return [await Deno.readFile(`${file}.yp`), contentOf(file)];
}

/** Resumes a model's training from each of its steps. Returns how many trainings were resumed. */
export async function resumeFromEachStep(
  one: Model,
  steps: number,
  { seed, device, faults }: Surroundings,
): Promise<number> {
  await inFolder(async (folder) => {
    const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
    const { report } = await one.train({ file: whole, seed, earlyStop: false, progress: false });
    assertEquals(report.iterations, steps);
    const expected = await savedIn(whole);
    for (let step = 1; step <= steps; step++) {
      await stopAfter(step, one, { file: part, seed });
      await one.train({ file: part, resume: true, progress: false });
      if (!equal(await savedIn(part), expected)) {
        faults.push(
          `${report.network}, resumed from step ${step} of ${steps} on ${device} with seed ${seed}: other bits`,
        );
      }
    }
  });
  return steps;
}

/** Where trainings are resumed, and the list that takes the faults. */
interface Surroundings {
  readonly seed: number;
  readonly device: string;
  readonly faults: string[];
}

/** Resumes the trainings of all models from each of their steps, on every device. Returns how many were resumed. */
export async function resumeEverywhere({ seed, devices, log }: SuiteOptions, faults: string[]): Promise<number> {
  let resumed = 0;
  for (const device of devices) {
    await setDevice(device);
    for (const [one, steps] of models()) {
      resumed += await resumeFromEachStep(one, steps, { seed, device, faults });
      log(`${one.name}: resumed from each of ${steps} steps on ${device}`);
    }
  }
  return resumed;
}

/**
 * Tests each option of a training against what its definition says, in plain numbers. An option without a row does not
 * compile, and one that is not declared fails.
 */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { random, setDevice, tensor } from "../core/mod.ts";
import { data, samples, type SampleSource } from "../data/mod.ts";
import { autoEncoder, denseLayer, inputLayer } from "../layers/mod.ts";
import type { Augmentation } from "../data/augment/mod.ts";
import { type Batch, loadModel, logLines, type Model, model, type ModelTrainOptions, network } from "../model/mod.ts";
import { modelTrainOptions } from "../model/training/train_options.ts";
import type { TrainingEvent } from "../model/training/events.ts";
import { binaryCrossentropyFromLogits, meanObjective, meanSquaredError, sgd } from "../optim/mod.ts";

// One line, p = w · x + b, through four points, in batches of two.
const x = [0.5, -1, 2, 1.5];
const y = [1, 0.25, -0.5, 2];
const start = [0.75, -0.25];
const RATE = 0.05;
const EPOCHS = 3;

const lineSet = (targets: readonly number[]) => ({
  x: samples(x.map((one) => [one])),
  y: samples(targets.map((one) => [one])),
});
// The initial line is right for the validation set, so that every step makes its error worse.
const unlearned = lineSet(x.map((one) => start[0] * one + start[1]));
const input = inputLayer({ shape: [null, 1] });
const line = network("line", [
  input,
  denseLayer(input, { nUnits: 1, activation: "linear", W: tensor([[start[0]]]), b: tensor([start[1]]), name: "line" }),
]);
const hyperparameters = { batchSize: 2, nEpochs: EPOCHS, learningRate: RATE };
const learner = model({
  network: line,
  data: data([lineSet(y), unlearned]),
  objective: meanSquaredError,
  evaluationMetric: meanSquaredError,
  updates: sgd,
  hyperparameters,
});

/** Options without which the last weights are not those of all steps in the order of the examples. */
const plain = { shuffle: false, earlyStop: false, restoreBest: false } as const;

/** The line after some steps, in double precision, with the examples in an order that repeats in each epoch. */
function expected(
  steps: number,
  order: readonly number[] = [0, 1, 2, 3],
  rateAt = (_step: number) => RATE,
  targets: readonly number[] = y,
): number[] {
  let [w, b] = start;
  for (let step = 0; step < steps; step++) {
    const batch = order.slice(step % 2 * 2, step % 2 * 2 + 2);
    const errors = batch.map((i) => w * x[i] + b - targets[i]);
    w -= rateAt(step) * errors.reduce((sum, error, k) => sum + error * x[batch[k]], 0);
    b -= rateAt(step) * errors.reduce((sum, error) => sum + error, 0);
  }
  return [w, b];
}

async function weightsOf({ network: { params } }: Model): Promise<number[]> {
  return [...await params.line.W.data(), ...await params.line.b.data()];
}

async function assertWeights(trained: Model, wanted: readonly number[]): Promise<void> {
  const actual = await weightsOf(trained);
  assert(isNear(actual, wanted), `expected ${wanted}, got ${actual}`);
}

function isNear(actual: readonly number[], wanted: readonly number[]): boolean {
  return actual.every((one, i) => Math.abs(one - wanted[i]) < 1e-6);
}

/** Trains, and returns the trained model and the events. */
async function trained(options: ModelTrainOptions, from = learner) {
  const events: TrainingEvent[] = [];
  const { model, report } = await from.train({ ...plain, ...options, onEvent: (event) => events.push(event) });
  const count = (name: TrainingEvent["event"]): number => events.filter(({ event }) => event === name).length;
  return { model, report, events, count };
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Samples that count how often they are read. */
function countedSource(values: readonly number[]): SampleSource & { readonly reads: () => number } {
  let reads = 0;
  return {
    shape: [values.length, 1],
    read: (numbers, target) => {
      reads++;
      numbers.forEach((number, i) => target[i] = values[number]);
    },
    reads: () => reads,
  };
}

function* permutations(of: readonly number[]): Generator<readonly number[]> {
  if (of.length === 0) yield [];
  for (const one of of) for (const rest of permutations(of.filter((other) => other !== one))) yield [one, ...rest];
}

/** The yes/no answers for the four points, and the weights after steps on all of them. */
const answering = {
  sizes: [0, 1, 0, 0] as const,
  weights: (weightOf: (i: number) => number, smoothing = 0): number[] => {
    let [w, b] = start;
    for (let step = 0; step < EPOCHS; step++) {
      const wrong = x.map((one, i) =>
        weightOf(i) * (1 / (1 + Math.exp(-w * one - b)) - answering.sizes[i] * (1 - smoothing) - smoothing / 2)
      );
      const total = x.reduce((sum, _, i) => sum + weightOf(i), 0);
      w -= RATE * wrong.reduce((sum, one, i) => sum + one * x[i], 0) / total;
      b -= RATE * wrong.reduce((sum, one) => sum + one, 0) / total;
    }
    return [w, b];
  },
};

const answers = (): Model => {
  const set = { x: samples(x.map((one) => [one])), y: samples(answering.sizes.map((one) => [one])) };
  return learner.with({
    data: data([set, set]),
    objective: binaryCrossentropyFromLogits,
    evaluationMetric: meanSquaredError,
    hyperparameters: { ...hyperparameters, batchSize: 4 },
  });
};

Deno.test("hyperparameter patienceEpochs of a training does what its definition says", async () => {
  // Only the first validation, after epoch 1, is the best; each later one is worse.
  for (const patienceEpochs of [1, 3]) {
    const from = learner.with({ hyperparameters: { ...hyperparameters, nEpochs: 9, patience: 1, patienceEpochs } });
    const { report, count } = await trained({ earlyStop: true }, from);
    assertEquals([report.stop, report.epochs], ["patience", 1 + patienceEpochs]);
    assertEquals([report.bestIteration, count("validation")], [2, 1 + patienceEpochs]);
    assertEquals((await trained({ earlyStop: false }, from)).report.epochs, 9);
  }
  const { monitor, metrics } = { monitor: "better", metrics: [better] };
  const improving = learner.with({ hyperparameters: { ...hyperparameters, nEpochs: 9, patienceEpochs: 1 } });
  assertEquals((await trained({ earlyStop: true, monitor, metrics }, improving)).report.stop, "epochs");
});

/** The distance from the first line, which each epoch makes greater. */
const better = meanObjective((p, t) => p.sub(t).abs().mean({ axis: -1 }), { name: "better", direction: "maximize" });

/** A test of each option. */
const tests: Readonly<Record<keyof ModelTrainOptions, () => Promise<void>>> = {
  metrics: async () => {
    const { report } = await trained({ metrics: ["meanAbsoluteError", meanSquaredError] });
    const [w, b] = expected(2 * EPOCHS);
    const distances = x.map((one) => Math.abs((w - start[0]) * one + b - start[1]));
    const mean = (of: (one: number) => number): number => distances.reduce((sum, one) => sum + of(one), 0) / x.length;
    const { meanAbsoluteError, meanSquaredError: squared } = report.metrics!.validation!;
    assertAlmostEquals(meanAbsoluteError, mean((one) => one), 1e-6);
    assertAlmostEquals(squared, mean((one) => one ** 2), 1e-6);
    assertEquals("metrics" in (await trained({})).report, false);
  },
  reduceOnPlateau: async () => {
    // Only the first of each epoch's validations is the best, so the rate is reduced after epochs 3, 5, 7, …
    const from = learner.with({ hyperparameters: { ...hyperparameters, nEpochs: 7 } });
    const rates = [1, 1, 1, 0.5, 0.5, 0.4, 0.4].map((scale) => scale * RATE);
    const { model } = await trained({ reduceOnPlateau: { factor: 0.5, patience: 2, least: 0.4 * RATE } }, from);
    await assertWeights(model, expected(14, [0, 1, 2, 3], (step) => rates[Math.floor(step / 2)]));
    // By default it is multiplied by 0.1 after ten epochs.
    const longer = learner.with({ hyperparameters: { ...hyperparameters, nEpochs: 12 } });
    const late = await trained({ reduceOnPlateau: {} }, longer);
    await assertWeights(late.model, expected(24, [0, 1, 2, 3], (step) => step < 22 ? RATE : 0.1 * RATE));
  },
  monitor: async () => {
    const { report } = await trained({ metrics: [better], monitor: "better" });
    assertEquals([report.monitoredMetric, report.bestIteration], ["better", 2 * EPOCHS]);
    assertEquals((await trained({ monitor: "loss" })).report.bestIteration, 2);
  },
  saveMode: () =>
    inFolder(async (folder) => {
      const saves: Record<string, number> = {};
      for (const saveMode of ["stop", "end", "each", "epoch", null] as const) {
        const file = `${folder}/${saveMode}.ym`;
        const { count } = await trained({ saveMode, file });
        saves[String(saveMode)] = count("save");
        const exists = await Deno.stat(file).then(() => true, () => false);
        assertEquals(exists, saveMode !== null && saveMode !== "stop", String(saveMode));
      }
      // At the end; at the only new best, that of the first epoch, and at the end; after each epoch and at the end.
      assertEquals(saves, { stop: 0, end: 1, each: 2, epoch: EPOCHS + 1, null: 0 });
    }),
  file: () =>
    inFolder(async (folder) => {
      const { model } = await trained({ file: `${folder}/mine.ym` });
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".ym")), [
        "mine.ym",
      ]);
      const loaded = loadModel(`${folder}/mine.ym`, {
        objective: meanSquaredError,
        evaluationMetric: meanSquaredError,
      });
      assertEquals(await weightsOf(loaded), await weightsOf(model));
    }),
  seed: async () => {
    const drawn = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear", name: "line" })]);
    const still = learner.with({ network: drawn, hyperparameters: { ...hyperparameters, learningRate: 0 } });
    for (const seed of [1, 2]) {
      const { params } = drawn.init(random.splitKeys(random.key(seed), 4)[0]);
      assertEquals(await weightsOf((await trained({ seed }, still)).model), [
        ...await params.line.W.data(),
        ...await params.line.b.data(),
      ]);
    }
  },
  unsupervisedTraining: async () => {
    const code = autoEncoder(input, { nUnits: 2, hyperparameters: { epochs: 2 } });
    const untrained = network("code", [input, code, denseLayer(code, { nUnits: 1, activation: "linear" })]);
    // An autoencoder reconstructs inputs from 0 to 1.
    const set = { x: samples([[0], [0.25], [0.5], [1]]), y: samples(y.map((one) => [one])) };
    const coder = learner.with({ network: untrained, data: data([set, set]) });
    const pretraining = async (options: ModelTrainOptions, from = coder) =>
      (await trained(options, from)).count("pretraining");
    assertEquals(await pretraining({ unsupervisedTraining: true }), 2);
    assertEquals(await pretraining({ unsupervisedTraining: false }), 0);
    assertEquals(await pretraining({}), 2);
    const withWeights = coder.with({ network: untrained.withWeights(untrained.init(random.key(1))) });
    assertEquals([await pretraining({}, withWeights), await pretraining({ unsupervisedTraining: true }, withWeights)], [
      0,
      2,
    ]);
  },
  earlyStop: async () => {
    // Only the first validation improves, so training stops after the first step that has 4 steps before it.
    const from = learner.with({ hyperparameters: { ...hyperparameters, nEpochs: 9, patience: 4 } });
    const stopped = await trained({ earlyStop: true }, from);
    assertEquals([stopped.report.stop, stopped.report.iterations], ["patience", 5]);
    await assertWeights(stopped.model, expected(5));
    const whole = await trained({ earlyStop: false }, from);
    assertEquals([whole.report.stop, whole.report.iterations], ["epochs", 18]);
    await assertWeights(whole.model, expected(18));
  },
  shuffle: async () => {
    const once = learner.with({ hyperparameters: { ...hyperparameters, nEpochs: 1 } });
    await assertWeights((await trained({ shuffle: false, seed: 3 }, once)).model, expected(2));
    const orders = new Set<string>();
    for (const seed of [1, 2, 3, 4]) {
      const weights = await weightsOf((await trained({ shuffle: true, seed }, once)).model);
      const order = [...permutations([0, 1, 2, 3])].find((order) => isNear(weights, expected(2, order)));
      assert(order, `${weights} are those of no order`);
      orders.add(String(order));
    }
    assert(orders.size > 1);
  },
  restoreBest: async () => {
    await assertWeights((await trained({ restoreBest: true })).model, expected(2));
    await assertWeights((await trained({ restoreBest: false })).model, expected(2 * EPOCHS));
  },
  classWeights: async () => {
    // The logits are x · w + b of yes/no answers, learned from four points, of which one is a yes.
    const { weights, sizes } = answering;
    for (const [classWeights, used] of [[[0.5, 3], [0.5, 3]], ["balanced", [4 / (2 * 3), 4 / 2]]] as const) {
      const { model } = await trained({ classWeights }, answers());
      await assertWeights(model, weights((i) => used[sizes[i]]));
    }
    await assertWeights((await trained({}, answers())).model, weights(() => 1));
  },
  labelSmoothing: async () => {
    const { weights } = answering;
    await assertWeights((await trained({ labelSmoothing: 0.2 }, answers())).model, weights(() => 1, 0.2));
    await assertWeights((await trained({ labelSmoothing: 0 }, answers())).model, weights(() => 1));
  },
  augment: async () => {
    const negate: Augmentation<Batch> = (_key, { x, y }) => ({ x, y: y.neg() });
    const double: Augmentation<Batch> = (_key, { x, y }) => ({ x, y: y.add(y) });
    const changed = (by: number): number[] => expected(2 * EPOCHS, undefined, undefined, y.map((one) => by * one));
    await assertWeights((await trained({ augment: negate })).model, changed(-1));
    await assertWeights((await trained({ augment: [negate, double] })).model, changed(-2));
    await assertWeights((await trained({ augment: [] })).model, changed(1));
  },
  deviceBytes: async () => {
    const reads = async (deviceBytes: number | undefined): Promise<number> => {
      const source = countedSource(x);
      const sets = data([{ x: source, y: lineSet(y).y }, unlearned]);
      const before = source.reads();
      const { model } = await trained({ deviceBytes }, learner.with({ data: sets }));
      await assertWeights(model, expected(2 * EPOCHS));
      return source.reads() - before;
    };
    // Once for the digest of the data, and then all at once, or the examples of some batches in each epoch.
    assertEquals(await reads(undefined), 1 + 1);
    assert(await reads(1) >= 1 + EPOCHS);
  },
  signal: async () => {
    const controller = new AbortController();
    const { model, report } = await learner.train({
      ...plain,
      signal: controller.signal,
      onEvent: ({ event }) => event === "step" && controller.abort(),
    });
    assertEquals([report.stop, report.iterations], ["aborted", 1]);
    await assertWeights(model, expected(1));
  },
  resume: () =>
    inFolder(async (folder) => {
      const file = `${folder}/saved.ym`;
      await trained({ file });
      const longer = learner.with({ hyperparameters: { ...hyperparameters, nEpochs: EPOCHS + 2 } });
      for (const options of [{ resume: true, file }, { resume: file }]) {
        const { model, count } = await trained(options, longer);
        assertEquals(count("epoch"), 2);
        await assertWeights(model, expected(2 * (EPOCHS + 2)));
        await trained({ file });
      }
      assertEquals((await trained({ resume: false, file })).count("epoch"), EPOCHS);
    }),
  overfit: async () => {
    // Two points are on a line; it is found by steps on these two alone, and learning ends near it.
    const { model, report } = await trained({ overfit: 2, restoreBest: true });
    const { iterations, overfit } = report;
    await assertWeights(model, expected(iterations, [0, 1, 0, 1]));
    const lossOf = ([w, b]: readonly number[]): number =>
      [0, 1].reduce((sum, i) => sum + (w * x[i] + b - y[i]) ** 2, 0) / 2;
    assertAlmostEquals(overfit!.firstLoss, lossOf(start), 1e-6);
    const reaches = (steps: number): boolean => lossOf(expected(steps, [0, 1, 0, 1])) <= 0.01 * lossOf(start);
    assertEquals([overfit!.reached, reaches(iterations), reaches(iterations - 1)], [true, true, false]);
    assertEquals((await trained({})).report.overfit, undefined);
  },
  dryRun: async () => {
    const { model, report } = await trained({ dryRun: true });
    const [w, b] = expected(1);
    const loss = x.reduce((sum, one) => sum + ((w - start[0]) * one + b - start[1]) ** 2, 0) / x.length;
    assertAlmostEquals(report.validationLoss!, loss, 1e-6);
    assertEquals([model === learner, report.iterations], [true, 1]);
    assertEquals(report.dryRun, {
      examples: { training: 2, validation: 4, test: null },
      epochs: EPOCHS,
      batches: 2,
      file: null,
      bytes: null,
    });
    assertEquals([(await trained({ dryRun: false })).count("step"), (await trained({})).count("step")], [6, 6]);
  },
  onEvent: async () => {
    const { events, count } = await trained({});
    assertEquals([count("start"), count("step"), count("epoch"), count("end")], [1, 2 * EPOCHS, EPOCHS, 1]);
    assertEquals([events[0].event, events.at(-1)?.event], ["start", "end"]);
  },
  log: async () => {
    const lines: string[] = [];
    const { events } = await trained({ log: (line) => lines.push(line) });
    assertEquals(lines, events.flatMap(logLines));
    assert(lines.length > EPOCHS);
  },
  progress: async () => {
    const seen: TrainingEvent[] = [];
    const { events } = await trained({ progress: (event) => void seen.push(event) });
    assertEquals(seen, events);
    const printed = async (progress: boolean): Promise<number> => {
      const { error } = console;
      let lines = 0;
      console.error = () => lines++;
      try {
        await trained({ progress });
      } finally {
        console.error = error;
      }
      return lines;
    };
    // One line per epoch, one at the start, and two that say how training ended.
    assertEquals([await printed(true), await printed(false)], [EPOCHS + 3, 0]);
  },
};

await setDevice("wasm");

Deno.test("each declared option of a training has a test here", () => {
  assertEquals(Object.keys(modelTrainOptions).sort(), Object.keys(tests).sort());
});

for (const [option, test] of Object.entries(tests)) {
  Deno.test(`option ${option} of a training does what its definition says`, test);
}

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { explain, full, setDevice, type Tensor, tensor, zeros } from "../../core/mod.ts";
import { data, type GivenSet, samples, type SampleSource, split } from "../../data/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import {
  accumulate,
  chain,
  getObjective,
  meanAbsoluteError,
  meanSquaredError,
  momentum,
  type Objective,
  sgd,
} from "../../optim/mod.ts";
import { kernelsOf } from "../../tests/kernels_of_plan.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { ResumeError } from "../files/errors.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { smoothedTargets, smoothing, weighsTerms, weightsOfTargets } from "./emphasis.ts";
import type { TrainingEvent } from "./events.ts";
import { keysOf } from "./keys.ts";
import { beginTraining, makePrograms, prepareSteps, trainingFeed } from "./programs.ts";
import { taskOf } from "./task_of.ts";
import type { EmphasisOptions } from "./train_options.ts";
import { contentOf, input as wide, smallDigits } from "./test_resuming.ts";

// One line, p = w · x + b, through five points of different weights, in batches of two, two and one.
const x = [0.5, -1, 2, 1.5, -0.25];
const y = [1, 0.25, -0.5, 2, 0.75];
const weights = [1, 0.5, 3, 0, 2];
const [rate, epochs] = [0.05, 3];
const input = inputLayer({ shape: [null, 1] });
const start = { W: tensor([[0.75]]), b: tensor([-0.25]) };
const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear", name: "line", ...start })]);
const column = (values: readonly number[]) => samples(values.map((one) => [one]));
const weighted = { x: column(x), y: column(y), weights };
const learner = model({
  network: line,
  objective: meanSquaredError,
  evaluationMetric: meanAbsoluteError,
  updates: sgd,
  hyperparameters: { batchSize: 2, nEpochs: epochs, learningRate: rate },
});
const plain = { shuffle: false, earlyStop: false, restoreBest: false } as const;

/** The line after all steps, and the means of the last epoch, in double precision. */
function expected() {
  let [w, b] = [0.75, -0.25];
  let sums = { cost: 0, error: 0, weight: 0 };
  for (let epoch = 0; epoch < epochs; epoch++) {
    sums = { cost: 0, error: 0, weight: 0 };
    for (const batch of [[0, 1], [2, 3], [4]]) {
      const wrong = batch.map((i) => w * x[i] + b - y[i]);
      const total = batch.reduce((sum, i) => sum + weights[i], 0);
      batch.forEach((i, k) => {
        sums.cost += weights[i] * wrong[k] ** 2;
        sums.error += weights[i] * Math.abs(wrong[k]);
        sums.weight += weights[i];
      });
      w -= rate * 2 * wrong.reduce((sum, one, k) => sum + weights[batch[k]] * one * x[batch[k]], 0) / total;
      b -= rate * 2 * wrong.reduce((sum, one, k) => sum + weights[batch[k]] * one, 0) / total;
    }
  }
  const mean = (cost: (wrong: number) => number): number =>
    x.reduce((sum, one, i) => sum + weights[i] * cost(w * one + b - y[i]), 0) / weights.reduce((a, b) => a + b);
  return { w, b, sums, loss: mean((one) => one ** 2), error: mean(Math.abs) };
}

/** The same set, read on demand. */
function sourceOf(values: readonly number[], shape: readonly number[]): SampleSource {
  return { shape, read: (numbers, target) => numbers.forEach((number, i) => target[i] = values[number]) };
}

const sets: readonly (readonly [string, GivenSet])[] = [
  ["in memory", weighted],
  ["in single precision", { ...weighted, weights: Float32Array.from(weights) }],
  ["read on demand", { x: sourceOf(x, [5, 1]), y: sourceOf(y, [5, 1]), weights: sourceOf(weights, [5]) }],
];

for (const [title, set] of sets) {
  testOnEveryDevice(
    `weights ${title} count in steps, in uneven last batches, in means and in validations`,
    async () => {
      for (const deviceBytes of [undefined, 1]) {
        const events: TrainingEvent[] = [];
        const { model: trained, report } = await learner.with({ data: data([set, set, set]) })
          .train({ ...plain, deviceBytes, onEvent: (event) => events.push(event) });
        const { w, b, sums, loss, error } = expected();
        const { W: [own] } = { W: await trained.network.params.line.W.data() };
        assertAlmostEquals(own, w, 1e-6);
        assertAlmostEquals((await trained.network.params.line.b.data())[0], b, 1e-6);
        const { trainLoss, trainError } = report.history[epochs - 1];
        assertAlmostEquals(trainLoss, sums.cost / sums.weight, 1e-6);
        assertAlmostEquals(trainError, sums.error / sums.weight, 1e-6);
        assertAlmostEquals(report.testLoss!, loss, 1e-6);
        assertAlmostEquals(report.testError!, error, 1e-6);
        assertAlmostEquals(report.validationError!, error, 1e-6);
        const validation = events.findLast(({ event }) => event === "validation");
        assertAlmostEquals(validation?.event === "validation" ? validation.trainLoss : NaN, trainLoss, 1e-6);
      }
    },
  );
}

testOnEveryDevice("whole numbers as weights are repeated examples", async () => {
  const repeated = [0, 1, 1, 2, 2, 2];
  const once = { x: column(x.slice(0, 3)), y: column(y.slice(0, 3)), weights: [1, 2, 3] };
  const many = { x: column(repeated.map((i) => x[i])), y: column(repeated.map((i) => y[i])) };
  const results: number[][] = [];
  for (const set of [once, many]) {
    const whole = learner.with({
      data: data([set, set]),
      hyperparameters: { batchSize: 6, nEpochs: 5, learningRate: 0.1 },
    });
    const { model: trained, report } = await whole.train(plain);
    results.push([...await trained.network.params.line.W.data(), report.validationLoss!, report.history[4].trainLoss]);
  }
  results[0].forEach((one, i) => assertAlmostEquals(one, results[1][i], 1e-6));
});

testOnEveryDevice("splits keep the weights of their examples", () => {
  const [first, second] = split(weighted, [0.6, 0.4], { shuffle: false });
  assertEquals([data([first, second]).training.weights?.shape, data([first, second]).validation.weights?.shape], [[3], [
    2,
  ]]);
});

const digits = smallDigits(1);
const softmax = network("softmax", [wide, logisticRegression(wide, { nClass: 10, l2: 0.001 })]);

testOnEveryDevice(
  "a training with weights and smoothing resumes from each of its 50 steps with the same bits",
  async () => {
    const { x, y } = digits.training;
    const set = { x: samples(await x.data() as Float32Array, [190, 56]), y: await y.data() as Int32Array };
    const weighed = { ...set, weights: Float32Array.from(set.y, (one, i) => (one + i) % 4 / 2) };
    const untrained = model({
      name: "softmax",
      network: softmax,
      data: data([weighed, set]),
      hyperparameters: { batchSize: 20, nEpochs: 5, learningRate: 0.05 },
      updates: chain(accumulate(3), momentum({ learningRate: 0.05 })),
    });
    await inFolder(async (folder) => {
      const [whole, part] = [`${folder}/whole.ym`, `${folder}/part.ym`];
      const options = { classWeights: "balanced", labelSmoothing: 0.1, earlyStop: false, seed: 2 } as const;
      await untrained.train({ ...options, file: whole });
      for (let step = 1; step <= 50; step++) {
        const controller = new AbortController();
        const onEvent = (one: TrainingEvent) => one.event === "step" && one.iteration === step && controller.abort();
        // What counts more is read from the file.
        const from = step === 1 ? untrained : loadModel(part, { data: untrained.parts.data! });
        await from.train({
          ...step === 1 ? options : { resume: true },
          file: part,
          signal: controller.signal,
          onEvent,
        });
      }
      await loadModel(part, { data: untrained.parts.data! }).train({ file: part, resume: true });
      assertEquals(contentOf(part), contentOf(whole), "resumed from each of its steps");
      await assertRejects(
        () => untrained.train({ file: part, resume: true, labelSmoothing: 0 }),
        ResumeError,
        "labelSmoothing: 0.1, not 0",
      );
      await assertRejects(
        () => untrained.train({ file: part, resume: true, classWeights: new Array<number>(10).fill(1) }),
        ResumeError,
        'classWeights: "balanced", not [1,',
      );
    });
  },
);

testOnEveryDevice("what cannot be weighed or smoothed is refused before training starts", async () => {
  const train = (options: Parameters<typeof learner.train>[0], one = model({ network: softmax, data: digits })) => {
    let events = 0;
    return one.train({ ...options, onEvent: () => events++ }).catch((error) => {
      assertEquals(events, 0);
      throw error;
    });
  };
  const numbers = learner.with({ data: data([weighted, weighted]) });
  await assertRejects(
    () => train({ classWeights: [1, 2] }),
    RangeError,
    'Cannot train "softmax" on digits with classWeights: expected one for each of 10 classes, the outputs of the ' +
      "network, got 2",
  );
  await assertRejects(() => train({ classWeights: "even" as "balanced" }), RangeError, "classWeights");
  await assertRejects(() => train({ classWeights: [1, NaN] }), TypeError, "classWeights");
  await assertRejects(() => train({ labelSmoothing: 2 }), RangeError, "labelSmoothing");
  await assertRejects(
    () => train({ classWeights: "balanced" }, numbers),
    TypeError,
    "with classWeights: expected targets that are classes, 0 and 1 or -1 and 1, got other numbers; give the sets ",
  );
  await assertRejects(
    () => train({ labelSmoothing: 0.1 }, numbers),
    TypeError,
    "expected a cross-entropy as objective, got meanSquaredError",
  );
});

testOnEveryDevice("weights and smoothing add at most two kernels to a step", () => {
  const set = { x: samples(new Float32Array(40 * 56), [40, 56]), y: new Int32Array(40) };
  const weighed = { ...set, weights: new Float32Array(40).fill(1) };
  const kernelsWith = (training: GivenSet, emphasis: EmphasisOptions): number => {
    const parts = {
      network: softmax,
      data: data([training, set]),
      hyperparameters: { batchSize: 20, learningRate: 0.05 },
    };
    using programs = makePrograms(taskOf(parts, { judge: true, options: emphasis }), 40);
    const { init, noise } = keysOf(1);
    const state = beginTraining(programs, softmax.init(init), noise);
    using feed = trainingFeed(programs, { set: parts.data.training, bytes: 1e9 });
    prepareSteps(programs, state, feed.form);
    return kernelsOf(explain(programs.stepFor(0)));
  };
  const plain = kernelsWith(set, {});
  assert(plain > 3);
  for (const training of [set, weighed]) {
    for (const classWeights of [undefined, "balanced"] as const) {
      for (const labelSmoothing of [0, 0.1]) {
        const kernels = kernelsWith(training, { classWeights, labelSmoothing });
        assert(kernels <= plain + 2, `${classWeights}, ${labelSmoothing}: ${plain} kernels became ${kernels}`);
      }
    }
  }
});

Deno.test("class weights are factors of terms only if targets may have shares of several classes", () => {
  const [prediction, classes, rows] = [zeros([3, 2]), full([3], 1, { dtype: "i32" }), zeros([3, 2])];
  const classWeights = [1, 2];
  const ofLogits = (options = {}) => getObjective("categoricalCrossentropyFromLogits", options);
  const weighs = (...[objective, emphasis, target]: readonly [Objective, object, Tensor]): boolean =>
    weighsTerms(objective, { classWeights, ...emphasis }, { prediction, target });
  assertEquals([weighs(ofLogits(), {}, classes), weighs(ofLogits(), {}, rows)], [false, true]);
  for (const objective of [ofLogits({ labelSmoothing: 0.1 }), ofLogits({ labelSmoothing: 0 }), ofLogits()]) {
    assertEquals(weighs(objective, { labelSmoothing: 0.2 }, classes), true);
  }
  assertEquals(weighs(ofLogits({ labelSmoothing: 0 }), {}, classes), false);
  assertEquals(weighsTerms(ofLogits(), {}, { prediction, target: rows }), false);
});

/** The objectives whose targets may be smoothed, and others. */
const cross = getObjective("categoricalCrossentropyError");
const answering = getObjective("binaryCrossentropyError");

Deno.test("targets are smoothed of cross-entropies only", () => {
  const named = (name: string) => smoothedTargets(getObjective(name));
  assertEquals(named("categoricalCrossentropyError"), "classes");
  assertEquals(named("categoricalCrossentropyFromLogits"), "classes");
  assertEquals(named("binaryCrossentropyError"), "answers");
  assertEquals(named("binaryCrossentropyFromLogits"), "answers");
  assertEquals(named("meanSquaredError"), undefined);
  assertEquals(smoothedTargets((p) => p.mean({ axis: -1 })), undefined);
});

Deno.test("the weight of a target is that of its class, or the mean by its shares", async () => {
  await setDevice("wasm");
  const of = (...[objective, classWeights, weighed]: Parameters<typeof weightsOfTargets>) =>
    weightsOfTargets(objective, classWeights, weighed).toArray();
  const pair = { prediction: zeros([3, 2]), target: tensor(Int32Array.of(1, 0, 5), [3]) };
  assertEquals(await of(cross, [2, 3], pair), [3, 2, 0]);
  const rows = { prediction: zeros([3, 3]), target: tensor([[0, 1, 0], [0.2, 0.3, 0.5], [NaN, 1, 0]]) };
  assertEquals(await of(meanSquaredError, [1, 2, 4], rows), [2, 4, 0]);
  const shares = { prediction: zeros([3, 3]), target: tensor([[0.5, 0.25, 0.25], [0, 0, 0], [0, 0, 2]]) };
  assertEquals(await of(cross, [1, 2, 6], shares), [2.5, 3, 6]);
  const yes = { prediction: zeros([3, 1]), target: tensor([[0.5], [0.25], [1]]) };
  assertEquals(await of(answering, [2, 3], yes), [3, 2, 3]);
  assertEquals(await of(answering, [2, 3], { ...yes, target: tensor(Int32Array.of(1, 0, -1), [3]) }), [3, 2, 2]);
});

Deno.test("targets that the device checks are of one class, or answers, if they count", async () => {
  await setDevice("wasm");
  const checked = tensor([1, 0]);
  const [one, two] = [zeros([2, 1]), zeros([2, 2])];
  const weigh = (prediction: Tensor, target: Tensor, checks: Tensor | undefined = checked) =>
    weightsOfTargets(meanSquaredError, [2, 3], { prediction, target, checked: checks }).toArray();
  assertEquals(await weigh(one, tensor([[-1], [0.7]])), [2, 2]);
  assertEquals(await weigh(one, tensor([[1], [0.7]])), [3, 2]);
  assertEquals(await weigh(two, tensor([[0, 1], [0.3, 0.3]])), [3, 2]);
  await assertRejects(() => weigh(one, tensor([[0.7], [1]])), RangeError, "other than 0 and 1");
  await assertRejects(() => weigh(two, tensor([[0.3, 0.3], [0, 1]])), RangeError, "several classes");
  assertEquals(await weigh(two, tensor(Int32Array.of(1, 0), [2])), [3, 2]);
});

Deno.test("smoothed targets have the share of smoothing evenly from all classes", async () => {
  await setDevice("wasm");
  const near = async (found: Tensor, wanted: Tensor) => {
    const [a, b] = [[...await found.data()].map(Number), [...await wanted.data()].map(Number)];
    assertEquals(a.length, b.length);
    a.forEach((one, i) => assertAlmostEquals(one, b[i], 1e-5));
  };
  const p = tensor([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]]);
  const classes = tensor(Int32Array.of(1, 3), [2]);
  const rows = tensor([[0.05, 0.85, 0.05, 0.05], [0.05, 0.05, 0.05, 0.85]]);
  await near(smoothing(cross, { labelSmoothing: 0.2 })(p, classes), cross(p, rows));
  const own = getObjective("categoricalCrossentropyFromLogits", { labelSmoothing: 0.2 });
  const ofLogits = getObjective("categoricalCrossentropyFromLogits");
  const classWeights = [1, 2, 3, 4];
  const weighed = rows.mul(tensor(classWeights));
  await near(smoothing(cross, { labelSmoothing: 0.2, classWeights })(p, classes), cross(p, weighed));
  await near(smoothing(own, { classWeights })(p, classes), ofLogits(p, weighed));
  // Without smoothing, weights of classes are not factors of terms.
  await near(smoothing(cross, { classWeights })(p, classes), cross(p, classes));
  const [q, t] = [tensor([[0.25], [0.75]]), tensor([[1], [0]])];
  await near(smoothing(answering, { labelSmoothing: 0.2 })(q, t), answering(q, tensor([[0.9], [0.1]])));
  for (const objective of [cross, answering]) assertEquals(smoothing(objective, {}), objective);
  assertEquals(smoothing(answering, { classWeights: [1, 2] }), answering);
});

Deno.test("targets of the ignored class have no cost if they are smoothed, whatever is predicted", async () => {
  await setDevice("wasm");
  const ignoring = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: -1 });
  const smooth = smoothing(ignoring, { labelSmoothing: 0.5, classWeights: [1, 1] });
  const costs = await smooth(tensor([[NaN, 1], [0, 0]]), tensor(Int32Array.of(-1, 1), [2])).toArray() as number[];
  assertEquals(costs[0], 0);
  assertAlmostEquals(costs[1], Math.log(2), 1e-6);
});

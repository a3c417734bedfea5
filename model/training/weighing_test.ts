import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { jit, random, type Tensor, tensor, zeros } from "../../core/mod.ts";
import { data, type GivenSet, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer } from "../../layers/mod.ts";
import { categoricalError, getObjective, meanSquaredError, type Objective, sgd } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { type Network, network } from "../network.ts";
import { trainStep } from "./train_step.ts";

// The logits of each target are parameters of their own, so a step with the rate 1 subtracts their gradients.
const CLASSES = 3;
const SMOOTHING = 0.1;
const extents = [[6], [6, 1], [3, 4], [2, 2, 3]] as const;
const kinds = ["numbers", "one-hot rows", "shares", "several classes"] as const;
const ignoring = [undefined, -1, 0, CLASSES] as const;
const weighing = ["none", "examples", "steps"] as const;
const ofClasses = [undefined, [1, 1, 1], [0.5, 1, 4], [0, 1, 2]] as const;

/** How targets are weighed. */
interface Case {
  readonly shape: readonly number[];
  readonly kind: typeof kinds[number];
  readonly ignored: number | undefined;
  readonly fromLogits: boolean;
  readonly weights: typeof weighing[number];
  readonly classWeights: readonly number[] | undefined;
  readonly smoothing: number;
}

const cases: Case[] = [];
for (const shape of extents) {
  for (const kind of kinds) {
    for (const ignored of ignoring) {
      for (const fromLogits of [false, true]) {
        if (ignored !== undefined && (kind !== "numbers" || !fromLogits)) continue;
        for (const weights of weighing) {
          if (weights === "steps" && shape.length === 1) continue;
          for (const classWeights of ofClasses) {
            for (const smoothing of [0, SMOOTHING]) {
              cases.push({ shape, kind, ignored, fromLogits, weights, classWeights, smoothing });
            }
          }
        }
      }
    }
  }
}

/** The numbers of a case, flat. */
interface Numbers {
  readonly count: number;
  /** One row of logits per target. */
  readonly logits: readonly (readonly number[])[];
  readonly classes: readonly number[];
  readonly rows: readonly (readonly number[])[];
  /** One per target. */
  readonly weights: readonly number[];
}

function numbersOf({ shape, kind, ignored, weights }: Case): Numbers {
  const count = shape.reduce((product, one) => product * one);
  const each = <T>(of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
  const classes = each((i) => ignored !== undefined && i % 4 === 1 ? ignored : [2, 0, 1, 1, 2][i % 5]);
  const rowOf = (i: number): number[] => {
    if (kind === "shares") return [[0.5, 0.25, 0.25], [0, 0.75, 0.25], [0.125, 0.875, 0]][i % 3];
    if (kind === "several classes") return [[1, 1, 0], [0, 0, 0], [0, 0, 1], [1, 1, 1]][i % 4];
    return [0, 1, 2].map((one) => one === classes[i] ? 1 : 0);
  };
  const inner = count / shape[0];
  return {
    count,
    logits: each((i) => [0, 1, 2].map((j) => Math.fround(2 * Math.sin(3 * i + 5 * j)))),
    classes,
    rows: each(rowOf),
    weights: each((i) =>
      weights === "none" ? 1 : [2, 0.5, 0, 3][(weights === "steps" ? i : Math.floor(i / inner)) % 4]
    ),
  };
}

/** Means and the gradients of the logits by the definition, in double precision. */
function definition(one: Case, { logits, classes, rows, weights }: Numbers) {
  const { classWeights = [1, 1, 1], smoothing, kind, ignored } = one;
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const total = { cost: 0, weight: 0, error: 0, counted: 0 };
  const gradients = rows.map((row, i) => {
    const isIgnored = kind === "numbers" && classes[i] === ignored;
    const weight = isIgnored ? 0 : weights[i];
    const exponentials = logits[i].map(Math.exp);
    const chances = exponentials.map((value) => value / sum(exponentials));
    const terms = row.map((share, j) => classWeights[j] * ((1 - smoothing) * share + smoothing / CLASSES));
    const ofClass = sum(row) === 0
      ? sum(classWeights) / CLASSES
      : sum(row.map((t, j) => classWeights[j] * t)) / sum(row);
    total.cost -= weight * sum(terms.map((term, j) => term * Math.log(chances[j])));
    total.weight += weight * ofClass;
    const greatest = logits[i].indexOf(Math.max(...logits[i]));
    total.error += weight * Number(greatest !== row.indexOf(Math.max(...row)));
    total.counted += weight;
    return chances.map((chance, j) => weight * (chance * sum(terms) - terms[j]));
  });
  const { cost, weight, error, counted } = total;
  return { loss: cost / weight, error: error / counted, gradient: gradients.flat().map((number) => number / weight) };
}

/** The inputs of a case, its targets and weights, and a network and an objective for them. */
function partsOf(one: Case, numbers: Numbers) {
  const { shape, kind, ignored, fromLogits, smoothing, weights: kindOfWeights, classWeights } = one;
  const { count, logits, classes, rows, weights } = numbers;
  const input = inputLayer({ shape: [null, ...shape.slice(1), count] });
  const activation = fromLogits ? "linear" : "softmax";
  const W = tensor(logits.map((row) => [...row]));
  const dense = {
    nUnits: CLASSES,
    activation,
    W,
    b: zeros([CLASSES]),
    leadingAxes: shape.length,
    name: "table",
  } as const;
  const name = fromLogits ? "categoricalCrossentropyFromLogits" : "categoricalCrossentropyError";
  const own = {
    ...(ignored !== undefined && { ignoreIndex: ignored }),
    ...(smoothing > 0 && { labelSmoothing: smoothing }),
  };
  const objective: Objective = getObjective(name, ignored === undefined ? {} : own);
  const ofExample = weights.filter((_, i) => i % (count / shape[0]) === 0);
  return {
    network: network("table", [input, denseLayer(input, dense)]),
    objective,
    options: {
      ...(classWeights && { classWeights }),
      ...(smoothing > 0 && ignored === undefined && { labelSmoothing: smoothing }),
    },
    x: {
      values: Float32Array.from({ length: count * count }, (_, i) => i % (count + 1) === 0 ? 1 : 0),
      shape: [...shape, count],
    },
    y: kind === "numbers"
      ? { values: Float32Array.from(classes), shape: [...shape] }
      : { values: Float32Array.from(rows.flat()), shape: [...shape, CLASSES] },
    weights: {
      none: undefined,
      examples: { values: Float32Array.from(ofExample), shape: [shape[0]] },
      steps: { values: Float32Array.from(weights), shape: [...shape] },
    }[kindOfWeights],
  };
}

const tensorOf = ({ values, shape }: { readonly values: Float32Array; readonly shape: number[] }): Tensor =>
  tensor(values, shape);

function assertNear(actual: ArrayLike<number>, expected: readonly number[], title: string): void {
  assertEquals(actual.length, expected.length, title);
  expected.forEach((one, i) => assertAlmostEquals(actual[i], one, 3e-6, title));
}

/** Every step-th case. The steps are primes, so each value of each part is among them. */
const chosen = (step: number): Case[] => cases.filter((_, i) => i % step === 0);

testOnEveryDevice("steps weigh targets by the definition, in all combinations of what weighs them", async (kind) => {
  for (const one of chosen(kind === "webgpu" ? 37 : 1)) {
    const title = JSON.stringify(one);
    const numbers = numbersOf(one);
    const { network, objective, options, x, y, weights } = partsOf(one, numbers);
    const { loss, gradient } = definition(one, numbers);
    const { init, step } = trainStep({ network, objective, rule: sgd({ learningRate: 1 }), ...options });
    const before = init(random.key(1));
    const batch = { x: tensorOf(x), y: tensorOf(y), ...(weights && { weights: tensorOf(weights) }) };
    using compiled = jit(step);
    const [after, figures] = compiled(before, batch);
    assertNear(await figures.loss.data(), [loss], title);
    assertNear(await before.params.table.W.sub(after.params.table.W).data(), gradient, title);
  }
});

testOnEveryDevice("trainings and evaluations weigh targets by the definition", async (kind) => {
  for (const one of chosen(kind === "webgpu" ? 61 : 11)) {
    const title = JSON.stringify(one);
    const numbers = numbersOf(one);
    const { network, objective, options, ...set } = partsOf(one, numbers);
    const { loss, error, gradient } = definition(one, numbers);
    // Validation measures the objective itself, which has a smoothing of its own with ignoreIndex.
    const measured = { ...one, classWeights: undefined, smoothing: one.ignored === undefined ? 0 : one.smoothing };
    const sets = data([set as GivenSet, set as GivenSet]);
    const parts = { network, objective, evaluationMetric: categoricalError, data: sets, updates: sgd };
    const hyperparameters = { batchSize: one.shape[0], nEpochs: 1, learningRate: 1 };
    const { model: trained, report } = await model({ ...parts, hyperparameters })
      .train({ shuffle: false, restoreBest: false, earlyStop: false, ...options });
    const [{ trainLoss, trainError }] = report.history;
    assertNear([trainLoss, trainError / 100], [loss, error], title);
    const W = await trained.network.params.table.W.data();
    assertNear(W, numbers.logits.flat().map((logit, i) => logit - gradient[i]), title);
    const b = await trained.network.params.table.b.data();
    const logits = numbers.logits.map((row, i) => row.map((_, j) => W[i * CLASSES + j] + b[j]));
    const after = definition(measured, { ...numbers, logits });
    assertNear([report.validationLoss!, report.validationError! / 100], [after.loss, after.error], title);
  }
});

const input = inputLayer({ shape: [null, 1] });
const flat = (nClass: number, activation: "softmax" | "linear" | "sigmoid", first = 0): Network =>
  network("flat", [
    input,
    denseLayer(input, { nUnits: nClass, W: tensor([[first, ...Array(nClass - 1).fill(0)]]), activation, name: "flat" }),
  ]);
const still = { batchSize: 1, nEpochs: 1, learningRate: 0.1 };
const plain = { shuffle: false, restoreBest: false, earlyStop: false } as const;
const ones = (count: number) => samples(Array.from({ length: count }, () => [1]));

testOnEveryDevice(
  "a batch of classes with the weight 0 costs nothing and changes nothing, also if smoothed",
  async () => {
    const { init, step } = trainStep({
      network: flat(2, "softmax"),
      rule: sgd({ learningRate: 1 }),
      classWeights: [0, 1],
      labelSmoothing: 0.1,
    });
    const before = init(random.key(1));
    const [after, { loss }] = step(before, { x: tensor([[1], [1]]), y: tensor([0, 0]) });
    assertEquals(await loss.item(), 0);
    assertEquals(await after.params.flat.W.data(), await before.params.flat.W.data());
    // The first batch has only class 0, so the mean is that of the second.
    const set = { x: ones(2), y: Int32Array.of(0, 1) };
    const { report } = await model({ network: flat(2, "softmax"), data: data([set, set]), hyperparameters: still })
      .train({ ...plain, classWeights: [0, 1], labelSmoothing: 0.1 });
    assertAlmostEquals(report.history[0].trainLoss, Math.log(2) * 0.95, 1e-6);
  },
);

const ignoringFirst = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 0 });

testOnEveryDevice("balanced class weights leave out the class that the objective ignores", async () => {
  const set = { x: ones(6), y: Int32Array.of(0, 0, 0, 1, 2, 2) };
  const train = async (classWeights: readonly number[] | "balanced") => {
    const hyperparameters = { ...still, batchSize: 6 };
    const learner = model({
      network: flat(3, "linear", 1),
      data: data([set, set]),
      objective: ignoringFirst,
      hyperparameters,
    });
    const { report, model: trained } = await learner.train({ ...plain, classWeights });
    return [report.history[0].trainLoss, ...await trained.network.params.flat.W.data()];
  };
  const balanced = await train("balanced");
  assertEquals(balanced, await train([5, 3 / 2, 3 / 4]));
  assertAlmostEquals(balanced[0], Math.log(Math.E + 2), 1e-6);
});

testOnEveryDevice("balanced class weights count the shares of soft targets", async () => {
  const set = { x: ones(3), y: samples([[0.75, 0.25], [0.5, 0.5], [1, 0]]) };
  const train = async (classWeights: readonly number[] | "balanced"): Promise<ArrayLike<number>> => {
    const learner = model({ network: flat(2, "softmax", 1), data: data([set, set]), hyperparameters: still });
    const { model: trained } = await learner.train({ ...plain, classWeights });
    return await trained.network.params.flat.W.data();
  };
  assertEquals(await train("balanced"), await train([3 / (2 * 2.25), 3 / (2 * 0.75)]));
});

testOnEveryDevice("a metric of whole examples counts them by their time steps that are not ignored", async () => {
  const sequence = inputLayer({ shape: [null, 2, 1] });
  const dense = denseLayer(sequence, { nUnits: 3, W: tensor([[0, 1, 2]]), activation: "linear", leadingAxes: 2 });
  const set = {
    x: samples(Float32Array.of(1, 1, 1, 1), [2, 2, 1]),
    y: samples(Int32Array.of(0, 1, 2, 2), [2, 2]),
  };
  const ofExamples: Objective = (_, target) => target.cast("f32").mean({ axis: -1 });
  const learner = model({
    network: network("sequence", [sequence, dense]),
    data: data([set, set]),
    objective: ignoringFirst,
    evaluationMetric: ofExamples,
    hyperparameters: { ...still, batchSize: 2, learningRate: 0 },
  });
  const { report } = await learner.train(plain);
  assertAlmostEquals(report.history[0].trainError, (0.5 + 2 * 2) / 3, 1e-6);
  assertAlmostEquals(report.validationError!, (0.5 + 2 * 2) / 3, 1e-6);
});

testOnEveryDevice("a metric of whole examples counts them by the sum of the weights of their time steps", async () => {
  const input = inputLayer({ shape: [null, 2, 1] });
  const W = tensor([[1]]);
  const line = denseLayer(input, { nUnits: 1, activation: "linear", leadingAxes: 2, W, b: zeros([1]) });
  const x = samples([[[1], [3]], [[-2], [6]]]);
  const set = { x, y: x, weights: samples([[1, 2], [4, 0]]) };
  const size: Objective = (prediction) => prediction.abs().mean({ axis: [1, 2] });
  const learner = model({
    network: network("line", [input, line]),
    data: data([set, set, set]),
    objective: meanSquaredError,
    evaluationMetric: size,
    updates: sgd,
    hyperparameters: { batchSize: 2, nEpochs: 1, learningRate: 0 },
  });
  const { report, model: trained } = await learner.train({ progress: false });
  const expected = (3 * 2 + 4 * 4) / 7;
  assertAlmostEquals(report.testError!, expected, 1e-6);
  assertAlmostEquals(report.history[0].trainError, expected, 1e-6);
  assertAlmostEquals((await trained.evaluate(set)).error, expected, 1e-6);
});

testOnEveryDevice("each of several outputs has the mean of its own targets that are not ignored", async () => {
  const dense = (name: string) => denseLayer(input, { nUnits: 3, W: tensor([[0, 1, 2]]), activation: "linear", name });
  const two = network("two", { first: dense("a"), second: dense("b") });
  const objective = { first: ignoringFirst, second: getObjective("categoricalCrossentropyFromLogits") };
  const { init, step } = trainStep({ network: two, objective, lossWeights: { first: 2 }, rule: sgd() });
  const cost = (one: number): number => Math.log(1 + Math.E + Math.E ** 2) - one;
  for (const weights of [[1, 1, 1], [2, 1, 3]]) {
    const y = { first: tensor([0, 1, 2]), second: tensor([0, 0, 1]) };
    const batch = { x: tensor([[1], [1], [1]]), y, weights: tensor(weights) };
    const [, figures] = step(init(random.key(1)), batch);
    const first = (weights[1] * cost(1) + weights[2] * cost(2)) / (weights[1] + weights[2]);
    const second = (weights[0] * cost(0) + weights[1] * cost(0) + weights[2] * cost(1)) /
      weights.reduce((sum, weight) => sum + weight);
    assertAlmostEquals(await figures["first/loss"].item(), first, 1e-6);
    assertAlmostEquals(await figures["second/loss"].item(), second, 1e-6);
    assertAlmostEquals(await figures.loss.item(), 2 * first + second, 1e-5);
    const classes = { first: Int32Array.of(0, 1, 2), second: Int32Array.of(0, 0, 1) };
    const set = { x: ones(3), y: classes, weights };
    const hyperparameters = { batchSize: 3, nEpochs: 1, learningRate: 0 };
    const { report } = await model({
      ...{ network: two, data: data([set, set]), objective, lossWeights: { first: 2, second: 1 }, hyperparameters },
    }).train(plain);
    assertAlmostEquals(report.history[0].trainLoss, 2 * first + second, 1e-5);
    assertAlmostEquals(report.validationLoss!, 2 * first + second, 1e-5);
    const validation = report.history[0].metrics!.validation!;
    assertAlmostEquals(validation["first/loss"], first, 1e-6);
    assertAlmostEquals(validation["second/loss"], second, 1e-6);
  }
});

testOnEveryDevice("what would leave no target that counts is refused before training starts", async () => {
  const only = (...classes: number[]): GivenSet => ({ x: ones(classes.length), y: Int32Array.from(classes) });
  const three = model({ network: flat(3, "softmax"), data: data([only(1, 2), only(0, 1)]), hyperparameters: still });
  await assertRejects(
    () => three.train({ classWeights: [3, 0, 0] }),
    RangeError,
    "with classWeights: expected a weight above 0 for a class of the training set, got 0 for all of its classes, 1, 2",
  );
  const ignoringAll = three.with({
    network: flat(3, "linear"),
    objective: ignoringFirst,
    data: data([only(1, 2), only(0, 0)]),
  });
  const message = "expected a class other than 0, which it ignores, got only such targets in the validation set";
  await assertRejects(() => ignoringAll.train(), TypeError, message);
  // Each target is ignored or has the weight 0.
  const weightless = { ...only(0, 1), weights: [1, 0] };
  await assertRejects(
    () => ignoringAll.with({ data: data([only(1, 2), weightless]) }).train(),
    TypeError,
    "got only such targets, or such of weight 0, in the validation set",
  );
  const few = three.with({ data: data([{ ...only(1, 2, 1, 2), weights: [0, 0, 1, 1] }, only(0, 1)]) });
  await assertRejects(
    () => few.train({ overfit: 2, progress: false }),
    RangeError,
    "expected overfit to include an example that counts, got 2 of weight 0",
  );
});

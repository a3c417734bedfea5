import { assertAlmostEquals, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { jit, leavesOf, mapTree, random, scan, stack, type Tensor, tensor, zeros } from "../../core/mod.ts";
import { data, DataError, type GivenSet, samples } from "../../data/mod.ts";
import {
  activationLayer,
  batchNormalization,
  denseLayer,
  dropout,
  inputLayer,
  logisticRegression,
} from "../../layers/mod.ts";
import {
  accumulate,
  adam,
  binaryCrossentropyError,
  categoricalCrossentropyError,
  categoricalCrossentropyFromLogits,
  chain,
  getObjective,
  meanSquaredError,
  momentum,
  sgd,
} from "../../optim/mod.ts";
import losses from "../../tests/golden/losses.json" with { type: "json" };
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { network } from "../network.ts";
import type { Loss } from "./loss.ts";
import { input as wide, untrained } from "./test_resuming.ts";
import { type ObjectiveStepOptions, type StepState, type TrainStep, trainStep } from "./train_step.ts";
import type { Batch } from "./loss.ts";

/** A network whose logits for the examples 0, 1, … are the rows of its W, so that gradients are those of logits. */
const rows = inputLayer({ shape: [null, losses.logits.length] });
const table = network("table", [
  rows,
  logisticRegression(rows, { nClass: 3, W: tensor(losses.logits), b: zeros([3]), name: "table" }),
]);
const examples = tensor(losses.logits.map((_, i) => losses.logits.map((_, j) => i === j ? 1 : 0)));

async function assertNear(actual: Tensor, expected: readonly number[], tolerance: number): Promise<void> {
  [...await actual.data()].forEach((one, i) => assertAlmostEquals(one, expected[i], tolerance));
}

for (const { classed, smooth, sampled, loss, gradient } of losses.cases) {
  const options = {
    ...(classed && { classWeights: losses.classWeights }),
    ...(smooth && { labelSmoothing: 0.1 }),
  };
  const named = [classed && "class weights", smooth && "label smoothing", sampled && "sample weights"].filter(Boolean);
  const title = named.length > 0 ? `with ${named.join(", ")}` : "without weights";
  testOnEveryDevice(`cross-entropy and its gradient ${title} are those of PyTorch`, async () => {
    for (const objective of [categoricalCrossentropyError, categoricalCrossentropyFromLogits]) {
      for (const asRows of [false, true]) {
        const { init, step } = trainStep({ network: table, objective, rule: sgd({ learningRate: 1 }), ...options });
        const oneHot = losses.classes.map((one) => [0, 1, 2].map((i) => one === i ? 1 : 0));
        const batch = {
          x: examples,
          y: asRows ? tensor(oneHot) : tensor(losses.classes),
          ...(sampled && { weights: tensor(losses.weights) }),
        };
        const before = init(random.key(1));
        const [after, figures] = jit(step)(before, batch);
        assertAlmostEquals(await figures.loss.item(), loss, 1e-6);
        await assertNear(before.params.table.W.sub(after.params.table.W), gradient.flat(), 2e-6);
      }
    }
  });
}

const sequence = inputLayer({ shape: [null, 3, 2] });
const softmax = network("sequence", [
  sequence,
  denseLayer(sequence, {
    nUnits: 2,
    W: tensor([[1, 0], [0, 1]]),
    activation: "softmax",
    leadingAxes: 2,
    name: "identity",
  }),
]);

testOnEveryDevice(
  "a mask per time step gives the mean over the steps that count, as ignore_index of PyTorch",
  async () => {
    const { logits, classes, loss, classWeights, lossOfClasses } = losses.masked;
    const x = tensor(logits);
    const weights = tensor(classes.map((row) => row.map((one) => one < 0 ? 0 : 1)));
    const y = tensor(classes.map((row) => row.map((one) => Math.max(0, one))));
    for (const [options, expected] of [[{}, loss], [{ classWeights }, lossOfClasses]] as const) {
      const { init, step } = trainStep({ network: softmax, rule: sgd(), ...options });
      const [, figures] = jit(step)(init(random.key(1)), { x, y, weights });
      assertAlmostEquals(await figures.loss.item(), expected, 1e-6);
    }
    // An objective that ignores a class: its targets have no class weight.
    const objective = getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: -1 });
    const { init, step } = trainStep({ network: softmax, rule: sgd(), objective, classWeights });
    const [, figures] = jit(step)(init(random.key(1)), { x, y: tensor(classes) });
    assertAlmostEquals(await figures.loss.item(), lossOfClasses, 1e-6);
  },
);

testOnEveryDevice("yes/no answers are weighed and smoothed as in PyTorch and Keras", async () => {
  const { chances, answers, classWeights, loss, labelSmoothing, smoothed } = losses.binary;
  const input = inputLayer({ shape: [null, 1] });
  const hidden = denseLayer(input, { nUnits: 1, W: tensor([[1]]), activation: "linear" });
  const yes = network("yes", [input, hidden, activationLayer(hidden, { activation: "sigmoid" })]);
  const x = tensor(chances.map((p) => [Math.log(p / (1 - p))]));
  for (const y of [tensor(answers), tensor(answers.map((one) => [one]))]) {
    for (const [options, expected] of [[{ classWeights }, loss], [{ labelSmoothing }, smoothed]] as const) {
      const objective = binaryCrossentropyError;
      const { init, step } = trainStep({ network: yes, objective, rule: sgd(), ...options });
      const [, figures] = step(init(random.key(1)), { x, y });
      assertAlmostEquals(await figures.loss.item(), expected, 1e-5);
    }
  }
});

testOnEveryDevice(
  "what has the weight 0 does not count, even if it is NaN, and weights of 0 alone change nothing",
  async () => {
    const input = inputLayer({ shape: [null, 1] });
    const line = network("line", [input, denseLayer(input, { nUnits: 1, activation: "linear", name: "line" })]);
    const { init, step } = trainStep({ network: line, objective: meanSquaredError, rule: sgd({ learningRate: 0.5 }) });
    const before = init(random.key(1));
    const [, figures] = step(before, { x: tensor([[1], [2]]), y: tensor([[3], [NaN]]), weights: tensor([2, 0]) });
    const [, alone] = step(before, { x: tensor([[1]]), y: tensor([[3]]) });
    assertEquals(await figures.loss.item(), await alone.loss.item());
    const [after, none] = step(before, { x: tensor([[1], [2]]), y: tensor([[3], [4]]), weights: tensor([0, 0]) });
    assertEquals(await none.loss.item(), 0);
    assertEquals(await after.params.line.W.data(), await before.params.line.W.data());
  },
);

const input = inputLayer({ shape: [null, 4] });
const noisy = dropout(input, { corruptionLevel: 0.3 });
const hidden = denseLayer(noisy, { nUnits: 5, activation: "tanh", l2: 0.01, name: "hidden" });
const normal = batchNormalization(hidden);
const small = network("small", [input, noisy, hidden, normal, logisticRegression(normal, { nClass: 3 })]);
const batchOf = (seed: number): Batch => ({
  x: random.normal(random.key(seed), [6, 4]),
  y: random.uniform(random.key(seed + 1), [6]).mul(3).cast("i32"),
  weights: random.uniform(random.key(seed + 2), [6]),
});
const pure = (): TrainStep<Batch> =>
  trainStep({
    network: small,
    rule: chain(accumulate(2), adam({ learningRate: 0.05 })),
    classWeights: [1, 2, 0.5],
    labelSmoothing: 0.1,
  });

/** All numbers of a tree. */
async function numbersOf(state: unknown): Promise<number[]> {
  const values: number[] = [];
  for (const leaf of leavesOf(state)) values.push(...await leaf.data());
  return values;
}

testOnEveryDevice(
  "a step has the same bits whenever it is compiled, and near ones eagerly and in a scan",
  async (kind) => {
    const { init, step } = pure();
    const batches = [1, 2, 3, 4].map((i) => batchOf(10 * i));
    const run = (one: typeof step): Promise<number[]> =>
      numbersOf(batches.reduce((state, batch) => one(state, batch)[0], init(random.key(5))));
    const compiled = await run(jit(step));
    assertEquals(await run(jit(step, { donate: [0] })), compiled);
    assertEquals(await run(jit(pure().step)), compiled);
    if (kind === "webgpu") return; // Software adapters compile the kernels of single operations for long.
    const [first, ...others] = batches;
    const all = mapTree((...tensors) => stack(tensors), first, ...others);
    const [scanned, figures] = scan((state: StepState, batch: Batch) => step(state, batch), init(random.key(5)), all);
    assertEquals(figures.loss.shape, [4]);
    for (const near of [await run(step), await numbersOf(scanned)]) {
      near.forEach((one, i) => assertAlmostEquals(one, compiled[i], 1e-5));
    }
  },
);

testOnEveryDevice("penalties are figures of their own, and so is what a loss returns", async () => {
  const { init, step } = pure();
  const state = init(random.key(2));
  const [, { loss, penalty }] = step(state, batchOf(3));
  assertAlmostEquals(await penalty.item(), await small.penalty(state.params)!.item(), 1e-7);
  assertEquals(loss.shape, []);

  const own: Loss<{ readonly x: Tensor }> = ({ network, params, ...mode }, { x }) => {
    const { outputs, state } = network.applyLayers(params, x, { ...mode, layers: ["hidden"] });
    return { cost: outputs.hidden.square().mean({ axis: 1 }), state, figures: { outputs: outputs.hidden } };
  };
  const of = trainStep({ network: small, rule: sgd({ learningRate: 1 }), loss: own });
  const [after, figures] = jit(of.step)(state, { x: batchOf(3).x });
  assertEquals(figures.outputs.shape, [6, 5]);
  assertAlmostEquals(await figures.loss.item(), await figures.outputs.square().mean().item(), 1e-6);
  assertNotEquals(await after.params.hidden.W.data(), await state.params.hidden.W.data());
});

testOnEveryDevice("a loop of one's own computes what model.train computes", async () => {
  const softmax = network("softmax", [wide, logisticRegression(wide, { nClass: 10, l2: 0.01 })]);
  const { x, y } = untrained.data.training;
  const whole = untrained.with({
    network: softmax,
    hyperparameters: { batchSize: 38, nEpochs: 2, learningRate: 0.05, momentum: 0.9 },
  });
  const options = { classWeights: "balanced", labelSmoothing: 0.1, shuffle: false, restoreBest: false } as const;
  const { model: trained } = await whole.train({ ...options, seed: 4 });
  const counts = [...await y.data()].reduce((all, one) => all.with(one, all[one] + 1), new Array<number>(10).fill(0));
  const { init, step } = trainStep({
    network: softmax,
    rule: momentum({ learningRate: 0.05, momentum: 0.9 }),
    classWeights: counts.map((count) => 190 / (10 * count)),
    labelSmoothing: 0.1,
  });
  const compiled = jit(step);
  let state = init(random.key(4));
  for (let i = 0; i < 10; i++) {
    const begin = i % 5 * 38;
    [state] = compiled(state, { x: x.slice([begin], [begin + 38]), y: y.slice([begin], [begin + 38]) });
  }
  const [mine, its] = [await numbersOf(state.params), await numbersOf(trained.network.params)];
  assertEquals(mine.length, 57 * 10);
  // Batches that are gathered, and slices, may be added in another order.
  mine.forEach((one, i) => assertAlmostEquals(one, its[i], 1e-5));
});

Deno.test("weights of a data set are checked when the data are made", () => {
  const [set] = [{ x: samples([[1], [2]]), y: Int32Array.of(0, 1) }];
  const refused = (weights: GivenSet["weights"], message: string) =>
    assertThrows(() => data([set, { ...set, weights }]), DataError, message);
  const action = "Cannot use the weights of the validation set: expected ";
  refused([1], `${action}as many as examples, 2, got 1`);
  refused([1, -1], `${action}finite numbers from 0, got -1 at example 1`);
  refused(Float32Array.of(NaN, 1), `${action}finite numbers from 0, got NaN at example 0`);
  refused([0, 0], `${action}at least one above 0, got only zeros`);
  assertEquals(data([{ ...set, weights: [1, 2] }, set]).training.weights?.shape, [2]);
});

Deno.test("what a step cannot do is refused with its name", () => {
  const rule = sgd();
  const refused = (make: () => unknown, kind: typeof TypeError | typeof RangeError, message: string) =>
    assertThrows(make, kind, message);
  refused(
    () => trainStep({ network: small, rule, classWeights: [1, 2] }),
    RangeError,
    'Cannot make a training step of "small" with classWeights: expected one for each of 3 classes',
  );
  refused(() => trainStep({ network: small, rule, classWeights: [0, 0, 0] }), RangeError, "got only zeros");
  refused(() => trainStep({ network: small, rule, classWeights: [1, -1, 1] }), RangeError, "classWeights[1]");
  refused(() => trainStep({ network: small, rule, labelSmoothing: 1.5 }), RangeError, "labelSmoothing");
  refused(
    () => trainStep({ network: small, rule, objective: meanSquaredError, labelSmoothing: 0.1 }),
    TypeError,
    "with labelSmoothing: expected a cross-entropy as objective, got meanSquaredError",
  );
  const loss: Loss<Batch> = () => ({ cost: zeros([1]) });
  const both = { network: small, rule, loss, objective: meanSquaredError };
  refused(() => trainStep<Batch>(both), TypeError, "with loss and objective: expected one of the two");
  const { init } = trainStep({ network: small, rule });
  const wrong = trainStep<Batch>({
    network: small,
    rule,
    loss: () => ({ cost: zeros([1]), figures: { loss: zeros([]) } }),
  });
  refused(() => wrong.step(init(random.key(1)), batchOf(1)), RangeError, "figures of other names than loss");
  refused(
    () => trainStep({ network: small, rule }).step(init(random.key(1)), { ...batchOf(1), weights: zeros([6, 2]) }),
    TypeError,
    "Cannot weigh the objective of shape [6]: expected weights of [6]",
  );
});

Deno.test("a batch without targets is refused as such", () => {
  const { init, step } = trainStep({ network: table, rule: sgd() });
  const batch: object = { x: examples };
  assertThrows(
    () => step(init(random.key(1)), batch as Batch),
    TypeError,
    'Cannot make a training step of "table": expected one tensor of targets, got a batch without y',
  );
});

Deno.test("a divisor or a state of a loss that is something else is refused", () => {
  const cost = ({ params }: Parameters<Loss<Batch>>[0]) => params.table.W.square().sum({ axis: 1 }); // [example]
  const run = (parts: object) => {
    const loss: Loss<Batch> = (given) => ({ cost: cost(given), ...parts });
    const { init, step } = trainStep({ network: table, rule: sgd(), loss });
    return step(init(random.key(1)), { x: examples, y: zeros([1]) });
  };
  const [, figures] = run({ divisor: tensor(2) });
  assertEquals(figures.loss.shape, []);
  for (const divisor of [2, "2", zeros([3]), zeros([1, 1])]) {
    assertThrows(
      () => run({ divisor }),
      TypeError,
      'Cannot train "table": expected divisor of the loss to be a scalar tensor, got',
    );
  }
  assertThrows(() => run({ state: 5 }), TypeError, "expected state of the loss to be the state of the layers, got 5");
});

Deno.test("misspelled entries of a batch are refused, but a loss of your own takes any record", () => {
  const options = { network: table, rule: sgd({ learningRate: 1 }) };
  const { init, step } = trainStep(options);
  const batch = { x: examples, y: tensor(losses.classes) };
  for (
    const [name, hint] of [["weight", "; did you mean weights?"], ["wheights", "; did you mean weights?"], ["z", ""]]
  ) {
    const odd = { ...batch, [name]: tensor(losses.weights) };
    for (const run of [step, jit(step)]) {
      assertThrows(
        () => run(init(random.key(1)), odd),
        RangeError,
        `Cannot train "table": expected the batch to have only x, y, weights, got "${name}"${hint}`,
      );
    }
  }
  const loss: Loss<Batch & { weight: Tensor }> = ({ network, params, ...mode }, { x, weight }) => ({
    cost: network.apply(params, x, mode).output.sum({ axis: 1 }).mul(weight),
  });
  const own = trainStep({ ...options, loss });
  own.step(own.init(random.key(1)), { ...batch, weight: tensor(losses.weights) });
});

testOnEveryDevice(
  "weights of a batch may be a column, or truth values, with an objective and a loss of your own",
  async () => {
    const options = { network: table, rule: sgd({ learningRate: 1 }) };
    const loss: Loss<Batch> = ({ network, params, ...mode }, { x }) => ({
      cost: network.apply(params, x, mode).output.square().sum({ axis: 1 }),
    });
    const batch = { x: examples, y: tensor(losses.classes) };
    const mask = losses.classes.map((_, i) => i % 2);
    const ways = [losses.weights, mask].map((one) => [tensor(one), tensor(one.map((each) => [each]))]);
    ways[1].push(tensor(mask).greater(0), tensor(mask).greater(0).expandDims(-1));
    for (const made of [trainStep(options), trainStep({ ...options, loss })]) {
      for (const [plain, ...others] of ways) {
        const lossOf = (weights: Tensor) =>
          jit(made.step)(made.init(random.key(1)), { ...batch, weights })[1].loss.item();
        for (const other of others) assertEquals(await lossOf(other), await lossOf(plain));
      }
    }
  },
);

testOnEveryDevice("class weights need targets that are classes: the next read reports others", async () => {
  const input = inputLayer({ shape: [null, 2] });
  const netOf = (nUnits: number) =>
    network("labels", [input, denseLayer(input, { nUnits, activation: "sigmoid", name: "labels" })]);
  const lossOf = async (targets: number[][], options: Partial<ObjectiveStepOptions> & { weights?: number[] } = {}) => {
    const { weights, ...others } = options;
    const [{ length: units }] = targets;
    const { init, step } = trainStep({
      ...{ network: netOf(units), objective: binaryCrossentropyError, rule: sgd() },
      ...{ classWeights: units === 1 ? [1, 3] : [1, 2, 3], ...others },
    });
    const batch = { x: zeros([2, 2]), y: tensor(targets), ...(weights && { weights: tensor(weights) }) };
    const losses = [];
    for (const run of [step, jit(step)]) losses.push(await run(init(random.key(1)), batch)[1].loss.item());
    assertEquals(losses[0], losses[1]);
    return losses[0];
  };
  const one = [0, 0, 1];
  const message = "names several classes, or none, as class 3 of row 1, but the network has 3 classes";
  for (
    const row of [[1, 1, 0], [0, 0, 0], [0.25, 0.5, 0.25], [0.5, 0.25, 0], [2, 0, 0], [1, -1, 1], [2, -1, 0], [
      NaN,
      0,
      1,
    ]]
  ) {
    await assertRejects(() => lossOf([one, row]), RangeError, message, `${row}`);
    // What does not count may be anything.
    assertAlmostEquals(await lossOf([one, row], { weights: [1, 0] }), Math.LN2, 1e-6);
    await assertRejects(() => lossOf([one, row], { weights: [0, 1] }), RangeError, message);
    await lossOf([one, row], { classWeights: undefined });
    await lossOf([one, row.map(Math.abs)], {
      network: network("classes", [input, denseLayer(input, { nUnits: 3, activation: "softmax" })]),
      objective: categoricalCrossentropyError,
    });
  }
  await lossOf([one, [1, 0, 0]]);
  await lossOf([[-1, -1, 1], [-1, 1, -1]], { objective: meanSquaredError });
  const odd = "weigh a target other than 0 and 1, or -1 and 1, as class 2 of row 1, but an answer has 2 classes";
  for (const answer of [0.5, 2, -2, NaN]) {
    await assertRejects(() => lossOf([[1], [answer]], { objective: meanSquaredError }), RangeError, odd);
  }
  for (const answer of [0, 1, -1]) await lossOf([[1], [answer]], { objective: meanSquaredError });
});

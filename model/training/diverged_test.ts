import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Tensor } from "../../core/mod.ts";
import { data, samples } from "../../data/mod.ts";
import { denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { meanSquaredError, rootMeanSquaredError, sgd } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { Diverged } from "./diverged.ts";
import type { TrainingEvent } from "./events.ts";
import { loadModel } from "../files/load_model.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";

/** 40 examples of two numbers; the last number is enormous. */
const x = Float32Array.from({ length: 80 }, (_, i) => i === 79 ? 1e30 : Math.sin(i));
const set = { x: samples(x, [40, 2]), y: Int32Array.from({ length: 40 }, (_, i) => i % 2) };
const few = { x: samples(x.slice(0, 20), [10, 2]), y: set.y.slice(0, 10) };
const numbers = data([set, few]);
const input = inputLayer({ shape: [null, 2] });
const hidden = denseLayer(input, { nUnits: 3, activation: "linear", name: "hidden" });
const cubes = denseLayer(hidden, { nUnits: 3, activation: (z: Tensor) => z.mul(z).mul(z), name: "cubes" });
const output = logisticRegression(cubes, { nClass: 2 });
const untrained = model({
  name: "cubes",
  network: network("cubes", [input, hidden, cubes, output]),
  data: numbers,
  hyperparameters: { batchSize: 4, nEpochs: 3, patience: 6 },
  updates: sgd({ learningRate: 0.01 }),
});

const options = { shuffle: false, earlyStop: false };

testOnEveryDevice(
  "a cost that is not finite is an error with the step and the first layer that is not finite",
  async () => {
    const error = await assertRejects(() => untrained.train(options), Diverged);
    assert(error instanceof Diverged);
    assertEquals([error.iteration, error.layer], [10, "cubes"]);
    assert(error.message.startsWith("Cannot continue training cubes: the cost became "));
    assert(error.message.includes('in step 10; the first layer whose output is not finite is "cubes"'));
    assertEquals([error.origin?.operation, error.origin?.value, error.origin?.shape], ["mul", "infinite", [4, 3]]);
    assert(error.message.includes("the first infinite value is in the result of mul, of shape [4, 3]"), error.message);
    const W = error.weights.params["hidden"].W;
    assert((await W.data()).every((value) => Number.isFinite(value)));
  },
);

Deno.test("if training is saved, the last finite state is saved before the error is thrown", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/last.ym`;
    const error = await assertRejects(() => untrained.train({ ...options, file }), Diverged);
    const again = loadModel(file, { network: untrained.network });
    assert(error instanceof Diverged && again.report === undefined);
    assertEquals(
      await again.network.params["hidden"].W.data(),
      await error.weights.params["hidden"].W.data(),
    );
    await assertRejects(() => untrained.train({ ...options, file, resume: true }), Diverged, "in step 10;");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

testOnEveryDevice(
  "in mode stop, too, the best weights and the last finite state are saved, and an event says so",
  async () => {
    await inFolder(async (folder) => {
      const file = `${folder}/stopped.ym`;
      let best: unknown;
      const events: TrainingEvent[] = [];
      const onEvent = async (one: TrainingEvent) => {
        events.push(one);
        if (one.event === "checkpoint") best = await one.weights.params["hidden"].W.data();
      };
      const error = await assertRejects(
        () => untrained.train({ ...options, file, saveMode: "stop", onEvent }),
        Diverged,
      );
      const last = events.at(-1);
      assert(last?.event === "save");
      assertEquals([last.file, last.iteration], [file, 9]);
      const { report, network } = loadModel(file, { network: untrained.network });
      assertEquals([report, await network.params["hidden"].W.data()], [undefined, best]);
      await assertRejects(() => untrained.train({ ...options, resume: file }), Diverged, error.message.slice(0, 60));
    });
  },
);

testOnEveryDevice("if the save of a training that diverged fails, an event says so, and the error stays", async () => {
  await inFolder(async (folder) => {
    const inner = `${folder}/gone`;
    Deno.mkdirSync(inner);
    const events: TrainingEvent[] = [];
    const onEvent = (one: TrainingEvent) => {
      events.push(one);
      if (one.event === "step" && one.iteration === 9) Deno.removeSync(inner, { recursive: true });
    };
    for (const saveMode of ["stop", "end"] as const) {
      Deno.mkdirSync(inner, { recursive: true });
      const file = `${inner}/stopped.ym`;
      await assertRejects(() => untrained.train({ ...options, file, saveMode, onEvent }), Diverged);
      assertEquals(events.at(-1)?.event, "saveFailed");
    }
  });
});

Deno.test("if all outputs are finite, the message names the objective", async () => {
  const own = (prediction: Tensor, target: Tensor) => meanSquaredError(prediction, target).sub(1e9).log();
  const targets = samples(new Float32Array(80), [40, 2]);
  const regression = untrained.with({
    data: data([{ x: samples(new Float32Array(80), [40, 2]), y: targets }, {
      x: samples([[0, 0]]),
      y: samples([[0, 0]]),
    }]),
    objective: own,
    evaluationMetric: meanSquaredError,
  });
  const error = await assertRejects(() => regression.train(), Diverged, "it comes from the objective");
  assert(error instanceof Diverged);
  assertEquals([error.iteration, error.layer], [1, null]);
  assertEquals([error.origin?.operation, error.origin?.value], ["log", "NaN"]);
});

testOnEveryDevice(
  "a metric that is NaN at a validation is an error that names it and carries the weights",
  async () => {
    const points = { x: samples([[1], [2]]), y: samples([[2], [4]]) };
    const one = inputLayer({ shape: [null, 1] });
    const plain = model({
      name: "line",
      network: network("line", [one, denseLayer(one, { nUnits: 1, activation: "linear" })]),
      data: data([points, points]),
      hyperparameters: { batchSize: 1, nEpochs: 3, patience: 2 },
      objective: meanSquaredError,
      updates: sgd({ learningRate: 0.01 }),
    });
    const ownRoot = (prediction: Tensor, target: Tensor) => meanSquaredError(prediction, target).neg().sub(1).sqrt();
    const file = await Deno.makeTempFile({ suffix: ".ym" });
    try {
      const judged = plain.with({ evaluationMetric: ownRoot });
      const error = await assertRejects(() => judged.train({ file }), Diverged);
      assert(error.message.startsWith("Cannot continue training line: "), error.message);
      assert(error.message.includes("validation after step 1, got NaN from the metric ownRoot"), error.message);
      assert(error.message.includes("pass another evaluationMetric"), error.message);
      assertEquals([error.iteration, error.cost, error.layer], [1, NaN, null]);
      const [params] = Object.values(error.weights.params);
      const saved = Object.values(
        loadModel(file, { network: plain.network, evaluationMetric: ownRoot }).network.params,
      );
      assertEquals(await saved[0].W.data(), await params.W.data());
    } finally {
      await Deno.remove(file);
    }
  },
);

testOnEveryDevice("a metric or an objective that is infinite at a validation is an error as well", async () => {
  const points = { x: samples([[1], [2]]), y: samples([[2], [4]]) };
  const one = inputLayer({ shape: [null, 1] });
  const parts = {
    name: "line",
    network: network("line", [one, denseLayer(one, { nUnits: 1, activation: "linear" })]),
    data: data([points, { x: points.x, y: samples([[0], [0]]) }]),
    hyperparameters: { batchSize: 2, nEpochs: 3 },
    updates: sgd({ learningRate: 0.01 }),
  };
  const logarithm = (_: Tensor, target: Tensor) => target.reshape([-1]).log();
  // It depends a little on the prediction, since objectives without a gradient are refused.
  const quotient = (prediction: Tensor, target: Tensor) =>
    target.reshape([-1]).pow(-1).add(prediction.reshape([-1]).mul(1e-9));
  const cases = [
    [{ objective: meanSquaredError, evaluationMetric: logarithm }, -Infinity, "the metric logarithm"],
    [{ objective: meanSquaredError, evaluationMetric: quotient }, Infinity, "the metric quotient"],
    [{ objective: quotient }, Infinity, "the objective quotient"],
  ] as const;
  for (const [functions, value, named] of cases) {
    await inFolder(async (folder) => {
      const file = `${folder}/last.ym`;
      const error = await assertRejects(() => model({ ...parts, ...functions }).train({ file }), Diverged);
      const expected =
        `expected a finite number from the validation after step 1, got ${value} from ${named}, by which`;
      assert(error.message.includes(expected), error.message);
      assert(error.message.includes("no logarithm of 0 is taken"), error.message);
      assertEquals([error.iteration, error.cost, error.layer], [1, value, null]);
      const [{ W }] = Object.values(error.weights.params);
      const [saved] = Object.values(loadModel(file, { network: parts.network, ...functions }).network.params);
      assertEquals(await saved.W.data(), await W.data());
    });
  }
});

testOnEveryDevice("an objective that is NaN only for the validation set is an error that names it", async () => {
  const one = inputLayer({ shape: [null, 1] });
  const ownLog = (prediction: Tensor, target: Tensor) =>
    meanSquaredError(prediction, target).add(target.reshape([-1]).log());
  const logs = model({
    name: "logs",
    network: network("logs", [one, denseLayer(one, { nUnits: 1, activation: "linear" })]),
    data: data([{ x: samples([[1]]), y: samples([[2]]) }, { x: samples([[1]]), y: samples([[-2]]) }]),
    hyperparameters: { batchSize: 1, nEpochs: 3 },
    objective: ownLog,
    updates: sgd({ learningRate: 0.01 }),
  });
  await assertRejects(() => logs.train(), Diverged, "after step 1, got NaN from the objective ownLog");
});

testOnEveryDevice(
  "a gradient that is NaN although the cost is finite is named, without advice on the rate",
  async () => {
    const points = { x: samples([[0], [0]]), y: samples([[0], [0]]) };
    const one = inputLayer({ shape: [null, 1] });
    const parts = {
      name: "still",
      network: network("still", [one, denseLayer(one, { nUnits: 1, activation: "linear" })]),
      data: data([points, points]),
      hyperparameters: { batchSize: 1, nEpochs: 3 },
    };
    const objective = (prediction: Tensor, target: Tensor) => meanSquaredError(prediction, target).sqrt();
    const error = await assertRejects(() => model({ ...parts, objective }).train(), Diverged);
    assert(error.message.includes("a gradient that is NaN"), error.message);
    assert(error.message.includes("a smaller learning rate does not help"));
    const { report } = await model({ ...parts, objective: rootMeanSquaredError }).train();
    assertEquals(report.validationLoss, 0);
  },
);

testOnEveryDevice(
  "weights that are not finite at a validation are named, and the error has the last finite ones",
  async () => {
    const points = { x: samples([[0]]), y: samples([[0]]) };
    const one = inputLayer({ shape: [null, 1] });
    const still = model({
      name: "still",
      network: network("still", [one, denseLayer(one, { nUnits: 1, activation: "linear" })]),
      data: data([points, points]),
      hyperparameters: { batchSize: 1, nEpochs: 3 },
      objective: (prediction: Tensor, target: Tensor) => meanSquaredError(prediction, target).sqrt(),
    });
    const error = await assertRejects(() => still.train(), Diverged, "weights are not finite after this step");
    const [{ W }] = Object.values(error.weights.params);
    assert(Number.isFinite(await W.item()));
  },
);

Deno.test("the operation that made the first value that is not finite is named, unless it is an argument", () => {
  const facts = { model: "m", iteration: 7, exact: true, cost: NaN, layer: null, weights: { params: {}, state: {} } };
  const origin = {
    operation: "log",
    value: "NaN",
    shape: [2, 3],
    place: "file.ts:5",
    turns: [],
    argument: null,
  } as const;
  const messageWith = (change: object): string => new Diverged({ ...facts, origin: { ...origin, ...change } }).message;
  const named = "; the first NaN value is in the result of log, of shape [2, 3]";
  assert(messageWith({}).endsWith(`${named}, at file.ts:5`), messageWith({}));
  assert(messageWith({ place: null }).endsWith(named), messageWith({ place: null }));
  assert(!messageWith({ operation: "argument" }).includes("the first NaN"), messageWith({ operation: "argument" }));
  assert(!new Diverged({ ...facts, origin: null }).message.includes("the first NaN"));
});

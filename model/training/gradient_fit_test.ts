import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { data } from "../../data/data.ts";
import { type Samples, samples } from "../../data/samples.ts";
import { activationLayer, denseLayer, inputLayer } from "../../layers/mod.ts";
import { getObjective, type Objective } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { model } from "../model.ts";
import { network } from "../network.ts";
import { checkGradient } from "./gradient_fit.ts";

const input = inputLayer({ shape: [null, 1] });

function train(objective: Objective) {
  const set = { x: samples([[1], [2], [3], [4]]), y: samples([[1], [0], [1], [0]]) };
  return model({
    network: network("net", [input, denseLayer(input, { nUnits: 1, activation: "linear" })]),
    data: data([set, set]),
    hyperparameters: { batchSize: 2, nEpochs: 1 },
    objective,
  }).train();
}

testOnEveryDevice("An objective without a gradient is refused before training, and others are not", async () => {
  const message = "expected a cost that changes with the prediction, got one whose gradient is 0 everywhere";
  const refused: Record<string, Objective> = {
    comparison: (p, t) => p.greater(0.5).equal(t.greater(0.5)).cast("f32").mean({ axis: -1 }),
    bools: (p, t) => p.greater(t).max({ axis: -1 }),
    whole: (p, t) => p.cast("i32").sub(t.cast("i32")).cast("f32").mean({ axis: -1 }),
    constant: (_p, t) => t.square().mean({ axis: -1 }),
  };
  for (const [name, objective] of Object.entries(refused)) {
    await assertRejects(() => train(objective), TypeError, `Cannot train "net" on data with ${name}: ${message}`);
  }
  const counting = getObjective("binaryError", { threshold: 0 });
  assertThrows(() => train(counting), TypeError, "a function other than a metric");
  const learned: Objective = (p, t) => p.greater(t).where(p.sub(t), t.sub(p)).mean({ axis: -1 });
  assertEquals((await train(learned)).report.epochs, 1);
});

Deno.test("an axis of any length is as long as that of the targets, or 1 if they have none", () => {
  const sequences = inputLayer({ shape: [null, null, 1] });
  const net = network("net", [sequences, activationLayer(sequences, { activation: "tanh" })]);
  const check = (y: Samples, objective: Objective): void => {
    const x = samples(new Float32Array(4 * 3), [4, 3, 1]);
    const { training } = data([{ x, y }, { x, y }]);
    checkGradient("train", objective, { network: net, set: training, batchSize: 2 });
  };
  const seen: (readonly number[])[] = [];
  const step: Objective = (p, t) => {
    seen.push(p.shape);
    return p.greater(0).cast("f32").mean({ axis: [1, 2] }).add(t.mul(0).sum());
  };
  assertThrows(() => check(samples(new Float32Array(4 * 3), [4, 3, 1]), step), TypeError, "gradient is 0 everywhere");
  assertThrows(() => check(samples(new Float32Array(4), [4]), step), TypeError, "gradient is 0 everywhere");
  assertEquals(seen, [[2, 3, 1], [2, 1, 1]]);
  const learned: Objective = (p, t) => p.mean({ axis: [1, 2] }).sub(t).square();
  check(samples(new Float32Array(4), [4]), learned);
});

Deno.test("an objective is looked at with as many examples as a batch has, and targets of their own type", () => {
  const net = network("net", [input, denseLayer(input, { nUnits: 2, activation: "linear" })]);
  const seen: unknown[] = [];
  const constant: Objective = (p, t) => {
    seen.push([p.shape, t.shape, t.dtype]);
    return t.mul(0).sum();
  };
  const check = (y: Samples | Int32Array, batchSize: number, objective = constant): void => {
    const x = samples([[1], [2], [3]]);
    checkGradient("train", objective, { network: net, set: data([{ x, y }, { x, y }]).training, batchSize });
  };
  const numbers = Int32Array.of(0, 1, 0);
  assertThrows(() => check(numbers, 2), TypeError, "Cannot train with constant: expected a cost that changes");
  assertThrows(() => check(numbers, 9), TypeError, "gradient is 0 everywhere");
  assertThrows(() => check(samples([[1, 2], [3, 4], [5, 6]]), 3), TypeError, "gradient is 0 everywhere");
  assertEquals(seen, [[[2, 2], [2], "i32"], [[3, 2], [3], "i32"], [[3, 2], [3, 2], "f32"]]);
  const unnamed = (): Objective => (_, t) => t.mul(0).sum();
  assertThrows(() => check(numbers, 2, unnamed()), TypeError, "Cannot train with an objective of your own: expected");
  // Objectives of the library are known to have a gradient, or are refused elsewhere.
  check(numbers, 2, getObjective("categoricalError"));
  check(numbers, 2, () => {
    throw new TypeError("reported later");
  });
});

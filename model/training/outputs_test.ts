import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { jit, random, type Tensor, tensor, zeros } from "../../core/mod.ts";
import { concatenateLayer, denseLayer, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { categoricalCrossentropyError, getObjective, meanSquaredError, sgd } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { type Network, network } from "../network.ts";
import type { RecordBatch } from "./loss.ts";
import { readerOf } from "./output_metrics.ts";
import { haveOwnDivisors } from "./outputs.ts";
import { type ObjectiveStepOptions, trainStep } from "./train_step.ts";

const image = inputLayer({ shape: [null, 4], name: "image" });
const table = inputLayer({ shape: [null, 2], name: "table" });
const hidden = denseLayer(image, { nUnits: 3, name: "hidden" });
const both = concatenateLayer([hidden, table]);
const kind = logisticRegression(both, { nClass: 3, l2: 0.1, name: "kind layer" });
const age = denseLayer(both, { nUnits: 1, activation: "linear", name: "age layer" });
const named = network("named", { kind, age });

const objective = { kind: categoricalCrossentropyError, age: meanSquaredError };
const lossWeights = { age: 0.1 };
const rule = sgd({ learningRate: 0.5 });

/** Six examples, on the chosen device. */
const examples = () => ({
  x: { image: random.normal(random.key(1), [6, 4]), table: random.normal(random.key(2), [6, 2]) },
  y: { kind: tensor([0, 1, 2, 0, 1, 2]), age: random.normal(random.key(3), [6, 1]) },
});

testOnEveryDevice("the cost is the weighted sum of those of the outputs, which are figures of their own", async () => {
  const { x, y } = examples();
  const { init, step } = trainStep({ network: named, objective, lossWeights, rule });
  const state = init(random.key(4));
  for (const weights of [undefined, tensor([1, 0, 2, 0.5, 1, 3])]) {
    const batch = { x, y, ...(weights && { weights }) };
    const [after, figures] = jit(step)(state, batch);
    assertEquals(Object.keys(figures).sort(), ["age/loss", "kind/loss", "loss", "penalty"]);
    const own = {
      ...await lossOf("kind", categoricalCrossentropyError, weights),
      ...await lossOf("age", meanSquaredError, weights),
    };
    assertAlmostEquals(await figures["kind/loss"].item(), own.kind, 1e-6);
    assertAlmostEquals(await figures["age/loss"].item(), own.age, 1e-6);
    assertAlmostEquals(await figures.loss.item(), own.kind + 0.1 * own.age, 1e-6);

    // The same network with a loss of its own.
    const byHand = trainStep({
      network: named,
      rule,
      loss: ({ network, params, ...mode }, { x, y, weights }: typeof batch) => {
        const { outputs, state } = network.applyLayers(params, x, mode);
        const [first, second] = [objective.kind(outputs.kind, y.kind), objective.age(outputs.age, y.age)];
        const cost = first.add(second.mul(0.1));
        return weights ? { cost: cost.mul(weights), divisor: weights.sum(), state } : { cost, state };
      },
    });
    const [expected] = jit(byHand.step)(state, batch);
    for (const layer of ["hidden", "kind layer", "age layer"]) {
      const [actual, wanted] = [await after.params[layer].W.data(), await expected.params[layer].W.data()];
      actual.forEach((one, i) => assertAlmostEquals(one, wanted[i], 1e-5));
    }
  }

  /** The loss of one output, computed with the network that has only that one. */
  async function lossOf(name: "kind" | "age", objective: typeof meanSquaredError, weights: Tensor | undefined) {
    const one = trainStep({ network: named.withOutput(name), objective, rule });
    const [, { loss }] = one.step(state, { x, y: y[name], ...(weights && { weights }) });
    return { [name]: await loss.item() } as Record<typeof name, number>;
  }
});

testOnEveryDevice("classes are weighed, and targets smoothed, for each output by itself", async () => {
  const { x, y } = examples();
  const emphasis = { classWeights: { kind: [1, 2, 5] }, labelSmoothing: { kind: 0.1 } };
  const { init, step } = trainStep({ network: named, objective, lossWeights, rule, ...emphasis });
  const state = init(random.key(4));
  const only = { classWeights: emphasis.classWeights.kind, labelSmoothing: emphasis.labelSmoothing.kind };
  const kindStep = trainStep({ network: named.withOutput("kind"), objective: objective.kind, rule, ...only });
  const ageStep = trainStep({ network: named.withOutput("age"), objective: objective.age, rule });
  for (const weights of [undefined, tensor([1, 0, 2, 0.5, 1, 3])]) {
    const given = weights && { weights };
    const [, figures] = jit(step)(state, { x, y, ...given });
    const kindLoss = await kindStep.step(state, { x, y: y.kind, ...given })[1].loss.item();
    const ageLoss = await ageStep.step(state, { x, y: y.age, ...given })[1].loss.item();
    assertAlmostEquals(await figures["kind/loss"].item(), kindLoss, 1e-6);
    assertAlmostEquals(await figures["age/loss"].item(), ageLoss, 1e-6);
    assertAlmostEquals(await figures.loss.item(), kindLoss + 0.1 * ageLoss, 1e-6);
  }
});

Deno.test("outputs without metrics have no reader", () => {
  assertEquals(readerOf([]), undefined);
});

Deno.test("names and objectives that do not match are refused before the first step", () => {
  const make = (options: object) => trainStep({ network: named, rule, ...options });
  const action = 'Cannot make a training step of "named": expected ';
  assertThrows(() => make({}), TypeError, `${action}an objective for each of the outputs kind, age`);
  assertThrows(
    () => make({ objective: { kind: meanSquaredError, ag: meanSquaredError } }),
    RangeError,
    `${action}the objectives "kind", "age", got "ag": did you mean age?`,
  );
  assertThrows(() => make({ objective: { kind: meanSquaredError } }), RangeError, 'but "age" is missing');
  assertThrows(
    () => make({ objective, lossWeights: { ages: 1 } }),
    RangeError,
    `${action}the outputs "kind", "age", got "ages": did you mean age?`,
  );
  assertThrows(() => make({ objective, lossWeights: { age: -1 } }), TypeError, "lossWeights");
  assertThrows(() => make({ objective: { kind: "meanSquareError", age: meanSquaredError } }), TypeError, "objective");
  assertThrows(() => make({ objective: {} }), TypeError, "a record of objectives by the names of the outputs, got {}");
  assertThrows(() => make({ objective, classWeights: {} }), TypeError, "expected classWeights to be a list of weights");
  const unnamed = { classWeights: [1, 2, 3], labelSmoothing: 0.1 };
  for (const [name, value] of Object.entries(unnamed)) {
    assertThrows(() => make({ objective, [name]: value }), TypeError, `with ${name}: expected a record by the names`);
    assertThrows(() => make({ objective, [name]: { kin: value } }), RangeError, 'got "kin"; did you mean kind?');
  }
  assertThrows(() => make({ objective, classWeights: { kind: [1, 2] } }), RangeError, "one for each of 3 classes");
  assertThrows(
    () => trainStep({ network: named.withOutput("age"), rule, objective }),
    TypeError,
    "the network has only one output",
  );
  const { x, y } = examples();
  const { init, step } = trainStep({ network: named, objective, rule });
  const state = init(random.key(1));
  assertThrows(
    () => step(state, { x, y: { kind: y.kind } }),
    RangeError,
    'the targets "kind", "age", but "age" is missing',
  );
  assertThrows(() => step(state, { x, y: y.age }), TypeError, "expected targets by the names of the outputs kind, age");
  assertThrows(() => step(state, { x: { ...x, tabel: x.table }, y }), RangeError, 'got "tabel": did you mean table?');
});

testOnEveryDevice(
  "a network of one named output takes an objective, and class weights, as one without a name",
  async () => {
    const input = inputLayer({ shape: [null, 2] });
    const W = tensor([[0.5, -1], [0.25, 1]]);
    const last = logisticRegression(input, { nClass: 2, W, b: zeros([2]), name: "last" });
    const x = tensor([[1, 2], [0, 1], [3, -1]]);
    const y = tensor(Int32Array.of(0, 1, 1));
    const lossOf = async (
      own: Network,
      options: Partial<ObjectiveStepOptions>,
      targets: RecordBatch["y"],
    ): Promise<number> => {
      const { init, step } = trainStep({ network: own, rule: sgd({ learningRate: 0.1 }), ...options });
      return await step(init(random.key(1)), { x, y: targets })[1].loss.item();
    };
    const one = network("one", { kind: last });
    const plain = network("one", [input, last]);
    for (const options of [{}, { objective: "meanSquaredError" }, { classWeights: [1, 3], labelSmoothing: 0.1 }]) {
      const targets = "objective" in options ? tensor([[1, 0], [0, 1], [0, 1]]) : y;
      assertEquals(await lossOf(one, options, targets), await lossOf(plain, options, targets));
    }
    const objective = { kind: categoricalCrossentropyError };
    assertEquals(await lossOf(one, { objective }, { kind: y }), await lossOf(plain, {}, y));
    await assertRejects(() => lossOf(one, {}, { kind: y }), TypeError, "expected one tensor of targets, got a record");
  },
);

Deno.test("several outputs have sums of their own to divide by if one of them weighs classes or ignores one", () => {
  const plain = { objective: meanSquaredError };
  const weighed = { objective: categoricalCrossentropyError, emphasis: { classWeights: [1, 2, 3] } };
  const ignoring = { objective: getObjective("categoricalCrossentropyFromLogits", { ignoreIndex: 0 }) };
  for (const one of [weighed, ignoring]) {
    assertEquals([[one], [one, one], [plain, one], [one, plain]].map(haveOwnDivisors), [false, true, true, true]);
  }
  const smooth = { ...plain, emphasis: { labelSmoothing: 0.1 } };
  assertEquals([[plain], [plain, smooth]].map(haveOwnDivisors), [false, false]);
});

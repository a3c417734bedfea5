import { assert, assertEquals } from "@std/assert";
import { jit, random, type Tensor, tensor } from "../../core/mod.ts";
import { leavesOf } from "../../core/tree.ts";
import { denseLayer, inputLayer, rnn } from "../../layers/mod.ts";
import { getObjective, sgd } from "../../optim/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { network } from "../network.ts";
import { trainStep } from "./train_step.ts";

/** Objectives, and the activation whose outputs they compare. */
const objectives = [
  ["meanSquaredError", "linear"],
  ["rootMeanSquaredError", "linear"],
  ["meanAbsoluteError", "linear"],
  ["huberError", "linear"],
  ["binaryHingeError", "linear"],
  ["categoricalHingeError", "linear"],
  ["binaryCrossentropyError", "sigmoid"],
  ["binaryCrossentropyFromLogits", "linear"],
  ["categoricalCrossentropyError", "softmax"],
  ["categoricalCrossentropyFromLogits", "linear"],
  ["kullbackLeiblerDivergence", "softmax"],
] as const;

/** The parameters after a step, the loss last, on targets of which the third and the last do not count. */
async function step(
  [objective, activation]: typeof objectives[number],
  spare: number,
  isOfSteps: boolean,
): Promise<number[]> {
  const input = inputLayer({ shape: [null, ...isOfSteps ? [2] : [], 2] });
  const options = { nUnits: 2, activation };
  const output = isOfSteps ? rnn(input, { ...options, lastOnly: false }) : denseLayer(input, options);
  const net = network("line", [input, output]);
  const { init, step } = trainStep({ network: net, objective: getObjective(objective), rule: sgd() });
  const x = tensor([[1, 2], [3, 1], [5, 5], [-1, 4], [2, 2], [1, 1]]);
  const y = tensor([[1, 0], [0, 1], [spare, 0], [1, 0], [0, 1], [1, spare]]);
  const weights = tensor([1, 2, 0, 1, 3, 0]);
  const batch = isOfSteps
    ? { x: x.reshape([3, 2, 2]), y: y.reshape([3, 2, 2]), weights: weights.reshape([3, 2]) }
    : { x, y, weights };
  const [{ params }, { loss }] = jit(step)(init(random.key(1)), batch);
  const values = await Promise.all([...leavesOf(params), loss].map((leaf: Tensor) => leaf.data()));
  return values.flatMap((value) => [...value]);
}

testOnEveryDevice("targets with the weight 0 may be NaN or infinite: no gradient comes from them", async () => {
  for (const objective of objectives) {
    for (const isOfSteps of [false, true]) {
      const expected = await step(objective, 0, isOfSteps);
      assert(expected.every(Number.isFinite), objective[0]);
      for (const spare of [NaN, Infinity, -Infinity, 3e38]) {
        assertEquals(await step(objective, spare, isOfSteps), expected, `${objective[0]} with ${spare}`);
      }
    }
  }
});

testOnEveryDevice("Classes that do not exist change no step if their weight is 0", async () => {
  const input = inputLayer({ shape: [null, 2] });
  for (
    const [objective, activation, options] of [
      ["categoricalCrossentropyFromLogits", "linear", {}],
      ["categoricalCrossentropyFromLogits", "linear", { classWeights: [1, 3] }],
      ["categoricalCrossentropyFromLogits", "linear", { labelSmoothing: 0.1, classWeights: [0, 3] }],
      ["categoricalCrossentropyError", "softmax", { labelSmoothing: 0.1 }],
      ["categoricalHingeError", "linear", { classWeights: [1, 3] }],
    ] as const
  ) {
    const net = network("line", [input, denseLayer(input, { nUnits: 2, activation })]);
    const { init, step } = trainStep({ network: net, objective: getObjective(objective), rule: sgd(), ...options });
    const x = tensor([[1, 2], [3, 1], [5, 5], [-1, 4]]);
    const after = async (spare: number, shape = [4]): Promise<number[]> => {
      const batch = { x, y: tensor([0, 1, spare, 1]), weights: tensor([1, 2, 0, 3], shape) };
      const [{ params }, figures] = jit(step)(init(random.key(1)), batch);
      const values = await Promise.all([...leavesOf(params), figures.loss].map((leaf) => leaf.data()));
      return values.flatMap((each) => Array.from(each, Number));
    };
    const expected = await after(0);
    for (const spare of [-1, 2, NaN, Infinity, 0.5]) assertEquals(await after(spare), expected);
    assertEquals(await after(-1, [4, 1]), expected);
  }
});

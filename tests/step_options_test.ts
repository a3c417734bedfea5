/**
 * Tests each option of a training step against what its definition says, in plain numbers.
 */

import { random, type Tensor, tensor } from "../core/mod.ts";
import { denseLayer, inputLayer } from "../layers/mod.ts";
import {
  type Batch,
  type LossStepOptions,
  network,
  type ObjectiveOptions,
  type ObjectiveStepOptions,
  trainStep,
} from "../model/mod.ts";
import { trainStepOptions } from "../model/training/train_step.ts";
import { binaryCrossentropyFromLogits, meanAbsoluteError, meanSquaredError, sgd } from "../optim/mod.ts";
import { assertElements, type OptionTests, testOptions } from "./option_definitions.ts";

// One line, p = w · x + b, through three points.
const [w, b, rate] = [0.75, -0.25, 0.5];
const x = [0.5, -1, 2];
const y = [1, 0, 1];
const input = inputLayer({ shape: [null, 1] });
const lineFrom = (W: number) =>
  network("line", [
    input,
    denseLayer(input, { nUnits: 1, activation: "linear", W: tensor([[W]]), b: tensor([b]), name: "line" }),
  ]);
const batch: Batch = { x: tensor(x.map((one) => [one])), y: tensor(y.map((one) => [one])) };
const base = { network: lineFrom(w), rule: sgd({ learningRate: rate }), objective: meanSquaredError };

/** The line after one step whose costs have these derivatives by the predictions; weights are those of the mean. */
function stepped(slope: (p: number, i: number) => number, weights = x.map(() => 1), from = { w, rate }): number[] {
  const total = weights.reduce((sum, one) => sum + one);
  const slopes = x.map((one, i) => weights[i] * slope(from.w * one + b, i) / total);
  return [
    from.w - from.rate * slopes.reduce((sum, one, i) => sum + one * x[i], 0),
    b - from.rate * slopes.reduce((sum, one) => sum + one, 0),
  ];
}

async function assertStep(options: ObjectiveStepOptions | LossStepOptions<Batch>, wanted: number[]): Promise<void> {
  const { init, step } = options.loss ? trainStep(options) : trainStep(options);
  const [{ params: { line } }] = step(init(random.key(1)), batch);
  await assertElements(line.W.reshape([1]), [wanted[0]], "w");
  await assertElements(line.b, [wanted[1]], "b");
}

const square = (p: number, i: number): number => 2 * (p - y[i]);
const logistic = (p: number, target: number): number => 1 / (1 + Math.exp(-p)) - target;

const tests: OptionTests<ObjectiveStepOptions & ObjectiveOptions> = {
  network: async () => {
    await assertStep(base, stepped(square));
    await assertStep({ ...base, network: lineFrom(2) }, stepped(square, undefined, { w: 2, rate }));
  },
  rule: () => assertStep({ ...base, rule: sgd({ learningRate: 0.1 }) }, stepped(square, undefined, { w, rate: 0.1 })),
  objective: async () => {
    const sign = (p: number, i: number): number => Math.sign(p - y[i]);
    await assertStep({ ...base, objective: meanAbsoluteError }, stepped(sign));
    await assertStep({ ...base, objective: "meanAbsoluteError" }, stepped(sign));
  },
  loss: () =>
    assertStep({
      network: base.network,
      rule: base.rule,
      loss: ({ network, params, ...mode }, { x, y }) => ({
        cost: network.apply(params, x, mode).output.sub(y).square().mul(3),
      }),
    }, stepped((p, i) => 3 * square(p, i))),
  lossWeights: async () => {
    // Two outputs with the same weights, whose costs have the factors 3 and 0.5.
    const options = { nUnits: 1, activation: "linear", W: tensor([[w]]), b: tensor([b]) } as const;
    const two = network("two", {
      near: denseLayer(input, { ...options, name: "near" }),
      far: denseLayer(input, { ...options, name: "far" }),
    });
    const { init, step } = trainStep({
      network: two,
      rule: base.rule,
      objective: { near: meanSquaredError, far: meanAbsoluteError },
      lossWeights: { near: 3, far: 0.5 },
    });
    const [{ params }] = step(init(random.key(1)), { x: batch.x, y: { near: batch.y, far: batch.y } });
    const wanted = {
      near: stepped((p, i) => 3 * square(p, i)),
      far: stepped((p, i) => 0.5 * Math.sign(p - y[i])),
    };
    for (const name of ["near", "far"] as const) {
      await assertElements(params[name].W.reshape([1]), [wanted[name][0]], `w of ${name}`);
      await assertElements(params[name].b, [wanted[name][1]], `b of ${name}`);
    }
  },
  classWeights: () =>
    assertStep(
      { ...base, objective: binaryCrossentropyFromLogits, classWeights: [0.5, 3] },
      stepped((p, i) => logistic(p, y[i]), [3, 0.5, 3]),
    ),
  augment: () =>
    assertStep(
      { ...base, augment: (_key, batch) => ({ ...batch, y: (batch.y as Tensor).mul(2) }) },
      stepped((p, i) => 2 * (p - 2 * y[i])),
    ),
  labelSmoothing: () =>
    assertStep(
      { ...base, objective: binaryCrossentropyFromLogits, labelSmoothing: 0.2 },
      stepped((p, i) => logistic(p, 0.8 * y[i] + 0.1)),
    ),
};

testOptions("a training step", trainStepOptions, tests);

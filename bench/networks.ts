/**
 * Networks that are measured beside other frameworks: convolutions of 3 × 3, normalized and depthwise ones, a wide
 * perceptron, gated recurrent units and a transformer.
 *
 * @module
 */

import { jit, random, type Tensor, tensor, valueAndGrad } from "../core/mod.ts";
import {
  activationLayer,
  batchNormalization,
  convLayer,
  type ConvOptions,
  denseLayer,
  embedding,
  flattenLayer,
  globalPool,
  gru,
  inputLayer,
  layerNormalization,
  logisticRegression,
  type NextLayer,
  poolLayer,
  positionEmbedding,
  reshapeLayer,
  sequential,
  transformerBlock,
} from "../layers/mod.ts";
import { type Network, network } from "../model/mod.ts";
import { adam, adamw, categoricalCrossentropyFromLogits, momentum, type UpdateRule } from "../optim/mod.ts";

/** A network and how it is trained. */
export interface Training {
  readonly name: string;
  readonly rule: UpdateRule;
  build(): Network;
  /** Inputs of one step, and the classes that they should give. */
  batch(): readonly [x: Tensor, classes: Tensor];
}

const classes = (count: number, of = 10): Tensor => tensor(Int32Array.from({ length: count }, (_, i) => i % of));
const normal = (...shape: number[]): Tensor => random.normal(random.key(1), shape);

type Shape = ConvOptions["filterShape"];

/** A convolution that keeps the size of its images, or halves it. */
function conv(filterShape: Shape, options: Partial<ConvOptions> = {}): NextLayer {
  return (previous) => convLayer(previous, { filterShape, borderMode: "half", ...options });
}

const rectified = (filterShape: Shape): NextLayer => conv(filterShape, { b: "constant", activation: "relu" });
const normalized: NextLayer = (previous) => activationLayer(batchNormalization(previous), { activation: "relu" });
const pooled: NextLayer = (previous) => poolLayer(previous, { poolSize: [2, 2] });
const dense = (nUnits: number): NextLayer => (previous) => denseLayer(previous, { nUnits, activation: "relu" });
const output = (nClass: number): NextLayer => (previous) => logisticRegression(previous, { nClass });
const averaged: NextLayer = (previous) => globalPool(previous);
const flat: NextLayer = (previous) => flattenLayer(previous);

const colorImages = { shape: [null, 3, 32, 32] } as const;
const images = (): readonly [Tensor, Tensor] => [normal(64, 3, 32, 32), classes(64)];

/** Four convolutions of 3 × 3, as in networks of the Visual Geometry Group. */
const smallVgg: Training = {
  name: "VGG-like, batch 64",
  rule: momentum({ learningRate: 0.01, momentum: 0.9 }),
  build: () =>
    network(
      "vgg",
      sequential(inputLayer(colorImages), [
        ...[rectified([32, 3, 3, 3]), rectified([32, 32, 3, 3]), pooled],
        ...[rectified([64, 32, 3, 3]), rectified([64, 64, 3, 3]), pooled],
        ...[flat, dense(256), output(10)],
      ]),
    ),
  batch: images,
};

/** Batch normalization, and a depthwise convolution with one of 1 × 1. */
const separable: Training = {
  name: "normalized and depthwise convolutions, batch 64",
  rule: adam({ learningRate: 0.001, epsilon: 1e-8 }),
  build: () =>
    network(
      "separable",
      sequential(inputLayer(colorImages), [
        ...[conv([32, 3, 3, 3]), normalized, conv([64, 32, 3, 3], { subsample: [2, 2] }), normalized],
        ...[conv([64, 1, 3, 3], { groups: 64 }), conv([128, 64, 1, 1]), normalized],
        ...[averaged, output(10)],
      ]),
    ),
  batch: images,
};

const widePerceptron: Training = {
  name: "two layers of 2048, batch 128",
  rule: adam({ learningRate: 0.001, epsilon: 1e-8 }),
  build: () => network("wide", sequential(inputLayer({ shape: [null, 784] }), [dense(2048), dense(2048), output(10)])),
  batch: () => [normal(128, 784), classes(128)],
};

const gatedUnits: Training = {
  name: "GRU 28 × 28 → 128, batch 64",
  rule: adam({ learningRate: 0.001, epsilon: 1e-8 }),
  build: () =>
    network(
      "gru",
      sequential(inputLayer({ shape: [null, 28, 28] }), [(previous) => gru(previous, { nUnits: 128 }), output(10)]),
    ),
  batch: () => [normal(64, 28, 28), classes(64)],
};

const [TOKENS, TIME, FEATURES] = [65, 64, 128];
const block: NextLayer = (previous) => transformerBlock(previous, { nHeads: 4, causal: true });

/** A transformer that predicts each token from those before it. */
const transformer: Training = {
  name: "transformer of 4 blocks of 128, batch 16",
  rule: adamw({ learningRate: 0.001 }),
  build: () =>
    network(
      "transformer",
      sequential(inputLayer({ shape: [null, TIME] }), [
        (previous) => embedding(previous, { nTokens: TOKENS, nUnits: FEATURES }),
        (previous) => positionEmbedding(previous),
        ...[block, block, block, block],
        (previous) => layerNormalization(previous),
        (previous) => reshapeLayer(previous, { outputShape: [-1, FEATURES] }),
        output(TOKENS),
      ]),
    ),
  batch: () => [classes(16 * TIME, TOKENS).reshape([16, TIME]), classes(16 * TIME, TOKENS)],
};

/** The networks and their trainings by short names. */
export const trainings = { smallVgg, separable, widePerceptron, gatedUnits, transformer };

/** Runs a training step, and resolves to the loss. */
export interface RunStep {
  (): Promise<number>;
  /** The compiled function that runs forward, backward and update. */
  readonly compiled: (...args: never[]) => unknown;
}

/** Returns a training step, which runs forward, backward and update, and resolves to the loss. */
export function trainingStep({ name, rule, build, batch }: Training): RunStep {
  const net = build();
  const [x, y] = batch();
  const first = net.init(random.key(2));
  const start = { params: first.params, layers: first.state, updates: rule.init(first.params) };
  const step = jit(({ params, layers, updates }: typeof start, key: Tensor) => {
    const [{ cost, state }, gradients] = valueAndGrad((params: typeof first.params) => {
      const { output, state } = net.logits(params, x, { train: true, key, state: layers });
      return { cost: categoricalCrossentropyFromLogits(output, y).mean(), state };
    })(params);
    const updated = rule.update(gradients, updates, params);
    return { next: { params: updated.params, layers: state, updates: updated.state }, cost };
  }, { donate: [0], name });
  let now = start;
  let turn = 0;
  const run = async (): Promise<number> => {
    const { next, cost } = step(now, random.key(turn++));
    now = next;
    return await cost.item();
  };
  return Object.assign(run, { compiled: step });
}

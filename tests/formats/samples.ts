/**
 * The content of the files of `tests/formats`: small data and networks, the same on every machine.
 *
 * @module
 */

import { type Tensor, tensor } from "../../core/mod.ts";
import {
  type Data,
  data,
  fitPreprocessing,
  parseTable,
  samples,
  type SampleSet,
  type Table,
  type TablePreprocessing,
} from "../../data/mod.ts";
import * as layers from "../../layers/mod.ts";
import type { Layer, LayerShape } from "../../layers/mod.ts";
import { type Model, model, type Network, network } from "../../model/mod.ts";
import { getUpdate } from "../../optim/mod.ts";

const FEATURES = 6;
const CLASSES = 3;

/** Multiples of 1/16 that look random, and that rounding does not change. */
function sixteenths(count: number, seed = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => ((i * 7 + (i >> 3) * 5 + seed * 3) % 16) / 16);
}

function samplesOf(count: number, seed: number): SampleSet {
  const y = Int32Array.from({ length: count }, (_, i) => (i + (i >> 3)) % CLASSES);
  const values = sixteenths(count * FEATURES, seed);
  y.forEach((one, i) => values[i * FEATURES + one] += 1);
  return { x: samples(values, [count, FEATURES]), y };
}

/** Examples of three classes, whose targets are class numbers. */
export function smallData(): Data {
  return data([samplesOf(40, 1), samplesOf(12, 2), samplesOf(12, 3)], { name: "small" });
}

/** The same with rows of 0 and 1 as targets, which every objective takes. */
export function oneHotData(): Data {
  const sets = [samplesOf(40, 1), samplesOf(12, 2), samplesOf(12, 3)].map(({ x, y }) => {
    const rows = Array.from(y as Int32Array, (one) => [0, 1, 2].map((label) => label === one ? 1 : 0));
    return { x, y: samples(rows) };
  });
  return data(sets, { name: "one-hot" });
}

const hyperparameters = { batchSize: 10, nEpochs: 3, learningRate: 0.05, patience: 1000 };

/**
 * A model with every kind of state that a training may have: dropout, running means, and the state of an update rule.
 */
export function smallModel(rule: string): Model {
  const input = layers.inputLayer({ shape: [null, FEATURES], name: "input" });
  const normal = layers.batchNormalization(input, { name: "normal" });
  const noisy = layers.dropout(normal, { corruptionLevel: 0.2, name: "noisy" });
  const hidden = layers.denseLayer(noisy, { nUnits: 4, activation: "tanh", l2: 0.001, name: "hidden" });
  const output = layers.logisticRegression(hidden, { nClass: CLASSES, name: "output" });
  const net = network("small", [input, normal, noisy, hidden, output]);
  return model({ name: `small ${rule}`, network: net, data: smallData(), hyperparameters, updates: getUpdate(rule) });
}

/** A model whose layers learn from their own input first. */
export function pretrainedModel(): Model {
  const own = { epochs: 2, batchSize: 10, learningRate: 0.05 };
  const input = layers.inputLayer({ shape: [null, FEATURES], name: "input" });
  const code = layers.autoEncoder(input, { nUnits: 5, corruptionLevel: 0.2, hyperparameters: own, name: "code" });
  const machine = layers.rbm(code, { nUnits: 4, k: 2, persistent: true, hyperparameters: own, name: "machine" });
  const output = layers.logisticRegression(machine, { nClass: CLASSES, name: "output" });
  const net = network("stacked", [input, code, machine, output]);
  const few = { ...hyperparameters, nEpochs: 1 };
  return model({
    name: "stacked",
    network: net,
    data: smallData(),
    hyperparameters: few,
    updates: getUpdate("momentum"),
  });
}

const shapes: Readonly<Record<string, LayerShape>> = {
  rows: [null, FEATURES],
  images: [null, 2, 5, 4],
  moreImages: [null, 3, 5, 4],
  sequences: [null, 4, FEATURES],
  lengths: [null],
  tokens: [null, 4],
};

const whole: ReadonlySet<string> = new Set(["lengths", "tokens"]);

/** Three examples for each input of {@linkcode everyKind}; lengths and tokens are 1, 2, 3, … */
export function everyInput(): Tensor[] {
  return Object.entries(shapes).map(([name, shape], i) => {
    const extents = shape.map((extent) => extent ?? 3);
    const count = extents.reduce((product, extent) => product * extent, 1);
    const values = whole.has(name) ? Float32Array.from({ length: count }, (_, i) => 1 + i % 4) : sixteenths(count, i);
    return tensor(values, extents);
  });
}

/** A network of layers of every kind side by side, with options that are not the defaults. */
export function everyKind(): Network {
  const inputs = Object.entries(shapes).map(([name, shape]) => layers.inputLayer({ shape, name }));
  const [rows, images, moreImages, sequences, lengths, tokens] = inputs;
  const last = layers.logisticRegression(rows, {
    nClass: 3,
    W: ["glorotNormal", { gain: layers.sigmoid }],
    name: "output",
  });
  return network("every kind", [
    ...inputs,
    ...denseKinds(rows, sequences),
    ...imageKinds(images, moreImages),
    ...sequenceKinds(sequences, lengths, tokens),
    last,
  ]);
}

function denseKinds(rows: Layer, sequences: Layer): Layer[] {
  return [
    layers.reshapeLayer(rows, { outputShape: [null, 2, 3] }),
    layers.activationLayer(rows, { activation: ["elu", { alpha: 0.5 }] }),
    layers.denseLayer(rows, { nUnits: 3, W: "heNormal", activation: layers.softplus, l1: 0.1, l2: 0.2 }),
    layers.denseLayer(sequences, { nUnits: 2, b: ["uniform", { scale: [0, 1] }], leadingAxes: 2 }),
    layers.dropout(rows, { corruptionLevel: 0.3 }),
    layers.alphaDropout(rows, { corruptionLevel: 0.3 }),
    layers.dropconnect(rows, { nUnits: 3, corruptionLevel: 0.3, activation: "selu", W: layers.seluNormal }),
    layers.batchNormalization(rows, { axis: -2, hasBeta: false }),
    layers.layerNormalization(rows, { epsilon: 1e-3 }),
    layers.autoEncoder(rows, { nUnits: 3, corruptionLevel: 0.3, hyperparameters: { epochs: 2 } }),
    layers.autoEncoder(rows, { nUnits: 3, sigma: 0.3, contractionLevel: 0.1, activation: "tanh" }),
    layers.rbm(rows, { nUnits: 3, k: 2, persistent: true, hyperparameters: { batchSize: 3 } }),
    layers.addLayer([rows, rows]),
  ];
}

function imageKinds(images: Layer, moreImages: Layer): Layer[] {
  return [
    layers.flattenLayer(images, { nDim: 3 }),
    layers.poolLayer(images, { poolSize: [2, 3], mode: "average_exc_pad", ignoreBorder: false }),
    layers.poolLayer(images, { poolSize: [3, 2], stride: [2, 1], pad: [1, 0], mode: "sum" }),
    layers.globalPool(images, { mode: "max" }),
    layers.convLayer(images, {
      filterShape: [2, 1, 3, 2],
      groups: 2,
      subsample: [2, 1],
      borderMode: "half",
      b: "normal",
    }),
    layers.convLayer(images, { filterShape: [1, 2, 2, 2], borderMode: [[1, 0], [0, 2]], dilations: [2, 1] }),
    layers.convPoolLayer(images, {
      filterShape: [2, 2, 3, 3],
      poolSize: [3, 3],
      borderMode: "full",
      filterFlip: false,
    }),
    layers.separableConvLayer(images, { nFilters: 2, filterSize: [3, 2], depthMultiplier: 2, subsample: [2, 2] }),
    layers.batchNormalization(images, { alpha: 0.5 }),
    layers.concatenateLayer([images, moreImages]),
  ];
}

function sequenceKinds(sequences: Layer, lengths: Layer, tokens: Layer): Layer[] {
  return [
    layers.embedding(tokens, { nTokens: 5, nUnits: 2 }),
    layers.positionEmbedding(sequences),
    layers.multiHeadAttention(sequences, { nHeads: 3, causal: true }),
    layers.transformerBlock(sequences, { nHeads: 2, nUnits: 3, corruptionLevel: 0.2, activation: "relu" }),
    layers.rnn(sequences, { nUnits: 2, activation: "tanh", goBackwards: true }),
    layers.rnn([sequences, lengths], { nUnits: 2, lastOnly: false }),
    layers.lstm(sequences, { nUnits: 2, peepholes: true, nOut: 3, outActivation: "softmax" }),
    layers.lstm(sequences, { nUnits: 2, tiedIF: true, lastOnly: false, gradClipping: 1 }),
    layers.gru(sequences, { nUnits: 2, nOut: 2, lastOnly: false, gradClipping: 0.5 }),
    layers.bnLstm(sequences, { nUnits: 2, lastOnly: false }),
  ];
}

/** A table with columns of all types. */
export function everyColumn(): Table {
  return parseTable(
    "size,town,built,garden,rooms,price\n70,Bern,1994-05-01,true,3,350000\n,Oslo,,false,4,420000\n160,,2012-07-31,,5,910000\n",
  );
}

/** A preprocessing with every step but that of classes. */
export function everyStep(): TablePreprocessing {
  return fitPreprocessing(everyColumn(), {
    inputs: {
      size: [["impute", { with: "median", indicator: true }], "normalize"],
      town: ["oneHot", { unknown: "column", missing: "column" }],
      built: ["impute", ["dateParts", { parts: ["year", "month"] }], "standardize"],
      garden: ["impute", { with: "most frequent" }],
      rooms: "log",
    },
    targets: { price: ["log", "standardize"] },
  });
}

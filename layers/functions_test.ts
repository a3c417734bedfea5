/** The options of the functions that layers are made of. */

import { tensor } from "../core/creation.ts";
import { setDevice } from "../core/device.ts";
import { key } from "../core/random/bits.ts";
import { uniform } from "../core/random/distributions.ts";
import type { Tensor } from "../core/tensor.ts";
import { grad } from "../core/gradients.ts";
import { checkOptions, type FunctionWithOptions } from "../tests/options_of.ts";
import * as layers from "./mod.ts";

/** Numbers around 0, others for each shape. */
const numbers = (...shape: number[]): Tensor => uniform(key(shape.length + shape[0]), shape, { low: -1, high: 1 });

const images = numbers(2, 2, 7, 8);
const filters = { W: numbers(4, 2, 3, 2), b: numbers(4) };
const geometry = { borderMode: "full", subsample: [2, 1], dilations: [1, 2], filterFlip: false };
const pooling = { poolSize: [3, 2], stride: [1, 1], ignoreBorder: false, pad: [1, 0], mode: "sum" };
const sequences = numbers(3, 4, 2);
const tokens = numbers(4, 2);

const [W, U, b] = [numbers(2, 3), numbers(3, 3), numbers(3)];
const gatesOfGru = { W_z: W, U_z: U, b_z: b, W_r: W, U_r: U, b_r: b, W_h: W, U_h: U, b_h: b };
const gatesOfLstm = { W_f: W, U_f: U, b_f: b, W_c: W, U_c: U, b_c: b, W_o: W, U_o: U, b_o: b };

/** Options of a sequence, and a call whose gradient counts too, since one of them changes nothing else. */
function sequence(name: string, run: (x: Tensor, options: layers.SequenceOptions) => Tensor): FunctionWithOptions {
  return {
    name,
    call: (options) => [run(sequences, options), grad((x: Tensor) => run(x, options).sum())(sequences)],
    changes: { activation: "relu", lastOnly: false, goBackwards: true, gradClipping: 0.01, lengths: tensor([1, 4, 2]) },
  };
}

const square = numbers(2, 2);
const heads = { W_q: square, b_q: b.slice([0], [2]), W_k: square, b_k: b.slice([0], [2]), W_v: square };
const attention = { ...heads, b_v: b.slice([0], [2]), W_o: square, b_o: b.slice([0], [2]) };
const [ones, none] = [tensor([1, 1]), tensor([0, 0])];
const block = {
  ...{ ...attention, gamma_1: ones, beta_1: none, gamma_2: ones, beta_2: none },
  ...{ W_1: W, b_1: b, W_2: numbers(3, 2), b_2: none },
};
const machine = { W: numbers(5, 3), b, b_hidden: numbers(5) };
const encoder = { W: numbers(5, 3), b, b_prime: numbers(5) };
const rows = uniform(key(1), [4, 5]);

const functions: readonly FunctionWithOptions[] = [
  {
    name: "convolve",
    call: (options: layers.ConvolutionGeometry) =>
      layers.convolve(options.groups === 2 ? { W: numbers(4, 1, 3, 2) } : filters, images, options),
    changes: { ...geometry, groups: 2 },
  },
  {
    name: "pool",
    call: (options) => layers.pool(images, options),
    given: { poolSize: [2, 3] },
    changes: pooling,
  },
  {
    name: "convolvePool",
    call: (options) => layers.convolvePool(filters, images, options),
    given: { poolSize: [2, 3] },
    changes: { ...geometry, ...pooling, activation: "relu" },
    idle: ["groups"],
  },
  {
    name: "separableConvolve",
    call: (options) =>
      layers.separableConvolve({ W_depth: numbers(2, 1, 3, 2), W_point: numbers(3, 2, 1, 1) }, images, options),
    changes: geometry,
  },
  {
    name: "batchNormalize",
    call: (options) => layers.batchNormalize({ gamma: ones }, tokens, { mean: none, variance: ones }, options),
    given: { axes: [0] },
    changes: { epsilon: 1 },
  },
  sequence("rnnSequence", (x, options) => layers.rnnSequence({ W, U, b }, x, options)),
  sequence("lstmSequence", (x, options) => layers.lstmSequence(gatesOfLstm, x, options)),
  sequence("gruSequence", (x, options) => layers.gruSequence(gatesOfGru, x, options)),
  { name: "attend", call: (options) => layers.attend(tokens, tokens, tokens, options), changes: { causal: true } },
  {
    name: "attendHeads",
    call: (options) => layers.attendHeads(attention, sequences, options),
    given: { nHeads: 1 },
    changes: { nHeads: 2, causal: true, source: sequences.mul(2) },
  },
  {
    name: "transform",
    call: (options) => layers.transform(block, sequences, options),
    given: { nHeads: 1 },
    changes: { nHeads: 2, causal: true, activation: "relu", corrupt: (x: Tensor) => x.mul(2) },
  },
  {
    name: "autoEncoderCost",
    call: (options) => layers.autoEncoderCost(encoder, rows, key(1), options),
    changes: { corruptionLevel: 0.5, sigma: 0.5, contractionLevel: 0.5, activation: "relu" },
  },
  {
    name: "contrastiveDivergence",
    call: (options) => Object.values(layers.contrastiveDivergence(machine, rows, options).gradients),
    given: { key: key(1) },
    changes: { key: key(2), k: 3, chains: numbers(4, 3) },
  },
  {
    name: "sampleVisible",
    call: (options) => layers.sampleVisible(machine, rows, options),
    given: { key: key(1), steps: 1 },
    changes: { key: key(2), steps: 4 },
  },
  {
    name: "gibbsChain",
    call: (options) => layers.gibbsChain(machine, uniform(key(1), [4, 3]), options).visible,
    given: { key: key(1), steps: 1 },
    changes: { key: key(2), steps: 4 },
  },
  { name: "constant", call: (options) => layers.constant(key(1), [2], options), changes: { value: 2 } },
  { name: "uniform", call: (options) => layers.uniform(key(1), [2], options), changes: { scale: [1, 2] } },
  { name: "normal", call: (options) => layers.normal(key(1), [2], options), changes: { scale: 2 } },
  ...(["glorotUniform", "glorotNormal"] as const).map((name): FunctionWithOptions => ({
    name,
    call: (options) => layers[name](key(1), [2, 2], options),
    changes: { gain: "relu", fan: [7, 8] },
  })),
  ...(["heUniform", "heNormal", "seluNormal"] as const).map((name): FunctionWithOptions => ({
    name,
    call: (options) => layers[name](key(1), [2, 2], options),
    changes: { fan: [7, 8] },
  })),
  { name: "orthogonal", call: (options) => layers.orthogonal(key(1), [2, 2], options), changes: { gain: "relu" } },
];

for (const one of functions) {
  Deno.test(`${one.name} reads its options, and refuses others with the nearest name`, async () => {
    await setDevice("wasm");
    await checkOptions(one);
  });
}

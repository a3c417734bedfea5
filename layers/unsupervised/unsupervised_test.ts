import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { jit } from "../../core/jit.ts";
import { fold, key } from "../../core/random/bits.ts";
import { bernoulli, uniform } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { autoEncoder, reconstruct } from "./auto_encoder.ts";
import { denseLayer } from "../dense.ts";
import { inputLayer } from "../input.ts";
import type { Initial, Layer, Parameters } from "../layer.ts";
import { rbm } from "./rbm.ts";
import { freeEnergy, pseudoLikelihood, sampleVisible } from "./rbm_sampling.ts";

/** Four patterns of six units, each unit flipped with probability 0.05. */
function noisyPatterns(count: number): Tensor {
  const patterns = tensor([[1, 1, 0, 0, 1, 0], [0, 0, 1, 1, 0, 0], [1, 0, 1, 0, 0, 1], [0, 1, 0, 1, 1, 1]]);
  const repeated = patterns.expandDims(0).broadcastTo([count / 4, 4, 6]).reshape([count, 6]);
  const turned = bernoulli(key(11), 0.05, [count, 6]);
  return turned.where(repeated.neg().add(1), repeated);
}

/** Pre-trains a layer on one batch; returns the parameters, and the costs of the first and the last step. */
async function pretrain(layer: Layer, x: Tensor, steps: number): Promise<{ params: Parameters; costs: number[] }> {
  const { step } = layer.pretraining!;
  const compiled = jit((at: Initial, x: Tensor, key: Tensor) => step(at, x, key));
  let at = layer.init(key(1));
  const costs: number[] = [];
  for (let i = 0; i < steps; i++) {
    const { params, state, cost } = compiled(at, x, fold(key(2), i));
    at = { params, state };
    if (i === 0 || i === steps - 1) costs.push(await cost.item());
  }
  return { params: at.params, costs };
}

const input = inputLayer({ shape: [null, 6] });
const hyperparameters = { learningRate: 0.3, batchSize: 40 };

/** On slow devices, the last of several ways to learn stands for all. */
const enough = <T>(kind: string, ways: readonly T[]) => kind === "wasm" ? ways : ways.slice(-1);

testOnEveryDevice("Autoencoders of all kinds learn to reconstruct their input from the code", async (kind) => {
  const x = noisyPatterns(40);
  const ways = [{}, { corruptionLevel: 0.2 }, { sigma: 0.2 }, { contractionLevel: 0.01 }];
  for (const options of enough(kind, ways)) {
    const layer = autoEncoder(input, { nUnits: 4, hyperparameters, ...options });
    const { params, costs } = await pretrain(layer, x, 200);
    assert(costs[1] < 0.75 * costs[0], `${JSON.stringify(options)}: ${costs}`);
    const { W, b, b_prime } = params;
    const right = reconstruct({ W, b, b_prime }, x).greaterEqual(0.5).equal(x.greaterEqual(0.5)).cast("f32").mean();
    assert(await right.item() > 0.8, JSON.stringify(options));
  }
});

Deno.test("After pre-training an autoencoder is a dense layer", async () => {
  const layer = autoEncoder(input, { nUnits: 4 });
  const { params, state } = layer.init(key(1));
  assertEquals(Object.keys(params), ["W", "b", "b_prime"]);
  const plain = denseLayer(input, { nUnits: 4, activation: "sigmoid" });
  const x = uniform(key(2), [3, 6]);
  const mode = { train: false, state };
  assertEquals(await layer.apply(params, x, mode).output.data(), await plain.apply(params, x, mode).output.data());
});

/** All visible vectors of six units. */
const everything = tensor(Array.from({ length: 64 }, (_, i) => Array.from({ length: 6 }, (_, bit) => (i >> bit) & 1)));

/** The mean log-likelihood of the data, by the sum over all visible vectors. */
async function logLikelihood({ W, b, b_hidden }: Parameters, x: Tensor): Promise<number> {
  const energies = await freeEnergy({ W, b, b_hidden }, everything).data();
  const logPartition = Math.log([...energies].reduce((sum, energy) => sum + Math.exp(-energy), 0));
  return -await freeEnergy({ W, b, b_hidden }, x).mean().item() - logPartition;
}

testOnEveryDevice(
  "Contrastive divergence raises the exact likelihood of the data, with persistent chains too",
  async (kind) => {
    const x = noisyPatterns(40);
    for (const options of enough(kind, [{}, { k: 3 }, { persistent: true, k: 2 }])) {
      const layer = rbm(input, { nUnits: 5, hyperparameters: { ...hyperparameters, learningRate: 0.1 }, ...options });
      const before = await logLikelihood(layer.init(key(1)).params, x);
      const { params } = await pretrain(layer, x, 600);
      const after = await logLikelihood(params, x);
      assert(after > before + 0.8, `${JSON.stringify(options)}: from ${before} to ${after}`);
    }
  },
);

testOnEveryDevice("The pseudo-likelihood is that of one unit given all others", async () => {
  const { W, b, b_hidden } = rbm(input, { nUnits: 5, W: "normal", bHidden: "normal" }).init(key(4)).params;
  const x = everything.slice([10], [13]);
  const values = await pseudoLikelihood({ W, b, b_hidden }, x, tensor(2)).data();
  const energies = await freeEnergy({ W, b, b_hidden }, everything).data();
  values.forEach((value, i) => {
    const [own, turned] = [energies[10 + i], energies[(10 + i) ^ 4]];
    assertAlmostEquals(value, 6 * -Math.log1p(Math.exp(own - turned)), 1e-4);
  });
});

testOnEveryDevice("Gibbs sampling draws from the machine's distribution", async () => {
  const { W, b, b_hidden } = rbm(input, { nUnits: 3, W: ["normal", { scale: 1 }] }).init(key(5)).params;
  const energies = await freeEnergy({ W, b, b_hidden }, everything).data();
  const weights = [...energies].map((energy) => Math.exp(-energy));
  const total = weights.reduce((sum, weight) => sum + weight);
  const exact = Array.from(
    { length: 6 },
    (_, bit) => weights.reduce((sum, weight, i) => sum + ((i >> bit) & 1) * weight, 0) / total,
  );
  const start = uniform(key(6), [4000, 6]);
  const drawn = await sampleVisible({ W, b, b_hidden }, start, { key: key(7), steps: 30 }).mean({ axis: 0 }).data();
  exact.forEach((probability, bit) => assertAlmostEquals(drawn[bit], probability, 0.03));
});

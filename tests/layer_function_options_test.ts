/**
 * Tests each option of the functions that layers are made of against what its definition says. Most of them are the
 * options of a layer, too, and are tested there; here are those that only the functions have.
 */

import { assertEquals } from "@std/assert";
import { random, tensor } from "../core/mod.ts";
import type { Tensor } from "../core/mod.ts";
import * as layers from "../layers/mod.ts";
import * as plain from "../layers/test_numbers.ts";
import { assertElements, testOptions } from "./option_definitions.ts";

const { affine, asTensor, asTensors, matrices, matrix, row, softmax, sum } = plain;

/** softmax(q · kᵀ / √n) · v for each query; those of later positions are left out if `causal`. */
function attended(q: plain.Matrix, k: plain.Matrix, v: plain.Matrix, causal: boolean): number[][] {
  return q.map((query, time) => {
    const seen = causal ? k.slice(0, time + 1) : k;
    const weights = softmax(seen.map((key) => sum(key.map((one, i) => one * query[i])) / Math.sqrt(query.length)));
    return v[0].map((_, j) => sum(weights.map((one, t) => one * v[t][j])));
  });
}

const [q, k, v] = [matrix(4, 2, 5), matrix(4, 2, 6), matrix(4, 2, 7)];

testOptions<layers.AttentionOptions>("attend", null, {
  causal: async () => {
    for (const causal of [true, false, undefined]) {
      const result = layers.attend(asTensor(q), asTensor(k), asTensor(v), causal === undefined ? {} : { causal });
      await assertElements(result, attended(q, k, v, causal ?? false).flat());
    }
  },
});

const FEATURES = 4;
const matricesOf = Object.fromEntries(
  ["q", "k", "v", "o"].flatMap((part, i) => [
    [`W_${part}`, matrix(FEATURES, FEATURES, i + 2)],
    [`b_${part}`, row(FEATURES, i + 7)],
  ]),
);

function headsParameters(): layers.AttentionParameters {
  const { W_q, b_q, W_k, b_k, W_v, b_v, W_o, b_o } = asTensors(matricesOf);
  return { W_q, b_q, W_k, b_k, W_v, b_v, W_o, b_o };
}

function through(part: string, x: plain.Matrix): number[][] {
  return affine(x, matricesOf[`W_${part}`] as plain.Matrix, matricesOf[`b_${part}`] as plain.Row);
}

function attendedByHeads(x: plain.Matrix, { nHeads = 2, causal = false, source = x }: {
  readonly nHeads?: number;
  readonly causal?: boolean;
  readonly source?: plain.Matrix;
}): number[][] {
  const width = FEATURES / nHeads;
  const part = (rows: plain.Matrix, head: number) => rows.map((row) => row.slice(head * width, (head + 1) * width));
  const [q, k, v] = [through("q", x), through("k", source), through("v", source)];
  const heads = Array.from({ length: nHeads }, (_, i) => attended(part(q, i), part(k, i), part(v, i), causal));
  return through("o", x.map((_, time) => heads.flatMap((head) => head[time])));
}

const sequences = matrices(2, 3, FEATURES);
const sources = matrices(2, 5, FEATURES, 3);

testOptions<layers.AttendHeadsOptions>("attendHeads", null, {
  nHeads: async () => {
    for (const nHeads of [1, 2, 4]) {
      const result = layers.attendHeads(headsParameters(), asTensor(sequences), { nHeads });
      await assertElements(result, sequences.flatMap((x) => attendedByHeads(x, { nHeads })).flat());
    }
  },
  causal: async () => {
    for (const causal of [true, false]) {
      const result = layers.attendHeads(headsParameters(), asTensor(sequences), { nHeads: 2, causal });
      await assertElements(result, sequences.flatMap((x) => attendedByHeads(x, { causal })).flat());
    }
  },
  source: async () => {
    const options = { nHeads: 2, source: asTensor(sources) };
    const wanted = sequences.flatMap((x, i) => attendedByHeads(x, { source: sources[i] }));
    await assertElements(layers.attendHeads(headsParameters(), asTensor(sequences), options), wanted.flat());
  },
});

const block: Readonly<Record<string, plain.Nested>> = {
  ...matricesOf,
  gamma_1: row(FEATURES, 11),
  beta_1: row(FEATURES, 12),
  gamma_2: row(FEATURES, 13),
  beta_2: row(FEATURES, 14),
  W_1: matrix(FEATURES, 5, 15),
  b_1: row(5, 16),
  W_2: matrix(5, FEATURES, 17),
  b_2: row(FEATURES, 18),
};

function normalized(x: plain.Matrix, half: 1 | 2): number[][] {
  const [gamma, beta] = [block[`gamma_${half}`] as plain.Row, block[`beta_${half}`] as plain.Row];
  return x.map((row) =>
    row.map((one, j) => gamma[j] * (one - plain.mean(row)) / Math.sqrt(plain.variance(row) + 1e-5) + beta[j])
  );
}

/** The block with the output of each half times a factor. */
function transformed(x: plain.Matrix, { nHeads = 2, causal = false, activation = "relu", factors = [1, 1] }: {
  readonly nHeads?: number;
  readonly causal?: boolean;
  readonly activation?: "relu" | "tanh";
  readonly factors?: plain.Row;
}): number[][] {
  const first = attendedByHeads(normalized(x, 1), { nHeads, causal });
  const y = x.map((row, i) => row.map((one, j) => one + factors[0] * first[i][j]));
  const hidden = affine(normalized(y, 2), block.W_1 as plain.Matrix, block.b_1 as plain.Row);
  const second = affine(
    hidden.map(plain.activations[activation]),
    block.W_2 as plain.Matrix,
    block.b_2 as plain.Row,
  );
  return y.map((row, i) => row.map((one, j) => one + factors[1] * second[i][j]));
}

async function checkTransform(
  options: Partial<layers.TransformOptions>,
  wanted: Parameters<typeof transformed>[1],
): Promise<void> {
  const { gamma_1, beta_1, gamma_2, beta_2, W_1, b_1, W_2, b_2 } = asTensors(block);
  const params = { ...headsParameters(), gamma_1, beta_1, gamma_2, beta_2, W_1, b_1, W_2, b_2 };
  const result = layers.transform(params, asTensor(sequences), { nHeads: 2, activation: "relu", ...options });
  await assertElements(result, sequences.flatMap((x) => transformed(x, wanted)).flat());
}

testOptions<layers.TransformOptions>("transform", null, {
  nHeads: async () => {
    for (const nHeads of [1, 4]) await checkTransform({ nHeads }, { nHeads });
  },
  causal: async () => {
    for (const causal of [true, false]) await checkTransform({ causal }, { causal });
  },
  activation: async () => {
    for (const activation of ["relu", "tanh"] as const) await checkTransform({ activation }, { activation });
  },
  corrupt: async () => {
    await checkTransform({ corrupt: (x, half) => x.mul(half === 0 ? 2 : -3) }, { factors: [2, -3] });
    await checkTransform({}, {});
  },
});

testOptions<layers.BatchNormalizeOptions>("batchNormalize", null, {
  axes: async () => {
    const x = matrix(3, 2);
    for (const axis of [0, 1, -1]) {
      const count = axis === 0 ? 2 : 3;
      const [gamma, mean, variance] = [row(count, 2), row(count, 3), row(count, 4).map((one) => one + 2)];
      const statistics = { mean: tensor(mean), variance: tensor(variance) };
      const result = layers.batchNormalize({ gamma: tensor(gamma) }, asTensor(x), statistics, { axes: [axis] });
      const wanted = x.flatMap((row, i) =>
        row.map((one, j) => {
          const at = axis === 0 ? j : i;
          return gamma[at] * (one - mean[at]) / Math.sqrt(variance[at] + 1e-5);
        })
      );
      await assertElements(result, wanted);
    }
  },
  epsilon: async () => {
    for (const epsilon of [0, 1, undefined]) {
      const statistics = { mean: tensor([1, 2]), variance: tensor([3, 4]) };
      const options = { axes: [0], ...epsilon !== undefined && { epsilon } };
      const result = layers.batchNormalize({ gamma: tensor([1, 1]) }, tensor([[5, 7]]), statistics, options);
      await assertElements(result, [4 / Math.sqrt(3 + (epsilon ?? 1e-5)), 5 / Math.sqrt(4 + (epsilon ?? 1e-5))]);
    }
  },
});

const encoder = { W: matrix(3, 2, 2), b: row(2, 3), b_prime: row(3, 4) };
const inputs = matrix(4, 3).map((row) => row.map((one) => (one + 1) / 2));

/** The slopes of activations by their values. */
const slopes = { sigmoid: (y: number) => y * (1 - y), tanh: (y: number) => 1 - y * y, linear: () => 1 };

/** The cross-entropy of an example and its reconstruction, with level · the contraction of the code. */
function encoderCost(activation: keyof typeof slopes, level: number, x = inputs): number {
  const { W, b, b_prime } = encoder;
  const codes = affine(x, W, b).map(plain.activations[activation]);
  const logits = affine(codes, plain.transposed(W), b_prime);
  const costs = logits.map((row, n) => sum(row.map((one, j) => plain.softplus(one) - inputs[n][j] * one)));
  const squares = plain.transposed(W).map((column) => sum(column.map((one) => one ** 2)));
  const contractions = codes.map((code) => sum(code.map((one, u) => slopes[activation](one) ** 2 * squares[u])));
  return plain.mean(costs) + level * plain.mean(contractions);
}

async function checkCost(options: layers.AutoEncoderCostOptions, wanted: number): Promise<void> {
  const { W, b, b_prime } = asTensors(encoder);
  const cost = layers.autoEncoderCost({ W, b, b_prime }, asTensor(inputs), random.key(1), options);
  await assertElements(cost, [wanted], JSON.stringify(options));
}

testOptions<layers.AutoEncoderCostOptions>("autoEncoderCost", null, {
  activation: async () => {
    for (const activation of ["sigmoid", "tanh", "linear"] as const) {
      await checkCost({ activation }, encoderCost(activation, 0));
      await checkCost({ activation, contractionLevel: 2 }, encoderCost(activation, 2));
    }
    await checkCost({}, encoderCost("sigmoid", 0));
  },
  contractionLevel: async () => {
    for (const level of [0, 0.5, 3]) await checkCost({ contractionLevel: level }, encoderCost("sigmoid", level));
  },
  corruptionLevel: async () => {
    await checkCost({ corruptionLevel: 0 }, encoderCost("sigmoid", 0));
    await checkCost({ corruptionLevel: 1 }, encoderCost("sigmoid", 0, inputs.map((row) => row.map(() => 0))));
  },
  sigma: async () => {
    const noise = [...await random.normal(random.key(1), [4, 3]).data()].map(Number);
    for (const sigma of [0.5, 3]) {
      const noisy = inputs.map((row, n) => row.map((one, j) => one + sigma * noise[3 * n + j]));
      await checkCost({ sigma, corruptionLevel: 1 }, encoderCost("sigmoid", 0, noisy));
    }
  },
});

/** A machine without chance: each hidden unit follows its visible unit and the next one, so ones spread to both sides. */
const UNITS = 5;
const machine = {
  W: plain.nest<number[][]>([UNITS, UNITS], (i) => [0, 1].includes(Math.floor(i / UNITS) - i % UNITS) ? 200 : 0),
  b: row(UNITS).map(() => -100),
  b_hidden: row(UNITS).map(() => -100),
};

function machineParameters(b = machine.b) {
  return { W: asTensor(machine.W), b: asTensor(b), b_hidden: asTensor(machine.b_hidden) };
}

const hiddenOf = (visible: plain.Row): number[] => visible.map((one, j) => Number(one + (visible[j + 1] ?? 0) > 0));
const visibleOf = (hidden: plain.Row): number[] => hidden.map((one, i) => Number(one + (hidden[i - 1] ?? 0) > 0));

/** The visible units after some steps from hidden ones. */
function chained(hidden: plain.Row, steps: number): number[] {
  const visible = visibleOf(hidden);
  return steps === 1 ? visible : chained(hiddenOf(visible), steps - 1);
}

const start = [0, 0, 1, 0, 0];

/** Draws with keys from a machine whose units are all on with probability ½, which differ from key to key. */
async function checkKeys(draw: (options: { key: Tensor }) => Tensor): Promise<void> {
  const texts = await Promise.all(
    [1, 1, 2, 3].map(async (seed) => String(await draw({ key: random.key(seed) }).data())),
  );
  assertEquals(texts[0], texts[1]);
  assertEquals(new Set(texts).size, 3);
}

const coins = {
  W: asTensor(plain.nest([20, 20], () => 0)),
  b: asTensor(row(20).map(() => 0)),
  b_hidden: asTensor(row(20).map(() => 0)),
};
const many = asTensor(plain.nest([2, 20], () => 0));

testOptions<layers.DivergenceOptions>("contrastiveDivergence", null, {
  key: () => checkKeys((options) => layers.contrastiveDivergence(coins, many, options).chains),
  k: async () => {
    for (const k of [1, 2, 3, undefined]) {
      const options = { key: random.key(1), ...k && { k } };
      const { gradients } = layers.contrastiveDivergence(machineParameters(), tensor([start]), options);
      const end = chained(hiddenOf(start), k ?? 1);
      await assertElements(gradients.b_hidden, end.map((one, i) => one - start[i]), `${k}`);
    }
  },
  chains: async () => {
    const chains = [[0, 1, 0, 0, 0], [0, 0, 0, 0, 0]];
    const options = { key: random.key(1), chains: tensor(chains) };
    const result = layers.contrastiveDivergence(machineParameters(), tensor([start]), options);
    const ends = chains.map((one) => chained(one, 1));
    await assertElements(result.gradients.b_hidden, start.map((one, i) => (ends[0][i] + ends[1][i]) / 2 - one));
    await assertElements(result.chains, ends.flatMap(hiddenOf));
  },
});

testOptions<layers.GibbsOptions>("gibbsChain and sampleVisible", null, {
  key: async () => {
    await checkKeys(({ key }) => layers.gibbsChain(coins, many, { key, steps: 1 }).visible);
  },
  steps: async () => {
    for (const steps of [1, 2, 3]) {
      const options = { key: random.key(1), steps };
      const { visible, hidden, probabilities } = layers.gibbsChain(machineParameters(), tensor([start]), options);
      const end = chained(start, steps);
      await assertElements(visible, end);
      await assertElements(probabilities, end);
      await assertElements(hidden, hiddenOf(end));
      const drawn = layers.sampleVisible(machineParameters(), tensor([start]), options);
      await assertElements(drawn, chained(hiddenOf(start), steps));
    }
  },
});

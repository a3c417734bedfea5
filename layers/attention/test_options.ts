/**
 * Tests of the options of attention and embeddings, by their definitions.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import type { OptionTests } from "../../tests/option_definitions.ts";
import * as layers from "../mod.ts";
import * as plain from "../test_numbers.ts";

const { input, assertOutput, checkName, checkStart, matrix, row, sum, mean, variance, affine } = plain;

const FEATURES = 6;

/** Parameters of attention: W_q, b_q, …, W_o, b_o. */
const attention: Readonly<Record<string, plain.Nested>> = Object.fromEntries(
  ["q", "k", "v", "o"].flatMap((part, i) => [
    [`W_${part}`, matrix(FEATURES, FEATURES, i + 2)],
    [`b_${part}`, row(FEATURES, i + 7)],
  ]),
);

/** Attention of one sequence, with keys and values of another one. */
function attended(x: plain.Matrix, { nHeads, causal, source = x }: {
  readonly nHeads: number;
  readonly causal: boolean;
  readonly source?: plain.Matrix;
}): number[][] {
  const [q, k, v] = ["q", "k", "v"].map((part) =>
    affine(part === "q" ? x : source, attention[`W_${part}`] as plain.Matrix, attention[`b_${part}`] as plain.Row)
  );
  const width = FEATURES / nHeads;
  const joined = q.map((query, time) =>
    Array.from({ length: nHeads }, (_, head) => {
      const part = (row: plain.Row): number[] => row.slice(head * width, (head + 1) * width);
      const seen = causal ? k.slice(0, time + 1) : k;
      const scores = seen.map((key) => sum(part(key).map((one, i) => one * part(query)[i])) / Math.sqrt(width));
      const weights = plain.softmax(scores);
      return plain.nest<number[]>([width], (i) => sum(weights.map((one, t) => one * part(v[t])[i])));
    }).flat()
  );
  return affine(joined, attention.W_o as plain.Matrix, attention.b_o as plain.Row);
}

const x = plain.matrices(2, 5, FEATURES);
const sequences = input(null, 5, FEATURES);

/** Tests of the options of `multiHeadAttention`. */
export const multiHeadAttention: OptionTests<layers.MultiHeadAttentionOptions> = {
  name: () => checkName((name) => layers.multiHeadAttention(sequences, { nHeads: 1, name })),
  nHeads: async () => {
    for (const nHeads of [1, 2, 3, 6]) {
      const layer = layers.multiHeadAttention(sequences, { nHeads });
      await assertOutput({ layer, params: attention, x }, x.map((one) => attended(one, { nHeads, causal: false })));
    }
  },
  causal: async () => {
    for (const causal of [true, false]) {
      const layer = layers.multiHeadAttention(sequences, { nHeads: 2, causal });
      await assertOutput({ layer, params: attention, x }, x.map((one) => attended(one, { nHeads: 2, causal })));
    }
  },
  W: async () => {
    for (const part of ["q", "k", "v", "o"]) {
      await checkStart(
        (W) => layers.multiHeadAttention(input(null, 5, 30), { nHeads: 2, ...W !== undefined && { W } }),
        { name: `W_${part}`, shape: [30, 30], byDefault: { bound: Math.sqrt(6 / 60) } },
      );
    }
  },
};

/** An approximation of the error function that errs by less than 10⁻¹² on small numbers: its series. */
function erf(x: number): number {
  let [term, total] = [x, x];
  for (let n = 1; n < 200; n++) total += (term *= -x * x / n) / (2 * n + 1);
  return 2 / Math.sqrt(Math.PI) * total;
}

const gelu = (x: plain.Row): number[] => x.map((one) => one * (1 + erf(one / Math.SQRT2)) / 2);

/** Parameters of a block with this many units between its dense layers. */
const blockOf = (nUnits: number) => ({
  ...attention,
  gamma_1: row(FEATURES, 11),
  beta_1: row(FEATURES, 12),
  gamma_2: row(FEATURES, 13),
  beta_2: row(FEATURES, 14),
  W_1: matrix(FEATURES, nUnits, 15),
  b_1: row(nUnits, 16),
  W_2: matrix(nUnits, FEATURES, 17),
  b_2: row(FEATURES, 18),
});

function normalized(x: plain.Matrix, gamma: plain.Row, beta: plain.Row): number[][] {
  return x.map((row) => row.map((one, j) => gamma[j] * (one - mean(row)) / Math.sqrt(variance(row) + 1e-5) + beta[j]));
}

function added(x: plain.Matrix, y: plain.Matrix): number[][] {
  return x.map((row, i) => row.map((one, j) => one + y[i][j]));
}

interface Block {
  readonly nHeads?: number;
  readonly causal?: boolean;
  readonly nUnits?: number;
  readonly activate?: (x: plain.Row) => number[];
}

function transformed(x: plain.Matrix, { nHeads = 2, causal = false, nUnits = 5, activate = gelu }: Block): number[][] {
  const p = blockOf(nUnits);
  const y = added(x, attended(normalized(x, p.gamma_1, p.beta_1), { nHeads, causal }));
  const hidden = affine(normalized(y, p.gamma_2, p.beta_2), p.W_1, p.b_1).map(activate);
  return added(y, affine(hidden, p.W_2, p.b_2));
}

async function checkBlock(options: Partial<layers.TransformerBlockOptions>, block: Block): Promise<void> {
  const layer = layers.transformerBlock(sequences, { nHeads: 2, nUnits: 5, ...options });
  const run = { layer, params: blockOf(block.nUnits ?? 5), x };
  await assertOutput(run, x.map((one) => transformed(one, block)), JSON.stringify(options));
}

/** Tests of the options of `transformerBlock`. */
export const transformerBlock: OptionTests<layers.TransformerBlockOptions> = {
  name: () => checkName((name) => layers.transformerBlock(sequences, { nHeads: 1, name })),
  nHeads: async () => {
    for (const nHeads of [1, 3, 6]) await checkBlock({ nHeads }, { nHeads });
  },
  causal: async () => {
    for (const causal of [true, false]) await checkBlock({ causal }, { causal });
  },
  nUnits: async () => {
    for (const nUnits of [1, 7]) await checkBlock({ nUnits }, { nUnits });
    const byDefault = layers.transformerBlock(sequences, { nHeads: 2 });
    assertEquals(byDefault.init(key(1)).params.W_1.shape, [FEATURES, 4 * FEATURES]);
    const run = { layer: byDefault, params: blockOf(4 * FEATURES), x };
    await assertOutput(run, x.map((one) => transformed(one, { nUnits: 4 * FEATURES })));
  },
  activation: async () => {
    for (const activation of ["relu", "tanh"] as const) {
      await checkBlock({ activation }, { activate: plain.activations[activation] });
    }
    await checkBlock({}, { activate: gelu });
  },
  corruptionLevel: async () => {
    // Without its matrices, the block adds b_o and b_2: 1 and 10, each dropped by itself.
    const zeros = (_: unknown): plain.Nested => plain.nest([FEATURES, FEATURES], () => 0);
    const all = (value: number): plain.Nested => plain.nest([FEATURES], () => value);
    const weights = Object.fromEntries(["W_q", "W_k", "W_v", "W_o", "W_1", "W_2"].map((name) => [name, zeros(name)]));
    const params = { ...blockOf(FEATURES), ...weights, b_1: all(0), b_v: all(0), b_o: all(1), b_2: all(10) };
    const many = plain.matrices(100, 5, FEATURES);
    const inputs = plain.flat(many);
    for (const level of [0, 0.25, undefined]) {
      const layer = layers.transformerBlock(sequences, {
        ...{ nHeads: 2, nUnits: FEATURES },
        ...level !== undefined && { corruptionLevel: level },
      });
      const kept = 1 - (level ?? 0);
      const output = [...await plain.applied({ layer, params, x: many, train: true }).output.data()].map(Number);
      const halves = output.map((one, i) => Math.round((one - inputs[i]) * kept));
      output.forEach((one, i) => {
        const wanted = inputs[i] + halves[i] / kept;
        assert([0, 1, 10, 11].includes(halves[i]) && Math.abs(one - wanted) < 1e-4, `${one} instead of ${wanted}`);
      });
      for (const half of [(one: number) => one % 10 === 1, (one: number) => one >= 10]) {
        const share = halves.filter(half).length / halves.length;
        assert(Math.abs(share - kept) < 0.05, `kept ${share} instead of ${kept}`);
      }
      const inPrediction = inputs.map((one) => one + 11);
      await assertOutput({ layer, params, x: many }, inPrediction);
    }
  },
  W: async () => {
    const shapes = { W_q: [30, 30], W_k: [30, 30], W_v: [30, 30], W_o: [30, 30], W_1: [30, 20], W_2: [20, 30] };
    for (const [name, shape] of Object.entries(shapes)) {
      const make = (W?: layers.InitObject) =>
        layers.transformerBlock(input(null, 5, 30), { nHeads: 2, nUnits: 20, ...W !== undefined && { W } });
      const bound = Math.sqrt(6 / (shape[0] + shape[1]));
      assertEquals(make().init(key(1)).params[name].shape, shape);
      plain.assertDistribution(await plain.initial(make(), name), { bound }, name);
      plain.assertDistribution(await plain.initial(make(["constant", { value: 3 }]), name), { value: 3 }, name);
    }
  },
};

const tokens = input(null, 3);

/** Tests of the options of `embedding`. */
export const embedding: OptionTests<layers.EmbeddingOptions> = {
  name: () => checkName((name) => layers.embedding(tokens, { nTokens: 7, nUnits: 2, name })),
  nTokens: async () => {
    const W = matrix(7, 2);
    const layer = layers.embedding(tokens, { nTokens: 7, nUnits: 2 });
    assertEquals(layer.init(key(1)).params.W.shape, [7, 2]);
    await assertOutput({ layer, params: { W }, x: [[0, 6, 3], [1, 1, 5]] }, [W[0], W[6], W[3], W[1], W[1], W[5]]);
    assertThrows(() => plain.applied({ layer, params: { W }, x: [[0, 7, 3]] }), RangeError, "7");
  },
  nUnits: () => {
    const layer = layers.embedding(tokens, { nTokens: 7, nUnits: 4 });
    assertEquals([layer.outputShape, layer.init(key(1)).params.W.shape], [[null, 3, 4], [7, 4]]);
  },
  W: () =>
    checkStart((W) => layers.embedding(tokens, { nTokens: 40, nUnits: 30, ...W !== undefined && { W } }), {
      name: "W",
      shape: [40, 30],
      byDefault: { deviation: 0.05 },
    }),
};

/** Tests of the options of `positionEmbedding`. */
export const positionEmbedding: OptionTests<layers.PositionEmbeddingOptions> = {
  name: () => checkName((name) => layers.positionEmbedding(sequences, { name })),
  W: async () => {
    await checkStart((W) => layers.positionEmbedding(input(null, 40, 30), W === undefined ? {} : { W }), {
      name: "W",
      shape: [40, 30],
      byDefault: { deviation: 0.05 },
    });
    const W = matrix(5, FEATURES, 3);
    await assertOutput({ layer: layers.positionEmbedding(sequences), params: { W }, x }, x.map((one) => added(one, W)));
  },
};

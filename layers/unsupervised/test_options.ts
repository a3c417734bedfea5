/**
 * Tests of the options of layers with pre-training, by their definitions.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import { assertElements, type OptionTests } from "../../tests/option_definitions.ts";
import * as layers from "../mod.ts";
import { denseTests } from "../test_dense_options.ts";
import * as plain from "../test_numbers.ts";

const { input, affine, matrix, row, sum, mean, sigmoid, softplus, transposed } = plain;

const INPUTS = 3;
const UNITS = 2;

const W = matrix(INPUTS, UNITS, 2);
const b = row(UNITS, 3);
const bPrime = row(INPUTS, 4);
const x = matrix(4, INPUTS).map((row) => row.map((one) => (one + 1) / 2));

/** The parameters of an autoencoder as one row, for finite differences. */
const flatParams = [...W.flat(), ...b, ...bPrime];

function fromFlat(all: plain.Row): { readonly W: plain.Matrix; readonly b: plain.Row; readonly bPrime: plain.Row } {
  const cut = [INPUTS * UNITS, INPUTS * UNITS + UNITS];
  return {
    W: plain.nest([INPUTS, UNITS], (i) => all[i]),
    b: all.slice(cut[0], cut[1]),
    bPrime: all.slice(cut[1]),
  };
}

/** Σ over the inputs of their cross-entropies, as a mean over examples, and level · the contraction. */
function autoEncoderCost(all: plain.Row, level = 0): number {
  const { W, b, bPrime } = fromFlat(all);
  const code = affine(x, W, b).map((row) => row.map(sigmoid));
  const logits = affine(code, transposed(W), bPrime);
  const costs = logits.map((row, n) => sum(row.map((one, j) => softplus(one) - x[n][j] * one)));
  const squares = transposed(W).map((column) => sum(column.map((one) => one ** 2)));
  const contractions = code.map((row) => sum(row.map((one, u) => (one * (1 - one)) ** 2 * squares[u])));
  return mean(costs) + level * mean(contractions);
}

/** The parameters after a step of gradient descent, by central differences. */
function descended(cost: (all: plain.Row) => number, rate: number): number[] {
  const step = 1e-5;
  return flatParams.map((one, i) => {
    const [more, less] = [1, -1].map((sign) => cost(flatParams.with(i, one + sign * step)));
    return one - rate * (more - less) / (2 * step);
  });
}

const encoder = (options: Partial<layers.AutoEncoderOptions> = {}, inputs = INPUTS) =>
  layers.autoEncoder(input(null, inputs), { nUnits: UNITS, ...options });

/** The cost and the parameters after a step of pre-training. */
function stepped(layer: layers.Layer, { params, state = {}, x, seed = 1 }: {
  readonly params: Readonly<Record<string, plain.Nested>>;
  readonly state?: Readonly<Record<string, plain.Nested>>;
  readonly x: plain.Nested;
  readonly seed?: number;
}) {
  const before = { params: plain.asTensors(params), state: plain.asTensors(state) };
  return layer.pretraining!.step(before, plain.asTensor(x), key(seed));
}

async function checkEncoder(options: Partial<layers.AutoEncoderOptions>, level: number, rate: number): Promise<void> {
  const after = stepped(encoder(options), { params: { W, b, b_prime: bPrime }, x });
  await assertElements(after.cost, [autoEncoderCost(flatParams, level)], "cost");
  const wanted = fromFlat(descended((all) => autoEncoderCost(all, level), rate));
  await assertElements(after.params.W, wanted.W.flat(), "W");
  await assertElements(after.params.b, wanted.b, "b");
  await assertElements(after.params.b_prime, wanted.bPrime, "b_prime");
}

/** Inputs of one example, and equal weights of its single linear unit: the cost is a function of the unit alone. */
const MANY = 400;
const SLOPE = 0.08;

/** The value of the unit, found from the cost MANY · (softplus(SLOPE · unit) − x · SLOPE · unit), which falls. */
function unitOf(cost: number, x: number): number {
  const of = (unit: number): number => MANY * (softplus(SLOPE * unit) - x * SLOPE * unit);
  let [low, high] = [-100, 100];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (of(middle) > cost) low = middle;
    else high = middle;
  }
  return low;
}

/** The value of the unit after its inputs, which are all ones, were corrupted. */
async function corruptedUnit(options: Partial<layers.AutoEncoderOptions>, seed: number): Promise<number> {
  const layer = layers.autoEncoder(input(null, MANY), { nUnits: 1, activation: "linear", ...options });
  const all = (value: number): number[] => plain.nest([MANY], () => value);
  const params = { W: all(SLOPE).map((one) => [one]), b: [0], b_prime: all(0) };
  return unitOf(await stepped(layer, { params, x: [all(1)], seed }).cost.item() as number, 1);
}

/** The tests of the hyperparameters of a pre-training. */
async function checkHyperparameters(
  make: (hyperparameters?: layers.PretrainingOptions) => layers.Layer,
): Promise<void> {
  const of = (options?: layers.PretrainingOptions): (number | undefined)[] => {
    const { epochs, batchSize, learningRate } = make(options).pretraining!;
    return [epochs, batchSize, learningRate];
  };
  const each: { readonly [K in keyof Required<layers.PretrainingOptions>]: readonly [number, number, number] } = {
    epochs: [3, 20, 0.01],
    batchSize: [15, 3, 0.01],
    learningRate: [15, 20, 3],
  };
  assertEquals(of(), [15, 20, 0.01]);
  for (const [name, wanted] of Object.entries(each)) assertEquals(of({ [name]: 3 }), [...wanted]);
  await Promise.resolve();
}

/** Tests of the options of `autoEncoder`. */
export const autoEncoder: OptionTests<layers.AutoEncoderOptions> = {
  ...denseTests({
    make: (incoming, nUnits, options) => layers.autoEncoder(incoming, { nUnits, ...options }),
    W: { bound: 4 * Math.sqrt(6 / 70) },
    activation: "sigmoid",
    params: { b_prime: [0, 0, 0] },
  }),
  corruptionLevel: async () => {
    for (const level of [0, 0.25, 1, undefined]) {
      for (const seed of [1, 2, 3]) {
        const unit = await corruptedUnit(level === undefined ? {} : { corruptionLevel: level }, seed);
        const kept = unit / SLOPE;
        const share = 1 - (level ?? 0);
        const deviation = Math.sqrt(MANY * share * (1 - share));
        // A whole number of ones is kept, as they are.
        assert(Math.abs(kept - Math.round(kept)) < 0.05, `${kept} inputs kept`);
        assert(Math.abs(kept - share * MANY) <= 5 * deviation + 0.05, `${kept} of ${MANY} kept for ${level}`);
      }
    }
  },
  sigma: async () => {
    const noises: number[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      // The noise of the unit is SLOPE · Σ σ ε, with a deviation of σ √MANY, where no input is set to 0.
      const [one, two] = await Promise.all(
        [0.1, 0.2].map((sigma) => corruptedUnit({ sigma, corruptionLevel: 1 }, seed)),
      );
      const noise = (one / SLOPE - MANY) / 0.1 / Math.sqrt(MANY);
      assert(Math.abs((two / SLOPE - MANY) / 0.2 / Math.sqrt(MANY) - noise) < 0.05, "noise in proportion to sigma");
      noises.push(noise);
    }
    plain.assertDistribution(noises, { deviation: 1 });
    assert(Math.abs(await corruptedUnit({}, 1) / SLOPE - MANY) < 0.05);
  },
  contractionLevel: async () => {
    for (const level of [undefined, 0, 0.5, 4]) {
      const options = { hyperparameters: { learningRate: 1 }, ...level !== undefined && { contractionLevel: level } };
      await checkEncoder(options, level ?? 0, 1);
    }
  },
  hyperparameters: async () => {
    await checkHyperparameters((hyperparameters) => encoder(hyperparameters && { hyperparameters }));
    for (const rate of [0, 0.5]) await checkEncoder({ hyperparameters: { learningRate: rate } }, 0, rate);
    await checkEncoder({}, 0, 0.01);
  },
  bPrime: () =>
    plain.checkStart((bPrime) => encoder({ ...bPrime !== undefined && { bPrime } }, 40), {
      name: "b_prime",
      shape: [40],
      byDefault: { value: 0 },
    }),
};

const VISIBLE = 7;

/**
 * A machine without chance: its probabilities are 0 or 1. A hidden unit is on if its visible unit or the next one is
 * on, and a visible unit if its hidden unit or the previous one is. So each step of sampling spreads ones to both sides.
 */
const spreading = {
  W: plain.nest<number[][]>([VISIBLE, VISIBLE], (i) => {
    const [visible, hidden] = [Math.floor(i / VISIBLE), i % VISIBLE];
    return visible === hidden || visible === hidden + 1 ? 200 : 0;
  }),
  b: plain.nest<number[]>([VISIBLE], () => -100),
  b_hidden: plain.nest<number[]>([VISIBLE], () => -100),
};

const hiddenOf = (visible: plain.Row): number[] =>
  visible.map((_, j) => Number(visible[j] === 1 || visible[j + 1] === 1));
const visibleOf = (hidden: plain.Row): number[] => hidden.map((_, i) => Number(hidden[i] === 1 || hidden[i - 1] === 1));

/** The visible units at the end of chains from hidden ones, and the hidden units that follow. */
function chain(hidden: plain.Matrix, k: number): { readonly visible: plain.Matrix; readonly hidden: plain.Matrix } {
  let visible: plain.Matrix = [];
  for (let step = 0; step < k; step++) {
    visible = hidden.map(visibleOf);
    hidden = visible.map(hiddenOf);
  }
  return { visible, hidden };
}

const bits: plain.Matrix = [[0, 0, 0, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]];

const machine = (options: Partial<layers.RbmOptions> = {}) =>
  layers.rbm(input(null, VISIBLE), { nUnits: VISIBLE, ...options });

/** Checks a step from given ends of chains: parameters move by rate · (data − chains) of their statistics. */
async function checkDivergence(
  after: { readonly params: Readonly<Record<string, Tensor>> },
  visible: plain.Matrix,
  rate: number,
): Promise<void> {
  const statistics = (rows: plain.Matrix): Record<string, number[]> => ({
    W: spreading.W.flatMap((columns, i) => columns.map((_, j) => mean(rows.map((row) => row[i] * hiddenOf(row)[j])))),
    b: spreading.b.map((_, j) => mean(rows.map((row) => hiddenOf(row)[j]))),
    b_hidden: spreading.b_hidden.map((_, i) => mean(rows.map((row) => row[i]))),
  });
  const [data, model] = [statistics(bits), statistics(visible)];
  for (const [name, before] of Object.entries(spreading)) {
    const wanted = plain.flat(before).map((one, i) => one + rate * (data[name][i] - model[name][i]));
    await assertElements(after.params[name], wanted, name);
  }
}

/** F(v) = −v · b_hidden − Σ softplus(v · W + b). */
function freeEnergy(visible: plain.Row, { W, b, b_hidden }: typeof spreading): number {
  return -sum(visible.map((one, i) => one * b_hidden[i])) - sum(affine([visible], W, b)[0].map(softplus));
}

const small = { W: matrix(VISIBLE, VISIBLE, 5), b: row(VISIBLE, 6), b_hidden: row(VISIBLE, 7) };

/** What is reported for `bits` with the small weights. */
const monitors = {
  reconstruction: () =>
    mean(bits.map((visible) => {
      const hidden = affine([visible], small.W, small.b).map((row) => row.map(sigmoid));
      const [logits] = affine(hidden, transposed(small.W), small.b_hidden);
      return sum(logits.map((one, i) => softplus(one) - visible[i] * one));
    })),
  pseudoLikelihood: (bit: number) =>
    mean(bits.map((visible) => {
      const flipped = visible.with(bit, 1 - visible[bit]);
      return -VISIBLE * Math.log(sigmoid(freeEnergy(flipped, small) - freeEnergy(visible, small)));
    })),
};

async function checkMonitor(options: Partial<layers.RbmOptions>, monitor: keyof typeof monitors): Promise<void> {
  const layer = machine({ ...options, hyperparameters: { batchSize: 2 } });
  for (const bit of [0, 4, VISIBLE - 1]) {
    const state = {
      ...monitor === "pseudoLikelihood" && { bit },
      ...options.persistent && { chains: bits },
    };
    assertEquals(Object.keys(layer.init(key(1)).state).sort(), Object.keys(state).sort());
    const after = stepped(layer, { params: small, state, x: bits });
    await assertElements(after.cost, [monitors[monitor](bit)], monitor);
    if (monitor === "pseudoLikelihood") await assertElements(after.state.bit, [(bit + 1) % VISIBLE]);
  }
}

/** Tests of the options of `rbm`. */
export const rbm: OptionTests<layers.RbmOptions> = {
  ...denseTests({
    make: (incoming, nUnits, options) => layers.rbm(incoming, { nUnits, ...options }),
    W: { bound: Math.sqrt(6 / 70) },
    activation: "sigmoid",
    params: { b_hidden: [0, 0, 0] },
  }),
  k: async () => {
    for (const k of [undefined, 1, 2, 3]) {
      const layer = machine({ hyperparameters: { learningRate: 1 }, ...k && { k } });
      const after = stepped(layer, { params: spreading, x: bits });
      await checkDivergence(after, chain(bits.map(hiddenOf), k ?? 1).visible, 1);
    }
  },
  persistent: async () => {
    const layer = machine({ persistent: true, hyperparameters: { learningRate: 1, batchSize: 3 } });
    await assertElements(layer.init(key(1)).state.chains, plain.flat(plain.nest([3, VISIBLE], () => 0)));
    const chains = [[0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0]];
    const after = stepped(layer, { params: spreading, state: { chains, bit: 0 }, x: bits });
    const ends = chain(chains, 1);
    await checkDivergence(after, ends.visible, 1);
    await assertElements(after.state.chains, ends.hidden.flat());
    for (const persistent of [false, undefined]) {
      const layer = machine({ hyperparameters: { learningRate: 1 }, ...persistent === false && { persistent } });
      assertEquals(layer.init(key(1)).state, {});
      await checkDivergence(
        stepped(layer, { params: spreading, x: bits }),
        chain(bits.map(hiddenOf), 1).visible,
        1,
      );
    }
  },
  monitor: async () => {
    for (const monitor of ["reconstruction", "pseudoLikelihood"] as const) {
      await checkMonitor({ monitor }, monitor);
      await checkMonitor({ monitor, persistent: true }, monitor);
    }
    await checkMonitor({}, "reconstruction");
    await checkMonitor({ persistent: true }, "pseudoLikelihood");
  },
  hyperparameters: async () => {
    await checkHyperparameters((hyperparameters) => machine(hyperparameters && { hyperparameters }));
    for (const learningRate of [0, 0.5, undefined]) {
      const layer = machine(learningRate === undefined ? {} : { hyperparameters: { learningRate } });
      const after = stepped(layer, { params: spreading, x: bits });
      await checkDivergence(after, chain(bits.map(hiddenOf), 1).visible, learningRate ?? 0.01);
    }
  },
  bHidden: () =>
    plain.checkStart((bHidden) => layers.rbm(input(null, 40), { nUnits: 3, ...bHidden !== undefined && { bHidden } }), {
      name: "b_hidden",
      shape: [40],
      byDefault: { value: 0 },
    }),
};

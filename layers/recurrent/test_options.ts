/**
 * Tests of the options of recurrent layers, by their definitions.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import { grad } from "../../core/transform.ts";
import { assertElements, type OptionTests } from "../../tests/option_definitions.ts";
import * as layers from "../mod.ts";
import type { RecurrentOptions } from "../mod.ts";
import * as plain from "../test_numbers.ts";

const { input, assertOutput, checkName, matrix, row, sigmoid, sum, mean, variance, affine } = plain;

const [FEATURES, UNITS, STEPS] = [3, 4, 5];

/** A state that cells pass from step to step: an output, and the cell of an LSTM. */
interface Carry {
  readonly h: plain.Row;
  readonly c: plain.Row;
}

type Activate = (x: plain.Row) => number[];

type Cell = (x: plain.Row, carry: Carry, activate: Activate) => Carry;

/** A kind of recurrent layer, and its step in plain numbers. */
interface Kind<O extends RecurrentOptions> {
  make(incoming: layers.Layer, options: RecurrentOptions & Partial<O>): layers.Layer;
  readonly params: Readonly<Record<string, plain.Nested>>;
  /** The state of the layer for this number of time steps; default: none. */
  readonly state?: (steps: number) => Readonly<Record<string, plain.Nested>>;
  readonly cell: Cell;
  readonly activation: keyof typeof plain.activations;
  /** Biases, and their gradients after one step with a limit of the gradients of the inputs of activations. */
  readonly slopes: (x: plain.Row, upstream: number, limit: (one: number) => number) => Record<string, number[]>;
}

const x = plain.matrices(2, STEPS, FEATURES);

/** All outputs of a sequence. */
function outputs(
  sequence: plain.Matrix,
  { cell, activate, backwards = false }: {
    readonly cell: Cell;
    readonly activate: Activate;
    readonly backwards?: boolean;
  },
): number[][] {
  const zeros = row(UNITS).map(() => 0);
  let carry: Carry = { h: activate(zeros), c: zeros };
  const ordered = backwards ? sequence.toReversed() : sequence;
  const found = ordered.map((one) => [...(carry = cell(one, carry, activate)).h]);
  return backwards ? found.reverse() : found;
}

const W_y = matrix(UNITS, 2, 31);
const b_y = row(2, 32);

/** Tests of the options that all recurrent layers have. */
function recurrentTests<O extends RecurrentOptions>(kind: Kind<O>): OptionTests<RecurrentOptions> {
  const { make, params, state = () => ({}), cell, activation } = kind;
  const activate = plain.activations[activation];
  const layerOf = (options: Omit<RecurrentOptions, "nUnits">, steps = STEPS) =>
    make(input(null, steps, FEATURES), { nUnits: UNITS, ...options } as RecurrentOptions & Partial<O>);
  const check = (options: Omit<RecurrentOptions, "nUnits">, wanted: plain.Nested) =>
    assertOutput(
      { layer: layerOf(options), params: { ...params, W_y, b_y }, state: state(STEPS), x },
      wanted,
      JSON.stringify(options),
    );
  const all = (activate: Activate, backwards = false) => x.map((one) => outputs(one, { cell, activate, backwards }));
  const last = x.map((one) => outputs(one, { cell, activate }).at(-1)!);
  return {
    name: () => checkName((name) => layerOf({ name })),
    nUnits: () => {
      const layer = make(input(null, STEPS, FEATURES), { nUnits: 7 } as RecurrentOptions & Partial<O>);
      const b = Object.entries(layer.init(key(1)).params).filter(([name]) => /^b(?:_.)?$/.test(name));
      assertEquals([layer.outputShape, ...b.map(([, { shape }]) => shape)], [[null, 7], ...b.map(() => [7])]);
    },
    nOut: async () => {
      await check({ nOut: 2 }, affine(last, W_y, b_y));
      await check({ nOut: 2, lastOnly: false }, all(activate).map((rows) => affine(rows, W_y, b_y)));
      await check({}, last);
      const { params } = layerOf({ nOut: 2 }).init(key(1));
      assertEquals([params.W_y.shape, params.b_y.shape], [[UNITS, 2], [2]]);
    },
    outActivation: async () => {
      for (const outActivation of ["relu", "softmax", "linear"] as const) {
        await check({ nOut: 2, outActivation }, affine(last, W_y, b_y).map(plain.activations[outActivation]));
      }
    },
    activation: async () => {
      for (const name of ["tanh", "sigmoid", "relu", undefined] as const) {
        const wanted = all(plain.activations[name ?? activation]).map((rows) => rows.at(-1)!);
        await check({ ...name && { activation: name } }, wanted);
      }
    },
    lastOnly: async () => {
      for (const lastOnly of [true, undefined]) await check({ ...lastOnly && { lastOnly } }, last);
      await check({ lastOnly: false }, all(activate));
    },
    goBackwards: async () => {
      await check({ goBackwards: true }, all(activate, true).map((rows) => rows[0]));
      await check({ goBackwards: true, lastOnly: false }, all(activate, true));
      await check({ goBackwards: false, lastOnly: false }, all(activate));
    },
    gradClipping: async () => {
      const upstream = 50;
      for (const gradClipping of [undefined, 0, 0.5, 3, 1000]) {
        const most = gradClipping || Infinity;
        const limit = (one: number): number => Math.max(-most, Math.min(most, one));
        const layer = layerOf({ ...gradClipping !== undefined && { gradClipping } }, 1);
        const cost = (all: layers.Parameters) =>
          layer.apply(all, plain.asTensor([[x[0][0]]]), { train: false, state: plain.asTensors(state(1)) })
            .output.sum().mul(upstream);
        const gradients = grad(cost)(plain.asTensors(params));
        for (const [name, wanted] of Object.entries(kind.slopes(x[0][0], upstream, limit))) {
          await assertElements(gradients[name], wanted, `${name} for ${gradClipping}`);
        }
        const output = outputs([x[0][0]], { cell, activate });
        await assertElements(
          layer.apply(plain.asTensors(params), plain.asTensor([[x[0][0]]]), {
            train: false,
            state: plain.asTensors(state(1)),
          }).output,
          output.flat(),
        );
      }
    },
  };
}

/** Parameters of gates by name: W_f, U_f, b_f, … */
function gatesOf(names: readonly string[]): Record<string, plain.Nested> {
  return Object.fromEntries(names.flatMap((name, i) => [
    [`W_${name}`, matrix(FEATURES, UNITS, 3 * i + 2)],
    [`U_${name}`, matrix(UNITS, UNITS, 3 * i + 3)],
    [`b_${name}`, row(UNITS, 3 * i + 4)],
  ]));
}

/** x · W + h · U + b of a gate. */
function gate(params: Readonly<Record<string, plain.Nested>>, suffix: string, x: plain.Row, h: plain.Row): number[] {
  const [W, U, b] = ["W", "U", "b"].map((name) => params[`${name}${suffix}`]);
  const [fromState] = affine([h], U as plain.Matrix);
  return affine([x], W as plain.Matrix, b as plain.Row)[0].map((one, j) => one + fromState[j]);
}

/** The derivatives of the activations by their values. */
const slopes = {
  sigmoid: (y: number) => y * (1 - y),
  tanh: (y: number) => 1 - y * y,
};

const { W_z: W, U_z: U, b_z: b } = gatesOf(["z"]);
const zeros = row(UNITS).map(() => 0);
const halves = zeros.map(() => 0.5);

/** Tests of the options of `rnn`: h = φ(x · W + h · U + b), from φ(0) on. */
export const rnn: OptionTests<layers.RnnOptions> = {
  ...recurrentTests<layers.RnnOptions>({
    make: layers.rnn,
    params: { W, U, b },
    cell: (x, { h, c }, activate) => ({ h: activate(gate({ W, U, b }, "", x, h)), c }),
    activation: "sigmoid",
    slopes: (x, upstream, limit) => ({
      b: gate({ W, U, b }, "", x, halves).map((one) => limit(upstream * slopes.sigmoid(sigmoid(one)))),
    }),
  }),
};

const gruGates = gatesOf(["z", "r", "h"]);

/** Tests of the options of `gru`: h + z (φ(x · W_h + (r h) · U_h + b_h) − h). */
export const gru: OptionTests<layers.GruOptions> = recurrentTests<layers.GruOptions>({
  make: layers.gru,
  params: gruGates,
  cell: (x, { h, c }, activate) => {
    const [z, r] = ["_z", "_r"].map((one) => gate(gruGates, one, x, h).map(sigmoid));
    const fresh = activate(gate(gruGates, "_h", x, h.map((one, j) => one * r[j])));
    return { h: h.map((one, j) => (1 - z[j]) * one + z[j] * fresh[j]), c };
  },
  activation: "tanh",
  slopes: (x, upstream, limit) => {
    const z = gate(gruGates, "_z", x, zeros).map(sigmoid);
    const fresh = gate(gruGates, "_h", x, zeros).map(Math.tanh);
    return {
      b_z: z.map((one, j) => limit(upstream * fresh[j] * slopes.sigmoid(one))),
      b_r: zeros,
      b_h: z.map((one, j) => limit(upstream * one * slopes.tanh(fresh[j]))),
    };
  },
});

const lstmGates = gatesOf(["i", "f", "c", "o"]);
const peepholes = { P_i: matrix(UNITS, UNITS, 41), P_f: matrix(UNITS, UNITS, 42), P_o: matrix(UNITS, UNITS, 43) };

/** A step of an LSTM; gates with peepholes also see c · P. */
function lstmCell({ peeps = false, tied = false }: { readonly peeps?: boolean; readonly tied?: boolean }): Cell {
  const seen = (name: "i" | "f" | "o", x: plain.Row, h: plain.Row, c: plain.Row): number[] => {
    const [peeped] = affine([c], peepholes[`P_${name}`]);
    return gate(lstmGates, `_${name}`, x, h).map((one, j) => sigmoid(one + (peeps ? peeped[j] : 0)));
  };
  return (x, { h, c }, activate) => {
    const forget = seen("f", x, h, c);
    const take = tied ? forget.map((one) => 1 - one) : seen("i", x, h, c);
    const candidate = activate(gate(lstmGates, "_c", x, h));
    const cell = c.map((one, j) => forget[j] * one + take[j] * candidate[j]);
    const shown = activate(cell);
    return { h: seen("o", x, h, cell).map((one, j) => one * shown[j]), c: cell };
  };
}

async function checkLstm(options: Partial<layers.LstmOptions>, cell: Cell, missing: readonly string[]): Promise<void> {
  const layer = layers.lstm(input(null, STEPS, FEATURES), { nUnits: UNITS, lastOnly: false, ...options });
  const wanted = x.map((one) => outputs(one, { cell, activate: plain.activations.tanh }));
  const names = Object.keys(layer.init(key(1)).params);
  const all = { ...lstmGates, ...peepholes };
  assertEquals(names.sort(), Object.keys(all).filter((name) => !missing.includes(name)).sort());
  await assertOutput({ layer, params: all, x }, wanted, JSON.stringify(options));
}

const peepNames = ["P_i", "P_f", "P_o"];

/** Tests of the options of `lstm`. */
export const lstm: OptionTests<layers.LstmOptions> = {
  ...recurrentTests<layers.LstmOptions>({
    make: layers.lstm,
    params: lstmGates,
    cell: lstmCell({}),
    activation: "tanh",
    slopes: (x, upstream, limit) => {
      const [i, o] = ["_i", "_o"].map((name) => gate(lstmGates, name, x, zeros).map(sigmoid));
      const candidate = gate(lstmGates, "_c", x, zeros).map(Math.tanh);
      const shown = i.map((one, j) => Math.tanh(one * candidate[j]));
      const ofCell = o.map((one, j) => upstream * one * slopes.tanh(shown[j]));
      return {
        b_f: zeros,
        b_i: i.map((one, j) => limit(ofCell[j] * candidate[j] * slopes.sigmoid(one))),
        b_c: i.map((one, j) => limit(ofCell[j] * one * slopes.tanh(candidate[j]))),
        b_o: o.map((one, j) => limit(upstream * shown[j] * slopes.sigmoid(one))),
      };
    },
  }),
  peepholes: async () => {
    await checkLstm({ peepholes: true }, lstmCell({ peeps: true }), []);
    await checkLstm({ peepholes: false }, lstmCell({}), peepNames);
    await checkLstm({}, lstmCell({}), peepNames);
  },
  tiedIF: async () => {
    const ofInput = ["W_i", "U_i", "b_i"];
    await checkLstm({ tiedIF: true }, lstmCell({ tied: true }), [...ofInput, ...peepNames]);
    await checkLstm({ tiedIF: true, peepholes: true }, lstmCell({ tied: true, peeps: true }), [...ofInput, "P_i"]);
    await checkLstm({ tiedIF: false }, lstmCell({}), peepNames);
  },
};

const factors = {
  gamma_x: row(4 * UNITS, 51),
  gamma_h: row(4 * UNITS, 52),
  gamma_c: row(UNITS, 53),
  beta_c: row(UNITS, 54),
};

/** Means and variances of each time step. */
type Moments = Readonly<Record<"mean" | "variance", plain.Row>>;

/** The statistics of a step of `bnLstm`: those given, or those of the batch. */
type StepMoments = Readonly<Record<"input" | "hidden" | "cell", Moments>>;

const momentsOf = (rows: plain.Matrix): Moments => {
  const columns = plain.transposed(rows);
  return { mean: columns.map(mean), variance: columns.map(variance) };
};

function normalized(rows: plain.Matrix, gamma: plain.Row, { moments, epsilon }: {
  readonly moments: Moments;
  readonly epsilon: number;
}): number[][] {
  return rows.map((row) =>
    row.map((one, j) => gamma[j] * (one - moments.mean[j]) / Math.sqrt(moments.variance[j] + epsilon))
  );
}

/** A step of a batch; without `running` statistics, with those of the batch, which are returned. */
function bnStep(
  rows: plain.Matrix,
  before: readonly Carry[],
  { running, epsilon, activate }: {
    readonly running?: StepMoments;
    readonly epsilon: number;
    readonly activate: Activate;
  },
): { readonly after: Carry[]; readonly moments: StepMoments } {
  const side = (name: "W" | "U"): number[][] =>
    plain.transposed(
      ["i", "f", "c", "o"].flatMap((gate) => plain.transposed(lstmGates[`${name}_${gate}`] as plain.Matrix)),
    );
  const bias = ["i", "f", "c", "o"].flatMap((gate) => lstmGates[`b_${gate}`] as plain.Row);
  const fromInput = affine(rows, side("W"));
  const fromState = affine(before.map(({ h }) => h), side("U"));
  const moments = { input: momentsOf(fromInput), hidden: momentsOf(fromState) };
  const first = normalized(fromInput, factors.gamma_x, { moments: running?.input ?? moments.input, epsilon });
  const second = normalized(fromState, factors.gamma_h, { moments: running?.hidden ?? moments.hidden, epsilon });
  const gates = first.map((row, n) => row.map((one, j) => one + second[n][j] + bias[j]));
  const part = (n: number, k: number): number[] => gates[n].slice(k * UNITS, (k + 1) * UNITS);
  const cells = before.map(({ c }, n) => {
    const candidate = activate(part(n, 2));
    return c.map((one, j) => sigmoid(part(n, 1)[j]) * one + sigmoid(part(n, 0)[j]) * candidate[j]);
  });
  const cell = momentsOf(cells);
  const shown = normalized(cells, factors.gamma_c, { moments: running?.cell ?? cell, epsilon }).map((row) =>
    activate(row.map((one, j) => one + factors.beta_c[j]))
  );
  const after = cells.map((c, n) => ({ c, h: part(n, 3).map((one, j) => sigmoid(one) * shown[n][j]) }));
  return { after, moments: { ...moments, cell } };
}

/** The same running statistics for all time steps. */
const running: StepMoments = {
  input: { mean: row(4 * UNITS, 61), variance: row(4 * UNITS, 62).map((one) => one + 2) },
  hidden: { mean: row(4 * UNITS, 63), variance: row(4 * UNITS, 64).map((one) => one + 2) },
  cell: { mean: row(UNITS, 65), variance: row(UNITS, 66).map((one) => one + 2) },
};
const parts = ["input", "hidden", "cell"] as const;
const bnState = (steps: number) =>
  Object.fromEntries(parts.flatMap((part) =>
    (["mean", "variance"] as const).map((name) => [
      `${name}_${part}`,
      Array.from({ length: steps }, () => running[part][name]),
    ])
  ));

/** Examples enough for statistics whose variance is not small. */
const batch = plain.matrices(12, STEPS, FEATURES, 5);

const bn = (options: Partial<layers.BnLstmOptions>) => ({
  layer: layers.bnLstm(input(null, STEPS, FEATURES), { nUnits: UNITS, lastOnly: false, ...options }),
  params: { ...lstmGates, ...factors },
  state: bnState(STEPS),
  x: batch,
});

/** Checks outputs and statistics in training and in prediction. */
async function checkBn(options: Partial<layers.BnLstmOptions>): Promise<void> {
  const { alpha = 0.1, epsilon = 1e-5 } = options;
  for (const train of [false, true]) {
    const all = { ...!train && { running }, epsilon, activate: plain.activations.tanh };
    let carry: readonly Carry[] = batch.map(() => ({ h: zeros, c: zeros }));
    const steps = Array.from({ length: STEPS }, (_, time) => {
      const step = bnStep(batch.map((rows) => rows[time]), carry, all);
      carry = step.after;
      return step;
    });
    const wanted = batch.map((_, n) => steps.map(({ after }) => after[n].h));
    await assertOutput({ ...bn(options), train }, wanted, `${JSON.stringify(options)}, train ${train}`);
    if (!train) continue;
    const { state } = plain.applied({ ...bn(options), train });
    for (const part of parts) {
      for (const name of ["mean", "variance"] as const) {
        const mixed = steps.flatMap(({ moments }) =>
          running[part][name].map((old, j) => (1 - alpha) * old + alpha * moments[part][name][j])
        );
        await assertElements(state[`${name}_${part}`], mixed, `${name}_${part}`);
      }
    }
  }
}

/** The gradients of the biases after one step in prediction. */
function bnSlopes(x: plain.Row, upstream: number, limit: (one: number) => number): Record<string, number[]> {
  const scale = (part: "input" | "hidden", name: "gamma_x" | "gamma_h", values: plain.Row): number[] =>
    normalized([values], factors[name], { moments: running[part], epsilon: 1e-5 })[0];
  const names = ["i", "f", "c", "o"];
  const fromInput = names.flatMap((gate) => affine([x], lstmGates[`W_${gate}`] as plain.Matrix)[0]);
  const [first, second] = [
    scale("input", "gamma_x", fromInput),
    scale("hidden", "gamma_h", fromInput.map(() => 0)),
  ];
  const bias = names.flatMap((gate) => lstmGates[`b_${gate}`] as plain.Row);
  const [i, , candidate, o] = names.map((_, k) =>
    zeros.map((_, j) => {
      const at = k * UNITS + j;
      const total = sum([first[at], second[at], bias[at]]);
      return k === 2 ? Math.tanh(total) : sigmoid(total);
    })
  );
  const factor = factors.gamma_c.map((one, j) => one / Math.sqrt(running.cell.variance[j] + 1e-5));
  const shown = i.map((one, j) =>
    Math.tanh((one * candidate[j] - running.cell.mean[j]) * factor[j] + factors.beta_c[j])
  );
  const ofCell = o.map((one, j) => upstream * one * slopes.tanh(shown[j]) * factor[j]);
  return {
    b_i: i.map((one, j) => limit(ofCell[j] * candidate[j] * slopes.sigmoid(one))),
    b_c: i.map((one, j) => limit(ofCell[j] * one * slopes.tanh(candidate[j]))),
    b_o: o.map((one, j) => limit(upstream * shown[j] * slopes.sigmoid(one))),
  };
}

/** Tests of the options of `bnLstm`. */
export const bnLstm: OptionTests<layers.BnLstmOptions> = {
  ...recurrentTests<layers.BnLstmOptions>({
    make: layers.bnLstm,
    params: { ...lstmGates, ...factors },
    state: bnState,
    cell: (x, carry, activate) => bnStep([x], [carry], { running, epsilon: 1e-5, activate }).after[0],
    activation: "tanh",
    slopes: bnSlopes,
  }),
  alpha: async () => {
    for (const alpha of [undefined, 0, 0.25, 1]) await checkBn({ ...alpha !== undefined && { alpha } });
  },
  epsilon: async () => {
    for (const epsilon of [undefined, 0.5, 3]) await checkBn({ ...epsilon !== undefined && { epsilon } });
  },
};

/**
 * Tests of the options of `bnLstm`, by their definitions.
 *
 * @module
 */

import { assertElements, type OptionTests } from "../../tests/option_definitions.ts";
import * as layers from "../mod.ts";
import * as plain from "../test_numbers.ts";
import {
  type Activate,
  type Carry,
  FEATURES,
  lstmGates,
  recurrentTests,
  slopes,
  STEPS,
  UNITS,
  zeros,
} from "./test_options.ts";

const { input, assertOutput, row, sigmoid, sum, mean, variance, affine } = plain;

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
        const factor = alpha * (name === "variance" ? batch.length / (batch.length - 1) : 1);
        const mixed = steps.flatMap(({ moments }) =>
          running[part][name].map((old, j) => (1 - alpha) * old + factor * moments[part][name][j])
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

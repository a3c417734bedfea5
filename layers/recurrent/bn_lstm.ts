/**
 * Long short-term memory with batch normalization.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { zeros } from "../../core/creation.ts";
import { concatenate } from "../../core/functions/movement.ts";
import type { Tensor } from "../../core/tensor.ts";
import { scan } from "../../core/scan.ts";
import {
  alpha,
  batchNormalize,
  batchStatistics,
  epsilon,
  type NormalizationParameters,
  type Statistics,
} from "../normalization/batch_normalization.ts";
import type { Declaration } from "../../core/options/option.ts";
import { type ParameterStart, readLayer } from "../define_layer.ts";
import { ownActivation } from "../get_activation.ts";
import type { Applied, Layer, Parameters, State } from "../layer.ts";
import { lstmStarts } from "./lstm.ts";
import { gates, limitGradient, makeRecurrent, onlyGivenRecurrent, recurrentActivations } from "./recurrent.ts";
import { type RecurrentOptions, recurrentOptions, type Sequence } from "./recurrent.ts";
import { valuesAfterGates } from "../output_values.ts";

/** The statistics of each time step: those of the batch in training, running ones in prediction. */
interface StepStatistics {
  readonly input: Statistics;
  readonly hidden: Statistics;
  readonly cell: Statistics;
}

/** The matrices of all gates side by side, and the scales and shifts of the normalizations. */
interface Cell {
  readonly W: Tensor;
  readonly U: Tensor;
  readonly b: Tensor;
  readonly gamma_x: Tensor;
  readonly gamma_h: Tensor;
  readonly gamma_c: Tensor;
  readonly beta_c: Tensor;
}

/** How a time step is normalized: by running statistics if there are some, otherwise by those of the batch. */
interface StepOptions {
  readonly running: Statistics | undefined;
  readonly epsilon: number;
}

/** Normalizes the rows of one time step. */
function normalize(params: NormalizationParameters, x: Tensor, { running, epsilon }: StepOptions) {
  const statistics = running ?? batchStatistics(x, [0]);
  return { output: batchNormalize(params, x, statistics, { axes: [0], epsilon }), statistics };
}

interface Inputs {
  /** [time, batch, 4 · unit], not normalized yet */
  readonly projected: Tensor;
  readonly running: StepStatistics | null;
}

type Carry = { readonly h: Tensor; readonly c: Tensor };

function stepOf(cell: Cell, { activation, gradClipping }: Sequence, epsilon: number) {
  const activate = ownActivation(activation);
  const limit = (x: Tensor) => limitGradient(x, gradClipping);
  const { gamma_x, gamma_h, gamma_c, beta_c } = cell;
  return ({ h, c }: Carry, { projected, running }: Inputs): [Carry, { h: Tensor; statistics: StepStatistics }] => {
    const input = normalize({ gamma: gamma_x }, projected, { running: running?.input, epsilon });
    const hidden = normalize({ gamma: gamma_h }, h.matmul(cell.U), { running: running?.hidden, epsilon });
    const [i, f, candidate, o] = gates(limit(input.output.add(hidden.output).add(cell.b)), 4);
    const next = f.sigmoid().mul(c).add(i.sigmoid().mul(activate(candidate)));
    const normal = normalize({ gamma: gamma_c, beta: beta_c }, next, { running: running?.cell, epsilon });
    const output = o.sigmoid().mul(activate(normal.output));
    const statistics = { input: input.statistics, hidden: hidden.statistics, cell: normal.statistics };
    return [{ h: output, c: next }, { h: output, statistics }];
  };
}

/** The matrices of the gates i, f, c and o side by side. */
function cellOf(params: Parameters): Cell {
  const join = (name: string, axis: number) =>
    concatenate(["i", "f", "c", "o"].map((g) => params[`${name}_${g}`]), axis);
  const { gamma_x, gamma_h, gamma_c, beta_c } = params;
  return { W: join("W", 1), U: join("U", 1), b: join("b", 0), gamma_x, gamma_h, gamma_c, beta_c };
}

const parts = ["input", "hidden", "cell"] as const;

function runningOf(state: State): StepStatistics {
  const of = (part: string) => ({ mean: state[`mean_${part}`], variance: state[`variance_${part}`] });
  return { input: of("input"), hidden: of("hidden"), cell: of("cell") };
}

/** The running statistics, moved toward those of a batch of `count` examples; its variances are made unbiased. */
function mixState(
  state: State,
  batch: StepStatistics,
  { alpha, count }: { readonly alpha: number; readonly count: number },
): State {
  const mix = (old: Tensor, value: Tensor) => old.mul(1 - alpha).add(value.stopGradient().mul(alpha));
  const unbiased = count > 1 ? count / (count - 1) : 1;
  return {
    ...state,
    ...Object.fromEntries(parts.flatMap((part) => [
      [`mean_${part}`, mix(state[`mean_${part}`], batch[part].mean)],
      [`variance_${part}`, mix(state[`variance_${part}`], batch[part].variance.mul(unbiased))],
    ])),
  };
}

/** Options of {@linkcode bnLstm}. */
export interface BnLstmOptions extends RecurrentOptions {
  /** The share of the latest batch in the running statistics; default: 0.1. */
  readonly alpha?: number | undefined;
  /** Added to variances; default: 1e-5. */
  readonly epsilon?: number | undefined;
}

/** The kind of {@linkcode bnLstm}. */
export const bnLstmKind = {
  kind: "BNLSTM",
  options: { ...recurrentOptions, alpha, epsilon, ...recurrentActivations } satisfies Declaration<BnLstmOptions>,
  onlyGiven: onlyGivenRecurrent,
};

function stateStarts(units: number, time: number): Record<string, ParameterStart> {
  const widths = { input: 4 * units, hidden: 4 * units, cell: units };
  return Object.fromEntries(parts.flatMap((part): [string, ParameterStart][] => [
    [`mean_${part}`, { from: "constant", shape: [time, widths[part]] }],
    [`variance_${part}`, { from: ["constant", { value: 1 }], shape: [time, widths[part]] }],
  ]));
}

function parameterStarts(features: number, units: number): Record<string, ParameterStart> {
  // A small first scale keeps gradients through tanh from vanishing (section 4 of the source).
  const small = ["constant", { value: 0.1 }] as const;
  return {
    ...lstmStarts(features, units, {}),
    gamma_x: { from: small, shape: [4 * units] },
    gamma_h: { from: small, shape: [4 * units] },
    gamma_c: { from: small, shape: [units] },
    beta_c: { from: "constant", shape: [units] },
  };
}

/**
 * A long short-term memory whose gates and cells are normalized over the batch, with separate statistics for each time
 * step:
 *
 * - gates = BN(hₜ₋₁ · U; γ_h) + BN(xₜ · W; γ_x) + b
 * - Cₜ = σ(fₜ) Cₜ₋₁ + σ(iₜ) tanh(C̃ₜ), hₜ = σ(oₜ) tanh(BN(Cₜ; γ_c, β_c))
 *
 * [batch, time, feature] → [batch, unit] if `lastOnly` (the default), otherwise [batch, time, unit]. The running
 * statistics for prediction are the state of the layer. A batch without examples leaves them as they are.
 *
 * Source: Cooijmans, Ballas, Laurent, Gulcehre and Courville, "Recurrent batch normalization", 2016.
 *
 * @param incoming a layer of [batch, time, feature] with a known number of time steps
 * @throws {TypeError} if the number of time steps is unknown.
 *
 * @example
 * ```ts
 * import { bnLstm, inputLayer } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = bnLstm(inputLayer({ shape: [null, 5, 3] }), { nUnits: 4 });
 * const { params, state } = layer.init(random.key(1));
 * const { output } = layer.apply(params, zeros([2, 5, 3]), { train: true, state });
 * assertEquals(output.shape, [2, 4]);
 * ```
 */
export function bnLstm(incoming: Layer, options: BnLstmOptions): Layer {
  refuseSurplus("bnLstm", arguments, 2);
  const read = readLayer(bnLstmKind, options, incoming);
  const { alpha, epsilon } = read.values;
  return makeRecurrent(
    {
      values: valuesAfterGates,
      starts: parameterStarts,
      stateStarts: (units, time) => {
        if (time !== null) return stateStarts(units, time);
        throw new TypeError(`Cannot make ${read.title}: the number of time steps must be known`);
      },
      run: (params, x, { sequence, mode: { train, state } }): Applied => {
        const cell = cellOf(params);
        // A batch without examples has no statistics, so it is treated as in prediction.
        const takesBatch = train && x.shape[0] > 0;
        const first = zeros([x.shape[0], cell.U.shape[0]]);
        const h = ownActivation(sequence.activation)(first);
        const projected = x.transpose([1, 0, 2]).matmul(cell.W); // [time, batch, 4 · unit]
        const [last, stacked] = scan(
          stepOf(cell, sequence, epsilon),
          { h, c: first },
          { projected, running: takesBatch ? null : runningOf(state) },
          { reverse: sequence.goBackwards },
        );
        const output = sequence.lastOnly ? last.h : stacked.h.transpose([1, 0, 2]);
        const mixing = { alpha, count: x.shape[0] };
        return { output, state: takesBatch ? mixState(state, stacked.statistics, mixing) : state };
      },
    },
    incoming,
    read,
  );
}

/**
 * Long short-term memory.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { zeros } from "../../core/creation.ts";
import { concatenate } from "../../core/functions/movement.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import type { Declaration } from "../../core/options/option.ts";
import { flag } from "../../core/options/values.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type ParameterStart, readLayer } from "../define_layer.ts";
import { ownActivation } from "../get_activation.ts";
import type { InitObject } from "../initialization/get_initializer.ts";
import type { Layer, Parameters } from "../layer.ts";
import { gates, limitGradient, makeRecurrent, onlyGivenRecurrent, project, recurrentActivations } from "./recurrent.ts";
import { type RecurrentOptions, recurrentOptions, runCell, sequenceOptions, withoutPadding } from "./recurrent.ts";
import type { Sequence, SequenceOptions, Sequences, Step } from "./recurrent.ts";
import { valuesAfterGates } from "../output_values.ts";

const paramsKind = parametersKind(
  ...["W_f", "W_c", "W_o", "U_f", "U_c", "U_o", "b_f", "b_c", "b_o"],
  ...["W_i?", "U_i?", "b_i?", "P_i?", "P_f?", "P_o?"],
);

/**
 * Parameters of {@linkcode lstmSequence}: W [features, units], U [units, units], b [units] for each of the input gate i,
 * the forget gate f, the candidate c and the output gate o.
 */
export interface LstmParameters {
  /** Weights of the input in the input gate. */
  readonly W_i?: Tensor;
  /** Weights of the previous state in the input gate. */
  readonly U_i?: Tensor;
  /** Bias of the input gate; without these three the gate is 1 − f. */
  readonly b_i?: Tensor;
  /** Weights of the input in the forget gate. */
  readonly W_f: Tensor;
  /** Weights of the previous state in the forget gate. */
  readonly U_f: Tensor;
  /** Bias of the forget gate. */
  readonly b_f: Tensor;
  /** Weights of the input in the candidate. */
  readonly W_c: Tensor;
  /** Weights of the previous state in the candidate. */
  readonly U_c: Tensor;
  /** Bias of the candidate. */
  readonly b_c: Tensor;
  /** Weights of the input in the output gate. */
  readonly W_o: Tensor;
  /** Weights of the previous state in the output gate. */
  readonly U_o: Tensor;
  /** Bias of the output gate. */
  readonly b_o: Tensor;
  /** Peepholes of the input gate: [units, units], or [units] if each unit sees only its own cell. */
  readonly P_i?: Tensor;
  /** Peepholes of the forget gate. */
  readonly P_f?: Tensor;
  /** Peepholes of the output gate. */
  readonly P_o?: Tensor;
}

interface LstmCarry {
  readonly h: Tensor;
  readonly c: Tensor;
  readonly [name: string]: Tensor;
}

/** Adds the contribution of the cell to the input of a gate. */
function peep(gate: Tensor, cell: Tensor, P: Tensor | undefined): Tensor {
  if (!P) return gate;
  return gate.add(P.shape.length === 1 ? cell.mul(P) : cell.matmul(P));
}

function defined(tensors: readonly (Tensor | undefined)[]): Tensor[] {
  return tensors.filter((tensor) => tensor !== undefined);
}

function lstmStep(params: LstmParameters, { activation, gradClipping }: Sequence): Step<LstmCarry> {
  const activate = ownActivation(activation);
  const { P_i, P_f, P_o } = params;
  const U = concatenate(defined([params.U_f, params.U_c, params.U_o, params.U_i]), 1);
  const limit = (sum: Tensor) => limitGradient(sum, gradClipping);
  return ({ h, c }, input) => {
    const [f, candidate, o, i] = gates(input.add(h.matmul(U)), params.U_i ? 4 : 3);
    const forget = limit(peep(f, c, P_f)).sigmoid();
    const take = i ? limit(peep(i, c, P_i)).sigmoid() : forget.neg().add(1);
    const cell = forget.mul(c).add(take.mul(activate(limit(candidate))));
    return { h: limit(peep(o, cell, P_o)).sigmoid().mul(activate(cell)), c: cell };
  };
}

/**
 * Runs a long short-term memory over sequences:
 *
 * - iₜ = σ(xₜ · Wᵢ + hₜ₋₁ · Uᵢ + Cₜ₋₁ · Pᵢ + bᵢ), fₜ likewise
 * - C̃ₜ = tanh(xₜ · W_c + hₜ₋₁ · U_c + b_c), Cₜ = fₜ Cₜ₋₁ + iₜ C̃ₜ; with tied gates iₜ = 1 − fₜ
 * - oₜ = σ(xₜ · Wₒ + hₜ₋₁ · Uₒ + Cₜ · Pₒ + bₒ), hₜ = oₜ tanh(Cₜ)
 *
 * Cells start at 0. The peepholes P and the input gate are used if they are among the parameters.
 *
 * Source: Hochreiter and Schmidhuber, "Long short-term memory", 1997; peepholes: Gers and Schmidhuber, "Recurrent nets that
 * time and count", 2000; Graves, "Generating sequences with recurrent neural networks", 2013.
 *
 * @param x [batch, time, feature]
 * @returns [batch, unit] if `lastOnly` (the default), otherwise [batch, time, unit]
 *
 * @example
 * ```ts
 * import { lstmSequence } from "@yadll/yadll/layers";
 * import { ones, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [W, U, b] = [ones([3, 2]), zeros([2, 2]), zeros([2])];
 * const params = { W_f: W, U_f: U, b_f: b, W_c: W, U_c: U, b_c: b, W_o: W, U_o: U, b_o: b };
 * const outputs = lstmSequence(params, zeros([4, 5, 3]), { lastOnly: false });
 * assertEquals(outputs.shape, [4, 5, 2]);
 * ```
 */
export function lstmSequence(params: LstmParameters, x: Tensor, options: SequenceOptions = {}): Tensor {
  checkArguments("run a long short-term memory", { params }, paramsKind);
  checkArguments("run a long short-term memory", { x }, tensorKind);
  const { W_i, W_f, W_c, W_o, b_i, b_f, b_c, b_o } = params;
  const sequence = readOptions("run a long short-term memory", sequenceOptions, options);
  const inputs = project(
    withoutPadding(x, sequence.lengths),
    defined([W_f, W_c, W_o, W_i]),
    defined([b_f, b_c, b_o, b_i]),
  );
  const cell = zeros([x.shape[0], params.U_f.shape[0]]);
  const h = ownActivation(sequence.activation)(cell);
  return runCell<LstmCarry>(inputs, { h, c: cell }, lstmStep(params, sequence), sequence);
}

/** Options of {@linkcode lstm}. */
export interface LstmOptions extends RecurrentOptions {
  /** Whether gates see the cell; default: false. */
  readonly peepholes?: boolean | undefined;
  /** Whether the input gate is tied to the forget gate, i = 1 − f; default: false. */
  readonly tiedIF?: boolean | undefined;
}

/** The kind of {@linkcode lstm}. */
export const lstmKind = {
  kind: "LSTM",
  options: {
    ...recurrentOptions,
    peepholes: flag({ default: false, help: "whether gates see the cell" }),
    tiedIF: flag({ default: false, help: "whether the input gate is tied to the forget gate, i = 1 − f" }),
    ...recurrentActivations,
  } satisfies Declaration<LstmOptions>,
  onlyGiven: onlyGivenRecurrent,
};

/** How the biases are initialized. */
const biases: Readonly<Record<string, InitObject>> = {
  i: ["uniform", { scale: 0.5 }],
  f: ["uniform", { scale: [0, 1] }],
  c: "constant",
  o: ["uniform", { scale: 0.5 }],
};

/** How the parameters of a long short-term memory are initialized. */
export function lstmStarts(features: number, units: number, { peepholes, tiedIF }: Partial<LstmOptions>) {
  const starts: Record<string, ParameterStart> = {};
  for (const gate of tiedIF ? ["f", "c", "o"] : ["i", "f", "c", "o"]) {
    starts[`W_${gate}`] = { from: "orthogonal", shape: [features, units] };
    starts[`U_${gate}`] = { from: "orthogonal", shape: [units, units] };
    starts[`b_${gate}`] = { from: biases[gate], shape: [units] };
    if (peepholes && gate !== "c") starts[`P_${gate}`] = { from: "orthogonal", shape: [units, units] };
  }
  return starts;
}

/** The parameters by name, since a plain record of tensors does not guarantee them. */
export function lstmParameters(params: Parameters, { peepholes, tiedIF }: Partial<LstmOptions>): LstmParameters {
  const { W_i, U_i, b_i, W_f, U_f, b_f, W_c, U_c, b_c, W_o, U_o, b_o, P_i, P_f, P_o } = params;
  return {
    ...{ W_f, U_f, b_f, W_c, U_c, b_c, W_o, U_o, b_o },
    ...(!tiedIF && { W_i, U_i, b_i }),
    ...(peepholes && { P_f, P_o }),
    ...(peepholes && !tiedIF && { P_i }),
  };
}

/**
 * A layer of long short-term memory; see {@linkcode lstmSequence} for equations and shapes. W, U and peepholes are
 * initialized by `orthogonal`.
 *
 * Source: see {@linkcode lstmSequence}.
 *
 * @param sequences a layer of [batch, time, feature]; a second one of [batch] gives the lengths of the sequences
 *
 * @example
 * ```ts
 * import { inputLayer, lstm } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = lstm(inputLayer({ shape: [null, 5, 3] }), { nUnits: 4, peepholes: true });
 * const { params } = layer.init(random.key(1));
 * const { output } = layer.apply(params, zeros([2, 5, 3]), { train: false, state: {} });
 * assertEquals(output.shape, [2, 4]);
 * ```
 */
export function lstm(sequences: Sequences, options: LstmOptions): Layer {
  refuseSurplus("lstm", arguments, 2);
  const read = readLayer(lstmKind, options, ...[sequences].flat());
  const { peepholes, tiedIF } = read.values;
  return makeRecurrent(
    {
      values: valuesAfterGates,
      starts: (features, units) => lstmStarts(features, units, { peepholes, tiedIF }),
      run: (params, x, { sequence }) => lstmSequence(lstmParameters(params, { peepholes, tiedIF }), x, sequence),
    },
    sequences,
    read,
  );
}

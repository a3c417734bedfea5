/**
 * The gated recurrent unit.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { zeros } from "../../core/creation.ts";
import { concatenate } from "../../core/functions/movement.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import type { Declaration } from "../../core/options/option.ts";
import type { Tensor } from "../../core/tensor.ts";
import { readLayer } from "../define_layer.ts";
import { ownActivation } from "../get_activation.ts";
import type { Layer } from "../layer.ts";
import { gates, limitGradient, makeRecurrent, onlyGivenRecurrent, project, recurrentActivations } from "./recurrent.ts";
import { type RecurrentOptions, recurrentOptions, runCell, sequenceOptions, withoutPadding } from "./recurrent.ts";
import type { SequenceOptions, Sequences } from "./recurrent.ts";
import { valuesAfterGates } from "../output_values.ts";

const paramsKind = parametersKind("W_z", "W_r", "W_h", "U_z", "U_r", "U_h", "b_z", "b_r", "b_h");

/**
 * Parameters of {@linkcode gruSequence}: W [features, units], U [units, units], b [units] for each of the update gate z,
 * the reset gate r and the candidate h.
 */
export interface GruParameters {
  /** Weights of the input in the update gate. */
  readonly W_z: Tensor;
  /** Weights of the previous state in the update gate. */
  readonly U_z: Tensor;
  /** Bias of the update gate. */
  readonly b_z: Tensor;
  /** Weights of the input in the reset gate. */
  readonly W_r: Tensor;
  /** Weights of the previous state in the reset gate. */
  readonly U_r: Tensor;
  /** Bias of the reset gate. */
  readonly b_r: Tensor;
  /** Weights of the input in the candidate. */
  readonly W_h: Tensor;
  /** Weights of the previous state in the candidate. */
  readonly U_h: Tensor;
  /** Bias of the candidate. */
  readonly b_h: Tensor;
}

/** The first third of the gates' inputs is that of the candidate; the others are those of z and r. */
function split(input: Tensor): [candidate: Tensor, zr: Tensor] {
  const [batch, width] = input.shape;
  return [input.slice([0, 0], [batch, width / 3]), input.slice([0, width / 3])];
}

/**
 * Runs gated recurrent units over sequences:
 *
 * - zₜ = σ(xₜ · W_z + hₜ₋₁ · U_z + b_z), rₜ = σ(xₜ · W_r + hₜ₋₁ · U_r + b_r)
 * - h̃ₜ = tanh(xₜ · W_h + (rₜ hₜ₋₁) · U_h + b_h), hₜ = (1 − zₜ) hₜ₋₁ + zₜ h̃ₜ
 *
 * Source: Cho and others, "Learning phrase representations using RNN encoder-decoder for statistical machine translation",
 * 2014; Chung, Gulcehre, Cho and Bengio, "Empirical evaluation of gated recurrent neural networks on sequence modeling",
 * 2014.
 *
 * @param x [batch, time, feature]
 * @returns [batch, unit] if `lastOnly` (the default), otherwise [batch, time, unit]
 *
 * @example
 * ```ts
 * import { gruSequence } from "@yadll/yadll/layers";
 * import { tensor, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [W, U, b] = [zeros([1, 1]), zeros([1, 1]), zeros([1])];
 * // The update gate is closed, so the state stays 0.
 * const params = { W_z: W, U_z: U, b_z: tensor([-200]), W_r: W, U_r: U, b_r: b, W_h: W, U_h: U, b_h: tensor([1]) };
 * assertEquals(await gruSequence(params, tensor([[[1], [2]]])).toArray(), [[0]]);
 * ```
 */
export function gruSequence(params: GruParameters, x: Tensor, options: SequenceOptions = {}): Tensor {
  checkArguments("run gated recurrent units", { params }, paramsKind);
  checkArguments("run gated recurrent units", { x }, tensorKind);
  const { W_z, W_r, W_h, b_z, b_r, b_h, U_z, U_r, U_h } = params;
  const sequence = readOptions("run gated recurrent units", sequenceOptions, options);
  const activate = ownActivation(sequence.activation);
  const limit = (sum: Tensor) => limitGradient(sum, sequence.gradClipping);
  const inputs = project(withoutPadding(x, sequence.lengths), [W_h, W_z, W_r], [b_h, b_z, b_r]);
  const U = concatenate([U_z, U_r], 1);
  const first = { h: activate(zeros([x.shape[0], U_h.shape[0]])) };
  return runCell(inputs, first, ({ h }, input) => {
    const [candidate, zr] = split(input);
    const [z, r] = gates(limit(zr.add(h.matmul(U))).sigmoid(), 2);
    const fresh = activate(limit(candidate.add(r.mul(h).matmul(U_h))));
    return { h: h.add(z.mul(fresh.sub(h))) };
  }, sequence);
}

/** Options of {@linkcode gru}. */
export type GruOptions = RecurrentOptions;

/** The kind of {@linkcode gru}. */
export const gruKind = {
  kind: "GRU",
  options: { ...recurrentOptions, ...recurrentActivations } satisfies Declaration<GruOptions>,
  onlyGiven: onlyGivenRecurrent,
};

/**
 * A layer of gated recurrent units; see {@linkcode gruSequence} for equations and shapes. W and U are initialized by
 * `orthogonal`.
 *
 * Source: see {@linkcode gruSequence}.
 *
 * @param sequences a layer of [batch, time, feature]; a second one of [batch] gives the lengths of the sequences
 *
 * @example
 * ```ts
 * import { gru, inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = gru(inputLayer({ shape: [null, 5, 3] }), { nUnits: 4, nOut: 2, lastOnly: false });
 * assertEquals(layer.outputShape, [null, 5, 2]);
 * ```
 */
export function gru(sequences: Sequences, options: GruOptions): Layer {
  refuseSurplus("gru", arguments, 2);
  return makeRecurrent(
    {
      values: valuesAfterGates,
      starts: (features, units) =>
        Object.fromEntries(
          ["z", "r", "h"].flatMap((gate) => [
            [`W_${gate}`, { from: "orthogonal", shape: [features, units] }],
            [`U_${gate}`, { from: "orthogonal", shape: [units, units] }],
            [`b_${gate}`, { from: gate === "h" ? "constant" : ["uniform", { scale: 0.5 }], shape: [units] }],
          ]),
        ),
      run: ({ W_z, U_z, b_z, W_r, U_r, b_r, W_h, U_h, b_h }, x, { sequence }) =>
        gruSequence({ W_z, U_z, b_z, W_r, U_r, b_r, W_h, U_h, b_h }, x, sequence),
    },
    sequences,
    readLayer(gruKind, options, ...[sequences].flat()),
  );
}

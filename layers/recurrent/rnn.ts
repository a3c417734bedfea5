/**
 * The plain recurrent layer.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { zeros } from "../../core/creation.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import type { Declaration } from "../../core/options/option.ts";
import type { Tensor } from "../../core/tensor.ts";
import { readLayer } from "../define_layer.ts";
import { activation, ownActivation } from "../get_activation.ts";
import type { Layer } from "../layer.ts";
import { limitGradient, makeRecurrent, onlyGivenRecurrent, project, recurrentActivations } from "./recurrent.ts";
import { type RecurrentOptions, recurrentOptions, runCell, sequenceOptions, withoutPadding } from "./recurrent.ts";
import type { SequenceOptions, Sequences } from "./recurrent.ts";
import { valuesAfter } from "../output_values.ts";

const paramsKind = parametersKind("W", "U", "b");

/** Parameters of {@linkcode rnnSequence}. */
export interface RnnParameters {
  /** [features, units] */
  readonly W: Tensor;
  /** [units, units] */
  readonly U: Tensor;
  /** [units] */
  readonly b: Tensor;
}

const rnnActivation = activation({ default: "sigmoid", help: "activation of the state" });

const rnnSequenceOptions = { ...sequenceOptions, activation: rnnActivation } satisfies Declaration<SequenceOptions>;

/**
 * Runs a plain recurrent layer over sequences: hₜ = σ(xₜ · W + hₜ₋₁ · U + b), with h₀ = σ(0).
 *
 * Source: Elman, "Finding structure in time", 1990.
 *
 * @param x [batch, time, feature]
 * @returns [batch, unit] if `lastOnly` (the default), otherwise [batch, time, unit]
 *
 * @example
 * ```ts
 * import { rnnSequence } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: tensor([[1]]), U: tensor([[10]]), b: tensor([0]) };
 * const h = rnnSequence(params, tensor([[[1], [2], [3]]]), { activation: "linear" });
 * assertEquals(await h.toArray(), [[123]]);
 * ```
 */
export function rnnSequence(params: RnnParameters, x: Tensor, options: SequenceOptions = {}): Tensor {
  checkArguments("run a recurrent layer", { params }, paramsKind);
  checkArguments("run a recurrent layer", { x }, tensorKind);
  const { W, U, b } = params;
  const sequence = readOptions("run a recurrent layer", rnnSequenceOptions, options);
  const activate = ownActivation(sequence.activation);
  const first = { h: activate(zeros([x.shape[0], U.shape[0]])) };
  return runCell(project(withoutPadding(x, sequence.lengths), [W], [b]), first, ({ h }, input) => {
    return { h: activate(limitGradient(input.add(h.matmul(U)), sequence.gradClipping)) };
  }, sequence);
}

/** Options of {@linkcode rnn}. */
export type RnnOptions = RecurrentOptions;

/** The kind of {@linkcode rnn}. */
export const rnnKind = {
  kind: "RNN",
  options: {
    ...recurrentOptions,
    ...recurrentActivations,
    activation: rnnActivation,
  } satisfies Declaration<RnnOptions>,
  onlyGiven: onlyGivenRecurrent,
};

/**
 * A plain recurrent layer; see {@linkcode rnnSequence} for equation and shapes. W and U are initialized by
 * `orthogonal`, b uniformly between 0 and 1.
 *
 * Source: Elman, "Finding structure in time", 1990; http://deeplearning.net/tutorial/rnnslu.html
 *
 * @param sequences a layer of [batch, time, feature]; a second one of [batch] gives the lengths of the sequences
 *
 * @example
 * ```ts
 * import { inputLayer, rnn } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const sequences = inputLayer({ shape: [null, 28, 28] });
 * assertEquals(rnn(sequences, { nUnits: 128 }).outputShape, [null, 128]);
 * assertEquals(rnn(sequences, { nUnits: 128, lastOnly: false }).outputShape, [null, 28, 128]);
 * ```
 */
export function rnn(sequences: Sequences, options: RnnOptions): Layer {
  refuseSurplus("rnn", arguments, 2);
  return makeRecurrent(
    {
      values: valuesAfter,
      starts: (features, units) => ({
        W: { from: "orthogonal", shape: [features, units] },
        U: { from: "orthogonal", shape: [units, units] },
        b: { from: ["uniform", { scale: [0, 1] }], shape: [units] },
      }),
      run: ({ W, U, b }, x, { sequence }) => rnnSequence({ W, U, b }, x, sequence),
    },
    sequences,
    readLayer(rnnKind, options, ...[sequences].flat()),
  );
}

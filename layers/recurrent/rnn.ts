/**
 * The plain recurrent layer.
 *
 * @module
 */

import { zeros } from "../../core/creation.ts";
import type { Tensor } from "../../core/tensor.ts";
import { getActivation } from "../get_activation.ts";
import type { Layer } from "../layer.ts";
import { limitGradient, makeRecurrent, project, type RecurrentOptions, runCell } from "./recurrent.ts";
import type { SequenceOptions, Sequences } from "./recurrent.ts";

/** Parameters of {@linkcode rnnSequence}. */
export interface RnnParameters {
  /** [features, units] */
  readonly W: Tensor;
  /** [units, units] */
  readonly U: Tensor;
  /** [units] */
  readonly b: Tensor;
}

/**
 * hₜ = σ(xₜ · W + hₜ₋₁ · U + b), with h₀ = σ(0).
 *
 * Source: Elman, "Finding structure in time", 1990.
 *
 * @param x [batch, time, feature]
 * @returns [batch, unit] for `lastOnly` (true where not given), else [batch, time, unit]
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
export function rnnSequence({ W, U, b }: RnnParameters, x: Tensor, options: SequenceOptions = {}): Tensor {
  const activate = getActivation(options.activation ?? "sigmoid");
  const first = { h: activate(zeros([x.shape[0], U.shape[0]])) };
  return runCell(project(x, [W], [b]), first, ({ h }, input) => {
    return { h: activate(limitGradient(input.add(h.matmul(U)), options.gradClipping)) };
  }, options);
}

/** Options of {@linkcode rnn}. */
export type RnnOptions = RecurrentOptions;

/**
 * A recurrent layer: hₜ = σ(xₜ · W + hₜ₋₁ · U + b). W and U begin orthogonal, b uniform in 0 … 1.
 *
 * Source: Elman, "Finding structure in time", 1990; http://deeplearning.net/tutorial/rnnslu.html
 *
 * @param sequences a layer of [batch, time, feature]; with a second one of [batch], the lengths of the sequences
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
  return makeRecurrent(
    {
      kind: "RNN",
      defaultActivation: "sigmoid",
      starts: (features, units) => ({
        W: { from: "orthogonal", shape: [features, units] },
        U: { from: "orthogonal", shape: [units, units] },
        b: { from: ["uniform", { scale: [0, 1] }], shape: [units] },
      }),
      run: ({ W, U, b }, x, options) => rnnSequence({ W, U, b }, x, options),
    },
    sequences,
    options,
  );
}

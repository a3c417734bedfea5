/**
 * Dropout of weights.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import type { Declaration } from "../../core/options/option.ts";
import { keyOf, readLayer } from "../define_layer.ts";
import { dense, denseKind, type DenseOptions, denseOptions, makeDense } from "../dense.ts";
import { corruptionLevel, dropElements } from "./dropout.ts";
import type { Layer } from "../layer.ts";
import { flatten } from "../reshape.ts";

/** Options of {@linkcode dropconnect}. */
export interface DropconnectOptions extends DenseOptions {
  /** The probability of dropping each element in training, here each weight; default: 0.5. */
  readonly corruptionLevel?: number | undefined;
}

/** The kind of {@linkcode dropconnect}. */
export const dropconnectKind = {
  kind: "Dropconnect",
  options: { ...denseOptions, corruptionLevel } satisfies Declaration<DropconnectOptions>,
  onlyGiven: denseKind.onlyGiven,
};

/**
 * A dense layer that drops weights instead of outputs in training: activation(x · (mask ∘ W) / kept + b), with one mask
 * for all examples of a batch. The weights themselves do not change.
 *
 * Source: Wan, Zeiler, Zhang, LeCun and Fergus, "Regularization of neural networks using DropConnect", 2013.
 *
 * @throws {RangeError} if the corruption level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { dropconnect, inputLayer } from "@yadll/yadll/layers";
 * import { ones, random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = dropconnect(inputLayer({ shape: [null, 3] }), { nUnits: 2, W: ones([3, 2]), activation: "linear" });
 * const { params } = layer.init(random.key(1));
 * const { output } = layer.apply(params, ones([1, 3]), { train: false, state: {} });
 * assertEquals(await output.toArray(), [[3, 3]]);
 * ```
 */
export function dropconnect(incoming: Layer, options: DropconnectOptions): Layer {
  refuseSurplus("dropconnect", arguments, 2);
  const { identity, title, values } = readLayer(dropconnectKind, options, incoming);
  const { corruptionLevel, leadingAxes } = values;
  return makeDense(identity, incoming, values, {
    forward: ({ W, b }, [x], mode) => {
      const weights = mode.train ? dropElements(W, keyOf(title, mode), corruptionLevel) : W;
      return dense({ W: weights, b }, flatten(x, leadingAxes + 1));
    },
  });
}

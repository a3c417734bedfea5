/**
 * Dropout of elements.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { tensorKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";
import { share } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { bernoulli } from "../../core/random/distributions.ts";
import { separate } from "../../core/functions/converted.ts";
import type { Tensor } from "../../core/tensor.ts";
import { keyOf, type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import type { Layer } from "../layer.ts";
import { valuesOf } from "../output_values.ts";

/** The probability of dropping each element, as an option of layers. */
export const corruptionLevel = share({ default: 0.5, help: "probability of dropping each element in training" });

/**
 * Sets each element to 0 with probability `level`, and divides the others by 1 − `level`, which preserves the mean. The
 * mask is a function of the key; it is recomputed for the gradient, never stored.
 *
 * Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent neural networks
 * from overfitting", 2014.
 *
 * @throws {RangeError} if the level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { dropElements } from "@yadll/yadll/layers";
 * import { ones, random } from "@yadll/yadll/core";
 * import { assert } from "@std/assert";
 *
 * const values = await dropElements(ones([100]), random.key(1), 0.5).data();
 * assert(values.every((value) => value === 0 || value === 2));
 * ```
 */
export function dropElements(x: Tensor, key: Tensor, level: number): Tensor {
  checkArguments("drop elements", { x, key }, tensorKind);
  checkArguments("drop elements", { level }, corruptionLevel);
  if (level === 0) return separate(x, x);
  const kept = 1 - level;
  if (kept === 0) return x.zerosLike();
  return bernoulli(key, kept, x.shape).where(x.mul(1 / kept), 0);
}

/** Options of {@linkcode dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** The probability of dropping each element in training; default: 0.5. */
  readonly corruptionLevel?: number | undefined;
}

/** The kind of {@linkcode dropout}. */
export const dropoutKind = {
  kind: "Dropout",
  options: { ...layerOptions, corruptionLevel } satisfies Declaration<DropoutOptions>,
};

/**
 * Drops elements of its input in training, and does nothing in prediction; see {@linkcode dropElements}.
 *
 * @throws {RangeError} if the corruption level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { dropout, inputLayer } from "@yadll/yadll/layers";
 * import { ones, random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = dropout(inputLayer({ shape: [null, 3] }), { corruptionLevel: 1 });
 * const { output } = layer.apply({}, ones([1, 3]), { train: true, key: random.key(1), state: {} });
 * assertEquals(await output.toArray(), [[0, 0, 0]]);
 * ```
 */
export function dropout(incoming: Layer, options?: DropoutOptions): Layer {
  refuseSurplus("dropout", arguments, 2);
  const { identity, title, values: { corruptionLevel } } = readLayer(dropoutKind, options, incoming);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: incoming.outputShape,
    values: valuesOf(incoming),
    forward: (_params, [x], mode) => mode.train ? dropElements(x, keyOf(title, mode), corruptionLevel) : x,
  });
}

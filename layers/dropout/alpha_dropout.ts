/**
 * Dropout for self-normalizing networks.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { tensorKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";
import type { Declaration } from "../../core/options/option.ts";
import { bernoulli } from "../../core/random/distributions.ts";
import { separate } from "../../core/functions/converted.ts";
import type { Tensor } from "../../core/tensor.ts";
import { SELU_ALPHA, SELU_SCALE } from "../../core/functions/activations.ts";
import { keyOf, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import { corruptionLevel, type DropoutOptions } from "./dropout.ts";
import type { Layer } from "../layer.ts";
import { valuesOf } from "../output_values.ts";

/** The value of dropped elements: the lowest value of selu. */
const DROPPED = -SELU_ALPHA * SELU_SCALE;

/**
 * Sets elements to the lowest value of selu with probability `level`, then scales and shifts all elements, which
 * preserves mean 0 and variance 1.
 *
 * Source: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", 2017.
 *
 * @throws {RangeError} if the level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { alphaDropElements } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const dropped = alphaDropElements(random.normal(random.key(1), [20000]), random.key(2), 0.3);
 * assertAlmostEquals(await dropped.mean().item(), 0, 0.05);
 * assertAlmostEquals(await dropped.variance().item(), 1, 0.05);
 * ```
 */
export function alphaDropElements(x: Tensor, key: Tensor, level: number): Tensor {
  checkArguments("drop elements", { x, key }, tensorKind);
  checkArguments("drop elements", { level }, corruptionLevel);
  if (level === 0) return separate(x, x);
  const kept = 1 - level;
  if (kept === 0) return x.zerosLike();
  const scale = 1 / Math.sqrt(kept + DROPPED ** 2 * kept * level);
  const shift = -scale * level * DROPPED;
  return bernoulli(key, kept, x.shape).where(x.mul(scale).add(shift), DROPPED * scale + shift);
}

/** The kind of {@linkcode alphaDropout}. */
export const alphaDropoutKind = {
  kind: "AlphaDropout",
  options: { ...layerOptions, corruptionLevel } satisfies Declaration<DropoutOptions>,
};

/**
 * Applies alpha dropout in training, and does nothing in prediction; see {@linkcode alphaDropElements}.
 *
 * @throws {RangeError} if the corruption level is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { alphaDropout, inputLayer } from "@yadll/yadll/layers";
 * import { ones } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = alphaDropout(inputLayer({ shape: [null, 2] }), { corruptionLevel: 0.1 });
 * const { output } = layer.apply({}, ones([1, 2]), { train: false, state: {} });
 * assertEquals(await output.toArray(), [[1, 1]]);
 * ```
 */
export function alphaDropout(incoming: Layer, options?: DropoutOptions): Layer {
  refuseSurplus("alphaDropout", arguments, 2);
  const { identity, title, values: { corruptionLevel } } = readLayer(alphaDropoutKind, options, incoming);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: incoming.outputShape,
    values: valuesOf(incoming),
    forward: (_params, [x], mode) => mode.train ? alphaDropElements(x, keyOf(title, mode), corruptionLevel) : x,
  });
}

/**
 * Dropout for self-normalizing networks.
 *
 * @module
 */

import { bernoulli } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import { SELU_ALPHA, SELU_SCALE } from "../../core/functions/activations.ts";
import { checkShare, keyOf, makeLayer, titleOf } from "../define.ts";
import type { DropoutOptions } from "./dropout.ts";
import type { Layer } from "../layer.ts";

/** What dropped elements become: the least value of selu. */
const DROPPED = -SELU_ALPHA * SELU_SCALE;

/**
 * Sets elements to the least value of selu with probability `corruptionLevel`, then scales and shifts all of them so that
 * mean 0 and variance 1 stay what they are.
 *
 * Source: Klambauer, Unterthiner, Mayr and Hochreiter, "Self-normalizing neural networks", 2017.
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
export function alphaDropElements(x: Tensor, key: Tensor, corruptionLevel: number): Tensor {
  if (corruptionLevel === 0) return x;
  const kept = 1 - corruptionLevel;
  if (kept === 0) return x.zerosLike();
  const scale = 1 / Math.sqrt(kept + DROPPED ** 2 * kept * corruptionLevel);
  const shift = -scale * corruptionLevel * DROPPED;
  return bernoulli(key, kept, x.shape).where(x.mul(scale).add(shift), DROPPED * scale + shift);
}

/**
 * Alpha dropout in training; does nothing otherwise.
 *
 * @throws {RangeError} if the corruption level is not in 0 … 1.
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
export function alphaDropout(incoming: Layer, { corruptionLevel = 0.5, name }: DropoutOptions = {}): Layer {
  const kind = "AlphaDropout";
  const title = titleOf({ kind, name });
  checkShare(title, "corruptionLevel", corruptionLevel);
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: incoming.outputShape,
    configuration: { corruptionLevel },
    forward: (_params, [x], mode) => mode.train ? alphaDropElements(x, keyOf(title, mode), corruptionLevel) : x,
  });
}

/**
 * Dropout of elements.
 *
 * @module
 */

import { bernoulli } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkShare, keyOf, type LayerOptions, makeLayer, titleOf } from "../define.ts";
import type { Layer } from "../layer.ts";

/**
 * Sets each element to 0 with probability `corruptionLevel`, and divides the others by the probability to stay, so that
 * the mean stays. The mask is a function of the key: it is computed again for the gradient, never stored.
 *
 * Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent neural networks
 * from overfitting", 2014.
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
export function dropElements(x: Tensor, key: Tensor, corruptionLevel: number): Tensor {
  if (corruptionLevel === 0) return x;
  const kept = 1 - corruptionLevel;
  if (kept === 0) return x.zerosLike();
  return bernoulli(key, kept, x.shape).where(x.mul(1 / kept), 0);
}

/** Options of {@linkcode dropout}. */
export interface DropoutOptions extends LayerOptions {
  /** The probability of each element to be dropped in training; 0.5 where not given. */
  readonly corruptionLevel?: number | undefined;
}

/**
 * Drops elements of its input in training; does nothing otherwise.
 *
 * @throws {RangeError} if the corruption level is not in 0 … 1.
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
export function dropout(incoming: Layer, { corruptionLevel = 0.5, name }: DropoutOptions = {}): Layer {
  const kind = "Dropout";
  const title = titleOf({ kind, name });
  checkShare(title, "corruptionLevel", corruptionLevel);
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: incoming.outputShape,
    configuration: { corruptionLevel },
    forward: (_params, [x], mode) => mode.train ? dropElements(x, keyOf(title, mode), corruptionLevel) : x,
  });
}

/**
 * Layer normalization.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { NormalizationParameters } from "./batch_normalization.ts";
import { knownExtent, type LayerOptions, makeLayer, titleOf } from "../define.ts";
import type { Layer } from "../layer.ts";

/**
 * γ (x − mean) / √(variance + ε) + β with mean and variance of each row, over the last axis.
 *
 * Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
 *
 * @param x […, feature]; γ and β are [feature]
 *
 * @example
 * ```ts
 * import { layerNormalize } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const params = { gamma: tensor([1, 1]), beta: tensor([0, 5]) };
 * const [low, high] = await layerNormalize(params, tensor([[1, 3]])).data();
 * assertAlmostEquals(low, -1, 1e-4);
 * assertAlmostEquals(high, 6, 1e-4);
 * ```
 */
export function layerNormalize({ gamma, beta }: NormalizationParameters, x: Tensor, epsilon = 1e-5): Tensor {
  const centred = x.sub(x.mean({ axis: -1, keepDims: true }));
  const variance = centred.square().mean({ axis: -1, keepDims: true });
  const scaled = centred.div(variance.add(epsilon).sqrt()).mul(gamma);
  return beta ? scaled.add(beta) : scaled;
}

/** Options of {@linkcode layerNormalization}. */
export interface LayerNormalizationOptions extends LayerOptions {
  /** Added to variances; 1e-5 where not given. */
  readonly epsilon?: number | undefined;
}

/**
 * Normalizes each row of features to mean 0 and variance 1, then scales and shifts it.
 *
 * Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
 *
 * @example
 * ```ts
 * import { inputLayer, layerNormalization } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(layerNormalization(inputLayer({ shape: [null, 8, 16] })).outputShape, [null, 8, 16]);
 * ```
 */
export function layerNormalization(
  incoming: Layer,
  { epsilon = 1e-5, name }: LayerNormalizationOptions = {},
): Layer {
  const kind = "LayerNormalization";
  const features = knownExtent(titleOf({ kind, name }), incoming.outputShape, -1);
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: incoming.outputShape,
    configuration: { epsilon },
    parameters: {
      gamma: { from: ["constant", { value: 1 }], shape: [features] },
      beta: { from: "constant", shape: [features] },
    },
    forward: ({ gamma, beta }, [x]) => layerNormalize({ gamma, beta }, x, epsilon),
  });
}

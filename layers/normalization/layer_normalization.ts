/**
 * Layer normalization.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { checkFitting } from "../../core/functions/fitting.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";
import type { Declaration } from "../../core/options/option.ts";
import type { Tensor } from "../../core/tensor.ts";
import { knownExtent, type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import type { Layer } from "../layer.ts";
import { epsilon, type NormalizationParameters, overDeviation } from "./batch_normalization.ts";

const paramsKind = parametersKind("gamma", "beta?");

/**
 * Normalizes each row over the last axis: γ (x − mean) / √(variance + ε) + β, in the shape of x.
 *
 * Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
 *
 * @param x […, feature]; γ and β are [feature]
 * @param least ε, added to the variance; default: 1e-5
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
export function layerNormalize(
  params: NormalizationParameters,
  x: Tensor,
  least: number = epsilon.default,
): Tensor {
  checkArguments("normalize a layer", { params }, paramsKind);
  checkArguments("normalize a layer", { x }, tensorKind);
  checkArguments("normalize a layer", { least }, epsilon);
  const { gamma, beta } = params;
  checkFitting("normalize a layer", { gamma, ...(beta && { beta }) }, x.shape);
  const centered = x.sub(x.mean({ axis: -1, keepDims: true }));
  const variance = centered.square().mean({ axis: -1, keepDims: true });
  const scaled = overDeviation(centered, variance, least).mul(gamma);
  return beta ? scaled.add(beta) : scaled;
}

/** Options of {@linkcode layerNormalization}. */
export interface LayerNormalizationOptions extends LayerOptions {
  /** Added to variances; default: 1e-5. */
  readonly epsilon?: number | undefined;
}

/** The kind of {@linkcode layerNormalization}. */
export const layerNormalizationKind = {
  kind: "LayerNormalization",
  options: { ...layerOptions, epsilon } satisfies Declaration<LayerNormalizationOptions>,
};

/**
 * Normalizes each row of features to mean 0 and variance 1, then scales and shifts it: γ (x − mean) /
 * √(variance + ε) + β, in the shape of x.
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
export function layerNormalization(incoming: Layer, options?: LayerNormalizationOptions): Layer {
  refuseSurplus("layerNormalization", arguments, 2);
  const { identity, title, values: { epsilon } } = readLayer(layerNormalizationKind, options, incoming);
  const features = knownExtent(title, incoming.outputShape, -1);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: incoming.outputShape,
    values: "any",
    parameters: {
      gamma: { from: ["constant", { value: 1 }], shape: [features] },
      beta: { from: "constant", shape: [features] },
    },
    forward: ({ gamma, beta }, [x]) => layerNormalize({ gamma, beta }, x, epsilon),
  });
}

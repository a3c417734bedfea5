/**
 * Convolutions that treat places and channels one after the other.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import { type ConvolutionGeometry, convolve, convolvedShape, filterFan } from "./conv.ts";
import { checkCount, checkRank, knownExtent, type LayerOptions, makeLayer, titleOf } from "../define.ts";
import { type Activation, describeActivation } from "../get_activation.ts";
import { describeInitializer, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer } from "../layer.ts";
import type { Pair } from "./pool.ts";

/** Parameters of {@linkcode separableConvolve}. */
export interface SeparableParameters {
  /** [channels · multiplier, 1, height, width]: filters of single channels */
  readonly W_depth: Tensor;
  /** [filters, channels · multiplier, 1, 1]: mixtures of channels */
  readonly W_point: Tensor;
  /** [filters]; no bias where not given. */
  readonly b?: Tensor;
}

/**
 * Filters each channel by itself, then mixes the channels at each place.
 *
 * Source: Chollet, "Xception: deep learning with depthwise separable convolutions", 2016.
 *
 * @param x [batch, channels, height, width]
 * @returns [batch, filters, rows, columns]
 *
 * @example
 * ```ts
 * import { separableConvolve } from "@yadll/yadll/layers";
 * import { ones } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W_depth: ones([2, 1, 2, 2]), W_point: ones([3, 2, 1, 1]) };
 * assertEquals(await separableConvolve(params, ones([1, 2, 2, 2])).toArray(), [[[[8]], [[8]], [[8]]]]);
 * ```
 */
export function separableConvolve(
  { W_depth, W_point, b }: SeparableParameters,
  x: Tensor,
  geometry: Omit<ConvolutionGeometry, "groups"> = {},
): Tensor {
  const filtered = convolve({ W: W_depth }, x, { ...geometry, groups: x.shape[1] });
  return convolve({ W: W_point, ...(b && { b }) }, filtered);
}

/** Options of {@linkcode separableConvLayer}. */
export interface SeparableConvOptions extends LayerOptions, Omit<ConvolutionGeometry, "groups"> {
  /** The number of output channels. */
  readonly nFilters: number;
  /** Height and width of the filters. */
  readonly filterSize: Pair;
  /** How many filters each channel has; 1 where not given. */
  readonly depthMultiplier?: number | undefined;
  /** How W_depth and W_point begin; `glorotUniform` where not given. */
  readonly W?: InitObject | undefined;
  /** How b, [filters], begins; zeros where not given. */
  readonly b?: InitObject | undefined;
  /** `linear` where not given. */
  readonly activation?: Activation | undefined;
}

/**
 * A convolution of each channel by itself, followed by mixtures of channels: far fewer weights than filters over all
 * channels.
 *
 * Source: Chollet, "Xception: deep learning with depthwise separable convolutions", 2016.
 *
 * @throws {TypeError} if filters and images do not fit.
 *
 * @example
 * ```ts
 * import { inputLayer, separableConvLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const images = inputLayer({ shape: [null, 3, 9, 9] });
 * assertEquals(separableConvLayer(images, { nFilters: 8, filterSize: [3, 3] }).outputShape, [null, 8, 7, 7]);
 * ```
 */
export function separableConvLayer(incoming: Layer, options: SeparableConvOptions): Layer {
  const { nFilters, filterSize, depthMultiplier = 1, W = "glorotUniform", b = "constant", name } = options;
  const { borderMode, subsample, dilations, filterFlip, activation = "linear" } = options;
  const kind = "SeparableConvLayer";
  const title = titleOf({ kind, name });
  const shape = incoming.outputShape;
  checkRank(title, shape, ["batch", "channels", "height", "width"]);
  checkCount(title, "nFilters", nFilters);
  checkCount(title, "depthMultiplier", depthMultiplier);
  const channels = knownExtent(title, shape, 1);
  const geometry = { borderMode, subsample, dilations, filterFlip };
  const depth = [channels * depthMultiplier, 1, ...filterSize] as const;
  const point = [nFilters, channels * depthMultiplier, 1, 1] as const;
  const filtered = convolvedShape(title, shape, { ...geometry, filterShape: depth, groups: channels });
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: filtered.with(1, nFilters),
    configuration: {
      ...{ nFilters, filterSize, depthMultiplier, ...geometry },
      W: describeInitializer(W),
      b: describeInitializer(b),
      activation: describeActivation(activation),
    },
    parameters: {
      W_depth: { from: W, shape: depth, fan: filterFan([depthMultiplier, ...depth.slice(1)]) },
      W_point: { from: W, shape: point, fan: filterFan(point) },
      b: { from: b, shape: [nFilters] },
    },
    forward: ({ W_depth, W_point, b }, [x]) => separableConvolve({ W_depth, W_point, b }, x, geometry),
    activation,
  });
}

/**
 * Convolutions of single channels, followed by mixtures of the channels.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import type { Tensor } from "../../core/tensor.ts";
import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { pair } from "../../core/options/shapes.ts";
import { checkRank, knownExtent, type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import { type Activation, activation } from "../get_activation.ts";
import { initialValue, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer } from "../layer.ts";
import { type ConvolutionGeometry, convolutionGeometry, convolve, convolvedShape, filterFan } from "./conv.ts";
import type { Pair } from "./pool.ts";

const paramsKind = parametersKind("W_depth", "W_point");

/** Parameters of {@linkcode separableConvolve}. */
export interface SeparableParameters {
  /** [channels · multiplier, 1, height, width]: filters of single channels */
  readonly W_depth: Tensor;
  /** [filters, channels · multiplier, 1, 1]: mixtures of channels */
  readonly W_point: Tensor;
  /** [filters]; default: no bias. */
  readonly b?: Tensor;
}

const { groups: _groups, ...separableGeometry } = convolutionGeometry;

/**
 * Convolves each channel by itself, then mixes the channels at each position: (x ∗ W_depth) ∗ W_point + b.
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
  params: SeparableParameters,
  x: Tensor,
  geometry: Omit<ConvolutionGeometry, "groups"> = {},
): Tensor {
  checkArguments("convolve images", { params }, paramsKind);
  checkArguments("convolve images", { x }, tensorKind);
  const { W_depth, W_point, b } = params;
  const read = readOptions<typeof geometry, typeof separableGeometry>("filter channels", separableGeometry, geometry);
  const filtered = convolve({ W: W_depth }, x, { ...read, groups: x.shape[1] });
  return convolve({ W: W_point, ...(b && { b }) }, filtered);
}

/** Options of {@linkcode separableConvLayer}. */
export interface SeparableConvOptions extends LayerOptions, Omit<ConvolutionGeometry, "groups"> {
  /** The number of output channels, called filters. */
  readonly nFilters: number;
  /** Height and width of the filters. */
  readonly filterSize: Pair;
  /** Filters per channel; default: 1. */
  readonly depthMultiplier?: number | undefined;
  /** Initializer of W_depth and W_point; default: `glorotUniform`. */
  readonly W?: InitObject | undefined;
  /** Initializer of b, [filters]; default: `constant`, which is zeros. */
  readonly b?: InitObject | undefined;
  /** The activation function; default: `linear`. */
  readonly activation?: Activation | undefined;
}

/** The kind of {@linkcode separableConvLayer}. */
export const separableConvKind = {
  kind: "SeparableConvLayer",
  options: {
    ...layerOptions,
    nFilters: count({ required: true, help: "number of output channels" }),
    filterSize: pair({ required: true, help: "height and width of the filters" }),
    depthMultiplier: count({ default: 1, help: "filters per channel" }),
    ...separableGeometry,
    W: initialValue({ default: "glorotUniform", help: "initializer of W_depth and W_point" }),
    b: initialValue({ default: "constant", help: "initializer of b" }),
    activation: activation({ default: "linear", help: "activation function" }),
  } satisfies Declaration<SeparableConvOptions>,
  onlyGiven: ["borderMode" as const, "subsample" as const, "dilations" as const, "filterFlip" as const],
};

/**
 * Convolves each channel by itself, then mixes the channels: activation((x ∗ W_depth) ∗ W_point + b), [batch, channels,
 * height, width] → [batch, filters, rows, columns]. This takes far fewer weights than filters over all channels.
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
  refuseSurplus("separableConvLayer", arguments, 2);
  const { identity, title, values } = readLayer(separableConvKind, options, incoming);
  const { nFilters, filterSize, depthMultiplier, W, b, activation, ...geometryValues } = values;
  const { borderMode, subsample, dilations, filterFlip } = geometryValues;
  const shape = incoming.outputShape;
  checkRank(title, shape, ["batch", "channels", "height", "width"]);
  const channels = knownExtent(title, shape, 1);
  const geometry = { borderMode, subsample, dilations, filterFlip };
  const depth = [channels * depthMultiplier, 1, ...filterSize] as const;
  const point = [nFilters, channels * depthMultiplier, 1, 1] as const;
  const filtered = convolvedShape(title, shape, {
    ...geometry,
    filterShape: depth,
    imageShape: undefined,
    groups: channels,
  });
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: filtered.with(1, nFilters),
    parameters: {
      W_depth: { from: W, shape: depth, fan: filterFan([depthMultiplier, ...depth.slice(1)]) },
      W_point: { from: W, shape: point, fan: filterFan(point) },
      b: { from: b, shape: [nFilters] },
    },
    forward: ({ W_depth, W_point, b }, [x]) => separableConvolve({ W_depth, W_point, b }, x, geometry),
    activation,
  });
}

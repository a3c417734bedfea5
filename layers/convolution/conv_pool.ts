/**
 * Convolution and pooling in one layer.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Declaration } from "../../core/options/option.ts";
import { type LayerOptions, layerOptions, makeLayer, type PenaltyOptions, penaltyOptions } from "../define_layer.ts";
import { readLayer } from "../define_layer.ts";
import { type Activation, activation, ownActivation } from "../get_activation.ts";
import { initialValue, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer } from "../layer.ts";
import {
  convolutionGeometry,
  type ConvolutionParameters,
  convolve,
  convolvedShape,
  filterFan,
  withBias,
} from "./conv.ts";
import { type ConvolutionGeometry, type FilterOptions, filterOptions, geometryOf, onlyGivenFilters } from "./conv.ts";
import { pool, pooledShape, type PoolGeometry, poolGeometry } from "./pool.ts";

const paramsKind = parametersKind("W", "b?");

/** Options of {@linkcode convolvePool}. */
export interface ConvolvePoolOptions extends ConvolutionGeometry, PoolGeometry {
  /** The activation function, applied last; default: `linear`. */
  readonly activation?: Activation | undefined;
}

const convolvePoolOptions = {
  ...convolutionGeometry,
  ...poolGeometry,
  activation: activation({ default: "linear", help: "activation function" }),
} satisfies Declaration<ConvolvePoolOptions>;

/**
 * Convolution, pooling, bias and activation: activation(pool(x ∗ W) + b).
 *
 * @param x [batch, channels, height, width]
 * @returns [batch, filters, rows, columns]
 *
 * @example
 * ```ts
 * import { convolvePool } from "@yadll/yadll/layers";
 * import { ones, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: ones([1, 1, 2, 2]), b: tensor([-1]) };
 * assertEquals(await convolvePool(params, ones([1, 1, 3, 3]), { poolSize: [2, 2] }).item(), 3);
 * ```
 */
export function convolvePool(
  params: ConvolutionParameters,
  x: Tensor,
  options: ConvolvePoolOptions,
): Tensor {
  checkArguments("convolve and pool images", { params }, paramsKind);
  checkArguments("convolve and pool images", { x }, tensorKind);
  const { W, b } = params;
  const { activation, ...geometry } = readOptions("convolve and pool images", convolvePoolOptions, options);
  const { poolSize, stride, ignoreBorder, pad, mode } = geometry;
  const pooled = pool(convolve({ W }, x, geometryOf(geometry)), { poolSize, stride, ignoreBorder, pad, mode });
  return ownActivation(activation)(b ? withBias(pooled, b) : pooled);
}

/** Options of {@linkcode convPoolLayer}. */
export interface ConvPoolOptions extends LayerOptions, FilterOptions, PoolGeometry, PenaltyOptions {
  /** Initializer of W, [filters, channels / groups, height, width]; default: `glorotUniform`. */
  readonly W?: InitObject | undefined;
  /** Initializer of b, [filters]; default: `constant`, which is zeros. */
  readonly b?: InitObject | undefined;
  /** The activation function; default: `tanh`. */
  readonly activation?: Activation | undefined;
}

/** The kind of {@linkcode convPoolLayer}. */
export const convPoolKind = {
  kind: "ConvPoolLayer",
  options: {
    ...layerOptions,
    ...filterOptions,
    ...poolGeometry,
    W: initialValue({ default: "glorotUniform", help: "initializer of W" }),
    b: initialValue({ default: "constant", help: "initializer of b" }),
    activation: activation({ default: "tanh", help: "activation function" }),
    ...penaltyOptions,
  } satisfies Declaration<ConvPoolOptions>,
  onlyGiven: [
    ...onlyGivenFilters,
    "ignoreBorder" as const,
    "pad" as const,
    "mode" as const,
    "l1" as const,
    "l2" as const,
  ],
};

/**
 * Convolution, pooling, bias and activation in this order: activation(pool(x ∗ W) + b), [batch, channels, height,
 * width] → [batch, filters, rows, columns].
 *
 * Source: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998;
 * http://deeplearning.net/tutorial/lenet.html
 *
 * @throws {TypeError} if filters, windows and images do not fit.
 *
 * @example
 * ```ts
 * import { convPoolLayer, inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const images = inputLayer({ shape: [null, 1, 28, 28] });
 * const layer = convPoolLayer(images, { filterShape: [20, 1, 5, 5], poolSize: [2, 2] });
 * assertEquals(layer.outputShape, [null, 20, 12, 12]);
 * ```
 */
export function convPoolLayer(incoming: Layer, options: ConvPoolOptions): Layer {
  refuseSurplus("convPoolLayer", arguments, 2);
  const { identity, title, values } = readLayer(convPoolKind, options, incoming);
  const { W, b, activation, filterShape, l1, l2, poolSize, stride, ignoreBorder, pad, mode } = values;
  const geometry = { ...geometryOf(values), poolSize, stride, ignoreBorder, pad, mode };
  const convolved = convolvedShape(title, incoming.outputShape, values);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: pooledShape(title, convolved, values),
    parameters: {
      W: { from: W, shape: filterShape, fan: filterFan(filterShape, poolSize) },
      b: { from: b, shape: [filterShape[0]] },
    },
    forward: ({ W, b }, [x]) => convolvePool({ W, b }, x, geometry),
    activation,
    penalty: { l1, l2 },
  });
}

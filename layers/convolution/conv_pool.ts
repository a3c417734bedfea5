/**
 * Convolution and pooling in one layer.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import { type ConvolutionParameters, convolve, convolvedShape, describeConvolution, filterFan } from "./conv.ts";
import type { ConvolutionGeometry, FilterOptions } from "./conv.ts";
import { type LayerOptions, makeLayer, type PenaltyOptions, titleOf } from "../define.ts";
import { type Activation, describeActivation, getActivation } from "../get_activation.ts";
import { describeInitializer, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer } from "../layer.ts";
import { pool, pooledShape, type PoolGeometry } from "./pool.ts";

/** Options of {@linkcode convolvePool}. */
export interface ConvolvePoolOptions extends ConvolutionGeometry, PoolGeometry {
  /** Default: `linear`. */
  readonly activation?: Activation | undefined;
}

/**
 * activation(pool(x ∗ W) + b).
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
  { W, b }: ConvolutionParameters,
  x: Tensor,
  { activation = "linear", ...geometry }: ConvolvePoolOptions,
): Tensor {
  const pooled = pool(convolve({ W }, x, geometry), geometry);
  return getActivation(activation)(b ? pooled.add(b.reshape([-1, 1, 1])) : pooled);
}

/** Options of {@linkcode convPoolLayer}. */
export interface ConvPoolOptions extends LayerOptions, FilterOptions, PoolGeometry, PenaltyOptions {
  /** How W begins; `glorotUniform` where not given. */
  readonly W?: InitObject | undefined;
  /** How b, [filters], begins; zeros where not given. */
  readonly b?: InitObject | undefined;
  /** `tanh` where not given. */
  readonly activation?: Activation | undefined;
}

/**
 * Convolution, pooling, bias and activation, in this order.
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
  const kind = "ConvPoolLayer";
  const { W = "glorotUniform", b = "constant", activation = "tanh", filterShape, l1, l2, name } = options;
  const { poolSize, stride, ignoreBorder, pad, mode } = options;
  const title = titleOf({ kind, name });
  const convolved = convolvedShape(title, incoming.outputShape, options);
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: pooledShape(title, convolved, options),
    configuration: {
      ...describeConvolution(options),
      ...{ poolSize, stride, ignoreBorder, pad, mode },
      W: describeInitializer(W),
      b: describeInitializer(b),
      activation: describeActivation(activation),
      l1,
      l2,
    },
    parameters: {
      W: { from: W, shape: filterShape, fan: filterFan(filterShape, poolSize) },
      b: { from: b, shape: [filterShape[0]] },
    },
    forward: ({ W, b }, [x]) => convolvePool({ W, b }, x, { ...options, activation: "linear" }),
    activation,
    penalty: { l1, l2 },
  });
}

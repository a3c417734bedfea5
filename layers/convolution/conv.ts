/**
 * Convolutional layers.
 *
 * @module
 */

import { conv2d, type Padding } from "../../core/functions/products.ts";
import { showShape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkCount, checkRank, type LayerOptions, makeLayer, type PenaltyOptions, titleOf } from "../define.ts";
import { type Activation, describeActivation } from "../get_activation.ts";
import { describeInitializer, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer, LayerShape } from "../layer.ts";
import type { Pair } from "./pool.ts";

/**
 * Zeros around the image: none, as many as give every overlap, half a filter, the same number on all sides, or numbers for
 * height and width, each the same on both sides or a pair of before and after.
 */
export type BorderMode = "valid" | "full" | "half" | number | Pair | readonly [Pair, Pair];

/** How filters move over an image. */
export interface ConvolutionGeometry {
  /** `"valid"` where not given. */
  readonly borderMode?: BorderMode | undefined;
  /** Distance of neighbouring places of the filters; 1 where not given. */
  readonly subsample?: Pair | undefined;
  /** Distance of neighbouring taps of the filters; 1 where not given. */
  readonly dilations?: Pair | undefined;
  /** Channels and filters are split into this many groups that do not see each other. */
  readonly groups?: number | undefined;
  /** Convolution with flipped filters, as in mathematics (true where not given), or cross-correlation. */
  readonly filterFlip?: boolean | undefined;
}

function paddingOf(borderMode: BorderMode, [rows, columns]: Pair, [down, right]: Pair): Padding {
  if (borderMode === "valid" || borderMode === "full") return borderMode;
  const halves: Pair = [((rows - 1) * down + 1) >> 1, ((columns - 1) * right + 1) >> 1];
  const sides = borderMode === "half" ? halves : typeof borderMode === "number" ? [borderMode, borderMode] : borderMode;
  return sides.map((side): Pair => typeof side === "number" ? [side, side] : side);
}

/** Parameters of {@linkcode convolve}. */
export interface ConvolutionParameters {
  /** [filters, channels / groups, height, width] */
  readonly W: Tensor;
  /** [filters]; no bias where not given. */
  readonly b?: Tensor;
}

/**
 * Convolution of images with filters: `y[n, o, i, j] = Σ x[n, c, i − u, j − v] · W[o, c, u, v] + b[o]` where the filters
 * are flipped, `x[n, c, i + u, j + v]` where they are not.
 *
 * @param x [batch, channels, height, width]
 * @returns [batch, filters, rows, columns]
 *
 * @example
 * ```ts
 * import { convolve } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [x, W] = [tensor([[[[1, 10]]]]), tensor([[[[2, 3]]]])];
 * assertEquals(await convolve({ W }, x).item(), 23);
 * assertEquals(await convolve({ W }, x, { filterFlip: false }).item(), 32);
 * ```
 */
export function convolve({ W, b }: ConvolutionParameters, x: Tensor, geometry: ConvolutionGeometry = {}): Tensor {
  const { borderMode = "valid", subsample = [1, 1], dilations = [1, 1], groups = 1, filterFlip = true } = geometry;
  const [rows, columns] = W.shape.slice(2);
  const padding = paddingOf(borderMode, [rows, columns], dilations);
  const y = conv2d(x, filterFlip ? W.flip([2, 3]) : W, { strides: subsample, padding, dilations, groups });
  return b ? y.add(b.reshape([-1, 1, 1])) : y;
}

/** What the convolutional layers need to know of their filters. */
export interface FilterOptions extends ConvolutionGeometry {
  /** [filters, channels / groups, height, width] */
  readonly filterShape: readonly [number, number, number, number];
  /** [batch, channels, height, width] of the input; that of the incoming layer where not given. */
  readonly imageShape?: LayerShape | undefined;
}

function checkFilters(title: string, shape: LayerShape, options: FilterOptions): void {
  const { filterShape, imageShape, groups = 1, subsample = [1, 1], dilations = [1, 1] } = options;
  checkRank(title, shape, ["batch", "channels", "height", "width"]);
  checkCount(title, "groups", groups);
  for (const [option, values] of Object.entries({ filterShape, subsample, dilations })) {
    values.forEach((value) => checkCount(title, option, value));
  }
  if (imageShape?.some((extent, i) => extent !== null && shape[i] !== null && extent !== shape[i])) {
    throw new TypeError(
      `Cannot make ${title}: imageShape ${showShape(imageShape)} does not fit its input ${showShape(shape)}`,
    );
  }
  if (filterShape.length !== 4 || shape[1] !== filterShape[1] * groups || filterShape[0] % groups !== 0) {
    throw new TypeError(
      `Cannot make ${title}: filters ${showShape(filterShape)} in ${groups} groups do not fit images ${
        showShape(shape)
      }: expected [filters, channels / groups, height, width]`,
    );
  }
}

/**
 * The shape of {@linkcode convolve}'s result.
 *
 * @throws {TypeError} if filters and images do not fit.
 */
export function convolvedShape(title: string, incoming: LayerShape, options: FilterOptions): LayerShape {
  const { filterShape, imageShape, borderMode = "valid", subsample = [1, 1], dilations = [1, 1] } = options;
  const shape = incoming.map((extent, i) => extent ?? imageShape?.[i] ?? null);
  checkFilters(title, shape, options);
  const [filters, , ...window] = filterShape;
  const padding = paddingOf(borderMode, [window[0], window[1]], dilations);
  const space = shape.slice(2).map((extent, i) => {
    if (extent === null) return null;
    const span = (window[i] - 1) * dilations[i] + 1;
    const pads: Record<string, number> = { valid: 0, full: 2 * (span - 1) };
    const added = typeof padding === "string" ? pads[padding] : padding[i][0] + padding[i][1];
    return Math.floor((extent + added - span) / subsample[i]) + 1;
  });
  if (space.some((extent) => extent !== null && extent < 1)) {
    throw new TypeError(
      `Cannot make ${title}: filters ${showShape(filterShape)} are larger than images ${showShape(shape)}`,
    );
  }
  return [shape[0], filters, ...space];
}

/** Inputs and outputs of one filter, for the scale of first weights; outputs are shared by the places that are pooled. */
export function filterFan(filterShape: readonly number[], poolScale: Pair = [1, 1]): Pair {
  const outputs = filterShape[0] * sizeOf(filterShape.slice(2)) / sizeOf(poolScale);
  return [sizeOf(filterShape.slice(1)), outputs];
}

/** The geometry as JSON. */
export function describeConvolution(options: FilterOptions) {
  const { filterShape, imageShape, borderMode, subsample, dilations, groups, filterFlip } = options;
  return { filterShape, imageShape, borderMode, subsample, dilations, groups, filterFlip };
}

/** Options of {@linkcode convLayer}. */
export interface ConvOptions extends LayerOptions, FilterOptions, PenaltyOptions {
  /** How W begins; `glorotUniform` where not given. */
  readonly W?: InitObject | undefined;
  /** How b, [filters], begins; the layer has no bias where not given. */
  readonly b?: InitObject | undefined;
  /** `linear` where not given. */
  readonly activation?: Activation | undefined;
  /** The pooling that follows, which divides the outputs of one filter for the scale of the first weights. */
  readonly poolScale?: Pair | undefined;
}

/**
 * Convolves images with learned filters.
 *
 * @throws {TypeError} if filters and images do not fit.
 *
 * @example
 * ```ts
 * import { convLayer, inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const images = inputLayer({ shape: [null, 1, 28, 28] });
 * const layer = convLayer(images, { filterShape: [20, 1, 5, 5], borderMode: "half" });
 * assertEquals(layer.outputShape, [null, 20, 28, 28]);
 * ```
 */
export function convLayer(incoming: Layer, options: ConvOptions): Layer {
  const kind = "ConvLayer";
  const { W = "glorotUniform", b, activation = "linear", filterShape, poolScale, l1, l2, name } = options;
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: convolvedShape(titleOf({ kind, name }), incoming.outputShape, options),
    configuration: {
      ...describeConvolution(options),
      W: describeInitializer(W),
      b: b && describeInitializer(b),
      activation: describeActivation(activation),
      poolScale,
      l1,
      l2,
    },
    parameters: {
      W: { from: W, shape: filterShape, fan: filterFan(filterShape, poolScale) },
      ...(b && { b: { from: b, shape: [filterShape[0]] } }),
    },
    forward: (params, [x]) => convolve({ W: params.W, ...(b && { b: params.b }) }, x, options),
    activation,
    penalty: { l1, l2 },
  });
}

/**
 * Convolutional layers.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { addFitting } from "../../core/functions/fitting.ts";
import { conv2d, type Padding } from "../../core/functions/convolution.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { count } from "../../core/options/numbers.ts";
import { custom, type Declaration, type OptionValues } from "../../core/options/option.ts";
import { openShape, pair, shape } from "../../core/options/shapes.ts";
import { either, flag, oneOf } from "../../core/options/values.ts";
import { showShape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import {
  checkRank,
  type LayerOptions,
  layerOptions,
  makeLayer,
  type PenaltyOptions,
  penaltyOptions,
} from "../define_layer.ts";
import { readLayer } from "../define_layer.ts";
import { type Activation, activation } from "../get_activation.ts";
import { initialValue, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer, LayerShape } from "../layer.ts";
import type { Pair } from "./pool.ts";

const paramsKind = parametersKind("W", "b?");

/**
 * Padding of images with zeros: none, enough for every overlap, half a filter, the same number on all sides, or numbers
 * for height and width, each the same on both sides or a pair of before and after.
 */
export type BorderMode = "valid" | "full" | "half" | number | Pair | readonly [Pair, Pair];

/** How filters move over an image. */
export interface ConvolutionGeometry {
  /** Padding of the images with zeros; default: `valid`. */
  readonly borderMode?: BorderMode | undefined;
  /** The distance between neighboring positions of the filters; default: [1, 1]. */
  readonly subsample?: Pair | undefined;
  /** The distance between neighboring elements of the filters; default: [1, 1]. */
  readonly dilations?: Pair | undefined;
  /** The number of groups of channels, each with its own filters; default: 1. */
  readonly groups?: number | undefined;
  /** Whether filters are flipped, as in mathematics; default: true. Otherwise the result is a cross-correlation. */
  readonly filterFlip?: boolean | undefined;
}

const sides = pair({ least: 0 });

function areSides(value: unknown): value is readonly [Pair, Pair] {
  return Array.isArray(value) && value.length === 2 && value.every(sides.accepts);
}

const eachSide = custom<readonly [Pair, Pair]>({
  expected: "two pairs of whole numbers of at least 0",
  accepts: areSides,
});

/** {@linkcode ConvolutionGeometry}, declared. */
export const convolutionGeometry = {
  borderMode: either([oneOf(["valid", "full", "half"]), count({ least: 0 }), sides, eachSide], {
    default: "valid" as const,
    help: "padding of the images with zeros",
  }),
  subsample: pair({ default: [1, 1], help: "distance between neighboring positions of the filters" }),
  dilations: pair({ default: [1, 1], help: "distance between neighboring elements of the filters" }),
  groups: count({ default: 1, help: "number of groups of channels, each with its own filters" }),
  filterFlip: flag({ default: true, help: "whether filters are flipped, as in mathematics" }),
} satisfies Declaration<ConvolutionGeometry>;

/** The options of a layer that {@linkcode convolve} takes. */
export function geometryOf(
  { borderMode, subsample, dilations, groups, filterFlip }: OptionValues<typeof convolutionGeometry>,
): ConvolutionGeometry {
  return { borderMode, subsample, dilations, groups, filterFlip };
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
  /** [filters]; default: no bias. */
  readonly b?: Tensor;
}

/**
 * Convolution of images with filters: `y[n, o, i, j] = Σ x[n, c, i − u, j − v] · W[o, c, u, v] + b[o]`, or with
 * `x[n, c, i + u, j + v]` if the filters are not flipped.
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
export function convolve(params: ConvolutionParameters, x: Tensor, geometry: ConvolutionGeometry = {}): Tensor {
  checkArguments("convolve images", { params }, paramsKind);
  checkArguments("convolve images", { x }, tensorKind);
  const { W, b } = params;
  const read = readOptions("convolve images", convolutionGeometry, geometry);
  const { borderMode, subsample, dilations, groups, filterFlip } = read;
  const [rows, columns] = W.shape.slice(2);
  const padding = paddingOf(borderMode, [rows, columns], dilations);
  const y = conv2d(x, filterFlip ? W.flip([2, 3]) : W, { strides: subsample, padding, dilations, groups });
  return b ? withBias(y, b) : y;
}

/** Adds the bias of each filter to its images. */
export function withBias(images: Tensor, b: Tensor): Tensor {
  return addFitting("convolve images", images, { b: b.reshape([-1, 1, 1]) });
}

/** Options about the filters of convolutional layers. */
export interface FilterOptions extends ConvolutionGeometry {
  /** The shape of the filters, [filters, channels / groups, height, width]. */
  readonly filterShape: readonly [number, number, number, number];
  /** The shape of the input, [batch, channels, height, width]; default: that of the incoming layer. */
  readonly imageShape?: LayerShape | undefined;
}

type Four = FilterOptions["filterShape"];

const fourExtents = shape({ rank: 4 });

/** {@linkcode FilterOptions}, declared. */
export const filterOptions = {
  filterShape: custom<Four>(
    { ...fourExtents, accepts: (value): value is Four => fourExtents.accepts(value) },
    { required: true, help: "shape of the filters" },
  ),
  imageShape: openShape({ least: 0, rank: 4, otherwise: "that of the incoming layer", help: "shape of the input" }),
  ...convolutionGeometry,
} satisfies Declaration<FilterOptions>;

type Filters = OptionValues<typeof filterOptions>;

function checkFilters(title: string, shape: LayerShape, { filterShape, imageShape, groups }: Filters): void {
  checkRank(title, shape, ["batch", "channels", "height", "width"]);
  if (imageShape?.some((extent, i) => extent !== null && shape[i] !== null && extent !== shape[i])) {
    throw new TypeError(
      `Cannot make ${title}: imageShape ${showShape(imageShape)} does not fit its input ${showShape(shape)}`,
    );
  }
  if (shape[1] !== filterShape[1] * groups || filterShape[0] % groups !== 0) {
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
export function convolvedShape(title: string, incoming: LayerShape, options: Filters): LayerShape {
  const { filterShape, imageShape, borderMode, subsample, dilations } = options;
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

/**
 * The numbers of inputs and outputs of one filter, for the scale of the initial weights; pooling divides the outputs.
 */
export function filterFan(filterShape: readonly number[], poolScale: Pair = [1, 1]): Pair {
  const outputs = filterShape[0] * sizeOf(filterShape.slice(2)) / sizeOf(poolScale);
  return [sizeOf(filterShape.slice(1)), outputs];
}

/** Options of {@linkcode convLayer}. */
export interface ConvOptions extends LayerOptions, FilterOptions, PenaltyOptions {
  /** Initializer of W, [filters, channels / groups, height, width]; default: `glorotUniform`. */
  readonly W?: InitObject | undefined;
  /** Initializer of b, [filters]; default: no bias. */
  readonly b?: InitObject | undefined;
  /** The activation function; default: `linear`. */
  readonly activation?: Activation | undefined;
  /**
   * The size of the pooling that follows, for the scale of the initial weights; default: [1, 1]. It divides the number
   * of outputs of one filter.
   */
  readonly poolScale?: Pair | undefined;
}

/** Options that the configurations of convolutional layers contain only if they were given. */
export const onlyGivenFilters = ["borderMode", "subsample", "dilations", "groups", "filterFlip"] as const;

/** The kind of {@linkcode convLayer}. */
export const convKind = {
  kind: "ConvLayer",
  options: {
    ...layerOptions,
    ...filterOptions,
    W: initialValue({ default: "glorotUniform", help: "initializer of W" }),
    b: initialValue({ otherwise: "no bias", help: "initializer of b" }),
    activation: activation({ default: "linear", help: "activation function" }),
    poolScale: pair({
      default: [1, 1],
      help: "size of the pooling that follows, for the scale of the initial weights",
    }),
    ...penaltyOptions,
  } satisfies Declaration<ConvOptions>,
  onlyGiven: [...onlyGivenFilters, "poolScale" as const, "l1" as const, "l2" as const],
};

/**
 * Convolves images with learned filters: activation(x ∗ W + b), [batch, channels, height, width] → [batch, filters,
 * rows, columns]; see {@linkcode convolve} for the equation.
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
  refuseSurplus("convLayer", arguments, 2);
  const { identity, title, values } = readLayer(convKind, options, incoming);
  const { W, b, activation, filterShape, poolScale, l1, l2 } = values;
  const geometry = geometryOf(values);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: convolvedShape(title, incoming.outputShape, values),
    parameters: {
      W: { from: W, shape: filterShape, fan: filterFan(filterShape, poolScale) },
      ...(b && { b: { from: b, shape: [filterShape[0]] } }),
    },
    forward: (params, [x]) => convolve({ W: params.W, ...(b && { b: params.b }) }, x, geometry),
    activation,
    penalty: { l1, l2 },
  });
}

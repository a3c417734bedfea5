/**
 * Batch normalization.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { safeQuotient, safeSqrt } from "../../core/functions/near_zero.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { finite, share, whole } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { either, flag, list } from "../../core/options/values.ts";
import { normalizeAxes, type Shape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { knownExtent, type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import type { Layer, LayerShape } from "../layer.ts";

const paramsKind = parametersKind("gamma", "beta?");
const statisticsKind = parametersKind("mean", "variance");

/** Means and variances along the remaining axes. */
export interface Statistics {
  /** The mean, Σ x / n. */
  readonly mean: Tensor;
  /** The variance, Σ (x − mean)² / n. */
  readonly variance: Tensor;
}

/** Parameters of {@linkcode batchNormalize}, in the shape of the statistics. */
export interface NormalizationParameters {
  /** The scale. */
  readonly gamma: Tensor;
  /** The shift; default: none. */
  readonly beta?: Tensor;
}

/**
 * Mean and variance of a batch over some axes, which are removed from the shape.
 *
 * @example
 * ```ts
 * import { batchStatistics } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const { mean, variance } = batchStatistics(tensor([[1, 5], [3, 5]]), [0]);
 * assertEquals(await mean.toArray(), [2, 5]);
 * assertEquals(await variance.toArray(), [1, 0]);
 * ```
 */
export function batchStatistics(x: Tensor, axes: readonly number[]): Statistics {
  checkArguments("compute the statistics of a batch", { x }, tensorKind);
  return { mean: x.mean({ axis: axes }), variance: x.variance({ axis: axes }) };
}

/** Options of {@linkcode batchNormalize}. */
export interface BatchNormalizeOptions {
  /** The axes over which the statistics were computed. */
  readonly axes: readonly number[];
  /** Added to variances; default: 1e-5. */
  readonly epsilon?: number | undefined;
}

/** The number added to variances, as an option. */
export const epsilon = finite({ least: 0, default: 1e-5, help: "added to variances" });

const normalizeOptions = {
  axes: list(whole(), { required: true, help: "axes over which the statistics were computed" }),
  epsilon,
} satisfies Declaration<BatchNormalizeOptions>;

/**
 * Normalizes a batch by given statistics: γ (x − mean) / √(variance + ε) + β, in the shape of x.
 *
 * @example
 * ```ts
 * import { batchNormalize, batchStatistics } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const x = tensor([[1], [3]]);
 * const params = { gamma: tensor([2]), beta: tensor([1]) };
 * const [low, high] = await batchNormalize(params, x, batchStatistics(x, [0]), { axes: [0] }).data();
 * assertAlmostEquals(low, -1, 1e-4);
 * assertAlmostEquals(high, 3, 1e-4);
 * ```
 */
export function batchNormalize(
  params: NormalizationParameters,
  x: Tensor,
  statistics: Statistics,
  options: BatchNormalizeOptions,
): Tensor {
  checkArguments("normalize a batch", { params }, paramsKind);
  checkArguments("normalize a batch", { statistics }, statisticsKind);
  checkArguments("normalize a batch", { x }, tensorKind);
  const { gamma, beta } = params;
  const { mean, variance } = statistics;
  const { axes: given, epsilon } = readOptions("normalize a batch", normalizeOptions, options);
  const axes = normalizeAxes(given, x.shape.length, "normalize a batch");
  const shape = x.shape.map((extent, axis) => axes.includes(axis) ? 1 : extent);
  const scale = overDeviation(gamma, variance, epsilon);
  const scaled = x.sub(mean.reshape(shape)).mul(scale.reshape(shape));
  return beta ? scaled.add(beta.reshape(shape)) : scaled;
}

/** x / √(variance + ε); if ε is 0, also 0 where the variance is 0, so that constant features become 0 and not NaN. */
export function overDeviation(x: Tensor, variance: Tensor, epsilon: number): Tensor {
  return epsilon === 0 ? safeQuotient(x, safeSqrt(variance)) : x.div(variance.add(epsilon).sqrt());
}

/** Options of {@linkcode batchNormalization}. */
export interface BatchNormalizationOptions extends LayerOptions {
  /**
   * The axis or axes over which statistics are computed; default: all axes but that of features or channels, which is
   * axis 1 of images, otherwise the last one.
   */
  readonly axis?: number | readonly number[] | undefined;
  /** The share of the latest batch in the running statistics; default: 0.1. */
  readonly alpha?: number | undefined;
  /** Added to variances; default: 1e-5. */
  readonly epsilon?: number | undefined;
  /** Whether there is a shift β in addition to the scale γ; default: true. */
  readonly hasBeta?: boolean | undefined;
}

/** The share of the latest batch in running statistics, as an option. */
export const alpha = share({ default: 0.1, help: "share of the latest batch in the running statistics" });

/** The kind of {@linkcode batchNormalization}. */
export const batchNormalizationKind = {
  kind: "BatchNormalization",
  options: {
    ...layerOptions,
    axis: either([whole(), list(whole())], {
      otherwise: "all axes but that of features or channels",
      help: "axis or axes over which statistics are computed",
    }),
    alpha,
    epsilon,
    hasBeta: flag({ default: true, help: "whether there is a shift β in addition to the scale γ" }),
  } satisfies Declaration<BatchNormalizationOptions>,
};

/** All axes but that of the features: the last one, or that of the channels of images. */
function defaultAxes(rank: number): number[] {
  const kept = rank === 4 ? 1 : rank - 1;
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== kept);
}

/** (1 − α) · running + α · latest; the latest variance, of `count` numbers, is made unbiased. */
function mix(
  running: Statistics,
  latest: Statistics,
  { alpha, count }: { readonly alpha: number; readonly count: number },
): Statistics {
  const unbiased = latest.variance.mul(count > 1 ? count / (count - 1) : 1);
  const average = (old: Tensor, value: Tensor) => old.mul(1 - alpha).add(value.stopGradient().mul(alpha));
  return { mean: average(running.mean, latest.mean), variance: average(running.variance, unbiased) };
}

/**
 * Normalizes each feature: γ (x − E[x]) / √(Var[x] + ε) + β. In training, mean and variance are those of the batch. In
 * prediction, they are running statistics, which are the state of the layer, so a batch may have any size. A batch
 * without examples leaves them as they are.
 *
 * Source: Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate
 * shift", 2015.
 *
 * @example
 * ```ts
 * import { batchNormalization, inputLayer } from "@yadll/yadll/layers";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = batchNormalization(inputLayer({ shape: [null, 2] }));
 * const { params, state } = layer.init(random.key(1));
 * const { state: after } = layer.apply(params, tensor([[1, 0], [3, 0]]), { train: true, state });
 * assertEquals(after.mean.shape, [2]);
 * assertEquals(Math.fround(0.2), (await after.mean.data())[0]);
 * ```
 */
export function batchNormalization(incoming: Layer, options?: BatchNormalizationOptions): Layer {
  refuseSurplus("batchNormalization", arguments, 2);
  const { identity, title, values: { axis, alpha, epsilon, hasBeta } } = readLayer(
    batchNormalizationKind,
    options,
    incoming,
  );
  const shape: LayerShape = incoming.outputShape;
  const axes = axis === undefined ? defaultAxes(shape.length) : normalizeAxes(axis, shape.length, `make ${title}`);
  const kept: Shape = shape.flatMap((_, i) => axes.includes(i) ? [] : [knownExtent(title, shape, i)]);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: shape,
    values: "any",
    parameters: {
      gamma: { from: ["constant", { value: 1 }], shape: kept },
      ...(hasBeta && { beta: { from: "constant", shape: kept } }),
    },
    state: {
      mean: { from: "constant", shape: kept },
      variance: { from: ["constant", { value: 1 }], shape: kept },
    },
    forward: ({ gamma, beta }, [x], { train, state }) => {
      const running = { mean: state.mean, variance: state.variance };
      const count = sizeOf(axes.map((i) => x.shape[i]));
      // A batch without elements has no statistics, so it is treated as in prediction.
      const takesBatch = train && count > 0;
      const statistics = takesBatch ? batchStatistics(x, axes) : running;
      const output = batchNormalize({ gamma, ...(hasBeta && { beta }) }, x, statistics, { axes, epsilon });
      if (!takesBatch) return { output, state };
      return { output, state: { ...state, ...mix(running, statistics, { alpha, count }) } };
    },
  });
}

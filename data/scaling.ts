/**
 * Preprocessing by name, which is fitted to one set and applied to all others.
 *
 * @module
 */

import {
  applyNormalize,
  applyStandardize,
  momentsOf,
  rangesOf,
  revertNormalize,
  revertStandardize,
} from "./preprocessing.ts";
import { runsOf, type SampleSource } from "./sample_source.ts";
import { type AnySamples, featuresOf, type Samples } from "./samples.ts";

/** How samples are scaled: each feature to [0, 1], or to mean 0 and standard deviation 1. */
export type Preprocessing = "normalize" | "standardize";

/** All kinds of preprocessing. */
export const preprocessings: readonly Preprocessing[] = ["normalize", "standardize"];

/** A scaling as plain data. */
export type ScalingConfiguration =
  | {
    readonly kind: "normalize";
    /** The lowest value of each feature. */
    readonly min: readonly number[];
    /** The highest value of each feature. */
    readonly max: readonly number[];
  }
  | {
    readonly kind: "standardize";
    /** The mean of each feature. */
    readonly mean: readonly number[];
    /** The standard deviation of each feature; 1 if it is constant. */
    readonly std: readonly number[];
  };

/** A scaling fitted to some samples. */
export interface Scaling {
  /** The scaling as plain data, as files of models contain it. */
  readonly configuration: ScalingConfiguration;
  /** Scales samples by the statistics of those to which it was fitted. */
  apply(x: AnySamples): Samples;
  /** Reverts the scaling. */
  revert(z: AnySamples): Samples;
}

const fits: Readonly<Record<Preprocessing, (x: AnySamples | SampleSource) => Scaling>> = {
  normalize: (x) => {
    const { min, max } = rangesOf(runsOf(x), featuresOf(x.shape));
    return scalingOf({ kind: "normalize", min: [...min], max: [...max] });
  },
  standardize: (x) => {
    const { mean, std } = momentsOf(() => runsOf(x), x.shape);
    return scalingOf({ kind: "standardize", mean: [...mean], std: [...std] });
  },
};

/** A scaling fitted to samples. */
export function fitScaling(preprocessing: Preprocessing, x: AnySamples | SampleSource): Scaling {
  return fits[preprocessing](x);
}

/** The scaling of a configuration. */
export function scalingOf(configuration: ScalingConfiguration): Scaling {
  if (configuration.kind === "normalize") {
    const [min, max] = [configuration.min, configuration.max].map((one) => Float32Array.from(one));
    return {
      configuration,
      apply: (x) => applyNormalize(x, min, max),
      revert: (z) => revertNormalize(z, min, max),
    };
  }
  const [mean, std] = [configuration.mean, configuration.std].map((one) => Float32Array.from(one));
  return {
    configuration,
    apply: (x) => applyStandardize(x, mean, std),
    revert: (z) => revertStandardize(z, mean, std),
  };
}

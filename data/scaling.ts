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

/** A scaling fitted to some samples. */
export interface Scaling {
  /** Scales samples by the statistics of those to which it was fitted. */
  apply(x: AnySamples): Samples;
  /** Reverts the scaling. */
  revert(z: AnySamples): Samples;
}

const fits: Readonly<Record<Preprocessing, (x: AnySamples | SampleSource) => Scaling>> = {
  normalize: (x) => {
    const { min, max } = rangesOf(runsOf(x), featuresOf(x.shape));
    return { apply: (x) => applyNormalize(x, min, max), revert: (z) => revertNormalize(z, min, max) };
  },
  standardize: (x) => {
    const { mean, std } = momentsOf(() => runsOf(x), x.shape);
    return { apply: (x) => applyStandardize(x, mean, std), revert: (z) => revertStandardize(z, mean, std) };
  },
};

/** A scaling fitted to samples. */
export function fitScaling(preprocessing: Preprocessing, x: AnySamples | SampleSource): Scaling {
  return fits[preprocessing](x);
}

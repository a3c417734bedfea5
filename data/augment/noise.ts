/**
 * Gaussian noise.
 *
 * @module
 */

import { finite } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { normalOf } from "../../core/random/distributions.ts";
import { rowBits } from "../../core/random/row_bits.ts";
import { configured, type ConfiguredAugmentation, type Recipe } from "./augmentation.ts";
import { inputOf, type InputOptions, inputOptions } from "./images.ts";

/** Options of {@linkcode gaussianNoise}. */
export interface GaussianNoiseOptions extends InputOptions {
  /** The standard deviation of the noise; default: 0.1. */
  readonly sigma?: number | undefined;
}

/** {@linkcode GaussianNoiseOptions}, declared. */
export const gaussianNoiseOptions = {
  ...inputOptions,
  sigma: finite({ least: 0, default: 0.1, help: "standard deviation of the noise" }),
} satisfies Declaration<GaussianNoiseOptions>;

/**
 * Adds normally distributed noise with mean 0 to each number of an input: x + sigma · n. Inputs have any shape.
 *
 * Source: `torchvision.transforms.v2.GaussianNoise`, without its clipping.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are whole numbers.
 *
 * @example
 * ```ts
 * import { gaussianNoise } from "@yadll/yadll/augment";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { x } = gaussianNoise({ sigma: 0.5 })(random.key(1), { x: zeros([100, 100]) });
 * assertAlmostEquals(await x.variance().item(), 0.25, 0.01);
 * ```
 */
export function gaussianNoise(options?: GaussianNoiseOptions): ConfiguredAugmentation {
  refuseSurplus("gaussianNoise", arguments, 1);
  const values = readOptions("make gaussianNoise", gaussianNoiseOptions, options);
  const { sigma, ...place } = values;
  const identity = { name: "gaussianNoise", declaration: gaussianNoiseOptions, values };
  const change: Recipe["change"] = ([first, second], batch) => {
    const { x, put } = inputOf("augment with gaussianNoise", batch, place);
    return { ...batch, x: put(x.add(normalOf(rowBits(first, second, x.shape)).mul(sigma))) };
  };
  return configured(identity, { words: 2, change });
}

/**
 * Augmentations by name, each with the options that it takes.
 *
 * @module
 */

import { findNamed, type Registry } from "../../core/options/nested.ts";
import { readUntyped } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import type { ConfiguredAugmentation } from "./augmentation.ts";
import { randomBrightness, randomBrightnessOptions, randomContrast, randomContrastOptions } from "./brightness.ts";
import { randomCrop, randomCropOptions } from "./crop.ts";
import { cutmix, cutmixOptions } from "./cutmix.ts";
import { randomErasing, randomErasingOptions } from "./erasing.ts";
import { randomFlip, randomFlipOptions } from "./flip.ts";
import { mixup, mixupOptions } from "./mixup.ts";
import { gaussianNoise, gaussianNoiseOptions } from "./noise.ts";
import { randomAffine, randomAffineOptions, randomRotation, randomRotationOptions } from "./rotation.ts";
import { randomZoom, randomZoomOptions } from "./rotation.ts";
import { randomTranslation, randomTranslationOptions } from "./translation.ts";

/** A function that makes an augmentation; it takes the options that it declares. */
export type AugmentationMaker = (options?: object) => ConfiguredAugmentation;

/** The augmentations by name, with their options. A new one needs only its line here. */
export const augmentations: Registry<AugmentationMaker> = {
  randomCrop: { make: randomCrop, options: randomCropOptions },
  randomFlip: { make: randomFlip, options: randomFlipOptions },
  randomTranslation: { make: randomTranslation, options: randomTranslationOptions },
  randomRotation: { make: randomRotation, options: randomRotationOptions },
  randomZoom: { make: randomZoom, options: randomZoomOptions },
  randomAffine: { make: randomAffine, options: randomAffineOptions },
  gaussianNoise: { make: gaussianNoise, options: gaussianNoiseOptions },
  randomBrightness: { make: randomBrightness, options: randomBrightnessOptions },
  randomContrast: { make: randomContrast, options: randomContrastOptions },
  randomErasing: { make: randomErasing, options: randomErasingOptions },
  mixup: { make: mixup, options: mixupOptions },
  cutmix: { make: cutmix, options: cutmixOptions },
};

/**
 * The augmentation of a name, with options.
 *
 * @throws {RangeError} if the name is unknown; the message suggests the nearest one. Also for an unknown option, or a value
 * out of bounds.
 * @throws {TypeError} if an option is of another kind.
 *
 * @example
 * ```ts
 * import { getAugmentation } from "@yadll/yadll/augment";
 * import { assertEquals } from "@std/assert";
 *
 * const { configuration } = getAugmentation("randomCrop", { padding: 2 });
 * assertEquals(configuration, ["randomCrop", { fillMode: "constant", fill: 0, padding: 2 }]);
 * ```
 */
export function getAugmentation(name: string, options: object = {}): ConfiguredAugmentation {
  refuseSurplus("getAugmentation", arguments, 2);
  const { make, options: declaration } = findNamed(augmentations, name, "augmentation");
  readUntyped(`make ${name}`, declaration, { ...options });
  return make(options);
}

/**
 * Augmentations: random changes of the examples of a batch, as functions of a random key, computed on the device within the
 * training step.
 *
 * @example
 * ```ts
 * import { randomCrop, randomFlip } from "@yadll/yadll/augment";
 * import { ones, random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const batch = { x: ones([20, 1, 8, 8]) };
 * const { x } = randomFlip()(random.key(2), randomCrop({ padding: 1 })(random.key(1), batch));
 * assertEquals(x.shape, [20, 1, 8, 8]);
 * ```
 *
 * @module
 */

export type {
  AnyAugmentation,
  Augmentation,
  AugmentationContext,
  AugmentedBatch,
  BatchTensors,
  ConfiguredAugmentation,
} from "./augmentation.ts";
export type { ImageOptions, InputOptions } from "./images.ts";
export type { Interval } from "./interval.ts";
export type { FillOptions } from "./moves.ts";
export type { ResamplingOptions } from "./affine.ts";
export type { MixingOptions } from "./mixing.ts";
export { chainAugmentations } from "./chain.ts";
export { randomCrop, type RandomCropOptions } from "./crop.ts";
export { randomFlip, type RandomFlipOptions } from "./flip.ts";
export { randomTranslation, type RandomTranslationOptions } from "./translation.ts";
export {
  randomAffine,
  type RandomAffineOptions,
  randomRotation,
  type RandomRotationOptions,
  randomZoom,
  type RandomZoomOptions,
} from "./rotation.ts";
export { gaussianNoise, type GaussianNoiseOptions } from "./noise.ts";
export {
  type ClippingOptions,
  randomBrightness,
  type RandomBrightnessOptions,
  randomContrast,
  type RandomContrastOptions,
} from "./brightness.ts";
export { randomErasing, type RandomErasingOptions } from "./erasing.ts";
export { mixup, type MixupOptions } from "./mixup.ts";
export { cutmix, type CutmixOptions } from "./cutmix.ts";
export { getAugmentation } from "./registry.ts";
export type { Tensor } from "../../core/tensor.ts";

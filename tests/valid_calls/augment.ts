/**
 * A valid call of each function of the entry `augment`; a new function without a call does not compile.
 *
 * @module
 */

import * as augment from "../../data/augment/mod.ts";
import type { ValidCall } from "../hostile_arguments.ts";
import { validCall } from "./core.ts";
import type { FunctionNames } from "./function_names.ts";

const image = { imageShape: [1, 8, 8], input: "image" };
const fill = { fill: 0.5, fillMode: "nearest" } as const;
const resampling = { ...image, ...fill, interpolation: "bilinear" } as const;
const valueRange = [0, 1] as const;

/** The functions of the entry. */
export const augmentCalls: Readonly<Record<FunctionNames<typeof augment>, ValidCall>> = {
  chainAugmentations: validCall(
    (parts: readonly augment.ConfiguredAugmentation[]) => augment.chainAugmentations(parts),
    [augment.randomFlip(), augment.randomCrop()],
  ),
  cutmix: validCall(augment.cutmix, { ...image, alpha: 1, nClass: 3 }),
  gaussianNoise: validCall(augment.gaussianNoise, { input: "image", sigma: 0.1 }),
  getAugmentation: validCall(augment.getAugmentation, "randomCrop", { padding: 2 }),
  mixup: validCall(augment.mixup, { alpha: 0.2, nClass: 3 }),
  randomAffine: validCall(augment.randomAffine, { ...resampling, degrees: [-10, 10], scale: [0.9, 1.1] }),
  randomBrightness: validCall(augment.randomBrightness, { input: "image", factor: 0.2, valueRange }),
  randomContrast: validCall(augment.randomContrast, { ...image, factor: 0.2, valueRange }),
  randomCrop: validCall(augment.randomCrop, { ...image, ...fill, padding: 2 }),
  randomErasing: validCall(augment.randomErasing, { ...image, p: 0.5, scale: [0.1, 0.2], ratio: [0.5, 2], value: 0 }),
  randomFlip: validCall(augment.randomFlip, { ...image, mode: "vertical", p: 0.5 }),
  randomRotation: validCall(augment.randomRotation, { ...resampling, degrees: 10 }),
  randomTranslation: validCall(augment.randomTranslation, { ...image, ...fill, heightFactor: 0.1, widthFactor: 0.1 }),
  randomZoom: validCall(augment.randomZoom, { ...resampling, scale: [0.9, 1.1] }),
};

/**
 * Augmentations on the command line.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { text } from "../../core/options/values.ts";
import type { ConfiguredAugmentation } from "../../data/augment/augmentation.ts";
import { UsageError } from "../errors.ts";
import { valued } from "./option.ts";

/** The functions that make augmentations, by their names on the command line. */
const functions = {
  crop: "randomCrop",
  flip: "randomFlip",
  translation: "randomTranslation",
  rotation: "randomRotation",
  zoom: "randomZoom",
  affine: "randomAffine",
  noise: "gaussianNoise",
  brightness: "randomBrightness",
  contrast: "randomContrast",
  erasing: "randomErasing",
  mixup: "mixup",
  cutmix: "cutmix",
} as const;

/** The names of augmentations. */
export const augmentationNames: readonly string[] = Object.keys(functions);

/** The option that names augmentations. */
export const augmentOption = valued(
  "NAMES",
  text({ help: "random changes of the images of each step, separated by commas: crop,rotation" }),
);

/**
 * The names of augmentations that a text has.
 *
 * @throws {UsageError} if one of them is unknown; the message has the nearest name.
 */
export function augmentIn(names: string | undefined): readonly string[] | undefined {
  const found = names?.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const odd = found?.find((name) => !Object.hasOwn(functions, name));
  if (odd !== undefined) throw new UsageError(`unknown augmentation ${odd}${suggestName(odd, augmentationNames)}`);
  return found;
}

/** Images on the command line: rows of pixels, in one channel. */
const imageShape = [1, 28, 28];

/** The augmentations of these names, with default options, for rows of pixels. Their code is loaded only here. */
export async function makeAugmentations(names: readonly string[]): Promise<readonly ConfiguredAugmentation[]> {
  const { augmentations, getAugmentation } = await import("../../data/augment/registry.ts");
  return names.map((name) => {
    const full = functions[name as keyof typeof functions];
    return getAugmentation(full, "imageShape" in augmentations[full].options ? { imageShape } : {});
  });
}

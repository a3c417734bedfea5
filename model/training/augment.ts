/**
 * Augmentations of a training: as an option, in steps, and what files keep of them.
 *
 * @module
 */

import type { Json } from "../../core/json.ts";
import type { Option } from "../../core/options/option.ts";
import { callable, either, list } from "../../core/options/values.ts";
import { showValue } from "../../core/options/show.ts";
import { fold } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import {
  type Augmentation,
  type AugmentationContext,
  augmentationName,
  type ConfiguredAugmentation,
  type DrawnAugmentation,
} from "../../data/augment/augmentation.ts";
import { chainAugmentations, partsOf } from "../../data/augment/chain.ts";
import { FileFormatError } from "../files/errors.ts";
import { showJson } from "../files/json.ts";
import type { Network } from "../network.ts";
import { unitsIn } from "./unit_count.ts";

/** Augmentations as they are given: one, or several that are applied in their order. */
export type GivenAugmentations<B> = Augmentation<B> | readonly Augmentation<B>[];

/** Augmentations of batches of this type, as an option. */
export function augmentOption<B>(): Option<GivenAugmentations<B>> {
  return either([callable<Augmentation<B>>(), list(callable<Augmentation<B>>(), { items: "augmentations" })], {
    help: "random changes of the examples of each step, such as randomFlip(), or a list of them",
    otherwise: "none",
  });
}

/** The purpose for which the key of a step is folded: layers fold it by their numbers, which are smaller. */
const PURPOSE = 2 ** 32 - 1;

/** Augmentations as a list, with those of chains in their place. */
export function listOfAugmentations<B>(given: GivenAugmentations<B> | undefined): readonly Augmentation<B>[] {
  return given === undefined ? [] : partsOf(typeof given === "function" ? [given] : given);
}

/** The batch that a step of a network trains on, out of the key of the step; undefined without augmentations. */
export function augmenting<B extends object>(
  network: Network,
  given: GivenAugmentations<B> | undefined,
): ((key: Tensor, batch: B) => B) | undefined {
  const augmentations = listOfAugmentations(given);
  if (augmentations.length === 0) return undefined;
  const chain = chainAugmentations(augmentations);
  const context = contextOf(network);
  return (key, batch) => chain(fold(key, PURPOSE), batch, context);
}

function contextOf(network: Network): AugmentationContext {
  const classesOf = ({ outputShape }: Network): number => unitsIn(outputShape);
  const { outputNames: names } = network;
  if (names.length < 2) return { nClass: classesOf(network) };
  return { nClass: Object.fromEntries(names.map((name) => [name, classesOf(network.withOutput(name))])) };
}

/** The name of an augmentation of this library that mixes the targets of examples, if there is one. */
export function mixing(augmentations: readonly object[]): string | undefined {
  const found = augmentations.find((one) => (one as Partial<DrawnAugmentation>).recipe?.mixes);
  return found && augmentationName(found);
}

/** An augmentation as files keep it. */
export interface SavedAugmentation {
  /** Its name. */
  readonly name: string;
  /** The options with which it was made; null for a function of your own. */
  readonly options: Readonly<Record<string, Json>> | null;
}

/** What files keep of augmentations. */
export function savedAugmentations(augmentations: readonly object[]): readonly SavedAugmentation[] {
  return augmentations.map((one) => {
    const { configuration } = one as Partial<ConfiguredAugmentation>;
    return { name: augmentationName(one), options: configuration?.[1] ?? null };
  });
}

/** An augmentation of a file, which may be damaged. */
function made(
  make: (name: string, options: object) => ConfiguredAugmentation,
  { name, options }: { readonly name: string; readonly options: object },
  file: string,
): ConfiguredAugmentation {
  try {
    return make(name, options);
  } catch (cause) {
    throw new FileFormatError(file, "an augmentation of this library", showJson({ name, options }), { cause });
  }
}

/**
 * The augmentations of a saved training. Their code is loaded only here, since other trainings are given theirs.
 *
 * @throws {TypeError} if one of them is your own.
 * @throws {FileFormatError} if one of them is unknown, or its options are damaged.
 */
export async function loadAugmentations(
  saved: readonly SavedAugmentation[],
  file: string,
): Promise<readonly ConfiguredAugmentation[]> {
  const { getAugmentation } = await import("../../data/augment/registry.ts");
  return saved.map(({ name, options }) => {
    if (options) return made(getAugmentation, { name, options }, file);
    throw new TypeError(
      `Cannot resume from ${file} without its augmentation ${showValue(name)}: expected all its augmentations, since ` +
        "files do not contain functions of your own; pass them as option augment",
    );
  });
}

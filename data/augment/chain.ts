/**
 * Several augmentations, one after the other.
 *
 * @module
 */

import { tensorKind } from "../../core/options/kinds.ts";
import { checkArgument, wrongKind } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { callable, list } from "../../core/options/values.ts";
import { fold } from "../../core/random/bits.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import {
  type AnyAugmentation,
  type Augmentation,
  type AugmentationContext,
  augmentationName,
  type AugmentedBatch,
  type ConfiguredAugmentation,
  type DrawnAugmentation,
  drawWords,
  examplesOf,
} from "./augmentation.ts";
import { moveImages, type Moving, type MovingAugmentation } from "./moves.ts";

/** Augmentations, as an option. */
export const augmentationList = list(callable<Augmentation<never>>(), { items: "augmentations" });

/**
 * An augmentation that applies several, in their order. The random numbers of those of this library are drawn at once;
 * the i-th, if it is a function of your own, gets the key `random.fold(key, i)`. Augmentations that move pixels and follow
 * each other look up each pixel once: put them first. Chains among them are taken apart.
 *
 * @throws {TypeError} if one of them is no function. The chain throws if one returns a batch of another form; the message
 * has its name.
 *
 * @example
 * ```ts
 * import { chainAugmentations, randomCrop, randomFlip } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const both = chainAugmentations([randomCrop({ padding: 0 }), randomFlip({ p: 1 })]);
 * const { x } = both(random.key(1), { x: tensor([[[1, 2], [3, 4]]]) });
 * assertEquals(await x.toArray(), [[[2, 1], [4, 3]]]);
 * ```
 */
export function chainAugmentations(augmentations: readonly ConfiguredAugmentation[]): AnyAugmentation;
/**
 * An augmentation that applies several, some of which are functions of your own.
 *
 * @example
 * ```ts
 * import { chainAugmentations, randomFlip } from "@yadll/yadll/augment";
 * import { random, tensor, type Tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const darken = (_key: Tensor, { x }: { x: Tensor }) => ({ x: x.mul(0.5) });
 * const both = chainAugmentations([randomFlip({ p: 1 }), darken]);
 * const { x } = both(random.key(1), { x: tensor([[[1, 2], [3, 4]]]) });
 * assertEquals(await x.toArray(), [[[1, 0.5], [2, 1.5]]]);
 * ```
 */
export function chainAugmentations<B extends object>(augmentations: readonly Augmentation<B>[]): Augmentation<B>;
export function chainAugmentations<B extends object>(given: readonly Augmentation<B>[]): Augmentation<B> {
  refuseSurplus("chainAugmentations", arguments, 1);
  checkArgument("chain augmentations", given, augmentationList);
  const augmentations = partsOf(given);
  const groups = augmentations.map((augmentation, i): Part<B> => ({ augmentation, i })).reduce<Group<B>[]>(
    (before, part) => {
      const last = before.at(-1);
      return last && joins(last, part) ? [...before.slice(0, -1), [...last, part]] : [...before, [part]];
    },
    [],
  );
  const chain = (key: Tensor, batch: B, context?: AugmentationContext): B => {
    const words = drawAll(key, batch, augmentations);
    return groups.reduce((before, group) => {
      const after = changed(group, before, { key, words, context });
      checkForm(namesOf(group), before, after);
      return after;
    }, batch);
  };
  return Object.assign(chain, { parts: augmentations });
}

/** Augmentations with those of chains among them in their place. */
export function partsOf<B>(augmentations: readonly Augmentation<B>[]): readonly Augmentation<B>[] {
  return augmentations.flatMap((one) => (one as { readonly parts?: readonly Augmentation<B>[] }).parts ?? [one]);
}

interface Part<B> {
  readonly augmentation: Augmentation<B>;
  /** Its place in the chain. */
  readonly i: number;
}

/** Parts that are computed together. */
type Group<B> = readonly Part<B>[];

interface Given {
  readonly key: Tensor;
  /** The random words of each part. */
  readonly words: readonly (readonly Tensor[])[];
  readonly context: AugmentationContext | undefined;
}

function namesOf<B>(group: Group<B>): string {
  return group.map(({ augmentation }) => augmentationName(augmentation)).join(", ");
}

/** The random words of each augmentation of this library, which one kernel draws. */
function drawAll(key: Tensor, batch: object, augmentations: readonly object[]): readonly (readonly Tensor[])[] {
  const counts = augmentations.map((one) => (one as Partial<DrawnAugmentation>).recipe?.words ?? 0);
  const total = counts.reduce((sum, one) => sum + one, 0);
  if (total === 0) return counts.map(() => []);
  const names = augmentations.filter((_, i) => counts[i] > 0).map(augmentationName).join(", ");
  const words = drawWords(key, examplesOf(`augment with ${names}`, batch as AugmentedBatch), total);
  return counts.map((count, i) => {
    const first = counts.slice(0, i).reduce((sum, one) => sum + one, 0);
    return words.slice(first, first + count);
  });
}

/** A batch as an augmentation of this library takes it; they check what it holds. */
function changed<B extends object>(group: Group<B>, batch: B, { key, words, context }: Given): B {
  const [{ augmentation, i }, ...others] = group;
  const given: B & AugmentedBatch = batch as B & AugmentedBatch;
  const { moving, recipe } = augmentation as Partial<MovingAugmentation>;
  if (moving && others.length > 0) {
    const moves = group.flatMap(({ augmentation, i }) => {
      const { moving } = augmentation as Partial<MovingAugmentation>;
      return moving ? [{ words: words[i], move: moving.move }] : [];
    });
    return moveImages(`augment with ${namesOf(group)}`, given, { images: moving.images, moves });
  }
  return recipe ? recipe.change(words[i], given, context) : augmentation(fold(key, i), batch, context);
}

function movingOf(augmentation: object): Moving | undefined {
  return (augmentation as Partial<MovingAugmentation>).moving;
}

function joins<B>(group: Group<B>, { augmentation }: Part<B>): boolean {
  const [first] = group.map((one) => movingOf(one.augmentation));
  const own = movingOf(augmentation);
  if (first === undefined || own === undefined) return false;
  const isSameInput = first.images.input === own.images.input &&
    String(first.images.imageShape) === String(own.images.imageShape);
  const interpolates = group.some((one) => movingOf(one.augmentation)?.interpolates);
  return isSameInput && !(interpolates && own.interpolates);
}

/** Refuses a batch of another form than before: a function of one's own may return anything. */
function checkForm(names: string, before: object, after: unknown): void {
  const action = `augment with ${names}`;
  if (typeof after !== "object" || after === null) throw wrongKind(action, "it to return a batch", after);
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  for (const field of new Set([...was.keys(), ...is.keys()])) {
    const [old, own] = [was.get(field), is.get(field)];
    if (old === undefined || own === undefined) {
      throw new TypeError(
        `Cannot ${action}: expected a batch with ${[...was.keys()].join(", ")}, got ${[...is.keys()].join(", ")}`,
      );
    }
    if (!tensorKind.accepts(old)) continue;
    if (!tensorKind.accepts(own)) throw wrongKind(action, `${field} to stay a tensor`, own);
    if (isLike(old, own) || /^y(?:\.|$)/.test(field) && areMixed(old, own)) continue;
    throw new TypeError(`Cannot ${action}: expected ${field} of ${formOf(old)}, got ${formOf(own)}`);
  }
}

function isLike(old: Tensor, own: Tensor): boolean {
  return old.dtype === own.dtype && sameShape(old.shape, own.shape);
}

/** Whether targets are floats instead of whole numbers, or rows instead of class numbers. */
function areMixed(old: Tensor, own: Tensor): boolean {
  const isRow = own.shape.length === old.shape.length + 1;
  return old.dtype === "i32" && own.dtype === "f32" && sameShape(old.shape, isRow ? own.shape.slice(0, -1) : own.shape);
}

function formOf({ dtype, shape }: Tensor): string {
  return `${dtype}${showShape(shape)}`;
}

/** The fields of a batch, with those of records in it, that are not undefined. */
function fieldsOf(batch: object): Map<string, unknown> {
  const fields = Object.entries<unknown>({ ...batch }).flatMap(([name, value]): [string, unknown][] =>
    typeof value === "object" && value !== null && !(value instanceof Tensor)
      ? Object.entries<unknown>({ ...value }).map(([inner, one]) => [`${name}.${inner}`, one])
      : [[name, value]]
  );
  return new Map(fields.filter(([, value]) => value !== undefined));
}

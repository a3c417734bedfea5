/**
 * Augmentations: functions of a random key that change the examples of a batch, on the device.
 *
 * @module
 */

import { bits } from "../../core/random/bits.ts";
import type { Json } from "../../core/json.ts";
import { tensorKind } from "../../core/options/kinds.ts";
import type { AnyDeclaration } from "../../core/options/option.ts";
import { describeOptions } from "../../core/options/nested.ts";
import { checkArguments, wrongKind } from "../../core/options/read.ts";
import { Tensor } from "../../core/tensor.ts";

/** Tensors of a batch: one, or several by name. */
export type BatchTensors = Tensor | Readonly<Record<string, Tensor>>;

/** What an augmentation may change in a batch. Other fields stay as they are. */
export interface AugmentedBatch {
  /** The inputs, [example, …]: one, or several by the names of their input layers. */
  readonly x: BatchTensors;
  /** The targets, [example, …]: those of one output, or of several by the names of these. */
  readonly y?: BatchTensors | undefined;
  /** How much each example counts, [example], or each of its time steps, [example, time]. */
  readonly weights?: Tensor | undefined;
}

/** What a training step tells an augmentation, in addition to the batch. */
export interface AugmentationContext {
  /** The number of classes of the network's output, or of each output by name. */
  readonly nClass?: number | Readonly<Record<string, number>> | undefined;
}

/**
 * An augmentation: a pure function of a random key and a batch that returns a batch of the same form. Use one of this
 * entry, or a function of your own. As a method, its type takes functions of batches with only one input, too.
 */
export type Augmentation<B> = { of(key: Tensor, batch: B, context?: AugmentationContext): B }["of"];

/** An augmentation of batches of any form. */
export type AnyAugmentation = <B extends AugmentedBatch>(key: Tensor, batch: B, context?: AugmentationContext) => B;

/** An augmentation of this library, with its name and options, which files contain. */
export interface ConfiguredAugmentation extends AnyAugmentation {
  /** The name of the function that made it, and its options. */
  readonly configuration: readonly [name: string, options: Readonly<Record<string, Json>>];
}

/** The name of an augmentation: that of the function that made it, or of your own function. */
export function augmentationName(augmentation: object): string {
  if ("configuration" in augmentation && Array.isArray(augmentation.configuration)) {
    return String(augmentation.configuration[0]);
  }
  return "name" in augmentation && typeof augmentation.name === "string" && augmentation.name !== ""
    ? augmentation.name
    : "a function of your own";
}

/** How an augmentation of this library changes a batch, out of random words. */
export interface Recipe {
  /** The number of random words that it needs for each example. */
  readonly words: number;
  /** Whether it mixes the targets of examples. */
  readonly mixes?: boolean;
  /** The changed batch. */
  readonly change: <B extends AugmentedBatch>(words: readonly Tensor[], batch: B, context?: AugmentationContext) => B;
}

/** An augmentation of this library, with what a chain needs to draw the random numbers of several at once. */
export interface DrawnAugmentation extends ConfiguredAugmentation {
  /** How it changes a batch. */
  readonly recipe: Recipe;
}

/** The identity of an augmentation: its name, and the options with which it was made. */
export interface AugmentationIdentity {
  readonly name: string;
  readonly declaration: AnyDeclaration;
  /** All options, with their defaults, so files do not depend on these. */
  readonly values: object;
}

/** An augmentation of this library out of the function that computes it. */
export function configured(
  { name, declaration, values }: AugmentationIdentity,
  recipe: Recipe,
): DrawnAugmentation {
  const augmentation = <B extends AugmentedBatch>(key: Tensor, batch: B, context?: AugmentationContext): B => {
    checkArguments(`augment with ${name}`, { key }, tensorKind);
    return recipe.change(drawWords(key, examplesOf(`augment with ${name}`, batch), recipe.words), batch, context);
  };
  return Object.assign(augmentation, {
    configuration: [name, describeOptions(declaration, values)] as const,
    recipe,
  });
}

/** The number of examples of a batch. */
export function examplesOf(action: string, { x }: AugmentedBatch): number {
  const inputs = x instanceof Tensor ? [x] : typeof x === "object" && x !== null ? Object.values<unknown>(x) : [];
  const counts = inputs.map((one) => one instanceof Tensor ? one.shape.at(0) : undefined);
  const [first] = counts;
  if (first === undefined || counts.includes(undefined)) {
    throw wrongKind(action, "a batch with the field x, a tensor [example, …] or a record of such tensors", x);
  }
  if (counts.every((one) => one === first)) return first;
  throw new TypeError(`Cannot ${action}: expected inputs of the same number of examples, got ${counts.join(" and ")}`);
}

/**
 * Random words for each example, u32 [example]. They depend on the place of the example, and not on the number of those
 * that follow it.
 */
export function drawWords(key: Tensor, examples: number, count: number): Tensor[] {
  // A sum is always in memory, while random bits are computed again wherever they are needed: for each pixel. The sum
  // of two random words is a random word.
  const words = bits(key, [examples, count, 2]).sum({ axis: 2 });
  return Array.from({ length: count }, (_, i) => words.slice([0, i], [examples, i + 1]).reshape([examples]));
}

/** Numbers from 0 to 1, not included, out of random words. */
export function uniformOf(word: Tensor): Tensor {
  return word.binary("shr", 8).cast("f32").mul(2 ** -24);
}

/** Whole numbers from 0 to below `count` out of random words, i32. */
export function wholeBelow(word: Tensor, count: number): Tensor {
  // The product may be rounded up to the count.
  return uniformOf(word).mul(count).cast("i32").minimum(count - 1);
}

/**
 * Clipped gradients.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { zeros } from "../core/creation.ts";
import { converted } from "../core/functions/converted.ts";
import { safeSqrt } from "../core/functions/near_zero.ts";
import { clip } from "../core/functions/selection.ts";
import { checkArguments, wrongKind } from "../core/options/read.ts";
import { positive } from "../core/options/numbers.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { leavesOf, mapTree } from "../core/tree.ts";
import { describeOptions, describePart } from "./description.ts";
import { isRule } from "./rule_kinds.ts";
import type { UpdateRule } from "./update_rule.ts";
import type { UpdateTransform } from "./update_transform.ts";
import { exponentOf, scalesOf } from "./norm_scales.ts";

/** The limit, for both kinds of clipping. */
const limitOption = positive({ infinite: true, help: "maximum size" });

/** A kind of clipping. */
interface Clipping {
  /** The name of its function. */
  readonly name: string;
  /** Of what the limit is, in words. */
  readonly what: string;
  readonly clip: <P>(gradients: P, limit: number) => P;
}

/** The transform that clips gradients, or, if a rule is given, that rule with clipped gradients. */
function clipping(
  clipping: Clipping,
  [first, second]: readonly [rule: UpdateRule | number, limit?: number],
): UpdateRule | UpdateTransform {
  const isTransform = second === undefined && typeof first === "number";
  const limit = isTransform ? first : second;
  checkArguments(`clip gradients by ${clipping.what}`, { limit }, limitOption);
  if (isTransform) return clippingTransform(clipping, first);
  if (!isRule(first)) throw wrongKind("clip gradients", "a limit alone, or an update rule and a limit", first);
  return clippingRule(clipping, first, second as number);
}

function clippingTransform({ name, clip }: Clipping, limit: number): UpdateTransform {
  return {
    name,
    configuration: Number.isFinite(limit) ? [name, { limit }] : undefined,
    description: [name, describeOptions({ limit })],
    init: () => ({}),
    apply: ({ gradients, params }, state) => ({ gradients: clip(gradients, limit), params, state }),
  };
}

/** A rule whose state is that of the rule that it calls. */
function clippingRule(clipping: Clipping, rule: UpdateRule, limit: number): UpdateRule {
  const { withLearningRate } = rule;
  return {
    ...rule,
    name: `${clipping.name} ${rule.name}`,
    options: undefined,
    configuration: undefined,
    description: [clipping.name, { rule: describePart(rule), ...describeOptions({ limit }) }],
    withLearningRate: withLearningRate && ((rate) => clippingRule(clipping, withLearningRate(rate), limit)),
    init: (params) => rule.init(params),
    update: (gradients, state, params) => rule.update(clipping.clip(gradients, limit), state, params),
  };
}

const byValue: Clipping = {
  name: "clipByValue",
  what: "value",
  clip: (gradients, limit) => mapTree((leaf) => clip(leaf, -limit, limit), gradients),
};

/**
 * A transform for {@linkcode chain} that clips each number of the gradients to −limit … limit.
 *
 * @throws {RangeError} if the limit is not above 0.
 *
 * @example
 * ```ts
 * import { chain, clipByValue, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = chain(clipByValue(0.5), sgd({ learningRate: 1 }));
 * const { params } = rule.update(tensor([9, 0.25]), rule.init(tensor([1, 1])), tensor([1, 1]));
 * assertEquals(await params.toArray(), [0.5, 0.75]);
 * ```
 */
export function clipByValue(limit: number): UpdateTransform;
/**
 * A rule whose gradients are clipped so: short for `chain(clipByValue(limit), rule)`.
 *
 * @throws {RangeError} if the limit is not above 0.
 *
 * @example
 * ```ts
 * import { clipByValue, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = clipByValue(sgd({ learningRate: 1 }), 0.5);
 * const { params } = rule.update(tensor([9, 0.25]), rule.init(tensor([1, 1])), tensor([1, 1]));
 * assertEquals(await params.toArray(), [0.5, 0.75]);
 * ```
 */
export function clipByValue(rule: UpdateRule, limit: number): UpdateRule;
export function clipByValue(
  ...given: readonly [rule: UpdateRule | number, limit?: number]
): UpdateRule | UpdateTransform {
  refuseSurplus("clipByValue", given, 2);
  return clipping(byValue, given);
}

/**
 * The norm of a tree of tensors: √(Σ x²), over all numbers of all tensors. Its gradient is 0 where all of them are 0.
 *
 * @throws {TypeError} if there is no tensor in the tree.
 *
 * @example
 * ```ts
 * import { globalNorm } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await globalNorm({ W: tensor([[2, 4]]), b: tensor([4]) }).item(), 6);
 * ```
 */
export function globalNorm(tree: unknown): Tensor {
  const leaves = leavesOf(tree).map((leaf) => converted(leaf, "f32"));
  if (leaves.length === 0) throw new TypeError("Cannot take the norm of a tree without tensors");
  const scale = greatestOf(leaves).stopGradient();
  return safeSqrt(sumOfSquares(leaves.map((leaf) => leaf.div(scale)))).mul(scale);
}

/** The greatest size of a number, by which the others are divided so that no square overflows; 1 instead of 0, ∞ or NaN. */
function greatestOf(leaves: readonly Tensor[]): Tensor {
  const sizes = leaves.filter(({ shape }) => sizeOf(shape) > 0).map((leaf) => leaf.abs().max());
  const greatest = sizes.reduce((most, size) => most.maximum(size), zeros([]));
  return greatest.greater(0).and(greatest.less(Infinity)).where(greatest, 1);
}

function sumOfSquares(leaves: readonly Tensor[]): Tensor {
  return leaves.map((leaf) => leaf.square().sum()).reduce((sum, square) => sum.add(square));
}

/** A norm times a scale. */
interface ScaledNorm {
  readonly norm: Tensor;
  readonly scale: Tensor;
}

/** The norm of all numbers by the first of some scales at which its square is finite. */
function scaledNorm(leaves: readonly Tensor[], scales: readonly number[]): ScaledNorm {
  return scales.map((scale): ScaledNorm => {
    const square = sumOfSquares(leaves.map((leaf) => leaf.mul(scale)));
    return { norm: square.sqrt(), scale: square.fullLike(scale) };
  }).reduceRight((smaller, { norm, scale }) => {
    const fits = norm.notEqual(Infinity);
    return { norm: fits.where(norm, smaller.norm), scale: fits.where(scale, smaller.scale) };
  });
}

const byGlobalNorm: Clipping = {
  name: "clipByGlobalNorm",
  what: "global norm",
  // The sums for all scales are computed together, in the same pass over the gradients.
  clip: (gradients, limit) => {
    const leaves = leavesOf(gradients);
    if (leaves.length === 0) return gradients;
    const { norm, scale } = scaledNorm(leaves, scalesOf(limit));
    const size = 2 ** exponentOf(limit);
    const isWithin = norm.lessEqual(scale.mul(limit));
    // The limit divided by the norm may be too small for a number, even if the result is not.
    const [first, second, third] = [scale, norm.fullLike(limit / size).div(norm), norm.fullLike(size)]
      .map((factor) => isWithin.where(1, factor));
    return mapTree((leaf) => leaf.mul(first).mul(second).mul(third), gradients);
  },
};

/**
 * A transform for {@linkcode chain} that scales all gradients by one factor, so that their {@linkcode globalNorm} is at
 * most `limit`. If one of them is NaN, all become NaN.
 *
 * @throws {RangeError} if the limit is not above 0.
 *
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2012.
 *
 * @example
 * ```ts
 * import { chain, clipByGlobalNorm, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = chain(clipByGlobalNorm(2.5), sgd({ learningRate: 1 }));
 * const { params } = rule.update(tensor([3, 4]), rule.init(tensor([0, 0])), tensor([0, 0]));
 * assertEquals(await params.toArray(), [-1.5, -2]);
 * ```
 */
export function clipByGlobalNorm(limit: number): UpdateTransform;
/**
 * A rule whose gradients are scaled so: short for `chain(clipByGlobalNorm(limit), rule)`.
 *
 * @throws {RangeError} if the limit is not above 0.
 *
 * @example
 * ```ts
 * import { clipByGlobalNorm, sgd } from "@yadll/yadll/optim";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const rule = clipByGlobalNorm(sgd({ learningRate: 1 }), 2.5);
 * const { params } = rule.update(tensor([3, 4]), rule.init(tensor([0, 0])), tensor([0, 0]));
 * assertEquals(await params.toArray(), [-1.5, -2]);
 * ```
 */
export function clipByGlobalNorm(rule: UpdateRule, limit: number): UpdateRule;
export function clipByGlobalNorm(
  ...given: readonly [rule: UpdateRule | number, limit?: number]
): UpdateRule | UpdateTransform {
  refuseSurplus("clipByGlobalNorm", given, 2);
  return clipping(byGlobalNorm, given);
}

/**
 * Update rules with clipped gradients.
 *
 * @module
 */

import { zeros } from "../core/creation.ts";
import { converted } from "../core/functions/converted.ts";
import { safeSqrt } from "../core/functions/near_zero.ts";
import { clip } from "../core/functions/selection.ts";
import { objectKind } from "../core/options/kinds.ts";
import { checkArguments } from "../core/options/read.ts";
import { positive } from "../core/options/numbers.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { leavesOf, mapTree } from "../core/tree.ts";
import type { UpdateRule } from "./update_rule.ts";

const ruleKind = objectKind("an update rule", "init", "update");

/** The limit, for both kinds of clipping. */
const limitOption = positive({ infinite: true, help: "maximum size" });

function checkLimit(what: string, limit: number): void {
  checkArguments(`clip gradients by ${what}`, { limit }, limitOption);
}

/** A rule that changes the gradients before another rule uses them. */
function before(rule: UpdateRule, name: string, change: <P>(gradients: P) => P): UpdateRule {
  checkArguments("clip gradients", { rule }, ruleKind);
  return {
    name: `${name} ${rule.name}`,
    init: (params) => rule.init(params),
    update: (gradients, state, params) => rule.update(change(gradients), state, params),
  };
}

/**
 * A rule that clips each number of the gradients to −limit … limit.
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
export function clipByValue(rule: UpdateRule, limit: number): UpdateRule {
  checkLimit("value", limit);
  return before(rule, "clipByValue", (gradients) => mapTree((leaf) => clip(leaf, -limit, limit), gradients));
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

/**
 * A power of two that makes the limit about 2⁻⁴⁰. So squares overflow only far above the limit, while those that
 * underflow do not matter to it. All digits stay the same.
 */
function scaleOf(limit: number): number {
  return 2 ** Math.max(-100, Math.min(100, -40 - Math.round(Math.log2(limit))));
}

/**
 * A rule that scales all gradients by one factor, so that their {@linkcode globalNorm} is at most `limit`.
 *
 * @throws {RangeError} if the limit is not above 0.
 *
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2012.
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
export function clipByGlobalNorm(rule: UpdateRule, limit: number): UpdateRule {
  checkLimit("global norm", limit);
  return before(rule, "clipByGlobalNorm", (gradients) => {
    const leaves = leavesOf(gradients);
    if (leaves.length === 0) return gradients;
    const scale = scaleOf(limit);
    const most = limit * scale;
    const norm = sumOfSquares(leaves.map((leaf) => leaf.mul(scale))).sqrt();
    const factor = norm.greater(most).where(norm.fullLike(most).div(norm), 1);
    return mapTree((leaf) => leaf.mul(factor), gradients);
  });
}

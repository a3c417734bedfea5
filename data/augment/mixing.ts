/**
 * Mixtures of two examples: their partners, and their targets.
 *
 * @module
 */

import { isFloat } from "../../core/dtype.ts";
import { gatherNearest, oneHot } from "../../core/functions/selection.ts";
import { count, positive } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { showShape } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import { type AugmentationContext, type AugmentedBatch, type BatchTensors, wholeBelow } from "./augmentation.ts";
import { isRecordOfTensors } from "./images.ts";
import { counted } from "./moves.ts";

/** Options of augmentations that mix two examples. */
export interface MixingOptions {
  /** How even mixtures are: the share of an example has the distribution Beta(alpha, alpha); default: 0.2. */
  readonly alpha?: number | undefined;
  /** The number of classes, if targets are class numbers (default: the outputs of the network that is trained). */
  readonly nClass?: number | undefined;
}

/** {@linkcode MixingOptions}, declared. */
export const mixingOptions = {
  alpha: positive({
    least: 0.001,
    most: 1000,
    default: 0.2,
    help: "how even mixtures are: the share of an example has the distribution Beta(alpha, alpha)",
  }),
  nClass: count({
    help: "number of classes, if targets are class numbers",
    otherwise: "the outputs of the network that is trained",
  }),
} satisfies Declaration<MixingOptions>;

/**
 * For each example the number of another one, i32 [example]; all others are equally likely. A single example is its own
 * partner.
 */
export function partnersOf(word: Tensor, examples: number): Tensor {
  const own = counted(examples);
  if (examples < 2) return own;
  return own.add(wholeBelow(word, examples - 1)).add(1).mod(examples);
}

/** How examples are mixed. */
export interface Mixture {
  /** The number of the partner of each example, i32 [example]. */
  readonly partners: Tensor;
  /** The share of each example itself, f32 [example]; the rest is that of its partner. */
  readonly share: Tensor;
  /** The option of the augmentation. */
  readonly nClass: number | undefined;
  readonly context: AugmentationContext | undefined;
}

/** The mixture of each example with its partner, by shares [example, …]. */
export function mixRows(x: Tensor, partners: Tensor, share: Tensor): Tensor {
  const wide = share.reshape([...share.shape, ...x.shape.slice(share.shape.length).map(() => 1)]);
  return x.mul(wide).add(gatherNearest(x, partners).mul(wide.neg().add(1)));
}

/**
 * The targets and weights of a batch whose examples are mixed: with the costs of both targets, by their shares and
 * weights. Class numbers become rows of the shares of classes, f32 [example, class].
 *
 * @throws {TypeError} if the number of classes is not known, or targets are other whole numbers.
 */
export function mixTargets<B extends AugmentedBatch>(action: string, batch: B, mixture: Mixture): B {
  const { y, weights } = batch;
  if (y === undefined) return batch;
  const { partners } = mixture;
  const { share, weights: mixedWeights } = weighted(mixture, weights);
  const mixed = mapTargets(action, y, (target, name) => {
    const rows = rowsOf(`${action}${name === undefined ? "" : `, target ${JSON.stringify(name)}`}`, target, {
      nClass: mixture.nClass ?? classesOf(mixture.context, name),
    });
    return mixRows(rows, partners, share);
  });
  return { ...batch, y: mixed, ...(mixedWeights && { weights: mixedWeights }) };
}

/** Shares and weights such that costs are those of both examples: (s w a + (1 − s) w′ b) = W · (s′ a + (1 − s′) b). */
function weighted({ partners, share }: Mixture, weights: Tensor | undefined): { share: Tensor; weights?: Tensor } {
  if (weights === undefined) return { share };
  const own = isFloat(weights.dtype) ? weights : weights.cast("f32");
  const wide = share.reshape([...share.shape, ...own.shape.slice(1).map(() => 1)]);
  const part = own.mul(wide);
  const mixed = mixRows(own, partners, share);
  return {
    share: mixed.equal(0).where(wide.broadcastTo(mixed.shape), part.div(mixed.equal(0).where(1, mixed))),
    weights: mixed,
  };
}

function classesOf(context: AugmentationContext | undefined, name: string | undefined): number | undefined {
  const { nClass } = context ?? {};
  if (typeof nClass !== "object") return nClass;
  return name !== undefined && Object.hasOwn(nClass, name) ? nClass[name] : undefined;
}

function mapTargets(
  action: string,
  y: unknown,
  map: (target: Tensor, name?: string) => Tensor,
): BatchTensors {
  if (y instanceof Tensor) return map(y);
  if (isRecordOfTensors(y)) return Object.fromEntries(Object.entries(y).map(([name, one]) => [name, map(one, name)]));
  throw new TypeError(`Cannot ${action}: expected y to be a tensor, or a record of tensors`);
}

/** Targets as floats that can be mixed. */
function rowsOf(action: string, target: Tensor, { nClass }: { readonly nClass: number | undefined }): Tensor {
  const isNumber = target.shape.length === 1;
  if (isNumber && nClass !== undefined && nClass > 1) {
    return oneHot(target.dtype === "i32" ? target : target.cast("i32"), nClass);
  }
  if (isFloat(target.dtype)) return target;
  if (isNumber && nClass === 1) return target.cast("f32");
  if (isNumber) {
    throw new TypeError(
      `Cannot ${action}: expected the number of classes of targets ${target.dtype}${
        showShape(target.shape)
      }, got none; pass option nClass`,
    );
  }
  throw new TypeError(
    `Cannot ${action}: expected class numbers [example], or targets of floats, got ${target.dtype}${
      showShape(target.shape)
    }`,
  );
}

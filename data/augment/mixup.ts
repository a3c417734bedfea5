/**
 * Mixup.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { gatherNearest } from "../../core/functions/selection.ts";
import type { Declaration } from "../../core/options/option.ts";
import { readOptions } from "../../core/options/read.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { Tensor } from "../../core/tensor.ts";
import {
  type AugmentedBatch,
  type BatchTensors,
  configured,
  type ConfiguredAugmentation,
  type Recipe,
  wholeBelow,
} from "./augmentation.ts";
import { betaQuantiles, QUANTILES } from "./beta.ts";
import { inputOf, isRecordOfTensors } from "./images.ts";
import { type MixingOptions, mixingOptions, mixRows, mixTargets, partnersOf } from "./mixing.ts";

/** Options of {@linkcode mixup}. */
export interface MixupOptions extends MixingOptions {}

/** {@linkcode MixupOptions}, declared. */
export const mixupOptions = { ...mixingOptions } satisfies Declaration<MixupOptions>;

const ACTION = "augment with mixup";

/**
 * Mixes each example with another one of the batch: λ x + (1 − λ) x′, with λ from Beta(alpha, alpha), and its targets
 * accordingly: λ y + (1 − λ) y′. Class numbers become rows of the shares of the classes, f32 [example, class], whose
 * cross-entropy is λ · cost(y) + (1 − λ) · cost(y′). Of several inputs, all are mixed; they have any shape. λ is one of
 * 1024 quantiles. Weights of examples count as in the sum of both costs.
 *
 * Source: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: beyond empirical risk minimization", 2018, with a λ and a partner
 * for each example.
 *
 * @throws {RangeError} for an unknown option, or a value out of bounds.
 * @throws {TypeError} if an option is of another kind; when it is applied, if inputs are whole numbers, or the number of
 * classes is not known.
 *
 * @example
 * ```ts
 * import { mixup } from "@yadll/yadll/augment";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const batch = { x: tensor([[0], [1]]), y: tensor(Int32Array.of(0, 1)) };
 * const { x, y } = mixup({ alpha: 1, nClass: 2 })(random.key(1), batch);
 * const [share] = await x.data();
 * const [first, second] = await y.data();
 * assertAlmostEquals(second, share, 1e-6);
 * assertAlmostEquals(first, 1 - share, 1e-6);
 * ```
 */
export function mixup(options?: MixupOptions): ConfiguredAugmentation {
  refuseSurplus("mixup", arguments, 1);
  const values = readOptions("make mixup", mixupOptions, options);
  const { alpha, nClass } = values;
  const quantiles = betaQuantiles(alpha);
  const identity = { name: "mixup", declaration: mixupOptions, values };
  const change: Recipe["change"] = ([partner, word], batch, context) => {
    const inputs = inputsOf(batch);
    const examples = Object.values(inputs)[0].shape[0];
    const partners = partnersOf(partner, examples);
    const share = gatherNearest(tensor(quantiles), wholeBelow(word, QUANTILES));
    const mixed = mixTargets(ACTION, batch, { partners, share, nClass, context });
    return { ...mixed, x: mapInputs(batch.x, (x) => mixRows(x, partners, share)) };
  };
  return configured(identity, { words: 2, mixes: true, change });
}

/** All inputs by name, which must be floats. */
function inputsOf({ x }: AugmentedBatch): Readonly<Record<string, Tensor>> {
  if (!isRecordOfTensors(x)) return { x: inputOf(ACTION, { x }, {}).x };
  return Object.fromEntries(Object.keys(x).map((input) => [input, inputOf(ACTION, { x }, { input }).x]));
}

function mapInputs(x: BatchTensors, map: (x: Tensor) => Tensor): BatchTensors {
  return x instanceof Tensor ? map(x) : Object.fromEntries(Object.entries(x).map(([name, one]) => [name, map(one)]));
}

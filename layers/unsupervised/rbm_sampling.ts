/**
 * Functions of restricted Boltzmann machines: energies, conditional probabilities, samples.
 *
 * @module
 */

import { addFitting } from "../../core/functions/fitting.ts";
import { zeros } from "../../core/creation.ts";
import { parametersKind, rankedKind, tensorKind, tensorOption } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { split, splitKeys } from "../../core/random/bits.ts";
import { bernoulli } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import { scan } from "../../core/scan.ts";
import { softplus } from "../../core/functions/activations.ts";

const towardVisible = parametersKind("W", "b_hidden");
const towardHidden = parametersKind("W", "b");
const weightKind = rankedKind(2, "[visible, hidden]");
const hiddenKind = rankedKind(2, "[batch, hidden]");
const visibleKind = rankedKind(2, "[batch, visible]");
const paramsKind = parametersKind("W", "b", "b_hidden");

/** Parameters of a restricted Boltzmann machine, under the names that the layer gives them. */
export interface RbmParameters {
  /** [visible, hidden] */
  readonly W: Tensor;
  /** [hidden]: the bias of the hidden units */
  readonly b: Tensor;
  /** [visible]: the bias of the visible units */
  readonly b_hidden: Tensor;
}

/** The inputs of the sigmoids of the hidden units: v · W + b. */
function hiddenLogits({ W, b }: RbmParameters, visible: Tensor): Tensor {
  return addFitting("compute hidden units", visible.matmul(W), { b });
}

/**
 * The inputs of the sigmoids of the visible units: h · Wᵀ + b_hidden, [batch, hidden] → [batch, visible].
 *
 * @example
 * ```ts
 * import { visibleLogits } from "@yadll/yadll/layers";
 * import { ones, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: zeros([1, 3]), b: zeros([3]), b_hidden: ones([1]) };
 * assertEquals(await visibleLogits(params, zeros([1, 3])).toArray(), [[1]]);
 * ```
 */
export function visibleLogits(params: RbmParameters, hidden: Tensor): Tensor {
  checkArguments("compute visible units", { params }, towardVisible);
  checkArguments("compute visible units", { hidden }, tensorKind);
  const { W, b_hidden } = params;
  return addFitting("compute visible units", hidden.matmul(W.transpose()), { b_hidden });
}

/**
 * The probabilities of the hidden units: P(h = 1 | v) = σ(v · W + b), [batch, visible] → [batch, hidden].
 *
 * @example
 * ```ts
 * import { hiddenProbabilities } from "@yadll/yadll/layers";
 * import { zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: zeros([2, 3]), b: zeros([3]), b_hidden: zeros([2]) };
 * assertEquals(await hiddenProbabilities(params, zeros([1, 2])).toArray(), [[0.5, 0.5, 0.5]]);
 * ```
 */
export function hiddenProbabilities(params: RbmParameters, visible: Tensor): Tensor {
  checkArguments("compute hidden units", { params }, towardHidden);
  checkArguments("compute hidden units", { visible }, tensorKind);
  return hiddenLogits(params, visible).sigmoid();
}

/**
 * The probabilities of the visible units: P(v = 1 | h) = σ(h · Wᵀ + b_hidden), [batch, hidden] → [batch, visible].
 *
 * @example
 * ```ts
 * import { visibleProbabilities } from "@yadll/yadll/layers";
 * import { zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: zeros([2, 3]), b: zeros([3]), b_hidden: zeros([2]) };
 * assertEquals(await visibleProbabilities(params, zeros([1, 3])).toArray(), [[0.5, 0.5]]);
 * ```
 */
export function visibleProbabilities(params: RbmParameters, hidden: Tensor): Tensor {
  checkArguments("compute visible units", { params }, towardVisible);
  checkArguments("compute visible units", { hidden }, tensorKind);
  return visibleLogits(params, hidden).sigmoid();
}

/**
 * Draws zeros and ones with the given probabilities, in their shape.
 *
 * @example
 * ```ts
 * import { drawUnits } from "@yadll/yadll/layers";
 * import { random, tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await drawUnits(tensor([0, 1]), random.key(1)).toArray(), [0, 1]);
 * ```
 */
export function drawUnits(probabilities: Tensor, key: Tensor): Tensor {
  checkArguments("draw units", { probabilities, key }, tensorKind);
  return bernoulli(key, probabilities).cast("f32");
}

/**
 * The free energy of each visible vector: F(v) = −v · b_hidden − Σⱼ log(1 + exp(v · Wⱼ + bⱼ)).
 *
 * Source: Hinton, "A practical guide to training restricted Boltzmann machines", 2010.
 *
 * @param visible [batch, visible]
 * @returns [batch]
 *
 * @example
 * ```ts
 * import { freeEnergy } from "@yadll/yadll/layers";
 * import { tensor, zeros } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const params = { W: zeros([2, 3]), b: zeros([3]), b_hidden: tensor([1, 5]) };
 * assertAlmostEquals(await freeEnergy(params, tensor([[1, 0]])).item(), -1 - 3 * Math.log(2), 1e-5);
 * ```
 */
export function freeEnergy(params: RbmParameters, visible: Tensor): Tensor {
  checkArguments("compute the free energy", { params }, paramsKind);
  checkArguments("compute the free energy", { visible }, tensorKind);
  const hidden = softplus(hiddenLogits(params, visible)).sum({ axis: -1 });
  return visible.matmul(params.b_hidden).add(hidden).neg();
}

/**
 * The logarithm of the pseudo-likelihood, estimated from one visible unit: n · log σ(F(ṽ) − F(v)), where n is the
 * number of visible units and ṽ is v with unit `bit` flipped.
 *
 * Source: http://deeplearning.net/tutorial/rbm.html
 *
 * @param visible [batch, visible], which is rounded to 0 and 1
 * @param bit the index of the unit, a scalar
 * @returns [batch]
 *
 * @example
 * ```ts
 * import { pseudoLikelihood } from "@yadll/yadll/layers";
 * import { tensor, zeros } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const params = { W: zeros([2, 3]), b: zeros([3]), b_hidden: zeros([2]) };
 * const value = await pseudoLikelihood(params, zeros([1, 2]), tensor(0)).item();
 * assertAlmostEquals(value, 2 * Math.log(0.5), 1e-6);
 * ```
 */
export function pseudoLikelihood(params: RbmParameters, visible: Tensor, bit: Tensor): Tensor {
  checkArguments("compute the pseudo-likelihood", { params }, paramsKind);
  checkArguments("compute the pseudo-likelihood", { visible }, visibleKind);
  checkArguments("compute the pseudo-likelihood", { bit }, tensorKind);
  const binary = visible.greaterEqual(0.5).cast("f32");
  const turned = binary.indexAlong(1).equal(bit.cast("i32")).where(binary.neg().add(1), binary);
  const difference = freeEnergy(params, turned).sub(freeEnergy(params, binary));
  return softplus(difference.neg()).neg().mul(visible.shape[1]);
}

/** Options of {@linkcode gibbsChain} and {@linkcode sampleVisible}. */
export interface GibbsOptions {
  /** The random key. */
  readonly key: Tensor;
  /** Gibbs sampling steps. */
  readonly steps: number;
}

const gibbsOptions = {
  key: tensorOption({ required: true, help: "random key" }),
  steps: count({ required: true, help: "Gibbs sampling steps" }),
} satisfies Declaration<GibbsOptions>;

/**
 * Runs `steps` steps of Gibbs sampling from given hidden units. Each step draws visible units from the hidden ones, and
 * then hidden units from those.
 *
 * @param hidden [batch, hidden], zeros and ones
 * @returns the last hidden units, [batch, hidden], and the visible units from which they were drawn, [batch, visible],
 * with their probabilities
 *
 * @example
 * ```ts
 * import { gibbsChain } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: zeros([4, 3]), b: zeros([3]), b_hidden: zeros([4]) };
 * const { visible, hidden } = gibbsChain(params, zeros([2, 3]), { key: random.key(1), steps: 5 });
 * assertEquals([visible.shape, hidden.shape], [[2, 4], [2, 3]]);
 * ```
 */
export function gibbsChain(
  params: RbmParameters,
  hidden: Tensor,
  options: GibbsOptions,
): { hidden: Tensor; visible: Tensor; probabilities: Tensor } {
  checkArguments("run a Gibbs chain", { params }, paramsKind);
  checkArguments("run a Gibbs chain", { "params.W": params.W }, weightKind);
  checkArguments("run a Gibbs chain", { hidden }, hiddenKind);
  const { key, steps } = readOptions("run Gibbs sampling", gibbsOptions, options);
  const first = { hidden, visible: zeros([hidden.shape[0], params.W.shape[0]]), before: hidden };
  const turn = (carry: typeof first, key: Tensor): [typeof first, null] => {
    const [forVisible, forHidden] = splitKeys(key, 2);
    const visible = drawUnits(visibleProbabilities(params, carry.hidden), forVisible);
    const next = drawUnits(hiddenProbabilities(params, visible), forHidden);
    return [{ hidden: next, visible, before: carry.hidden }, null];
  };
  const [last] = scan(turn, first, split(key, steps));
  return { hidden: last.hidden, visible: last.visible, probabilities: visibleProbabilities(params, last.before) };
}

/**
 * Draws visible vectors, such as digits, from a restricted Boltzmann machine by `steps` steps of Gibbs sampling from
 * given ones.
 *
 * @param visible [batch, visible]
 * @returns the probabilities of the visible units, [batch, visible], which show more detail than zeros and ones
 *
 * @example
 * ```ts
 * import { sampleVisible } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: zeros([4, 3]), b: zeros([3]), b_hidden: zeros([4]) };
 * const drawn = sampleVisible(params, zeros([2, 4]), { key: random.key(1), steps: 10 });
 * assertEquals(await drawn.mean().item(), 0.5);
 * ```
 */
export function sampleVisible(params: RbmParameters, visible: Tensor, options: GibbsOptions): Tensor {
  checkArguments("draw samples", { params }, paramsKind);
  checkArguments("draw samples", { visible }, tensorKind);
  const { key, steps } = readOptions("draw samples", gibbsOptions, options);
  const [forFirst, forChain] = splitKeys(key, 2);
  const hidden = drawUnits(hiddenProbabilities(params, visible), forFirst);
  return gibbsChain(params, hidden, { key: forChain, steps }).probabilities;
}

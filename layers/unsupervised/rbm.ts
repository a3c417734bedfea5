/**
 * The restricted Boltzmann machine.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { parametersKind, rankedKind, tensorKind, tensorOption } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { record } from "../../core/options/nested.ts";
import { count } from "../../core/options/numbers.ts";
import type { Declaration, OptionValues } from "../../core/options/option.ts";
import { flag, oneOf } from "../../core/options/values.ts";
import { splitKeys } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import { grad, stopGradient } from "../../core/gradients.ts";
import { binaryCrossentropyOfFinite } from "../../optim/objectives_from_logits.ts";
import { sgd } from "../../optim/updates.ts";
import { type ParameterStart, readLayer } from "../define_layer.ts";
import { denseKind, type DenseOptions, denseOptions, inputsOf, makeDense } from "../dense.ts";
import { type Activation, activation } from "../get_activation.ts";
import { initialValue, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer, Parameters, Pretraining, State } from "../layer.ts";
import { completePretraining, type PretrainingOptions, pretrainingOptions, rowsFor } from "./pretraining.ts";
import { drawUnits, freeEnergy, gibbsChain, hiddenProbabilities, pseudoLikelihood } from "./rbm_sampling.ts";
import { type RbmParameters, visibleLogits } from "./rbm_sampling.ts";

const inputsKind = rankedKind(2, "[batch, visible]");
const paramsKind = parametersKind("W", "b", "b_hidden");

/** How a restricted Boltzmann machine learns. */
export interface ContrastiveOptions {
  /** Gibbs sampling steps per training step; default: 1. */
  readonly k?: number | undefined;
  /** Whether chains continue from step to step instead of starting from the data; default: false. */
  readonly persistent?: boolean | undefined;
  /**
   * The cost that is reported: the cross-entropy of data and reconstruction, or the negative pseudo-likelihood.
   * Default: `pseudoLikelihood` for persistent chains, otherwise `reconstruction`.
   */
  readonly monitor?: "reconstruction" | "pseudoLikelihood" | undefined;
}

const k = count({ default: 1, help: "Gibbs sampling steps per training step" });

const contrastiveOptions = {
  k,
  persistent: flag({ default: false, help: "whether chains continue from step to step" }),
  monitor: oneOf(["reconstruction", "pseudoLikelihood"], {
    otherwise: "pseudoLikelihood for persistent chains, otherwise reconstruction",
    help: "cost that is reported",
  }),
} satisfies Declaration<ContrastiveOptions>;

/** The options of a machine as they were read. */
type Contrastive = OptionValues<typeof contrastiveOptions>;

/** Options of {@linkcode contrastiveDivergence}. */
export interface DivergenceOptions {
  /** The random key. */
  readonly key: Tensor;
  /** Gibbs sampling steps per training step; default: 1. */
  readonly k?: number | undefined;
  /** The hidden units that the chains start from, [chain, hidden]; default: drawn from the data. */
  readonly chains?: Tensor | undefined;
}

const divergenceOptions = {
  key: tensorOption({ required: true, help: "random key" }),
  k,
  chains: tensorOption({ otherwise: "drawn from the data", help: "hidden units that the chains start from" }),
} satisfies Declaration<DivergenceOptions>;

/** The gradients of contrastive divergence, and the final state of the chains. */
export interface Divergence {
  /** The gradients of the parameters; descending along them raises the likelihood. */
  readonly gradients: Parameters;
  /** The hidden units at the end of the chains, [batch, hidden]. */
  readonly chains: Tensor;
}

/**
 * The gradient of the mean free energy of the data minus that of the ends of the chains. It approximates the gradient
 * of the negative log-likelihood.
 *
 * Source: Hinton, "Training products of experts by minimizing contrastive divergence", 2002; persistent chains: Tieleman,
 * "Training restricted Boltzmann machines using approximations to the likelihood gradient", 2008.
 *
 * @param x [batch, visible]
 *
 * @example
 * ```ts
 * import { contrastiveDivergence } from "@yadll/yadll/layers";
 * import { ones, random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: zeros([4, 3]), b: zeros([3]), b_hidden: zeros([4]) };
 * const { gradients, chains } = contrastiveDivergence(params, ones([2, 4]), { key: random.key(1) });
 * assertEquals(gradients.W.shape, [4, 3]);
 * assertEquals(chains.shape, [2, 3]);
 * ```
 */
export function contrastiveDivergence(params: RbmParameters, x: Tensor, options: DivergenceOptions): Divergence {
  checkArguments("compute the contrastive divergence", { params }, paramsKind);
  checkArguments("compute the contrastive divergence", { x }, tensorKind);
  const { key, k, chains } = readOptions("compute the contrastive divergence", divergenceOptions, options);
  const [forFirst, forChain] = splitKeys(key, 2);
  const start = chains ?? drawUnits(hiddenProbabilities(params, x), forFirst);
  const end = stopGradient(gibbsChain(params, start, { key: forChain, steps: k }));
  const cost = (p: RbmParameters) => freeEnergy(p, x).mean().sub(freeEnergy(p, end.visible).mean());
  const { W, b, b_hidden } = params;
  return { gradients: { ...grad(cost)({ W, b, b_hidden }) }, chains: end.hidden };
}

/**
 * The mean cross-entropy of the data and their reconstruction from the hidden probabilities, summed over the units.
 *
 * @param x [batch, visible]
 * @returns a scalar
 *
 * @example
 * ```ts
 * import { reconstructionCost } from "@yadll/yadll/layers";
 * import { zeros } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const params = { W: zeros([4, 3]), b: zeros([3]), b_hidden: zeros([4]) };
 * assertAlmostEquals(await reconstructionCost(params, zeros([1, 4])).item(), 4 * Math.log(2), 1e-5);
 * ```
 */
export function reconstructionCost(params: RbmParameters, x: Tensor): Tensor {
  checkArguments("compute the reconstruction cost", { params }, paramsKind);
  checkArguments("compute the reconstruction cost", { x }, inputsKind);
  const logits = visibleLogits(params, hiddenProbabilities(params, x));
  return binaryCrossentropyOfFinite(logits, x).mul(x.shape[1]).mean();
}

/** Options of {@linkcode rbm}. */
export interface RbmOptions extends DenseOptions, ContrastiveOptions {
  /** The activation of the hidden units; default: `sigmoid`. */
  readonly activation?: Activation | undefined;
  /** Hyperparameters of the pre-training; see {@linkcode PretrainingOptions} for their defaults. */
  readonly hyperparameters?: PretrainingOptions | undefined;
  /** Initializer of the bias of the visible units, [visible]; default: `constant`, which is zeros. */
  readonly bHidden?: InitObject | undefined;
}

/** The kind of {@linkcode rbm}. */
export const rbmKind = {
  kind: "RBM",
  options: {
    ...denseOptions,
    activation: activation({ default: "sigmoid", help: "activation of the hidden units" }),
    ...contrastiveOptions,
    hyperparameters: record<PretrainingOptions>(pretrainingOptions, { help: "hyperparameters of the pre-training" }),
    bHidden: initialValue({ default: "constant", help: "initializer of the bias of the visible units" }),
  } satisfies Declaration<RbmOptions>,
  onlyGiven: denseKind.onlyGiven,
};

function stepOf(learningRate: number, { k, persistent, monitor }: Contrastive): Pretraining["step"] {
  const rule = sgd({ learningRate });
  return ({ params: before, state }, input, key) => {
    const { W, b, b_hidden } = before;
    const params = { W, b, b_hidden };
    const x = rowsFor(W, input);
    const { gradients, chains } = contrastiveDivergence(params, x, {
      key,
      k,
      ...(persistent && { chains: state.chains }),
    });
    const monitored = monitor === "pseudoLikelihood";
    const cost = monitored ? pseudoLikelihood(params, x, state.bit).mean().neg() : reconstructionCost(params, x);
    const learned: Parameters = rule.update(gradients, rule.init(params), params).params;
    const next: State = {
      ...state,
      ...(persistent && { chains }),
      ...(monitored && { bit: state.bit.add(1).mod(x.shape[1]) }),
    };
    return { params: { ...before, ...learned }, state: next, cost };
  };
}

/**
 * A dense layer that first learns to model its input as a restricted Boltzmann machine. Draw samples from it with
 * {@linkcode sampleVisible}. Inputs must be between 0 and 1; pre-training refuses others.
 *
 * Source: Smolensky, "Information processing in dynamical systems", 1986; Hinton, "A practical guide to training
 * restricted Boltzmann machines", 2010; http://deeplearning.net/tutorial/rbm.html
 *
 * @example
 * ```ts
 * import { inputLayer, rbm } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = rbm(inputLayer({ shape: [null, 6] }), { nUnits: 3, k: 2, persistent: true });
 * const x = random.uniform(random.key(2), [4, 6]);
 * const after = layer.pretraining!.step(layer.init(random.key(1)), x, random.key(3));
 * assertEquals(after.params.b_hidden.shape, [6]);
 * assertEquals(after.state.chains.shape, [20, 3]);
 * ```
 */
export function rbm(incoming: Layer, options: RbmOptions): Layer {
  refuseSurplus("rbm", arguments, 2);
  const { identity, title, values } = readLayer(rbmKind, options, incoming);
  const { k, persistent, bHidden, nUnits } = values;
  const { monitor = persistent ? "pseudoLikelihood" : "reconstruction" } = values;
  const inputs = inputsOf(title, incoming, values.leadingAxes);
  const complete = completePretraining(title, values.hyperparameters);
  const state: Record<string, ParameterStart> = {
    ...(persistent && { chains: { from: "constant", shape: [complete.batchSize, nUnits] } }),
    ...(monitor === "pseudoLikelihood" && { bit: { from: "constant", shape: [] } }),
  };
  return makeDense(identity, incoming, values, {
    completed: { monitor, hyperparameters: complete },
    parameters: { b_hidden: { from: bHidden, shape: [inputs] } },
    state,
    pretraining: { ...complete, takesShares: true, step: stepOf(complete.learningRate, { k, persistent, monitor }) },
  });
}

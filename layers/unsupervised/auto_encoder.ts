/**
 * Autoencoders.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { addFitting } from "../../core/functions/fitting.ts";
import { parametersKind, rankedKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { record } from "../../core/options/nested.ts";
import { finite, share } from "../../core/options/numbers.ts";
import type { Declaration, OptionValues } from "../../core/options/option.ts";
import { bernoulli, normal } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import { grad, valueAndGrad } from "../../core/gradients.ts";
import { binaryCrossentropyOfFinite } from "../../optim/objectives_from_logits.ts";
import { sgd } from "../../optim/updates.ts";
import { readLayer } from "../define_layer.ts";
import { dense, denseKind, type DenseOptions, denseOptions, inputsOf, makeDense } from "../dense.ts";
import { type Activation, activation, ownActivation } from "../get_activation.ts";
import { initialValue, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer, Pretraining } from "../layer.ts";
import { completePretraining, type PretrainingOptions, pretrainingOptions, rowsFor } from "./pretraining.ts";

const paramsKind = parametersKind("W", "b", "b_prime");
const inputsKind = rankedKind(2, "[batch, inputs]");
const weightKind = parametersKind("W", "b?");

/** Parameters of an autoencoder; its decoder shares the weights of the encoder. */
export interface AutoEncoderParameters {
  /** [inputs, units] */
  readonly W: Tensor;
  /** [units] */
  readonly b: Tensor;
  /** [inputs] */
  readonly b_prime: Tensor;
}

/** How the input is corrupted before it is encoded, and how the code is penalized. */
export interface AutoEncoderNoise {
  /** The probability of setting each input to 0; default: 0. */
  readonly corruptionLevel?: number | undefined;
  /** The standard deviation of noise added to each input; default: 0. If it is not 0, no inputs are set to 0. */
  readonly sigma?: number | undefined;
  /** The weight of the contraction in the cost; default: 0. See {@linkcode contraction}. */
  readonly contractionLevel?: number | undefined;
}

/** {@linkcode AutoEncoderNoise}, declared. */
export const noiseOptions = {
  corruptionLevel: share({ default: 0, help: "probability of setting each input to 0" }),
  sigma: finite({ least: 0, default: 0, help: "standard deviation of noise added to each input" }),
  contractionLevel: finite({ least: 0, default: 0, help: "weight of the contraction in the cost" }),
} satisfies Declaration<AutoEncoderNoise>;

const sigmoid = activation({ default: "sigmoid", help: "activation of the code" });

/** Options of {@linkcode autoEncoderCost}. */
export interface AutoEncoderCostOptions extends AutoEncoderNoise {
  /** The activation of the code; default: `sigmoid`. */
  readonly activation?: Activation | undefined;
}

const costOptions = { ...noiseOptions, activation: sigmoid } satisfies Declaration<AutoEncoderCostOptions>;

/** The input of the decoder's sigmoid: code · Wᵀ + b′. */
function decodedLogits({ W, b_prime }: AutoEncoderParameters, code: Tensor): Tensor {
  return addFitting("reconstruct", code.matmul(W.transpose()), { b_prime });
}

/**
 * Reconstructs the input from its code: σ(activation(x · W + b) · Wᵀ + b′).
 *
 * @param x [batch, inputs]
 * @returns [batch, inputs], in 0 … 1
 *
 * @example
 * ```ts
 * import { reconstruct } from "@yadll/yadll/layers";
 * import { tensor, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: zeros([2, 1]), b: zeros([1]), b_prime: zeros([2]) };
 * assertEquals(await reconstruct(params, tensor([[0, 1]])).toArray(), [[0.5, 0.5]]);
 * ```
 */
export function reconstruct(params: AutoEncoderParameters, x: Tensor, activation: Activation = "sigmoid"): Tensor {
  checkArguments("reconstruct", { params }, paramsKind);
  checkArguments("reconstruct", { x }, tensorKind);
  return decodedLogits(params, dense({ W: params.W, b: params.b }, x, activation)).sigmoid();
}

/**
 * The contraction: the mean over examples of ‖∂code/∂x‖², the sum of the squares of all derivatives.
 *
 * Source: Rifai, Vincent, Muller, Glorot and Bengio, "Contractive auto-encoders", 2011.
 *
 * @param x [batch, inputs]
 * @returns a scalar
 *
 * @example
 * ```ts
 * import { contraction } from "@yadll/yadll/layers";
 * import { tensor, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { W: tensor([[3], [4]]), b: zeros([1]), b_prime: zeros([2]) };
 * assertEquals(await contraction(params, zeros([5, 2]), "linear").item(), 25);
 * ```
 */
export function contraction(params: AutoEncoderParameters, x: Tensor, activation: Activation = "sigmoid"): Tensor {
  checkArguments("compute the contraction", { params }, weightKind);
  checkArguments("compute the contraction", { x }, tensorKind);
  const { W, b } = params;
  const activate = ownActivation(activation);
  const slope = grad((sum: Tensor) => activate(sum).sum())(dense({ W, b }, x)); // [batch, unit]
  return slope.square().matmul(W.square().sum({ axis: 0 })).mean();
}

function corrupt(x: Tensor, key: Tensor, { corruptionLevel, sigma }: OptionValues<typeof noiseOptions>): Tensor {
  if (sigma !== 0) return x.add(normal(key, x.shape).mul(sigma));
  return corruptionLevel === 0 ? x : bernoulli(key, 1 - corruptionLevel, x.shape).where(x, 0);
}

/**
 * The objective of an autoencoder's pre-training: the cross-entropy of input and reconstruction, summed over the
 * inputs, plus `contractionLevel` times the {@linkcode contraction}. It is the mean over examples. With noise, the code
 * is that of the corrupted input.
 *
 * Source: Vincent, Larochelle, Bengio and Manzagol, "Extracting and composing robust features with denoising
 * autoencoders", 2008.
 *
 * @param x [batch, inputs], between 0 and 1
 * @returns a scalar
 *
 * @example
 * ```ts
 * import { autoEncoderCost } from "@yadll/yadll/layers";
 * import { random, tensor, zeros } from "@yadll/yadll/core";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const params = { W: zeros([2, 1]), b: zeros([1]), b_prime: zeros([2]) };
 * const cost = autoEncoderCost(params, tensor([[0, 1]]), random.key(1));
 * assertAlmostEquals(await cost.item(), 2 * Math.log(2), 1e-6);
 * ```
 */
export function autoEncoderCost(
  params: AutoEncoderParameters,
  x: Tensor,
  key: Tensor,
  options: AutoEncoderCostOptions = {},
): Tensor {
  checkArguments("compute the cost of an autoencoder", { params }, paramsKind);
  checkArguments("compute the cost of an autoencoder", { x }, inputsKind);
  checkArguments("compute the cost of an autoencoder", { key }, tensorKind);
  const { activation, ...noise } = readOptions("compute the cost of an autoencoder", costOptions, options);
  const noisy = corrupt(x, key, noise);
  const code = dense({ W: params.W, b: params.b }, noisy, activation);
  const inputs = x.shape[1];
  const cost = binaryCrossentropyOfFinite(decodedLogits(params, code), x).mul(inputs).mean();
  const { contractionLevel } = noise;
  return contractionLevel === 0 ? cost : cost.add(contraction(params, noisy, activation).mul(contractionLevel));
}

/** Options of {@linkcode autoEncoder}. */
export interface AutoEncoderOptions extends DenseOptions, AutoEncoderNoise {
  /** Initializer of W, [inputs, units]; default: `["glorotUniform", { gain: "sigmoid" }]`. */
  readonly W?: InitObject | undefined;
  /** The activation of the code; default: `sigmoid`. */
  readonly activation?: Activation | undefined;
  /** Hyperparameters of the pre-training; see {@linkcode PretrainingOptions} for their defaults. */
  readonly hyperparameters?: PretrainingOptions | undefined;
  /** Initializer of the bias of the reconstruction, b′ of [inputs]; default: `constant`, which is zeros. */
  readonly bPrime?: InitObject | undefined;
}

/** The kind of {@linkcode autoEncoder}. */
export const autoEncoderKind = {
  kind: "AutoEncoder",
  options: {
    ...denseOptions,
    W: initialValue({ default: ["glorotUniform", { gain: "sigmoid" }], help: "initializer of W" }),
    activation: sigmoid,
    ...noiseOptions,
    hyperparameters: record<PretrainingOptions>(pretrainingOptions, { help: "hyperparameters of the pre-training" }),
    bPrime: initialValue({ default: "constant", help: "initializer of the bias of the reconstruction" }),
  } satisfies Declaration<AutoEncoderOptions>,
  onlyGiven: [...denseKind.onlyGiven, "sigma" as const, "contractionLevel" as const],
};

/**
 * A dense layer that first learns to reconstruct its input from its code. It can be plain, denoising
 * (`corruptionLevel`), with Gaussian noise (`sigma`), or contractive (`contractionLevel`). Inputs must be between 0
 * and 1; pre-training refuses others.
 *
 * Source: http://deeplearning.net/tutorial/dA.html
 *
 * @example
 * ```ts
 * import { autoEncoder, inputLayer } from "@yadll/yadll/layers";
 * import { random } from "@yadll/yadll/core";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const layer = autoEncoder(inputLayer({ shape: [null, 6] }), { nUnits: 3, corruptionLevel: 0.3 });
 * const x = random.uniform(random.key(2), [4, 6]);
 * const after = layer.pretraining!.step(layer.init(random.key(1)), x, random.key(3));
 * assert(await after.cost.item() > 0);
 * assertEquals(after.params.W.shape, [6, 3]);
 * ```
 */
export function autoEncoder(incoming: Layer, options: AutoEncoderOptions): Layer {
  refuseSurplus("autoEncoder", arguments, 2);
  const { identity, title, values } = readLayer(autoEncoderKind, options, incoming);
  const { corruptionLevel, sigma, contractionLevel, bPrime, activation } = values;
  const inputs = inputsOf(title, incoming, values.leadingAxes);
  const complete = completePretraining(title, values.hyperparameters);
  const noise = { corruptionLevel, sigma, contractionLevel, activation };
  return makeDense(identity, incoming, values, {
    completed: { hyperparameters: complete },
    parameters: { b_prime: { from: bPrime, shape: [inputs] } },
    pretraining: { ...complete, takesShares: true, step: stepOf(complete.learningRate, noise) },
  });
}

function stepOf(learningRate: number, noise: AutoEncoderCostOptions): Pretraining["step"] {
  const rule = sgd({ learningRate });
  return ({ params, state }, input, key) => {
    const x = rowsFor(params.W, input);
    const cost = ({ W, b, b_prime }: typeof params) => autoEncoderCost({ W, b, b_prime }, x, key, noise);
    const [value, gradients] = valueAndGrad(cost)(params);
    return { params: rule.update(gradients, rule.init(params), params).params, state, cost: value };
  };
}

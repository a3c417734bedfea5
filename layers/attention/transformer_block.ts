/**
 * Transformer blocks.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { count, share } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { parametersKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { callable } from "../../core/options/values.ts";
import { splitKeys } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import { keyOf, type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import type { ParameterStart } from "../define_layer.ts";
import { dense } from "../dense.ts";
import { dropElements } from "../dropout/dropout.ts";
import { type Activation, activation } from "../get_activation.ts";
import { initialValue, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer } from "../layer.ts";
import { layerNormalize } from "../normalization/layer_normalization.ts";
import { attendHeads, attentionFeatures, type AttentionParameters, attentionStarts } from "./attention.ts";
import { type HeadsOptions, headsOptions } from "./attention.ts";

/** Parameters of {@linkcode transform}: those of attention, of two normalizations and of two dense layers. */
export interface TransformerParameters extends AttentionParameters {
  /** Scale of the first normalization, [features]. */
  readonly gamma_1: Tensor;
  /** Shift of the first normalization, [features]. */
  readonly beta_1: Tensor;
  /** Scale of the second normalization, [features]. */
  readonly gamma_2: Tensor;
  /** Shift of the second normalization, [features]. */
  readonly beta_2: Tensor;
  /** [features, units] */
  readonly W_1: Tensor;
  /** [units] */
  readonly b_1: Tensor;
  /** [units, features] */
  readonly W_2: Tensor;
  /** [features] */
  readonly b_2: Tensor;
}

/** How {@linkcode transform} computes. */
export interface TransformOptions extends HeadsOptions {
  /** The activation between the two dense layers; default: `gelu`. */
  readonly activation?: Activation | undefined;
  /** The function applied to the output of each half before it is added, such as dropout; default: none. */
  readonly corrupt?: ((x: Tensor, half: 0 | 1) => Tensor) | undefined;
}

const paramsKind = parametersKind("gamma_1", "beta_1?", "gamma_2", "beta_2?", "W_1", "b_1?", "W_2", "b_2?");

const between = activation({ default: "gelu", help: "activation between the two dense layers" });

const transformOptions = {
  ...headsOptions,
  activation: between,
  corrupt: callable<Required<TransformOptions>["corrupt"] & object>({
    otherwise: "none",
    help: "function applied to the output of each half before it is added",
  }),
} satisfies Declaration<TransformOptions>;

/**
 * A transformer block: y + dense(activation(dense(norm(y)))), where y = x + attention(norm(x)).
 *
 * Source: Vaswani and others, "Attention is all you need", 2017; with the normalization first: Xiong and others, "On layer
 * normalization in the transformer architecture", 2020.
 *
 * @param x [batch, time, feature]
 * @returns [batch, time, feature]
 *
 * @example
 * ```ts
 * import { transform, type TransformerParameters } from "@yadll/yadll/layers";
 * import { ones, tensor, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [W, b] = [zeros([2, 2]), zeros([2])];
 * const params: TransformerParameters = {
 *   ...{ W_q: W, b_q: b, W_k: W, b_k: b, W_v: W, b_v: b, W_o: W, b_o: b },
 *   ...{ gamma_1: ones([2]), beta_1: b, gamma_2: ones([2]), beta_2: b, W_1: W, b_1: b, W_2: W, b_2: b },
 * };
 * const x = tensor([[[1, 2], [3, 4]]]); // nothing is added to it
 * assertEquals(await transform(params, x, { nHeads: 1 }).toArray(), [[[1, 2], [3, 4]]]);
 * ```
 */
export function transform(params: TransformerParameters, x: Tensor, options: TransformOptions): Tensor {
  checkArguments("transform", { params }, paramsKind);
  const { nHeads, causal, activation, ...read } = readOptions("transform", transformOptions, options);
  const { corrupt = (x: Tensor) => x } = read;
  const first = layerNormalize({ gamma: params.gamma_1, beta: params.beta_1 }, x);
  const y = x.add(corrupt(attendHeads(params, first, { nHeads, causal }), 0));
  const second = layerNormalize({ gamma: params.gamma_2, beta: params.beta_2 }, y);
  const hidden = dense({ W: params.W_1, b: params.b_1 }, second, activation);
  return y.add(corrupt(dense({ W: params.W_2, b: params.b_2 }, hidden), 1));
}

/** Options of {@linkcode transformerBlock}. */
export interface TransformerBlockOptions extends LayerOptions, HeadsOptions {
  /** Units between the two dense layers; default: four times the features. */
  readonly nUnits?: number | undefined;
  /** The activation between the two dense layers; default: `gelu`. */
  readonly activation?: Activation | undefined;
  /** The dropout probability of the outputs of attention and dense layers in training; default: 0. */
  readonly corruptionLevel?: number | undefined;
  /** Initializer of the matrices; default: `glorotUniform`. */
  readonly W?: InitObject | undefined;
}

/** The kind of {@linkcode transformerBlock}. */
export const transformerBlockKind = {
  kind: "TransformerBlock",
  options: {
    ...layerOptions,
    ...headsOptions,
    nUnits: count({ otherwise: "four times the features", help: "units between the two dense layers" }),
    corruptionLevel: share({
      default: 0,
      help: "dropout probability of the outputs of attention and dense layers in training",
    }),
    activation: between,
    W: initialValue({ default: "glorotUniform", help: "initializer of the matrices" }),
  } satisfies Declaration<TransformerBlockOptions>,
};

/**
 * Attention and two dense layers, each with normalization of its input, and added to it: [batch, time, feature] →
 * [batch, time, feature]; see {@linkcode transform} for the equations.
 *
 * Source: see {@linkcode transform}.
 *
 * @throws {RangeError} if the number of heads does not divide that of the features.
 *
 * @example
 * ```ts
 * import { inputLayer, transformerBlock } from "@yadll/yadll/layers";
 * import { random, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const block = transformerBlock(inputLayer({ shape: [null, 8, 16] }), { nHeads: 4, causal: true });
 * const { params } = block.init(random.key(1));
 * const { output } = block.apply(params, zeros([2, 8, 16]), { train: false, state: {} });
 * assertEquals(output.shape, [2, 8, 16]);
 * ```
 */
export function transformerBlock(incoming: Layer, options: TransformerBlockOptions): Layer {
  refuseSurplus("transformerBlock", arguments, 2);
  const { identity, title, values } = readLayer(transformerBlockKind, options, incoming);
  const { nHeads, causal, activation, corruptionLevel, W } = values;
  const features = attentionFeatures(title, incoming, nHeads);
  const { nUnits = 4 * features } = values;
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: incoming.outputShape,
    values: "any",
    completed: { nUnits },
    parameters: { ...attentionStarts(W, features), ...denseStarts(W, features, nUnits) },
    forward: (params, [x], mode) => {
      const noisy = mode.train && corruptionLevel > 0;
      const keys = noisy ? splitKeys(keyOf(title, mode), 2) : [];
      const corrupt = noisy ? (x: Tensor, half: 0 | 1) => dropElements(x, keys[half], corruptionLevel) : undefined;
      return transform(transformerParameters(params), x, { nHeads, causal, activation, corrupt });
    },
  });
}

/** How the parameters other than those of attention are initialized. */
function denseStarts(W: InitObject, features: number, units: number): Record<string, ParameterStart> {
  const ones: InitObject = ["constant", { value: 1 }];
  return {
    gamma_1: { from: ones, shape: [features] },
    beta_1: { from: "constant", shape: [features] },
    gamma_2: { from: ones, shape: [features] },
    beta_2: { from: "constant", shape: [features] },
    W_1: { from: W, shape: [features, units] },
    b_1: { from: "constant", shape: [units] },
    W_2: { from: W, shape: [units, features] },
    b_2: { from: "constant", shape: [features] },
  };
}

/** The parameters by name, since a plain record of tensors does not guarantee that they exist. */
function transformerParameters(params: Readonly<Record<string, Tensor>>): TransformerParameters {
  const { W_q, b_q, W_k, b_k, W_v, b_v, W_o, b_o, gamma_1, beta_1, gamma_2, beta_2, W_1, b_1, W_2, b_2 } = params;
  return { W_q, b_q, W_k, b_k, W_v, b_v, W_o, b_o, gamma_1, beta_1, gamma_2, beta_2, W_1, b_1, W_2, b_2 };
}

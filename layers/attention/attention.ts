/**
 * Attention.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { softmax } from "../../core/functions/reduction.ts";
import { parametersKind, tensorKind, tensorOption } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import { flag } from "../../core/options/values.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkRank, knownExtent, type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import type { ParameterStart } from "../define_layer.ts";
import { dense } from "../dense.ts";
import { initialValue, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer } from "../layer.ts";

const paramsKind = parametersKind("W_q", "b_q?", "W_k", "b_k?", "W_v", "b_v?", "W_o", "b_o?");

/** The score of pairs of positions that must not see each other; their weights are 0, whatever the other scores are. */
const HIDDEN = -Infinity;

/** How attention is computed. */
export interface AttentionOptions {
  /** Whether each position sees only itself and earlier ones; default: false. */
  readonly causal?: boolean | undefined;
}

const attentionOptions = {
  causal: flag({ default: false, help: "whether each position sees only itself and earlier ones" }),
} satisfies Declaration<AttentionOptions>;

/**
 * Attention: softmax(q · kᵀ / √unit) · v, a mean of the values, weighted by how well their keys fit the query. Positions
 * that are not seen have the weight 0, and 0 · NaN is NaN: the values must be finite there, too.
 *
 * Source: Vaswani and others, "Attention is all you need", 2017.
 *
 * @param q […, query time, unit]
 * @param k […, key time, unit]
 * @param v […, key time, value unit]
 * @returns […, query time, value unit]
 *
 * @example
 * ```ts
 * import { attend } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([[1], [1]]);
 * assertEquals(await attend(x, x, tensor([[2], [4]])).toArray(), [[3], [3]]);
 * assertEquals(await attend(x, x, tensor([[2], [4]]), { causal: true }).toArray(), [[2], [3]]);
 * ```
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  checkArguments("attend", { q, k, v }, tensorKind);
  const { causal } = readOptions("attend", attentionOptions, options);
  const rank = k.shape.length;
  const keys = k.transpose([...k.shape.keys()].map((axis) => axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  const scores = q.matmul(keys).mul(1 / Math.sqrt(q.shape.at(-1) ?? 1)); // […, query time, key time]
  const later = causal ? scores.indexAlong(-1).greater(scores.indexAlong(-2)) : undefined;
  return softmax(later ? later.where(HIDDEN, scores) : scores).matmul(v);
}

/** Parameters of {@linkcode attendHeads}: each W is [features, features], each b is [features]. */
export interface AttentionParameters {
  /** Weights of queries. */
  readonly W_q: Tensor;
  /** Bias of queries. */
  readonly b_q: Tensor;
  /** Weights of keys. */
  readonly W_k: Tensor;
  /** Bias of keys. */
  readonly b_k: Tensor;
  /** Weights of values. */
  readonly W_v: Tensor;
  /** Bias of values. */
  readonly b_v: Tensor;
  /** Weights of the output. */
  readonly W_o: Tensor;
  /** Bias of the output. */
  readonly b_o: Tensor;
}

/** How attention with several heads is computed. */
export interface HeadsOptions extends AttentionOptions {
  /** The number of heads, each with its own part of the features. */
  readonly nHeads: number;
}

/** {@linkcode HeadsOptions}, declared. */
export const headsOptions = {
  nHeads: count({ required: true, help: "number of heads, each with its own part of the features" }),
  ...attentionOptions,
} satisfies Declaration<HeadsOptions>;

/** Options of {@linkcode attendHeads}. */
export interface AttendHeadsOptions extends HeadsOptions {
  /** The sequences from which keys and values are computed, [batch, time, feature]; default: x. */
  readonly source?: Tensor | undefined;
}

const attendHeadsOptions = {
  ...headsOptions,
  source: tensorOption({ otherwise: "x", help: "sequences from which keys and values are computed" }),
} satisfies Declaration<AttendHeadsOptions>;

/** [batch, time, feature] → [batch, head, time, unit] */
function split(x: Tensor, nHeads: number): Tensor {
  const [batch, time, features] = x.shape;
  return x.reshape([batch, time, nHeads, features / nHeads]).transpose([0, 2, 1, 3]);
}

/**
 * Multi-head attention of sequences to themselves, or to `source`: [head₁, head₂, …] · W_o + b_o, where each head is
 * the attention of its part of x · W_q + b_q to its parts of source · W_k + b_k and source · W_v + b_v.
 *
 * Source: Vaswani and others, "Attention is all you need", 2017.
 *
 * @param x [batch, time, feature]
 * @returns [batch, time, feature]
 *
 * @example
 * ```ts
 * import { attendHeads } from "@yadll/yadll/layers";
 * import { eye, tensor, zeros } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const [same, none] = [eye(2), zeros([2])];
 * const params = { W_q: same, b_q: none, W_k: same, b_k: none, W_v: same, b_v: none, W_o: same, b_o: none };
 * const x = tensor([[[1, 3], [1, 3]]]); // two equal positions
 * assertEquals(await attendHeads(params, x, { nHeads: 2 }).toArray(), [[[1, 3], [1, 3]]]);
 * ```
 */
export function attendHeads(params: AttentionParameters, x: Tensor, options: AttendHeadsOptions): Tensor {
  checkArguments("attend", { params }, paramsKind);
  checkArguments("attend", { x }, tensorKind);
  const { nHeads, causal, source = x } = readOptions("attend", attendHeadsOptions, options);
  const q = split(dense({ W: params.W_q, b: params.b_q }, x), nHeads);
  const k = split(dense({ W: params.W_k, b: params.b_k }, source), nHeads);
  const v = split(dense({ W: params.W_v, b: params.b_v }, source), nHeads);
  const heads = attend(q, k, v, { causal }); // [batch, head, time, unit]
  return dense({ W: params.W_o, b: params.b_o }, heads.transpose([0, 2, 1, 3]).reshape(x.shape));
}

/** How the parameters of {@linkcode attendHeads} are initialized. */
export function attentionStarts(W: InitObject, features: number): Record<string, ParameterStart> {
  const starts = ["q", "k", "v", "o"].flatMap((part): [string, ParameterStart][] => [
    [`W_${part}`, { from: W, shape: [features, features] }],
    [`b_${part}`, { from: "constant", shape: [features] }],
  ]);
  return Object.fromEntries(starts);
}

/** Checks the input of a layer with attention, and returns its number of features. */
export function attentionFeatures(title: string, { outputShape }: Layer, nHeads: number): number {
  checkRank(title, outputShape, ["batch", "time", "feature"]);
  const features = knownExtent(title, outputShape, 2);
  if (features % nHeads === 0) return features;
  throw new RangeError(`Cannot make ${title}: expected nHeads to divide its ${features} features, got ${nHeads}`);
}

/** Options of {@linkcode multiHeadAttention}. */
export interface MultiHeadAttentionOptions extends LayerOptions, HeadsOptions {
  /** Initializer of the matrices, [features, features]; default: `glorotUniform`. */
  readonly W?: InitObject | undefined;
}

/** The kind of {@linkcode multiHeadAttention}. */
export const multiHeadAttentionKind = {
  kind: "MultiHeadAttention",
  options: {
    ...layerOptions,
    ...headsOptions,
    W: initialValue({ default: "glorotUniform", help: "initializer of the matrices" }),
  } satisfies Declaration<MultiHeadAttentionOptions>,
};

/**
 * Multi-head attention of sequences to themselves, [batch, time, feature] → [batch, time, feature]; see
 * {@linkcode attendHeads} for the equation. With `causal`, no position sees a later one.
 *
 * Source: Vaswani and others, "Attention is all you need", 2017.
 *
 * @throws {RangeError} if the number of heads does not divide that of the features.
 *
 * @example
 * ```ts
 * import { inputLayer, multiHeadAttention } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const sequence = inputLayer({ shape: [null, 8, 16] });
 * assertEquals(multiHeadAttention(sequence, { nHeads: 4, causal: true }).outputShape, [null, 8, 16]);
 * ```
 */
export function multiHeadAttention(incoming: Layer, options: MultiHeadAttentionOptions): Layer {
  refuseSurplus("multiHeadAttention", arguments, 2);
  const { identity, title, values: { nHeads, causal, W } } = readLayer(multiHeadAttentionKind, options, incoming);
  const features = attentionFeatures(title, incoming, nHeads);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: incoming.outputShape,
    values: "any",
    parameters: attentionStarts(W, features),
    forward: ({ W_q, b_q, W_k, b_k, W_v, b_v, W_o, b_o }, [x]) =>
      attendHeads({ W_q, b_q, W_k, b_k, W_v, b_v, W_o, b_o }, x, { nHeads, causal }),
  });
}

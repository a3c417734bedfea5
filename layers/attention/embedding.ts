/**
 * Learned vectors for tokens and for positions.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { gatherNamed } from "../../core/functions/selection.ts";
import { parametersKind, tensorKind } from "../../core/options/kinds.ts";
import { checkArguments } from "../../core/options/read.ts";
import { normalizeAxis } from "../../core/shape.ts";
import { count } from "../../core/options/numbers.ts";
import type { Declaration } from "../../core/options/option.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkRank, knownExtent, type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import { initialValue, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer } from "../layer.ts";

const paramsKind = parametersKind("W");

/**
 * The rows of W that belong to tokens: W[tokens].
 *
 * @param W [tokens, units]
 * @param tokens whole numbers from 0, of any shape
 * @returns [...tokens, units]
 * @throws {RangeError} for a token without a row, if the host has the tokens. If only a device has them, the nearest row
 * is taken, and the next read throws.
 *
 * @example
 * ```ts
 * import { embed } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const W = tensor([[1, 2], [3, 4]]);
 * assertEquals(await embed({ W }, tensor([[1, 0]])).toArray(), [[[3, 4], [1, 2]]]);
 * ```
 */
export function embed(params: { readonly W: Tensor }, tokens: Tensor): Tensor {
  return lookUp(params, tokens, "the table");
}

/** Looks up tokens; messages call the rows `table`. */
function lookUp(params: { readonly W: Tensor }, tokens: Tensor, table: string): Tensor {
  checkArguments("look up tokens", { params }, paramsKind);
  checkArguments("look up tokens", { tokens }, tensorKind);
  normalizeAxis(0, params.W.shape.length, "look up tokens");
  return gatherNamed(params.W, tokens, { axis: 0, action: "look up token", table, entries: "rows" });
}

/** Options of {@linkcode embedding}. */
export interface EmbeddingOptions extends LayerOptions {
  /** The number of different tokens, which are numbered from 0. */
  readonly nTokens: number;
  /** The length of a vector. */
  readonly nUnits: number;
  /** Initializer of W, [tokens, units]; default: `["normal", { scale: 0.05 }]`. */
  readonly W?: InitObject | undefined;
}

const W = initialValue({ default: ["normal", { scale: 0.05 }], help: "initializer of W" });

/** The kind of {@linkcode embedding}. */
export const embeddingKind = {
  kind: "Embedding",
  options: {
    ...layerOptions,
    nTokens: count({ required: true, help: "number of different tokens" }),
    nUnits: count({ required: true, help: "length of a vector" }),
    W,
  } satisfies Declaration<EmbeddingOptions>,
};

/**
 * A learned vector for each token: [batch, …] → [batch, …, unit].
 *
 * Source: Bengio, Ducharme, Vincent and Jauvin, "A neural probabilistic language model", 2003.
 *
 * @example
 * ```ts
 * import { embedding, inputLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const tokens = inputLayer({ shape: [null, 8] });
 * assertEquals(embedding(tokens, { nTokens: 26, nUnits: 16 }).outputShape, [null, 8, 16]);
 * ```
 */
export function embedding(incoming: Layer, options: EmbeddingOptions): Layer {
  refuseSurplus("embedding", arguments, 2);
  const { identity, title, values: { nTokens, nUnits, W } } = readLayer(embeddingKind, options, incoming);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: [...incoming.outputShape, nUnits],
    values: "any",
    parameters: { W: { from: W, shape: [nTokens, nUnits] } },
    forward: ({ W }, [tokens]) => lookUp({ W }, tokens, `the table of ${title}`),
  });
}

/** Options of {@linkcode positionEmbedding}. */
export interface PositionEmbeddingOptions extends LayerOptions {
  /** Initializer of W, [time, feature]; default: `["normal", { scale: 0.05 }]`. */
  readonly W?: InitObject | undefined;
}

/** The kind of {@linkcode positionEmbedding}. */
export const positionEmbeddingKind = {
  kind: "PositionEmbedding",
  options: { ...layerOptions, W } satisfies Declaration<PositionEmbeddingOptions>,
};

/**
 * Adds a learned vector for each position in the sequence: x + W, [batch, time, feature] → [batch, time, feature].
 *
 * Source: Gehring, Auli, Grangier, Yarats and Dauphin, "Convolutional sequence to sequence learning", 2017.
 *
 * @example
 * ```ts
 * import { inputLayer, positionEmbedding } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(positionEmbedding(inputLayer({ shape: [null, 8, 16] })).outputShape, [null, 8, 16]);
 * ```
 */
export function positionEmbedding(incoming: Layer, options?: PositionEmbeddingOptions): Layer {
  refuseSurplus("positionEmbedding", arguments, 2);
  const { identity, title, values: { W } } = readLayer(positionEmbeddingKind, options, incoming);
  const shape = incoming.outputShape;
  checkRank(title, shape, ["batch", "time", "feature"]);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: shape,
    values: "any",
    parameters: { W: { from: W, shape: [knownExtent(title, shape, 1), knownExtent(title, shape, 2)] } },
    forward: ({ W }, [x]) => x.add(W),
  });
}

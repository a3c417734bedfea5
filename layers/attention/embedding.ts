/**
 * Vectors for tokens and for places.
 *
 * @module
 */

import { gather } from "../../core/functions/selection.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkCount, checkRank, knownExtent, type LayerOptions, makeLayer, titleOf } from "../define.ts";
import { describeInitializer, type InitObject } from "../initialization/get_initializer.ts";
import type { Layer } from "../layer.ts";

/**
 * The rows of W at these numbers.
 *
 * @param W [tokens, units]
 * @param tokens whole numbers of any shape
 * @returns shape of the tokens with the units appended
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
export function embed({ W }: { readonly W: Tensor }, tokens: Tensor): Tensor {
  return gather(W, tokens, 0);
}

/** Options of {@linkcode embedding}. */
export interface EmbeddingOptions extends LayerOptions {
  /** How many different tokens there are; they are numbered from 0. */
  readonly nTokens: number;
  /** The length of a vector. */
  readonly nUnits: number;
  /** How W, [tokens, units], begins; normal with standard deviation 0.05 where not given. */
  readonly W?: InitObject | undefined;
}

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
  const { nTokens, nUnits, W = ["normal", { scale: 0.05 }], name } = options;
  const kind = "Embedding";
  const title = titleOf({ kind, name });
  checkCount(title, "nTokens", nTokens);
  checkCount(title, "nUnits", nUnits);
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: [...incoming.outputShape, nUnits],
    configuration: { nTokens, nUnits, W: describeInitializer(W) },
    parameters: { W: { from: W, shape: [nTokens, nUnits] } },
    forward: ({ W }, [tokens]) => embed({ W }, tokens),
  });
}

/** Options of {@linkcode positionEmbedding}. */
export interface PositionEmbeddingOptions extends LayerOptions {
  /** How W, [time, feature], begins; normal with standard deviation 0.05 where not given. */
  readonly W?: InitObject | undefined;
}

/**
 * Adds a learned vector for each place in the sequence: [batch, time, feature] → the same.
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
export function positionEmbedding(
  incoming: Layer,
  { W = ["normal", { scale: 0.05 }], name }: PositionEmbeddingOptions = {},
): Layer {
  const kind = "PositionEmbedding";
  const title = titleOf({ kind, name });
  const shape = incoming.outputShape;
  checkRank(title, shape, ["batch", "time", "feature"]);
  return makeLayer({
    kind,
    name,
    incoming: [incoming],
    outputShape: shape,
    configuration: { W: describeInitializer(W) },
    parameters: { W: { from: W, shape: [knownExtent(title, shape, 1), knownExtent(title, shape, 2)] } },
    forward: ({ W }, [x]) => x.add(W),
  });
}

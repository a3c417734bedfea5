/**
 * All kinds of layers: their exports, and their names in configurations. Each new kind adds its lines here.
 *
 * @module
 */

import type { Json } from "../core/json.ts";
import { listKind, objectKind } from "../core/options/kinds.ts";
import { checkArgument, checkArguments } from "../core/options/read.ts";
import type { Declaration } from "../core/options/option.ts";
import { findNamed } from "../core/options/nested.ts";
import { activationKind, activationLayer } from "./activation_layer.ts";
import { multiHeadAttention, multiHeadAttentionKind } from "./attention/attention.ts";
import { embedding, embeddingKind, positionEmbedding, positionEmbeddingKind } from "./attention/embedding.ts";
import { transformerBlock, transformerBlockKind } from "./attention/transformer_block.ts";
import { convKind, convLayer } from "./convolution/conv.ts";
import { convPoolKind, convPoolLayer } from "./convolution/conv_pool.ts";
import { globalPool, globalPoolKind } from "./convolution/global_pool.ts";
import { poolKind, poolLayer } from "./convolution/pool.ts";
import { separableConvKind, separableConvLayer } from "./convolution/separable_conv.ts";
import { type LayerKind, type LayerOptions, titleOf } from "./define_layer.ts";
import { denseKind, denseLayer, logisticRegression, logisticRegressionKind } from "./dense.ts";
import { alphaDropout, alphaDropoutKind } from "./dropout/alpha_dropout.ts";
import { dropconnect, dropconnectKind } from "./dropout/dropconnect.ts";
import { dropout, dropoutKind } from "./dropout/dropout.ts";
import { inputKind, inputLayer } from "./input.ts";
import { addKind, addLayer, concatenateKind, concatenateLayer } from "./join.ts";
import type { Layer } from "./layer.ts";
import { batchNormalization, batchNormalizationKind } from "./normalization/batch_normalization.ts";
import { layerNormalization, layerNormalizationKind } from "./normalization/layer_normalization.ts";
import { bnLstm, bnLstmKind } from "./recurrent/bn_lstm.ts";
import { gru, gruKind } from "./recurrent/gru.ts";
import { lstm, lstmKind } from "./recurrent/lstm.ts";
import type { Sequences } from "./recurrent/recurrent.ts";
import { rnn, rnnKind } from "./recurrent/rnn.ts";
import { flattenKind, flattenLayer, reshapeKind, reshapeLayer } from "./reshape.ts";
import { autoEncoder, autoEncoderKind } from "./unsupervised/auto_encoder.ts";
import { rbm, rbmKind } from "./unsupervised/rbm.ts";

const configurationKind = objectKind("its kind and configuration", "kind");
const optionsKind = objectKind("a record of options");
const incomingKind = listKind("incoming layers");

export { activationLayer, type ActivationLayerOptions } from "./activation_layer.ts";
export { attend, attendHeads, type AttendHeadsOptions, type AttentionOptions } from "./attention/attention.ts";
export { type AttentionParameters, type HeadsOptions } from "./attention/attention.ts";
export { multiHeadAttention, type MultiHeadAttentionOptions } from "./attention/attention.ts";
export { embed, embedding, type EmbeddingOptions } from "./attention/embedding.ts";
export { positionEmbedding, type PositionEmbeddingOptions } from "./attention/embedding.ts";
export { transform, type TransformerParameters, type TransformOptions } from "./attention/transformer_block.ts";
export { transformerBlock, type TransformerBlockOptions } from "./attention/transformer_block.ts";
export { type BorderMode, type ConvolutionGeometry, type ConvolutionParameters, convolve } from "./convolution/conv.ts";
export { convLayer, type ConvOptions, type FilterOptions } from "./convolution/conv.ts";
export { convolvePool, type ConvolvePoolOptions } from "./convolution/conv_pool.ts";
export { convPoolLayer, type ConvPoolOptions } from "./convolution/conv_pool.ts";
export { globalPool, type GlobalPoolMode, type GlobalPoolOptions } from "./convolution/global_pool.ts";
export { type Pair, pool, type PoolGeometry, poolLayer, type PoolMode, type PoolOptions } from "./convolution/pool.ts";
export { separableConvolve, type SeparableParameters } from "./convolution/separable_conv.ts";
export { separableConvLayer, type SeparableConvOptions } from "./convolution/separable_conv.ts";
export { dense, denseLayer, type DenseOptions, type DenseParameters } from "./dense.ts";
export { logisticRegression, type LogisticRegressionOptions } from "./dense.ts";
export { alphaDropElements, alphaDropout } from "./dropout/alpha_dropout.ts";
export { dropconnect, type DropconnectOptions } from "./dropout/dropconnect.ts";
export { dropElements, dropout, type DropoutOptions } from "./dropout/dropout.ts";
export { inputLayer, type InputOptions } from "./input.ts";
export { addLayer, concatenateLayer, type ConcatenateOptions } from "./join.ts";
export { batchNormalization, type BatchNormalizationOptions } from "./normalization/batch_normalization.ts";
export { batchNormalize, type BatchNormalizeOptions } from "./normalization/batch_normalization.ts";
export { batchStatistics, type Statistics } from "./normalization/batch_normalization.ts";
export type { NormalizationParameters } from "./normalization/batch_normalization.ts";
export { layerNormalization, type LayerNormalizationOptions } from "./normalization/layer_normalization.ts";
export { layerNormalize } from "./normalization/layer_normalization.ts";
export { bnLstm, type BnLstmOptions } from "./recurrent/bn_lstm.ts";
export { gru, type GruOptions, type GruParameters, gruSequence } from "./recurrent/gru.ts";
export { lstm, type LstmOptions, type LstmParameters, lstmSequence } from "./recurrent/lstm.ts";
export { rnn, type RnnOptions, type RnnParameters, rnnSequence } from "./recurrent/rnn.ts";
export { flatten, flattenLayer, type FlattenOptions, reshapeLayer, type ReshapeOptions } from "./reshape.ts";
export { autoEncoder, type AutoEncoderOptions, type AutoEncoderParameters } from "./unsupervised/auto_encoder.ts";
export { autoEncoderCost, type AutoEncoderCostOptions, type AutoEncoderNoise } from "./unsupervised/auto_encoder.ts";
export { contraction, reconstruct } from "./unsupervised/auto_encoder.ts";
export { contrastiveDivergence, type ContrastiveOptions, type Divergence } from "./unsupervised/rbm.ts";
export { type DivergenceOptions, rbm, type RbmOptions, reconstructionCost } from "./unsupervised/rbm.ts";

/** The data from which a layer can be rebuilt, given its incoming layers. */
export interface LayerConfiguration {
  /** The layer's kind, such as `DenseLayer`. */
  readonly kind: string;
  /** The name of the layer, if it has one. */
  readonly name?: string | undefined;
  /** The options of the function that makes layers of this kind. */
  readonly configuration: { readonly [key: string]: Json };
}

/** The functions check their options themselves, so options read from a file can be passed to them directly. */
type Maker = (incoming: readonly Layer[], options: never, title: string) => Layer;

/** The name of a kind, and the function that makes a layer of it. */
type Row = readonly [kind: string, make: Maker];

/** A kind of layer whose function takes options that its kind declares. */
type KindOf<O> = Pick<LayerKind, "kind"> & { readonly options: Declaration<O> };

/** A kind without incoming layers. */
function source<O extends LayerOptions>({ kind }: KindOf<O>, make: (options: O) => Layer): Row {
  return [kind, (_incoming, options) => make(options)];
}

/** A kind with one incoming layer. */
function single<O extends LayerOptions>({ kind }: KindOf<O>, make: (incoming: Layer, options: O) => Layer): Row {
  return [kind, (incoming, options, title) => {
    if (incoming.length === 1) return make(incoming[0], options);
    throw new TypeError(`Cannot make ${title}: expected one incoming layer, got ${incoming.length}`);
  }];
}

/** A kind whose incoming layers are sequences and, optionally, their lengths. */
function recurrent<O extends LayerOptions>(
  { kind }: KindOf<O>,
  make: (sequences: Sequences, options: O) => Layer,
): Row {
  return [kind, (incoming, options, title) => {
    const [sequences, lengths] = incoming;
    if (incoming.length === 1) return make([sequences], options);
    if (incoming.length === 2) return make([sequences, lengths], options);
    throw new TypeError(`Cannot make ${title}: expected one or two incoming layers, got ${incoming.length}`);
  }];
}

/** A kind with any number of incoming layers. */
function several<O extends LayerOptions>(
  { kind }: KindOf<O>,
  make: (incoming: readonly Layer[], options: O) => Layer,
): Row {
  return [kind, (incoming, options) => make(incoming, options)];
}

const makers: Readonly<Record<string, Maker>> = Object.fromEntries([
  source(inputKind, inputLayer),
  single(reshapeKind, reshapeLayer),
  single(flattenKind, flattenLayer),
  single(activationKind, activationLayer),
  single(denseKind, denseLayer),
  single(logisticRegressionKind, logisticRegression),
  single(dropoutKind, dropout),
  single(alphaDropoutKind, alphaDropout),
  single(dropconnectKind, dropconnect),
  single(poolKind, poolLayer),
  single(globalPoolKind, globalPool),
  single(convKind, convLayer),
  single(convPoolKind, convPoolLayer),
  single(separableConvKind, separableConvLayer),
  single(batchNormalizationKind, batchNormalization),
  single(layerNormalizationKind, layerNormalization),
  single(embeddingKind, embedding),
  single(positionEmbeddingKind, positionEmbedding),
  single(multiHeadAttentionKind, multiHeadAttention),
  single(transformerBlockKind, transformerBlock),
  single(autoEncoderKind, autoEncoder),
  single(rbmKind, rbm),
  recurrent(rnnKind, rnn),
  recurrent(lstmKind, lstm),
  recurrent(gruKind, gru),
  single(bnLstmKind, bnLstm),
  several(concatenateKind, concatenateLayer),
  several(addKind, addLayer),
]);

/** The names of all kinds of layers. */
export const layerKinds: readonly string[] = Object.keys(makers);

/**
 * Makes a layer from its kind and configuration, which are those of the layer's record and of files.
 *
 * @throws {RangeError} if the kind or an option is unknown; the message suggests the nearest name.
 * @throws {TypeError} if the configuration does not fit the incoming layers.
 *
 * @example
 * ```ts
 * import { denseLayer, inputLayer, layerFromConfiguration } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 784] });
 * const { kind, configuration } = denseLayer(input, { nUnits: 500 });
 * const again = layerFromConfiguration({ kind, configuration: JSON.parse(JSON.stringify(configuration)) }, [input]);
 * assertEquals(again.outputShape, [null, 500]);
 * ```
 */
export function layerFromConfiguration(
  given: LayerConfiguration,
  incoming: readonly Layer[],
): Layer {
  checkArgument("make a layer", given, configurationKind);
  checkArgument("make a layer", incoming, incomingKind);
  const { kind, name, configuration } = given;
  const make = findNamed(makers, kind, "layer of kind");
  checkArguments(`make ${kind}`, { configuration }, optionsKind);
  return make(incoming, { ...configuration, name } as never, titleOf({ kind, name }));
}

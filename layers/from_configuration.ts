/**
 * Layers from their configurations.
 *
 * @module
 */

import { suggestName } from "../core/nearest.ts";
import { activationLayer } from "./activation_layer.ts";
import { alphaDropout } from "./dropout/alpha_dropout.ts";
import { multiHeadAttention } from "./attention/attention.ts";
import { autoEncoder } from "./unsupervised/auto_encoder.ts";
import { batchNormalization } from "./normalization/batch_normalization.ts";
import { bnLstm } from "./recurrent/bn_lstm.ts";
import { convLayer } from "./convolution/conv.ts";
import { convPoolLayer } from "./convolution/conv_pool.ts";
import { titleOf } from "./define.ts";
import { denseLayer, logisticRegression } from "./dense.ts";
import { dropconnect } from "./dropout/dropconnect.ts";
import { dropout } from "./dropout/dropout.ts";
import { embedding, positionEmbedding } from "./attention/embedding.ts";
import { globalPool } from "./convolution/global_pool.ts";
import { gru } from "./recurrent/gru.ts";
import { inputLayer } from "./input.ts";
import { addLayer, concatenateLayer } from "./join.ts";
import type { Json, Layer } from "./layer.ts";
import { layerNormalization } from "./normalization/layer_normalization.ts";
import { lstm } from "./recurrent/lstm.ts";
import { poolLayer } from "./convolution/pool.ts";
import { rbm } from "./unsupervised/rbm.ts";
import type { Sequences } from "./recurrent/recurrent.ts";
import { flattenLayer, reshapeLayer } from "./reshape.ts";
import { rnn } from "./recurrent/rnn.ts";
import { separableConvLayer } from "./convolution/separable_conv.ts";
import { transformerBlock } from "./attention/transformer_block.ts";

/** What makes a layer again, besides the layers it takes its input from. */
export interface LayerConfiguration {
  /** The layer's kind, such as `DenseLayer`. */
  readonly kind: string;
  /** The layer's name, where it has one. */
  readonly name?: string | undefined;
  /** The options of the kind's function. */
  readonly configuration: { readonly [key: string]: Json };
}

/** The functions check their options themselves, so that those read from a file may be handed to them as they are. */
type Maker = (incoming: readonly Layer[], options: never, title: string) => Layer;

/** A layer with one incoming layer. */
function single(make: (incoming: Layer, options: never) => Layer): Maker {
  return (incoming, options, title) => {
    if (incoming.length === 1) return make(incoming[0], options);
    throw new TypeError(`Cannot make ${title}: expected one incoming layer, got ${incoming.length}`);
  };
}

/** Sequences, and perhaps their lengths. */
function sequencesOf(incoming: readonly Layer[], title: string): Sequences {
  const [sequences, lengths] = incoming;
  if (incoming.length === 1) return [sequences];
  if (incoming.length === 2) return [sequences, lengths];
  throw new TypeError(`Cannot make ${title}: expected one or two incoming layers, got ${incoming.length}`);
}

const makers: Readonly<Record<string, Maker>> = {
  InputLayer: (_incoming, options) => inputLayer(options),
  ReshapeLayer: single(reshapeLayer),
  FlattenLayer: single(flattenLayer),
  Activation: single(activationLayer),
  DenseLayer: single(denseLayer),
  LogisticRegression: single(logisticRegression),
  Dropout: single(dropout),
  AlphaDropout: single(alphaDropout),
  Dropconnect: single(dropconnect),
  PoolLayer: single(poolLayer),
  GlobalPool: single(globalPool),
  ConvLayer: single(convLayer),
  ConvPoolLayer: single(convPoolLayer),
  SeparableConvLayer: single(separableConvLayer),
  BatchNormalization: single(batchNormalization),
  LayerNormalization: single(layerNormalization),
  Embedding: single(embedding),
  PositionEmbedding: single(positionEmbedding),
  MultiHeadAttention: single(multiHeadAttention),
  TransformerBlock: single(transformerBlock),
  AutoEncoder: single(autoEncoder),
  RBM: single(rbm),
  RNN: (incoming, options, title) => rnn(sequencesOf(incoming, title), options),
  LSTM: (incoming, options, title) => lstm(sequencesOf(incoming, title), options),
  GRU: (incoming, options, title) => gru(sequencesOf(incoming, title), options),
  BNLSTM: single(bnLstm),
  ConcatenateLayer: (incoming, options) => concatenateLayer(incoming, options),
  AddLayer: (incoming, options) => addLayer(incoming, options),
};

/** The kinds of layers that can be made from a configuration. */
export const layerKinds: readonly string[] = Object.keys(makers);

/**
 * The layer of a kind with a configuration, as they are in the layer's record and in configuration files.
 *
 * @throws {RangeError} for an unknown kind; the message has the nearest known one.
 * @throws {TypeError} for a configuration that does not fit the incoming layers.
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
  { kind, name, configuration }: LayerConfiguration,
  incoming: readonly Layer[],
): Layer {
  if (!Object.hasOwn(makers, kind)) {
    throw new RangeError(`Cannot make a layer of kind ${JSON.stringify(kind)}${suggestName(kind, layerKinds)}`);
  }
  return makers[kind](incoming, { ...configuration, name } as never, titleOf({ kind, name }));
}

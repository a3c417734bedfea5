/**
 * Layers, their activations and first values.
 *
 * @module
 */

export * from "./activation_layer.ts";
export * from "../core/functions/activations.ts";
export * from "./dropout/alpha_dropout.ts";
export {
  attend,
  attendHeads,
  type AttendHeadsOptions,
  type AttentionOptions,
  type AttentionParameters,
  type HeadsOptions,
} from "./attention/attention.ts";
export { multiHeadAttention, type MultiHeadAttentionOptions } from "./attention/attention.ts";
export * from "./unsupervised/auto_encoder.ts";
export * from "./normalization/batch_normalization.ts";
export * from "./recurrent/bn_lstm.ts";
export { type BorderMode, type ConvolutionGeometry, type ConvolutionParameters, convolve } from "./convolution/conv.ts";
export { convLayer, type ConvOptions, type FilterOptions } from "./convolution/conv.ts";
export * from "./convolution/conv_pool.ts";
export type { LayerOptions, PenaltyOptions } from "./define.ts";
export { dense, denseLayer, type DenseOptions, type DenseParameters } from "./dense.ts";
export { logisticRegression, type LogisticRegressionOptions } from "./dense.ts";
export * from "./dropout/dropconnect.ts";
export * from "./dropout/dropout.ts";
export * from "./attention/embedding.ts";
export * from "./from_configuration.ts";
export { type Activation, type ActivationName, getActivation } from "./get_activation.ts";
export * from "./convolution/global_pool.ts";
export * from "./recurrent/gru.ts";
export * from "./initialization/initializers.ts";
export { type Given, initializer, type InitializerName, type InitObject } from "./initialization/get_initializer.ts";
export * from "./input.ts";
export * from "./join.ts";
export type * from "./layer.ts";
export * from "./normalization/layer_normalization.ts";
export { lstm, type LstmOptions, type LstmParameters, lstmSequence } from "./recurrent/lstm.ts";
export { type Pair, pool, type PoolGeometry, poolLayer, type PoolMode, type PoolOptions } from "./convolution/pool.ts";
export type { PretrainingOptions } from "./unsupervised/pretraining.ts";
export * from "./unsupervised/rbm.ts";
export * from "./unsupervised/rbm_sampling.ts";
export type { RecurrentOptions, SequenceOptions, Sequences } from "./recurrent/recurrent.ts";
export * from "./reshape.ts";
export * from "./recurrent/rnn.ts";
export * from "./convolution/separable_conv.ts";
export * from "./attention/transformer_block.ts";

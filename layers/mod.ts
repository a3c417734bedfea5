/**
 * Layers, their activations and first values.
 *
 * @module
 */

export * from "./activation_layer.ts";
export * from "../core/functions/activations.ts";
export * from "./alpha_dropout.ts";
export {
  attend,
  attendHeads,
  type AttendHeadsOptions,
  type AttentionOptions,
  type AttentionParameters,
  type HeadsOptions,
} from "./attention.ts";
export { multiHeadAttention, type MultiHeadAttentionOptions } from "./attention.ts";
export * from "./auto_encoder.ts";
export * from "./batch_normalization.ts";
export * from "./bn_lstm.ts";
export { type BorderMode, type ConvolutionGeometry, type ConvolutionParameters, convolve } from "./conv.ts";
export { convLayer, type ConvOptions, type FilterOptions } from "./conv.ts";
export * from "./conv_pool.ts";
export type { LayerOptions, PenaltyOptions } from "./define.ts";
export { dense, denseLayer, type DenseOptions, type DenseParameters } from "./dense.ts";
export { logisticRegression, type LogisticRegressionOptions } from "./dense.ts";
export * from "./dropconnect.ts";
export * from "./dropout.ts";
export * from "./embedding.ts";
export * from "./from_configuration.ts";
export { type Activation, type ActivationName, getActivation } from "./get_activation.ts";
export * from "./global_pool.ts";
export * from "./gru.ts";
export * from "./initializers.ts";
export { type Given, initializer, type InitializerName, type InitObject } from "./get_initializer.ts";
export * from "./input.ts";
export * from "./join.ts";
export type * from "./layer.ts";
export * from "./layer_normalization.ts";
export { lstm, type LstmOptions, type LstmParameters, lstmSequence } from "./lstm.ts";
export { type Pair, pool, type PoolGeometry, poolLayer, type PoolMode, type PoolOptions } from "./pool.ts";
export type { PretrainingOptions } from "./pretraining.ts";
export * from "./rbm.ts";
export * from "./rbm_sampling.ts";
export type { RecurrentOptions, SequenceOptions, Sequences } from "./recurrent.ts";
export * from "./reshape.ts";
export * from "./rnn.ts";
export * from "./separable_conv.ts";
export * from "./transformer_block.ts";

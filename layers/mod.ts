/**
 * Layers, activation functions and initializers.
 *
 * @module
 */

export * from "../core/functions/activations.ts";
export type { LayerOptions, PenaltyOptions } from "./define_layer.ts";
export { type Activation, type ActivationName, getActivation } from "./get_activation.ts";
export { type Given, initializer, type InitializerName, type InitObject } from "./initialization/get_initializer.ts";
export * from "./initialization/initializers.ts";
export * from "./registry.ts";
export type * from "./layer.ts";
export type { OutputValues } from "./output_values.ts";
export { type NextLayer, sequential } from "./sequential.ts";
export type { RecurrentOptions, SequenceOptions, Sequences } from "./recurrent/recurrent.ts";
export type { PretrainingOptions } from "./unsupervised/pretraining.ts";
export * from "./unsupervised/rbm_sampling.ts";

/**
 * Layers, their activations and first values.
 *
 * @module
 */

export * from "./activation.ts";
export * from "./activations.ts";
export * from "./conv.ts";
export * from "./conv_pool.ts";
export type { LayerOptions, PenaltyOptions } from "./define.ts";
export { dense, denseLayer, type DenseOptions, type DenseParameters } from "./dense.ts";
export { logisticRegression, type LogisticRegressionOptions } from "./dense.ts";
export * from "./dropout.ts";
export { type Activation, type ActivationName, getActivation } from "./get_activation.ts";
export * from "./init.ts";
export { type Given, initializer, type InitializerName, type InitObject } from "./initializer.ts";
export * from "./input.ts";
export type * from "./layer.ts";
export * from "./pool.ts";
export * from "./reshape.ts";

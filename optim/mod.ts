/**
 * Objectives, metrics, update rules and learning rate schedules.
 *
 * @module
 */

export { adam, adamax, type AdamOptions, adamw, type AdamwOptions, nadam } from "./adam.ts";
export { adadelta, adagrad, type AdaptiveOptions, type AverageOptions, rmsprop } from "./adaptive.ts";
export * from "./aliases.ts";
export { chain, type ChainPart } from "./chain.ts";
export * from "./chain_settings.ts";
export * from "./clipping.ts";
export { type Mask, masked, parametersOf } from "./masks.ts";
export { binaryAccuracy, binaryError, type BinaryOptions, categoricalAccuracy, categoricalError } from "./metrics.ts";
export { average, weightDecay } from "./parameter_transforms.ts";
export {
  binaryCrossentropyError,
  binaryCrossentropyFromLogits,
  binaryHingeError,
  categoricalCrossentropyError,
  categoricalCrossentropyFromLogits,
  categoricalHingeError,
  type FromLogitsOptions,
  huberError,
  type HuberOptions,
  kullbackLeiblerDivergence,
  meanAbsoluteError,
  meanSquaredError,
  type Objective,
  rootMeanSquaredError,
} from "./objectives.ts";
export { getObjective, getUpdate, metrics, objectives, type UpdateMaker, updates } from "./registry.ts";
export * from "./schedules.ts";
export type { Schedule, UpdateRule, UpdateState } from "./update_rule.ts";
export type { PartConfiguration, Update, UpdateContext, UpdateTransform } from "./update_transform.ts";
export { momentum, type MomentumOptions, nesterovMomentum, sgd, type UpdateOptions } from "./updates.ts";

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
  binaryHingeError,
  categoricalCrossentropyError,
  categoricalHingeError,
  huberError,
  type HuberOptions,
  kullbackLeiblerDivergence,
  meanAbsoluteError,
  meanSquaredError,
  type Objective,
  rootMeanSquaredError,
} from "./objectives.ts";
export {
  binaryCrossentropyFromLogits,
  categoricalCrossentropyFromLogits,
  type FromLogitsOptions,
} from "./objectives_from_logits.ts";
export { getObjective, getUpdate, metrics, objectives, type UpdateMaker, updates } from "./registry.ts";
export { getMetric } from "./metric_registry.ts";
export { accuracy, type ThresholdOptions, topKAccuracy, type TopKOptions } from "./set_metrics/accuracy.ts";
export { auc, type AucOptions } from "./set_metrics/auc.ts";
export { type ClassAverage, type ClassMetricOptions, f1, precision, recall } from "./set_metrics/class_metrics.ts";
export { confusionCounts } from "./set_metrics/confusion.ts";
export {
  meanObjective,
  type MeanObjectiveOptions,
  perplexity,
  type PerplexityOptions,
  rootMeanSquare,
} from "./set_metrics/mean_objective.ts";
export type { Metric, MetricDirection, MetricForm, MetricState, MetricWeights, Shaped } from "./set_metrics/metric.ts";
export { r2, type R2Options } from "./set_metrics/regression_metrics.ts";
export * from "./schedules.ts";
export type { Schedule, UpdateRule, UpdateState } from "./update_rule.ts";
export type { PartConfiguration, Update, UpdateContext, UpdateTransform } from "./update_transform.ts";
export { momentum, type MomentumOptions, nesterovMomentum, sgd, type UpdateOptions } from "./updates.ts";

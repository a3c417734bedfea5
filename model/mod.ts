/**
 * Networks, hyperparameters, models, training and files.
 *
 * @module
 */

// Read side by side, not one after the other.
import "../core/modules.ts";
import "./modules.ts";

export type { Compilation } from "./training/compile.ts";
export { learningRateRange, type RateRangeOptions } from "./training/learning_rate_range.ts";
export type { LearningRateRange, RatePoint } from "./training/rate_range.ts";
export { Diverged } from "./training/diverged.ts";
export type { DryRun } from "./training/dry_run.ts";
export type {
  CheckpointEvent,
  EndEvent,
  EpochEvent,
  Position,
  PretrainingEvent,
  PretrainingStepEvent,
  RateReducedEvent,
  SaveEvent,
  SaveFailedEvent,
  StartEvent,
  StepEvent,
  TrainingEvent,
  ValidationEvent,
} from "./training/events.ts";
export * from "./files/mod.ts";
export { formatSec } from "./format_seconds.ts";
export {
  type Declaration,
  Hyperparameters,
  hyperparameters,
  type HyperparameterValue,
  type HyperparameterValues,
  type ValueOf,
  type ValuesOf,
} from "./hyperparameters.ts";
export { loadModel } from "./files/load_model.ts";
export { type CardOptions, exportModel, importModel } from "./files/model_folder.ts";
export type { NamedLayer } from "./layer_list.ts";
export { formatError, logLines, summaryLines } from "./training/log_lines.ts";
export { Model, model, type TrainedModel } from "./model.ts";
export type { LoadedParts, ModelParts, ResolvedParts } from "./model_options.ts";
export { networkFromConf } from "./files/network_configuration.ts";
export { Network, network } from "./network.ts";
export type { LayersApplied, NetworkApplied, NetworkEnds } from "./network_results.ts";
export type { NetworkInput } from "./forward.ts";
export type { LayersMode, NetworkMode } from "./network_arguments.ts";
export type { EpochMetrics, EpochRecord, Report, ReportMetrics, Seconds, Stop } from "./training/report.ts";
export type { EvaluatedData, EvaluateOptions } from "./training/evaluate_model.ts";
export { historyCsv } from "./training/history_csv.ts";
export type { GivenMetric, GivenMetrics } from "./training/metric_option.ts";
export type { NamedInputs } from "./predict_table.ts";
export type { Overfit } from "./training/overfit_goal.ts";
export type { PlateauOptions } from "./training/plateau.ts";
export type { MetricValues } from "./training/set_metrics.ts";
export type { MeasuringOptions } from "./training/train_options.ts";
export { saveModel } from "./files/save_model.ts";
export { type Transfer, type TransferOptions, transferWeights, type Untransferred } from "./transfer_weights.ts";
export type { Renaming } from "./rename_tensors.ts";

export * from "./search/mod.ts";
export type { HyperparametersOrValues, UpdateHyperparameters, Updates } from "./training/settings.ts";
export type { ErrorUnit, Monitor } from "./training/task.ts";
export type { Emphasis } from "./training/emphasis.ts";
export type { GivenAugmentations } from "./training/augment.ts";
export type { Augmentation, AugmentationContext } from "../data/augment/augmentation.ts";
export type { Batch, Figures, Loss, LossContext, LossResult, RecordBatch } from "./training/loss.ts";
export type { ObjectiveOptions } from "./training/objective_loss.ts";
export {
  type LossStepOptions,
  type ObjectiveStepOptions,
  type StepFigures,
  type StepParts,
  type StepState,
  type TrainStep,
  trainStep,
} from "./training/train_step.ts";
export { timer } from "./timer.ts";
export type {
  EmphasisOptions,
  ModelTrainOptions,
  PretrainOptions,
  SaveMode,
  SaveOptions,
  TrainOptions,
} from "./training/train_options.ts";
export { type TrainingResult, UnsavedError } from "./training/unsaved_error.ts";
export { version, type Versions, versions } from "./version.ts";
export type { NetworkParameters, NetworkState, Weights } from "./weights.ts";

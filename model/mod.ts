/**
 * Networks, hyperparameters, models, and how they are trained.
 *
 * @module
 */

export type { Compilation } from "./compile.ts";
export { Diverged } from "./diverged.ts";
export type {
  CheckpointEvent,
  EndEvent,
  EpochEvent,
  Position,
  PretrainingEvent,
  SaveEvent,
  SaveFailedEvent,
  StartEvent,
  StepEvent,
  TrainingEvent,
  ValidationEvent,
} from "./events.ts";
export * from "./files/mod.ts";
export { formatSec } from "./format_sec.ts";
export {
  type Declaration,
  Hyperparameters,
  hyperparameters,
  type HyperparameterValue,
  type HyperparameterValues,
  type ValueOf,
  type ValuesOf,
} from "./hyperparameters.ts";
export { loadModel } from "./load_model.ts";
export { type CardOptions, exportModel, importModel } from "./model_folder.ts";
export type { NamedLayer } from "./layer_names.ts";
export { formatError, logLines, summaryLines } from "./log_lines.ts";
export { Model, model, type ModelParts, type ModelTrainOptions, type TrainedModel } from "./model.ts";
export { networkFromConf } from "./network_configuration.ts";
export { Network, network, type NetworkApplied, type NetworkMode } from "./network.ts";
export type { EpochRecord, Report, Seconds, Stop } from "./report.ts";
export { saveModel } from "./save_model.ts";
export type { SaveMode, SaveOptions } from "./saving.ts";
export * from "./search/mod.ts";
export type { HyperparametersOrValues, UpdateHyperparameters, Updates } from "./settings.ts";
export type { ErrorUnit } from "./task.ts";
export { timer } from "./timer.ts";
export type { TrainOptions } from "./train.ts";
export { type TrainingResult, UnsavedError } from "./unsaved_error.ts";
export { version, type Versions, versions } from "./version.ts";
export type { NetworkParameters, NetworkState, Weights } from "./weights.ts";

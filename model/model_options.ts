/**
 * The parts of a model, and the options of {@linkcode Model.train}, declared.
 *
 * @module
 */

import { custom, type Declaration, type Option } from "../core/options/option.ts";
import { callable, either, text } from "../core/options/values.ts";
import type { Data } from "../data/data.ts";
import type { Objective } from "../optim/objectives.ts";
import type { UpdateRule } from "../optim/update_rule.ts";
import { isRecord } from "./files/json.ts";
import { Hyperparameters, type HyperparameterValues } from "./hyperparameters.ts";
import { Network } from "./network.ts";
import type { TrainingEvent } from "./training/events.ts";
import type { Report } from "./training/report.ts";
import type { HyperparametersOrValues, UpdateHyperparameters, Updates } from "./training/settings.ts";
import { path, type TrainOptions, trainOptions } from "./training/train_options.ts";

/** The parts of a model. */
export interface ModelParts {
  /** The network to train. */
  readonly network?: Network | undefined;
  /** The data to learn from. */
  readonly data?: Data | undefined;
  /** Hyperparameters, or one combination of them. */
  readonly hyperparameters?: HyperparametersOrValues;
  /** The name in reports (default: `model`). */
  readonly name?: string;
  /** An update rule, or a function that makes one from the hyperparameters (default: `sgd`). */
  readonly updates?: Updates;
  /** The function to minimize (default: the categorical cross-entropy; required if the targets are not classes). */
  readonly objective?: Objective;
  /**
   * The metric of validation and test (default: the categorical error, or none if the targets are not classes, which
   * means that the objective itself is monitored). Accuracies are reported as errors.
   */
  readonly evaluationMetric?: Objective;
  /**
   * The file to which training is saved, by convention `.ym`. If there is a file, training is saved at its end by
   * default.
   */
  readonly file?: string | URL | undefined;
  /** The report of the training that produced the weights. */
  readonly report?: Report | undefined;
}

/** Options of {@linkcode Model.train}. */
export interface ModelTrainOptions extends TrainOptions {
  /** Called with each event. */
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Called with each line of the documented log, such as `console.error`. */
  readonly log?: (line: string) => void;
}

/** An object that has these fields, which is enough to detect objects that were passed by mistake. */
function objectWith<T extends object>(expected: string, ...fields: readonly string[]): Option<T> {
  return custom<T>({
    expected,
    accepts: (value): value is T =>
      typeof value === "object" && value !== null && fields.every((field) => field in value),
  });
}

const values: Option<HyperparameterValues> = custom<HyperparameterValues>({
  expected: "hyperparameters or a record of their values",
  accepts: (value): value is HyperparameterValues => isRecord(value),
});

const declared: Option<Hyperparameters> = custom<Hyperparameters>({
  expected: values.expected,
  accepts: (value): value is Hyperparameters => value instanceof Hyperparameters,
});

const made = objectWith<UpdateRule>("an update rule", "init", "update");
const network = custom<Network>({
  expected: "a network",
  accepts: (value): value is Network => value instanceof Network,
});

/** The parts of a model. */
export const modelParts = {
  network: { ...network, help: "network to train" },
  data: { ...objectWith<Data>("data", "training", "validation"), help: "data to learn from" },
  hyperparameters: either([declared, values], { help: "hyperparameters, or one combination of them" }),
  name: text({ help: "name in reports", otherwise: "model" }),
  updates: either([made, callable<(options: UpdateHyperparameters) => UpdateRule>()], {
    help: "update rule, or a function that makes one from the hyperparameters",
    otherwise: "sgd",
  }),
  objective: callable<Objective>({ help: "function to minimize", otherwise: "categoricalCrossentropyError" }),
  evaluationMetric: callable<Objective>({ help: "metric of validation and test", otherwise: "categoricalError" }),
  file: { ...path, help: "file to which training is saved, by convention .ym" },
  report: { ...objectWith<Report>("a report", "epochs"), help: "report of the training that produced the weights" },
} satisfies Declaration<ModelParts>;

/** The options of {@linkcode Model.train}. */
export const modelTrainOptions = {
  ...trainOptions,
  onEvent: callable<(event: TrainingEvent) => void>({ help: "called with each event" }),
  log: callable<(line: string) => void>({ help: "called with each line of the log" }),
} satisfies Declaration<ModelTrainOptions>;

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
import type { ModelParts, ModelTrainOptions } from "./model.ts";
import { Network } from "./network.ts";
import type { TrainingEvent } from "./training/events.ts";
import type { Report } from "./training/report.ts";
import type { UpdateHyperparameters } from "./training/settings.ts";
import { path, trainOptions } from "./training/train_options.ts";

/** An object that has these fields: enough to tell it from others that a mistake might hand over. */
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
  network: { ...network, help: "what learns" },
  data: { ...objectWith<Data>("data", "training", "validation"), help: "what it learns from" },
  hyperparameters: either([declared, values], { help: "hyperparameters, or one combination of them" }),
  name: text({ help: "what reports call it", otherwise: "model" }),
  updates: either([made, callable<(options: UpdateHyperparameters) => UpdateRule>()], {
    help: "update rule, or a function that makes one of the hyperparameters",
    otherwise: "sgd",
  }),
  objective: callable<Objective>({ help: "what is minimised", otherwise: "categoricalCrossentropyError" }),
  evaluationMetric: callable<Objective>({ help: "what validation and test measure", otherwise: "categoricalError" }),
  file: { ...path, help: "where training is saved, by convention .ym" },
  report: { ...objectWith<Report>("a report", "epochs"), help: "report of the training that made the weights" },
} satisfies Declaration<ModelParts>;

/** The options of {@linkcode Model.train}. */
export const modelTrainOptions = {
  ...trainOptions,
  onEvent: callable<(event: TrainingEvent) => void>({ help: "called with each event" }),
  log: callable<(line: string) => void>({ help: "called with each line of the log" }),
} satisfies Declaration<ModelTrainOptions>;

/**
 * The parts of a model, declared.
 *
 * @module
 */

import { objectKind, writableFileKind } from "../core/options/kinds.ts";
import { custom, type Declaration, kindRefusal, type Option } from "../core/options/option.ts";
import { finite } from "../core/options/numbers.ts";
import { showValue } from "../core/options/show.ts";
import { refuseOtherNames } from "../core/options/other_names.ts";
import { callable, either, oneOf, text } from "../core/options/values.ts";
import type { WritableFile } from "../core/web_file.ts";
import type { Data, NamedData } from "../data/data.ts";
import type { OneOrNamed } from "../data/named.ts";
import { type FittedPreprocessing, preprocessingKind } from "../data/steps/any_preprocessing.ts";
import type { Objective } from "../optim/objectives.ts";
import {
  fullName,
  getObjective,
  getUpdate,
  metricForms,
  objectiveForms,
  shortNames,
  updateRules,
} from "../optim/registry.ts";
import { metricKind } from "../optim/set_metrics/metric.ts";
import { setMetrics } from "../optim/metric_registry.ts";
import { ruleKind } from "../optim/rule_kinds.ts";
import type { UpdateRule } from "../optim/update_rule.ts";
import { isPlainRecord } from "./files/json.ts";
import { type OwnParts, ownPartsOptions } from "./files/own_parts.ts";
import { Hyperparameters, type HyperparameterValues } from "./hyperparameters.ts";
import { Network } from "./network.ts";
import { mapOutputs, perOutput } from "./per_output.ts";
import { knownName } from "./training/measure_names.ts";
import type { Report } from "./training/report.ts";
import type { HyperparametersOrValues, UpdateHyperparameters, Updates } from "./training/settings.ts";

/** The parts of a model. */
export interface ModelParts<D extends NamedData = Data> {
  /** The network to train. */
  readonly network?: Network | undefined;
  /** The data to learn from. */
  readonly data?: D | undefined;
  /** Hyperparameters, or one combination of them. */
  readonly hyperparameters?: HyperparametersOrValues;
  /** The name in reports (default: `model`). */
  readonly name?: string;
  /**
   * An update rule, a function that makes one from the hyperparameters, or the name of such a function (default: `sgd`).
   */
  readonly updates?: Updates | string;
  /**
   * The function to minimize, or its name (default: the categorical cross-entropy; required if the targets are not
   * classes). For several outputs, a record by their names, whose costs are added; those that it lacks have a cross-entropy
   * that fits the output if their targets are classes, or 0 and 1 for a sigmoid, otherwise the mean squared error.
   */
  readonly objective?: OneOrNamed<Objective | string>;
  /**
   * The names of the objectives that the training chose for those of several outputs without one, by outputs: a trained
   * model is evaluated with them. Files of the model contain them. A training chooses anew (default: what fits the training
   * set, or without one the evaluated set).
   */
  readonly chosenObjectives?: Readonly<Record<string, string>> | undefined;
  /** The factors of the costs of several outputs, by their names (default: all 1). */
  readonly lossWeights?: Readonly<Record<string, number>> | undefined;
  /**
   * The metric of validation and test, or its name (default: the categorical error, or none if the targets are not
   * classes, which means that the objective itself is monitored). Lower values are better; accuracies are reported as
   * errors. If higher values of your own function are better, pass its `meanObjective` with a direction to `train`, as
   * one of `metrics`, and monitor it. For several outputs,
   * a record by their names (default: none); they are reported as metrics, such as `kind/categoricalError`.
   */
  readonly evaluationMetric?: OneOrNamed<Objective | string>;
  /**
   * The file to which training is saved, by convention `.ym`. If there is a file, training is saved at its end by
   * default.
   */
  readonly file?: WritableFile | undefined;
  /** The report of the training that produced the weights. */
  readonly report?: Report | undefined;
  /** The preprocessing with which the weights were trained (default: that of the data). Files of the model contain it. */
  readonly preprocessing?: FittedPreprocessing | undefined;
}

/** The parts of a model, with functions for names. */
export interface ResolvedParts<D extends NamedData = Data>
  extends Omit<ModelParts<D>, "updates" | "objective" | "evaluationMetric"> {
  /** An update rule, or a function that makes one. */
  readonly updates?: Updates;
  /** The function to minimize, or one for each output by name. */
  readonly objective?: OneOrNamed<Objective>;
  /** The metric of validation and test, or one for each output by name. */
  readonly evaluationMetric?: OneOrNamed<Objective>;
}

/** The parts of data. */
const DATA_PARTS: readonly (keyof Data)[] = [
  ...["name", "training", "validation", "test"] as const,
  ...["sampleShape", "classes", "scaling", "preprocessing"] as const,
];

/** Replaces the names of an update rule, an objective and a metric by the functions; the names must be known. */
export function resolveParts<D extends NamedData = Data>(
  { updates, objective, evaluationMetric, ...others }: ModelParts<D>,
): ResolvedParts<D> {
  if (others.data) refuseOtherNames("make a model", others.data, { what: "the data", names: DATA_PARTS });
  const resolved = (given: OneOrNamed<Objective | string>): OneOrNamed<Objective> =>
    mapOutputs(given, (named) => typeof named === "string" ? getObjective(named) : named);
  return {
    ...others,
    ...(updates !== undefined && { updates: typeof updates === "string" ? getUpdate(updates) : updates }),
    ...(objective !== undefined && { objective: resolved(objective) }),
    ...(evaluationMetric !== undefined && { evaluationMetric: resolved(evaluationMetric) }),
  };
}

const values: Option<HyperparameterValues> = custom<HyperparameterValues>({
  expected: "a record of their values",
  accepts: (value): value is HyperparameterValues => isPlainRecord(value),
});

const declared: Option<Hyperparameters> = custom<Hyperparameters>({
  expected: "hyperparameters",
  accepts: (value): value is Hyperparameters => value instanceof Hyperparameters,
});

const network = custom<Network>({
  expected: "a network",
  accepts: (value): value is Network => value instanceof Network,
});

const objectiveNames = [...Object.keys(objectiveForms), ...Object.keys(shortNames)];

function isMetric(measure: Objective): boolean {
  const name = knownName(measure);
  return name !== undefined && Object.hasOwn(metricForms, name);
}

// Metrics count, so their gradient is 0: they would train nothing.
const objectiveFunction: Option<Objective> = custom<Objective>({
  expected: "a function other than a metric",
  accepts: (value): value is Objective => typeof value === "function" && !isMetric(value as Objective),
});

/** An objective, or its name. */
export const objectiveOption = either([objectiveFunction, oneOf(objectiveNames)], {
  help: "function to minimize, or its name",
  otherwise: "categoricalCrossentropyError",
});

const objectiveName = oneOf(objectiveNames);

/** The objectives that a training chose. */
const chosenObjectives = custom<Readonly<Record<string, string>>>({
  expected: "a record of the names of objectives by the names of the outputs",
  accepts: (value): value is Readonly<Record<string, string>> =>
    isPlainRecord(value) && Object.values(value).every((one) => objectiveName.accepts(one)),
  refuse: (value) => {
    const odd = isPlainRecord(value) ? Object.entries(value).find(([, one]) => !objectiveName.accepts(one)) : undefined;
    if (odd === undefined) return kindRefusal("a record of the names of objectives by the names of the outputs", value);
    const refusal = objectiveName.refuse(odd[1]);
    return { ...refusal, path: `.${odd[0]}${refusal.path}` };
  },
}, {
  help: "objectives that the training chose for outputs without one, by the names of the outputs",
  otherwise: "what fits the training set",
});

const perExample = either([callable<Objective>(), oneOf([...objectiveNames, ...Object.keys(metricForms)])], {
  help: "metric of validation and test, or its name",
  otherwise: "categoricalError",
});

const metricOption = perOutput<Objective | string>(perExample);

/** The name of a metric of whole sets that is no metric per example. */
function wholeSetName(value: unknown): string | undefined {
  if (metricKind.accepts(value)) return value.name;
  return typeof value === "string" && Object.hasOwn(setMetrics, fullName(value)) ? fullName(value) : undefined;
}

/** The metrics of a model. Those of whole sets are refused with the option that takes them. */
const evaluationMetric: typeof metricOption = {
  ...metricOption,
  refuse: (value) => {
    const name = wholeSetName(value);
    if (name === undefined) return metricOption.refuse(value);
    const isName = typeof value === "string";
    return {
      problem: "bounds",
      path: "",
      expected: "a metric per example, since metrics of whole sets are options of train, such as { metrics: [" +
        `${isName ? `"${name}"` : "…"}], monitor: "${name}" }`,
      got: isName ? showValue(value) : `metric ${name}`,
    };
  },
};

const factor = finite({ least: 0 });

/** The factors of the costs of several outputs. */
export const lossWeightsOption = custom<Readonly<Record<string, number>>>({
  expected: "a record of numbers from 0 by the names of the outputs",
  accepts: (value): value is Readonly<Record<string, number>> =>
    isPlainRecord(value) && Object.values(value).every(factor.accepts),
}, { help: "factors of the costs of several outputs, by their names", otherwise: "all 1" });

/** The parts of a model. */
export const modelParts = {
  network: { ...network, help: "network to train" },
  data: { ...objectKind<NamedData>("data", "training", "validation"), help: "data to learn from" },
  hyperparameters: either([declared, values], { help: "hyperparameters, or one combination of them" }),
  name: text({ help: "name in reports", otherwise: "model" }),
  updates: either([
    ruleKind,
    callable<(options: UpdateHyperparameters) => UpdateRule>(),
    oneOf(Object.keys(updateRules)),
  ], {
    help: "update rule, a function that makes one from the hyperparameters, or its name",
    otherwise: "sgd",
  }),
  objective: perOutput<Objective | string>(objectiveOption),
  chosenObjectives,
  lossWeights: lossWeightsOption,
  evaluationMetric,
  file: { ...writableFileKind, help: "file to which training is saved, by convention .ym" },
  report: { ...objectKind<Report>("a report", "epochs"), help: "report of the training that produced the weights" },
  preprocessing: {
    ...preprocessingKind,
    help: "preprocessing with which the weights were trained",
    otherwise: "that of the data",
  },
} satisfies Declaration<ModelParts<NamedData>>;

const { report: _, ...givenParts } = modelParts;

/** The parts that may be given for a model that is loaded; its file has the report. */
export interface LoadedParts<D extends NamedData = Data> extends Omit<ModelParts<D>, "report">, OwnParts {}

/** {@linkcode LoadedParts}, declared. */
export const loadedParts = { ...givenParts, ...ownPartsOptions } satisfies Declaration<LoadedParts<NamedData>>;

/** Separates parts of the model from functions of the user's own that its file names. */
export function separateOwn<D extends NamedData>(
  { layers, objectives, metrics, rules, functions, ...parts }: LoadedParts<D>,
): { readonly own: OwnParts; readonly parts: Omit<ModelParts<D>, "report"> } {
  return { own: { layers, objectives, metrics, rules, functions }, parts };
}

/**
 * What each output of a network learns, and by what it is judged.
 *
 * @module
 */

import { nearestName } from "../../core/nearest.ts";
import { showValue } from "../../core/options/show.ts";
import type { OneOrNamed } from "../../data/named.ts";
import type { NamedTensorSet, TargetSet } from "../../data/tensor_set.ts";
import { areShares, areUnknown, type OutputValues, valuesOf } from "../../layers/output_values.ts";
import { categoricalCrossentropyFromLogits } from "../../optim/objectives_from_logits.ts";
import {
  binaryCrossentropyError,
  categoricalCrossentropyError,
  meanSquaredError,
  type Objective,
} from "../../optim/objectives.ts";
import { getObjective } from "../../optim/registry.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import { meanObjective } from "../../optim/set_metrics/mean_objective.ts";
import type { ResolvedParts } from "../model_options.ts";
import type { Network } from "../network.ts";
import { isPerOutput, valueFor } from "../per_output.ts";
import { type NetworkOutput, outputsOf, targetsIn } from "../target_data.ts";
import { wholeWithThreshold } from "./binary_threshold.ts";
import { chooseJudgment } from "./choose_task.ts";
import { classesIn } from "./classes.ts";
import { wholeMetric } from "./ignored_class.ts";
import { nameOf } from "./measure_names.ts";
import { metricName } from "./metric_option.ts";
import type { Output } from "./outputs.ts";
import { findTarget, otherThanAnswersOf } from "./target_scan.ts";
import { unitsIn } from "./unit_count.ts";

/** What outputs learn from. */
export interface JudgedData {
  /** The set that is learned, or evaluated. */
  readonly set: NamedTensorSet;
  /** All sets whose targets may say what the answer no is. */
  readonly answers: readonly NamedTensorSet[];
  /** Metrics of whole sets, those of several outputs with the names of these. */
  readonly metrics: readonly Metric[];
  /** How targets of a table become classes, for messages (default: nothing). */
  readonly advice?: string | undefined;
  /** What was learned, if the set is only evaluated (default: the set itself is learned). */
  readonly learned?: LearnedBefore | undefined;
}

/** What a model has learned, or would learn: it decides the objectives of outputs that have none. */
export interface LearnedBefore {
  /** The names of the objectives that the training chose, by outputs (default: none). */
  readonly objectives?: Readonly<Record<string, string>> | undefined;
  /** The training set for other outputs (default: the evaluated set). */
  readonly set?: NamedTensorSet | undefined;
}

/** A model whose outputs learn. */
export type JudgedModel = Pick<ResolvedParts, "objective" | "evaluationMetric" | "lossWeights"> & {
  readonly network: Network;
};

/** What is to be done with an output, for messages: `train "net" on data (output kind)`. */
export function actionFor(action: string, { name }: Pick<Output, "name">, outputs: readonly unknown[]): string {
  return outputs.length === 1 ? action : `${action} (output ${name})`;
}

/**
 * What each output learns, and by what it is judged: the given functions, or by default a cross-entropy for classes, and
 * of several outputs also the mean squared error for numbers. Of a model that is evaluated, they are those that its
 * training chose: the targets of another set may look like those of another objective.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {TypeError} if functions are given without the names of the outputs, or do not fit the targets.
 * @throws {RangeError} for the name of an output that the network does not have; the message has the nearest one.
 */
export function chooseOutputs(action: string, model: JudgedModel, data: JudgedData): readonly Output[] {
  const { network, objective, evaluationMetric, lossWeights } = model;
  const outputs = outputsOf(network);
  checkOutputNames(action, network, { objective, evaluationMetric, lossWeights });
  const measured = metricsByOutput(action, outputs, data.metrics);
  if (lossWeights && Object.values(lossWeights).length === outputs.length && isZero(lossWeights)) {
    throw new RangeError(`Cannot ${action} with lossWeights: expected at least one above 0, got only zeros`);
  }
  return outputs.map((output) => {
    const own = { ...output, metrics: measured.get(output.name) ?? [] };
    const parts = {
      ...own,
      action: actionFor(action, output, outputs),
      set: targetsIn(data.set, output.name),
      answers: data.answers.map((set) => targetsIn(set, output.name)),
      advice: data.advice,
      objective: valueFor(objective, output.name),
      evaluationMetric: valueFor(evaluationMetric, output.name),
      learned: data.learned,
    };
    const { metrics, ...judged } = outputs.length === 1
      ? { ...chooseJudgment(parts), metrics: own.metrics }
      : judgmentOfOne(parts);
    const all = metrics.map((metric) => wholeWithThreshold(metric, { ...parts, objective: judged.objective }));
    return { ...output, weight: lossWeights?.[output.name] ?? 1, ...judged, ...(all.length > 0 && { metrics: all }) };
  });
}

function isZero(weights: Readonly<Record<string, number>>): boolean {
  return Object.values(weights).every((one) => one === 0);
}

/** What one of several outputs is chosen from. */
type OutputChoice = Parameters<typeof chooseJudgment>[0] & NetworkOutput & {
  readonly metrics: readonly Metric[];
  readonly learned: LearnedBefore | undefined;
};

/** The objective of one of several outputs; its metric per example is one of whole sets, in addition to the others. */
function judgmentOfOne(
  parts: OutputChoice,
): Pick<Output, "objective" | "error" | "names"> & { metrics: readonly Metric[] } {
  const { name, evaluationMetric, metrics } = parts;
  const { error, ...judged } = chooseJudgment({ ...parts, objective: parts.objective ?? defaultOf(parts) });
  if (error === null || evaluationMetric === undefined) return { ...judged, error: null, metrics };
  const named = metricName(name, nameOf(wholeMetric(error)) || "error");
  return { ...judged, error: null, metrics: [meanObjective(error, { name: named }), ...metrics] };
}

/** The objective of one of several outputs that was given none: that of its training, or the one that fits its targets. */
function defaultOf({ name, network, set, learned = {} }: OutputChoice): Objective | undefined {
  const chosen = valueFor(learned.objectives, name);
  if (chosen !== undefined) return getObjective(chosen);
  return defaultFor(network, learned.set ? targetsIn(learned.set, name) : set);
}

/** A cross-entropy that fits the output if the targets are classes or yes/no answers, otherwise the mean squared error. */
function defaultFor(network: Network, set: TargetSet): Objective | undefined {
  const values = valuesOf(network.outputLayer);
  const { dtype, shape } = set.rows.y;
  const areYesOrNo = areAnswers(network, set);
  if (areYesOrNo && !mayExclude(values)) return binaryCrossentropyError;
  if (classesIn(set, network) === "yes") {
    const isLogits = !areShares(values) && !areUnknown(values);
    return isLogits ? categoricalCrossentropyFromLogits : categoricalCrossentropyError;
  }
  if (areYesOrNo) return binaryCrossentropyError;
  // Class numbers that do not fit the output are refused like those of a network with one output.
  return dtype === "i32" && shape.length === 1 ? undefined : meanSquaredError;
}

/** Whether units may exclude each other. Those of a sigmoid do not, even if rows of targets happen to have one yes each. */
function mayExclude(values: OutputValues): boolean {
  return values === "softmax" || values === "shares";
}

/** Whether each unit answers yes or no, and so does each target. Units of a softmax answer together. */
function areAnswers({ outputLayer, outputShape }: Network, set: TargetSet): boolean {
  const values = valuesOf(outputLayer);
  const units = unitsIn(outputShape);
  const { shape } = set.rows.y;
  const haveUnits = units === 1 ||
    values !== "softmax" && shape.length === outputShape.length && shape.at(-1) === units;
  return haveUnits && areShares(values) && findTarget(set, otherThanAnswersOf(0)) === undefined;
}

/** The names of the objectives that were chosen for outputs without one; of one output it needs no choice. */
export function chosenObjectives(
  outputs: readonly Pick<Output, "name" | "names">[],
  given: JudgedModel["objective"],
): Readonly<Record<string, string>> | undefined {
  if (outputs.length === 1) return undefined;
  const chosen = outputs.filter(({ name }) => valueFor(given, name) === undefined);
  if (chosen.length === 0) return undefined;
  return Object.fromEntries(chosen.map(({ name, names }) => [name, names?.objective ?? ""]));
}

/** Throws unless values for outputs have their names; those of a network of one output need none. */
export function checkOutputNames(
  action: string,
  network: Network,
  given: Readonly<Record<string, OneOrNamed<unknown> | undefined>>,
): void {
  const { outputNames } = network;
  const all = outputNames.join(", ");
  for (const [what, values] of Object.entries(given)) {
    if (values === undefined) continue;
    if (!isPerOutput(values)) {
      if (outputNames.length === 1) continue;
      throw new TypeError(
        `Cannot ${action} with ${what}: expected a record by the names of the outputs ${all}, got one value for ` +
          `several outputs; pass ${what}: { ${outputNames[0]}: … }`,
      );
    }
    if (what === "lossWeights" && outputNames.length === 1) {
      throw new TypeError(`Cannot ${action} with lossWeights: the network has only one output`);
    }
    const unknown = Object.keys(values).find((name) => !outputNames.includes(name));
    if (unknown === undefined) continue;
    const nearest = nearestName(unknown, outputNames);
    throw new RangeError(
      `Cannot ${action} with ${what}: expected names of the outputs ${all}, got ${showValue(unknown)}` +
        (nearest === undefined ? "" : `; did you mean ${nearest}?`),
    );
  }
}

/** The metrics of each output. Those of several outputs have the names of these in their own. */
function metricsByOutput(
  action: string,
  outputs: readonly NetworkOutput[],
  metrics: readonly Metric[],
): ReadonlyMap<string, readonly Metric[]> {
  const found = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const output = outputs.filter(({ name }) => metric.name.startsWith(metricName(name, "")))
      .reduce<NetworkOutput | undefined>(
        (best, one) => best && best.name.length > one.name.length ? best : one,
        undefined,
      );
    const [only, ...others] = outputs;
    if (others.length === 0) {
      if (!output) checkUnnamed(action, only, metric);
      add(found, only.name, output ? { ...metric, name: metric.name.slice(only.name.length + 1) } : metric);
    } else if (output) add(found, output.name, metric);
    else throw unnamedMetric(action, outputs, metric);
  }
  return found;
}

function add(found: Map<string, Metric[]>, output: string, metric: Metric): void {
  found.set(output, [...found.get(output) ?? [], metric]);
}

/** Throws for a metric of a network with one output that has the name of another output. */
function checkUnnamed(action: string, { name }: NetworkOutput, metric: Metric): void {
  const made = metric.configuration?.[0];
  if (made === undefined || !metric.name.endsWith(metricName("", made))) return;
  throw new RangeError(
    `Cannot ${action} with metric ${metric.name}: expected the name of a metric, or of one of the output ${name}, as the ` +
      `network has no other; did you mean ${made}?`,
  );
}

function unnamedMetric(action: string, outputs: readonly NetworkOutput[], { name }: Metric): RangeError {
  const names = outputs.map((output) => metricName(output.name, name.slice(name.lastIndexOf("/") + 1)));
  const nearest = name.includes("/") ? nearestName(name, names) : undefined;
  return new RangeError(
    `Cannot ${action} with metric ${name}: expected the name of an output before that of the metric, such as ` +
      `${names.join(" or ")}${nearest === undefined ? "" : `; did you mean ${nearest}?`}`,
  );
}

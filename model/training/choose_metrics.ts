/**
 * The metrics and the monitored value of a training: whether they fit the network and the data.
 *
 * @module
 */

import { nearestName } from "../../core/nearest.ts";
import { showValue } from "../../core/options/show.ts";
import { showShape } from "../../core/shape.ts";
import type { TargetSet } from "../../data/tensor_set.ts";
import { areShares, areUnknown, valuesOf } from "../../layers/output_values.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import type { Network } from "../network.ts";
import { classesIn } from "./classes.ts";
import { type Answering, countsAnswers, yesFrom } from "./binary_threshold.ts";
import { nameOf } from "./measure_names.ts";
import { lossName } from "./progress.ts";
import { isCategorical } from "./choose_task.ts";
import { checkOutput, showValues } from "./output_fit.ts";
import { formsOf, type NamedValue, tryMetric } from "./set_metrics.ts";
import { checkTargets } from "./target_fit.ts";
import { findTarget, type Misfit, otherThanAnswers, outsideShares, showTarget } from "./target_scan.ts";
import type { MonitoredMetric } from "./task.ts";
import { unitsIn } from "./unit_count.ts";

/** What the metrics of a training are measured on. */
export interface MeasuredParts {
  readonly network: Network;
  readonly set: TargetSet;
  /** All sets whose targets may say what the answer no is (default: the set). */
  readonly answers?: readonly TargetSet[] | undefined;
  readonly objective: Objective;
  /** The metric per example; null without one. */
  readonly error: Objective | null;
  /** The name of the output, if it is one of several (default: the only one). */
  readonly output?: string | undefined;
}

/** Names of values that every training has. */
const reserved: ReadonlySet<string> = new Set(["loss", "error"]);

/**
 * Throws if metrics cannot be measured.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {RangeError} if two metrics have the same name, or one of those that every training has.
 * @throws {TypeError} if a metric does not fit the predictions or the targets.
 */
export function checkMetrics(action: string, metrics: readonly Metric[], parts: MeasuredParts): void {
  const names = metrics.map(({ name }) => name);
  const isReserved = (name: string): boolean =>
    parts.output === undefined ? reserved.has(name) : name === lossName(parts.output);
  const odd = names.find((name, i) => isReserved(name) || names.indexOf(name) < i);
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot ${action} with ${isReserved(odd) ? "a metric" : "two metrics"} named ${showValue(odd)}: expected ` +
        'a name of its own for each; copy the metric with another one, such as { ...f1(), name: "macro F1" }',
    );
  }
  for (const metric of metrics) {
    checkMetric(`${action} with metric ${metric.name}`, metric, parts);
    checkMeasure(action, metric, parts);
  }
}

/** Throws if the function whose mean a metric is does not fit the outputs or the targets. */
function checkMeasure(action: string, metric: Metric, parts: MeasuredParts): void {
  const { objective: measure } = metric;
  const { network, set, objective } = parts;
  if (measure === undefined) return;
  if (isCategorical(measure) && classesIn(set, network) === "possible") {
    checkLabels(`${action} with metric ${metric.name}`, parts, metric);
  }
  checkOutput(action, network, measure);
  // Targets that the objective ignores do not count in metrics either.
  checkTargets(action, { network, objective, sets: { measured: set }, classes: undefined }, [measure, objective]);
}

function checkMetric(action: string, metric: Metric, parts: MeasuredParts): void {
  const { network, set, answers = [set], objective } = parts;
  try {
    tryMetric(metric, formsOf(network, set));
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const Reason = error instanceof RangeError ? RangeError : TypeError;
    throw new Reason(`Cannot ${action}: ${error.message.replace(/^Cannot compute (?:\S+ of |[^:]+: )/, "")}`, {
      cause: error,
    });
  }
  const counts = countsAnswers(metric.configuration?.[0]);
  if (metric.takes === undefined && !counts) return;
  checkClasses(action, parts, { metric, misfit: counts ? otherThanAnswers : outsideShares });
  checkAnswers(action, metric, { network, answers, objective });
  checkPredictions(action, metric, network);
}

/** A metric, and the targets that are no answers for it. */
interface Asked {
  readonly metric: Metric;
  readonly misfit: Misfit;
}

/** Throws unless targets are classes, or answers to questions. */
function checkClasses(action: string, parts: MeasuredParts, { metric, misfit }: Asked): void {
  const { network, set } = parts;
  const found = classesIn(set, network);
  if (found === "yes") return;
  if (found === "possible" && needsOneClass(metric)) return checkLabels(action, parts, metric);
  const hasClasses = unitsIn(network.outputShape) > 1;
  if (found === "no" && hasClasses && set.rows.y.dtype === "i32") return;
  const odd = findTarget(set, misfit);
  if (odd === undefined) return;
  throw new TypeError(
    `Cannot ${action}: expected targets that are classes, or 0 and 1, got ${showTarget(odd)} among targets ` +
      `${showShape(set.rows.y.shape)}; for numbers use r2, meanAbsoluteError or rootMeanSquaredError`,
  );
}

/** Metrics that take each column as a question of its own if they have a threshold. */
const BY_THRESHOLD: ReadonlySet<string | undefined> = new Set([
  ...["accuracy", "precision", "recall", "f1", "confusionCounts"],
]);

/** Whether a metric takes the greatest number of a row as its only class. */
function needsOneClass({ takes, configuration: [name, options] = ["", {}] }: Metric): boolean {
  return takes !== undefined && name !== "auc" && options.threshold === undefined;
}

/** Throws if rows may have several classes, or none: unless an objective says that they are of one class. */
function checkLabels(action: string, parts: MeasuredParts, { configuration }: Metric): void {
  const { network, set, answers = [set], objective, error } = parts;
  if (isCategorical(objective) || error && isCategorical(error)) return;
  const threshold = yesFrom({ network, answers, objective }) ?? 0.5;
  const cure = BY_THRESHOLD.has(configuration?.[0])
    ? `pass threshold: ${threshold} to the metric`
    : `use accuracy({ threshold: ${threshold} }) or auc()`;
  throw new TypeError(
    `Cannot ${action}: expected rows of one class each, got targets ${
      showShape(set.rows.y.shape)
    } with rows that do not ` +
      `sum to 1; ${cure} if rows may have several classes, or an objective for classes if they do not`,
  );
}

/** Throws unless the outputs are what the metric takes: probabilities, or values before a softmax or sigmoid. */
function checkPredictions(
  action: string,
  { takes }: Metric,
  network: Network,
): void {
  const { outputLayer: last, hasLogits } = network;
  if (areUnknown(valuesOf(last)) || hasLogits) return;
  const isProbability = areShares(valuesOf(last));
  const refuse = (expected: string, cure: string): TypeError =>
    new TypeError(`Cannot ${action}: expected ${expected}, got ${showValues(last)}; ${cure}`);
  if (takes === "probabilities" && !isProbability) {
    throw refuse("probabilities as outputs", "pass fromLogits: true to the metric if they are logits");
  }
  if (takes === "logits" && isProbability) {
    throw refuse("outputs before a softmax or sigmoid", "leave out fromLogits");
  }
}

/** Throws if a metric counts yes/no answers from 0.5 on, although other outputs mean yes. */
function checkAnswers(action: string, { takes, configuration }: Metric, answering: Answering): void {
  const { network, objective } = answering;
  const counts = takes === "classes" && network.outputShape.at(-1) === 1 || countsAnswers(configuration?.[0]);
  if (!counts || configuration?.[1].threshold !== undefined) return;
  const threshold = yesFrom(answering);
  if (threshold === 0.5) return;
  const [cure, why] = threshold === undefined
    ? ["threshold", "which nothing else says"]
    : [`threshold: ${threshold}`, "from which on outputs mean yes"];
  const name = nameOf(objective) || "an objective of your own";
  throw new TypeError(
    `Cannot ${action}: expected probabilities as outputs, got ${
      showValues(network.outputLayer)
    } and ${name}; pass ${cure} to the ` +
      `metric, ${why}`,
  );
}

/** How a training is monitored; undefined by its error, or by its loss without one. */
export type MonitorChoice = "loss" | MonitoredMetric | undefined;

/** What a training may monitor. */
export interface Monitored {
  /** Whether it has a metric per example. */
  readonly hasError: boolean;
  /** The values of the metrics, and of several outputs their losses. */
  readonly values: () => readonly NamedValue[];
}

/**
 * The value that a training monitors.
 *
 * @throws {RangeError} if there is no such value, with those that there are.
 */
export function chooseMonitor(
  action: string,
  monitor: string | undefined,
  { hasError, values: valuesOf }: Monitored,
): MonitorChoice {
  if (monitor === undefined || monitor === "error" && hasError) return undefined;
  if (monitor === "loss") return "loss";
  const values = valuesOf();
  const found = values.find(({ name, direction }) => name === monitor && direction !== null);
  if (found?.direction) return { name: found.name, direction: found.direction };
  const names = ["loss", ...hasError ? ["error"] : []];
  names.push(...values.filter(({ direction }) => direction !== null).map(({ name }) => name));
  const nearest = nearestName(monitor, names);
  throw new RangeError(
    `Cannot ${action} with monitor ${showValue(monitor)}: expected one of ${shortList(names)}${
      nearest === undefined ? "" : `; did you mean ${nearest}?`
    }`,
  );
}

/** At most ten names. */
function shortList(names: readonly string[]): string {
  return names.length > 10 ? `${names.slice(0, 10).join(", ")}, …` : names.join(", ");
}

/** Sets, of which there need be no test set. */
interface AllSets<S> {
  readonly training: S;
  readonly validation: S;
  readonly test: S | undefined;
}

/** The sets on which a training measures. */
export function setsOf<S>({ training, validation, test }: AllSets<S>): readonly S[] {
  return [training, validation, ...test ? [test] : []];
}

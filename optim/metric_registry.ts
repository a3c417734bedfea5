/**
 * Metrics of whole sets by name, with their options.
 *
 * @module
 */

import { describeOptions, findNamed, type Registry } from "../core/options/nested.ts";
import { readUntyped } from "../core/options/read.ts";
import { refuseSurplus } from "../core/options/surplus.ts";
import type { Objective } from "./objectives.ts";
import { directionOf, fullName, getObjective, metricForms, objectiveForms } from "./registry.ts";
import { accuracy, thresholdOptions, topKAccuracy, topKOptions } from "./set_metrics/accuracy.ts";
import { auc, aucOptions } from "./set_metrics/auc.ts";
import { classMetricOptions, f1, precision, recall } from "./set_metrics/class_metrics.ts";
import { confusionCounts } from "./set_metrics/confusion.ts";
import { meanObjective, perplexity, perplexityOptions, rootMeanSquare } from "./set_metrics/mean_objective.ts";
import type { Metric } from "./set_metrics/metric.ts";
import { r2, r2Options } from "./set_metrics/regression_metrics.ts";

type Options = Readonly<Record<string, unknown>>;
type MetricMaker = (options?: Options) => Metric;

/** The metrics of whole sets by name, with their options. A new metric needs only its line here. */
export const setMetrics: Registry<MetricMaker> = {
  accuracy: { make: accuracy, options: thresholdOptions },
  topKAccuracy: { make: topKAccuracy, options: topKOptions },
  precision: { make: precision, options: classMetricOptions },
  recall: { make: recall, options: classMetricOptions },
  f1: { make: f1, options: classMetricOptions },
  confusionCounts: { make: confusionCounts, options: thresholdOptions },
  auc: { make: auc, options: aucOptions },
  r2: { make: r2, options: r2Options },
  perplexity: { make: perplexity, options: perplexityOptions },
  ...meansOf(metricForms),
  ...meansOf(objectiveForms),
  rootMeanSquaredError: { make: () => rootMeanSquare(), options: {} },
};

/** The means over a set of functions of examples. */
function meansOf(forms: typeof objectiveForms): Registry<MetricMaker> {
  return Object.fromEntries(
    Object.entries(forms).map(([name, { make, options: declaration }]) => {
      const direction = directionOf(name);
      const metric = (options: Readonly<Record<string, unknown>> = {}): Metric => {
        const values = readUntyped(`make metric ${name}`, declaration, options);
        const objective: Objective = (prediction, target) => make(prediction, target, values);
        return {
          ...meanObjective(objective, { name, direction }),
          configuration: [name, describeOptions(declaration, options)],
          objective: getObjective(name, options),
        };
      };
      return [name, { make: metric, options: declaration }];
    }),
  );
}

/**
 * The metric of a name, with options if it takes any. Names of objectives mean their mean over the set, and
 * `rootMeanSquaredError` the root of the mean.
 *
 * @throws {RangeError} if the name or an option is unknown; the message suggests the nearest one.
 * @throws {TypeError} if the value of an option is of another kind.
 *
 * @example
 * ```ts
 * import { getMetric } from "@yadll/yadll/optim";
 * import { assertEquals } from "@std/assert";
 *
 * const { name, direction } = getMetric("f1", { average: "micro" });
 * assertEquals([name, direction], ["f1", "maximize"]);
 * ```
 */
export function getMetric(name: string, options: Readonly<Record<string, unknown>> = {}): Metric {
  refuseSurplus("getMetric", arguments, 2);
  const { make, options: declaration } = findNamed(setMetrics, fullName(name), "metric");
  readUntyped(`make metric ${name}`, declaration, options);
  return make(options);
}

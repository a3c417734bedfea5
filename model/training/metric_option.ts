/**
 * Metrics of whole sets as an option: names, metrics, functions of examples, and what files keep of them.
 *
 * @module
 */

import { isListOf } from "../../core/options/items.ts";
import { suggestName } from "../../core/nearest.ts";
import { refuseOtherNames } from "../../core/options/other_names.ts";
import { custom, kindRefusal, type Option, type OptionSpec, type Refusal } from "../../core/options/option.ts";
import { showValue } from "../../core/options/show.ts";
import { getMetric, setMetrics } from "../../optim/metric_registry.ts";
import { fullName } from "../../optim/registry.ts";
import type { Objective } from "../../optim/objectives.ts";
import { meanObjective } from "../../optim/set_metrics/mean_objective.ts";
import { type Metric, type MetricDirection, metricKind } from "../../optim/set_metrics/metric.ts";
import type { Json } from "../../core/json.ts";
import type { OneOrNamed } from "../../data/named.ts";
import { isPerOutput } from "../per_output.ts";
import { knownName, optionsOf } from "./measure_names.ts";

/** A metric, its name, or a function of examples whose mean is one. */
export type GivenMetric = Metric | Objective | string;

/** A metric as files keep it. */
export interface SavedMetric {
  /** Its name. */
  readonly name: string;
  readonly direction: MetricDirection;
  /** The function that makes it, and its options; null for a metric of your own. */
  readonly made: readonly [name: string, options: Readonly<Record<string, Json>>] | null;
}

/** The members of a metric. */
const METRIC_PARTS: readonly (keyof Metric)[] = [
  ...["name", "direction", "unit", "configuration", "takes", "objective"] as const,
  ...["init", "update", "result"] as const,
];

const EXPECTED = "a list of metrics: names such as f1, metrics such as f1(), or functions of examples";

/** Metrics, or those of several outputs by the names of these. */
export type GivenMetrics = OneOrNamed<readonly GivenMetric[]>;

/** The name of an output, if one precedes that of a metric, and the rest: `kind` and `accuracy`. */
function splitName(name: string): readonly [output: string | undefined, metric: string] {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? [undefined, name] : [name.slice(0, slash), name.slice(slash + 1)];
}

/** The name of a metric of one of several outputs. */
export function metricName(output: string, metric: string): string {
  return `${output}/${metric}`;
}

function isMetric(value: unknown): value is GivenMetric {
  return typeof value === "function" || metricKind.accepts(value) ||
    typeof value === "string" && Object.hasOwn(setMetrics, fullName(splitName(value)[1]));
}

function refuse(value: unknown): Refusal {
  const odd = Array.isArray(value) ? value.findIndex((one) => !isMetric(one)) : -1;
  if (!Array.isArray(value) || odd < 0) return kindRefusal(EXPECTED, value);
  const item: unknown = value[odd];
  const isName = typeof item === "string";
  return {
    problem: isName ? "bounds" : "kind",
    path: `[${odd}]`,
    expected: isName
      ? `the name of a metric${suggestName(splitName(item)[1], Object.keys(setMetrics)).replace(/^: /, ", ")}`
      : "a metric",
    got: showValue(item),
  };
}

/** Metrics, as an option. In text, names are separated by commas. */
export function metricList(spec: OptionSpec<readonly GivenMetric[]>): Option<readonly GivenMetric[]> {
  return custom<readonly GivenMetric[]>({
    expected: EXPECTED,
    accepts: (value): value is readonly GivenMetric[] => isListOf(value, isMetric),
    resembles: (value) => Array.isArray(value),
    refuse,
    parse: (text) => text.split(",").map((name) => name.trim()),
    names: Object.keys(setMetrics),
  }, spec);
}

/** The metric that a name or a function stands for. */
export function metricOf(given: GivenMetric): Metric {
  if (typeof given === "string") {
    const [output, name] = splitName(given);
    return output === undefined ? getMetric(name) : { ...getMetric(name), name: given };
  }
  if (typeof given !== "function") {
    refuseOtherNames(`use metric ${given.name}`, given, { what: "it", names: METRIC_PARTS });
    return given;
  }
  const known = knownName(given);
  if (known === undefined) return meanObjective(given);
  return getMetric(known, optionsOf(given));
}

/** The metrics that are given, those of outputs with the names of these: `kind/accuracy`. */
export function givenMetrics(given: GivenMetrics): readonly Metric[] {
  if (!isPerOutput(given)) return given.map(metricOf);
  return Object.entries(given).flatMap(([output, own]) =>
    own.map(metricOf).map((metric) => ({ ...metric, name: metricName(output, metric.name) }))
  );
}

/** What files keep of metrics. */
export function savedMetrics(metrics: readonly Metric[]): readonly SavedMetric[] {
  return metrics.map(({ name, direction, configuration }) => ({ name, direction, made: configuration ?? null }));
}

/**
 * The metrics of a saved training.
 *
 * @throws {TypeError} if one of them is your own.
 */
export function metricsOf(saved: readonly SavedMetric[], file: string): readonly Metric[] {
  return saved.map(({ name, direction, made }) => {
    if (made) return { ...getMetric(...made), name, direction };
    throw new TypeError(
      `Cannot resume from ${file} without its metric ${
        showValue(name)
      }: expected all its metrics, since files do not ` +
        "contain functions of your own; pass them as option metrics",
    );
  });
}

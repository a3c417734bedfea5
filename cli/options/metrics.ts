/**
 * Metrics on the command line.
 *
 * @module
 */

import { suggestName } from "../../core/nearest.ts";
import { text } from "../../core/options/values.ts";
import { trainOptions } from "../../model/training/train_options.ts";
import { setMetrics } from "../../optim/metric_registry.ts";
import { fullName } from "../../optim/registry.ts";
import { UsageError } from "../errors.ts";
import { valued } from "./option.ts";

/** The option that names metrics. */
export const metricsOption = valued("NAMES", text({ help: "metrics of whole sets, separated by commas: f1,auc" }));

/** The option that names the monitored value. */
export const monitorOption = valued("NAME", trainOptions.monitor);

/**
 * The full names of the metrics that a text names.
 *
 * @throws {UsageError} if one of them is unknown or named twice; the message has the nearest name.
 */
export function metricsIn(names: string | undefined): readonly string[] | undefined {
  const metrics = names?.split(",").map((name) => fullName(name.trim())).filter((name) => name !== "");
  const known = Object.keys(setMetrics);
  const odd = metrics?.find((name) => !known.includes(name));
  if (odd !== undefined) throw new UsageError(`unknown metric ${odd}${suggestName(odd, known)}`);
  const twice = metrics?.find((name, i) => metrics.indexOf(name) < i);
  if (twice !== undefined) {
    throw new UsageError(`option --metrics cannot be ${names}: expected each metric once, got ${twice} twice`);
  }
  return metrics;
}

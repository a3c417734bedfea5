/**
 * Metrics in the units of targets that were scaled.
 *
 * @module
 */

import { concatenate } from "../../core/functions/movement.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { FittedPreprocessing } from "../../data/steps/any_preprocessing.ts";
import type { FittedColumn, FittedStep } from "../../data/steps/fitted_column.ts";
import { isOfTables } from "../../data/recognized.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import { knownName } from "./measure_names.ts";

/** How a step of a target is reverted, with the statistics of its only feature. */
interface Reverting {
  /** Without what it adds to all numbers. */
  readonly scaled: (x: Tensor, fitted: FittedStep[1]) => Tensor;
  /** What it adds to all numbers. */
  readonly shift: (fitted: FittedStep[1]) => number;
  /** Whether numbers that differ by a constant still do so when they are reverted. */
  readonly isLinear: boolean;
}

const reverts: Readonly<Record<string, Reverting>> = {
  standardize: {
    scaled: (x, { deviation }) => x.mul(numberIn(deviation)),
    shift: ({ mean }) => numberIn(mean),
    isLinear: true,
  },
  normalize: {
    scaled: (x, { least, greatest }) => x.mul(numberIn(greatest) - numberIn(least) || 1),
    shift: ({ least }) => numberIn(least),
    isLinear: true,
  },
  log: { scaled: (x) => x.exp(), shift: ({ offset }) => -numberIn(offset), isLinear: false },
};

/** Measures of differences alone, which are the same if a constant is added to predictions and targets. */
const OF_DIFFERENCES: ReadonlySet<string | undefined> = new Set([
  ...["meanSquaredError", "rootMeanSquaredError", "meanAbsoluteError", "huberError", "r2"],
]);

function numberIn(fitted: unknown): number {
  return Number(Array.isArray(fitted) ? fitted[0] : fitted);
}

/**
 * The numbers of a target in its own units.
 *
 * @param onlyDifferences whether a constant may be missing. Singles have 7 digits: of 1 000 000 017 and 1 000 000 003 they
 * do not keep the difference, but of 17 and 3 they do
 */
function revert(x: Tensor, { steps }: FittedColumn, onlyDifferences: boolean): Tensor {
  const bent = steps.findIndex(([name]) => reverts[name]?.isLinear === false);
  // Constants that are added before an exponential are factors after it; others remain constants.
  const last = bent < 0 ? steps.length : bent;
  return steps.reduceRight((before, [name, fitted], i) => {
    if (!Object.hasOwn(reverts, name)) return before;
    const { scaled, shift } = reverts[name];
    const after = scaled(before, fitted);
    return onlyDifferences && i <= last ? after : after.add(shift(fitted));
  }, x);
}

/** The functions that judge a network. */
interface Judges {
  readonly error: Objective | null;
  readonly metrics?: readonly Metric[];
}

/**
 * The same task, whose metrics are computed in the units of the targets, if these are numbers of a table that were
 * scaled: a mean absolute error is one of prices, not of deviations. The objective stays as it is. Measures of
 * differences get predictions and targets without the constant that both have, so they keep their digits.
 */
export function inUnits<J extends Judges>(task: J, preprocessing: FittedPreprocessing | undefined): J {
  if (!isOfTables(preprocessing) || preprocessing.classes !== undefined) return task;
  const { targets } = preprocessing.configuration;
  if (targets.every(({ steps }) => steps.length === 0)) return task;
  const inUnitsOf = (measure: string | undefined) => (x: Tensor): Tensor => {
    const onlyDifferences = OF_DIFFERENCES.has(measure);
    const [rows, width = 1] = x.shape;
    // Outputs of another shape are refused by the metric.
    if (x.shape.length > 2 || width !== targets.length) return x;
    if (width === 1) return revert(x, targets[0], onlyDifferences);
    return concatenate(targets.map((target, i) => revert(x.slice([0, i], [rows, i + 1]), target, onlyDifferences)), 1);
  };
  const { error, metrics } = task;
  return {
    ...task,
    error: error && wrapped(error, inUnitsOf(knownName(error))),
    ...(metrics && { metrics: metrics.map((one) => wrappedMetric(one, inUnitsOf(nameOfMetric(one)))) }),
  };
}

/** What a metric computes; undefined for one of your own. */
function nameOfMetric({ configuration, objective }: Metric): string | undefined {
  return configuration?.[0] ?? (objective && knownName(objective));
}

/** An error whose arguments are converted first. */
function wrapped(whole: Objective, convert: (x: Tensor) => Tensor): Objective {
  const error = (prediction: Tensor, target: Tensor): Tensor => whole(convert(prediction), convert(target));
  return Object.assign(error, { whole });
}

function wrappedMetric(metric: Metric, convert: (x: Tensor) => Tensor): Metric {
  return {
    ...metric,
    update: (...[state, prediction, target, options]) =>
      metric.update(state, convert(prediction), convert(target), options),
  };
}

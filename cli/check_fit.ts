/**
 * Whether data fit a saved model.
 *
 * @module
 */

import type { NamedData } from "../data/data.ts";
import { DataError } from "../data/errors.ts";
import { UsageError } from "./errors.ts";
import { checkData } from "../model/check_data.ts";
import { givenMetrics } from "../model/training/metric_option.ts";
import { checkOverfit } from "../model/training/overfit.ts";
import { settingsOf, valuesOf } from "../model/training/settings.ts";
import type { TrainOptions } from "../model/training/train_options.ts";
import { checkTraining } from "../model/training/task_of.ts";
import type { Model } from "../model/model.ts";

/** The options of a training that decide whether it can begin. */
type CheckedOptions = Pick<TrainOptions, "metrics" | "monitor" | "overfit" | "classWeights" | "labelSmoothing">;

/**
 * Throws if a training of a model cannot begin, before anything is written.
 *
 * @throws {DataError} with what the model takes, and what the data have.
 * @throws {UsageError} if metrics or the monitored value do not fit.
 */
export function checkTrainable(
  { network, parts }: Model<NamedData>,
  data: NamedData,
  { metrics = [], monitor, overfit, classWeights, labelSmoothing }: CheckedOptions = {},
): void {
  const { batchSize } = settingsOf(valuesOf(parts.hyperparameters ?? {}));
  asErrorOfData(() => {
    checkTraining({ ...parts, network, data }, { classWeights, labelSmoothing });
    if (overfit !== undefined) checkOverfit(overfit, { network, data, batchSize });
  });
  if (metrics.length === 0 && monitor === undefined) return;
  asUsageError(() => checkTraining({ ...parts, network, data }, { metrics: givenMetrics(metrics), monitor }));
}

/**
 * Throws if the network of a model cannot take the samples of data, or cannot have their classes.
 *
 * @param action what is done with them, for the message: `evaluate`
 * @throws {DataError} with what the network takes, and what the data have.
 */
export function checkFit(action: string, { network, parts }: Model<NamedData>, data: NamedData): void {
  asErrorOfData(() => checkData(action, { network, data }, parts));
}

/** Runs checks of data. */
export function asErrorOfData(check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw isRefusal(cause) ? new DataError(cause.message, { cause }) : cause;
  }
}

/** Runs checks of options. */
export function asUsageError(check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw isRefusal(cause) ? new UsageError(cause.message, { cause }) : cause;
  }
}

function isRefusal(cause: unknown): cause is Error {
  return cause instanceof TypeError || cause instanceof RangeError;
}

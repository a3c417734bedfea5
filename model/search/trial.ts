/**
 * Builds, trains and evaluates one combination. An error is a result, and does not end the search.
 *
 * @module
 */

import type { NamedData } from "../../data/data.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import { Model, model } from "../model.ts";
import type { ModelParts } from "../model_options.ts";
import type { Report } from "../training/report.ts";
import type { SearchTraining } from "./search_options.ts";
import { type ErrorCurve, type GiveUp, isHopeless } from "./give_up.ts";
import { scoreOf, type Trial } from "./row.ts";

/**
 * Builds the model of a combination, or its parts. If they have no hyperparameters, those of the combination are used.
 */
export type Build<V extends HyperparameterValues, D extends NamedData = NamedData> = (
  hyperparameters: V,
) => Model<D> | ModelParts<D> | Promise<Model<D> | ModelParts<D>>;

/** A combination to try. */
export interface TrialJob<V extends HyperparameterValues> {
  /** The number of the combination within the whole search, counted from 0. */
  readonly number: number;
  readonly hyperparameters: V;
  /** The validation errors of the rows with which this one is compared. */
  readonly rivals: readonly ErrorCurve[];
}

/** Options for all combinations. */
export interface TrialOptions {
  readonly train: SearchTraining;
  readonly giveUp: Required<GiveUp> | null;
}

/** An epoch of a combination is done. */
export interface SearchEpochEvent {
  /** Which event it is. */
  readonly event: "epoch";
  /** The number of the combination within the whole search, counted from 0. */
  readonly number: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** The error of the last validation; null before the first one, or without a metric. */
  readonly validationError: number | null;
  /** The mean cost of the last validation; null before the first one. */
  readonly validationLoss?: number | null;
}

/** The results of a combination. */
export interface TrialEvent {
  readonly event: "trial";
  readonly number: number;
  readonly trial: Trial;
}

/** What happens while combinations are tried. */
export type TrialProgress = SearchEpochEvent | TrialEvent;

/** The model of a combination. */
export async function modelOf<V extends HyperparameterValues, D extends NamedData = NamedData>(
  build: Build<V, D>,
  hyperparameters: V,
): Promise<Model<D>> {
  const built = await build(hyperparameters);
  const whole = built instanceof Model ? built : model(built);
  // The code that made the update rule may have read them, so no rule is refused here.
  return whole.parts.hyperparameters === undefined ? new Model<D>({ ...whole.parts, hyperparameters }) : whole;
}

/** Tries one combination. If `signal` stops it, no result is reported. */
export async function* runTrial<V extends HyperparameterValues>(
  { number, hyperparameters, rivals }: TrialJob<V>,
  build: Build<V>,
  { train, giveUp, signal }: TrialOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<TrialProgress, void> {
  const start = performance.now();
  const errors: (number | null)[] = [];
  const hopeless = new AbortController();
  const found = (result: Omit<Trial, "errors" | "seconds">): TrialEvent => ({
    event: "trial",
    number,
    trial: { ...result, errors, seconds: (performance.now() - start) / 1000 },
  });
  try {
    const trained = await modelOf(build, hyperparameters);
    const either = signal ? AbortSignal.any([signal, hopeless.signal]) : hopeless.signal;
    for await (const event of trained.events({ ...train, signal: either })) {
      if (event.event === "end" && !signal?.aborted) yield found(measured(event.report));
      if (event.event !== "epoch") continue;
      const { epoch, validationError, validationLoss } = event;
      errors.push(scoreOf(event));
      yield { event: "epoch", number, epoch, validationError, validationLoss };
      if (giveUp && isHopeless(errors, rivals, giveUp)) hopeless.abort();
    }
  } catch (error) {
    if (!signal?.aborted) yield found(failed(error, errors));
  }
}

function measured(report: Report): Omit<Trial, "errors" | "seconds"> {
  const { validationError, testError, errorUnit, bestIteration, epochs, stop, device } = report;
  const { validationLoss = null, testLoss = null } = report;
  return {
    outcome: stop === "aborted" ? "gaveUp" : "trained",
    validationError,
    testError,
    validationLoss,
    testLoss,
    errorUnit,
    bestIteration,
    epochs,
    device: device.name,
    failure: null,
  };
}

function failed(error: unknown, errors: readonly unknown[]): Omit<Trial, "errors" | "seconds"> {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return {
    outcome: "failed",
    validationError: null,
    testError: null,
    errorUnit: "",
    bestIteration: null,
    epochs: errors.length,
    device: "",
    failure: { name, message },
  };
}

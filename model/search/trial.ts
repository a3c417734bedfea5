/**
 * One combination: built, trained, measured; whatever goes wrong with it is its result and not the end of the search.
 *
 * @module
 */

import type { HyperparameterValues } from "../hyperparameters.ts";
import { Model, model } from "../model.ts";
import type { ModelParts } from "../model_options.ts";
import type { Report } from "../training/report.ts";
import type { SearchTraining } from "./search_options.ts";
import { type ErrorCurve, type GiveUp, isHopeless } from "./give_up.ts";
import type { Trial } from "./row.ts";

/** Makes the model of a combination, or its parts; hyperparameters that are not among them are those of the combination. */
export type Build<V extends HyperparameterValues> = (
  hyperparameters: V,
) => Model | ModelParts | Promise<Model | ModelParts>;

/** What is to be tried. */
export interface TrialJob<V extends HyperparameterValues> {
  /** Which combination of the whole search, counted from 0. */
  readonly number: number;
  readonly hyperparameters: V;
  /** The validation errors of the rows by which this one is judged. */
  readonly rivals: readonly ErrorCurve[];
}

/** How everything is tried. */
export interface TrialOptions {
  readonly train: SearchTraining;
  readonly giveUp: Required<GiveUp> | null;
}

/** An epoch of a combination is over. */
export interface SearchEpochEvent {
  /** What this is. */
  readonly event: "epoch";
  /** Which combination of the whole search, counted from 0. */
  readonly number: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** That of the last validation; null where there was none yet. */
  readonly validationError: number | null;
}

/** What came of a combination. */
export interface TrialEvent {
  readonly event: "trial";
  readonly number: number;
  readonly trial: Trial;
}

/** What happens while combinations are tried. */
export type TrialProgress = SearchEpochEvent | TrialEvent;

/** The model of a combination. */
export async function modelOf<V extends HyperparameterValues>(build: Build<V>, hyperparameters: V): Promise<Model> {
  const built = await build(hyperparameters);
  const whole = built instanceof Model ? built : model(built);
  return whole.parts.hyperparameters === undefined ? whole.with({ hyperparameters }) : whole;
}

/** Tries one combination. Where `signal` stops it, nothing is told of what came of it. */
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
      const { epoch, validationError } = event;
      errors.push(validationError);
      yield { event: "epoch", number, epoch, validationError };
      if (giveUp && isHopeless(errors, rivals, giveUp)) hopeless.abort();
    }
  } catch (error) {
    if (!signal?.aborted) yield found(failed(error, errors));
  }
}

function measured(report: Report): Omit<Trial, "errors" | "seconds"> {
  const { validationError, testError, errorUnit, bestIteration, epochs, stop, device } = report;
  return {
    outcome: stop === "aborted" ? "gaveUp" : "trained",
    validationError,
    testError,
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

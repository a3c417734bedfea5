/**
 * The training loop: steps on the device, validation, early stopping, the best weights.
 *
 * Nothing is read from the device but the sums of costs and errors, once for each validation and epoch.
 *
 * @module
 */

import { tensor } from "../core/creation.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Data } from "../data/data.ts";
import type { DeviceShares } from "./device_bytes.ts";
import { Diverged } from "./diverged.ts";
import { afterValidation, beginPatience, isExhausted, type Patience, validationInterval } from "./early_stopping.ts";
import type { Position, TrainingEvent } from "./events.ts";
import type { Feed } from "./feed.ts";
import { makePause } from "./pause.ts";
import { beginTraining, prepareSteps, type Programs, trainingFeed } from "./programs.ts";
import type { EpochRecord, Stop } from "./report.ts";
import type { TrainingState } from "./step.ts";
import { scaleOf, unitOf } from "./task.ts";
import { disposeTree, type Weights } from "./weights.ts";

/** What a training needs to know. */
export interface TrainingPlan {
  readonly name: string;
  readonly programs: Programs;
  readonly data: Data;
  /** The bytes that its sets may take on the device. */
  readonly shares: DeviceShares;
  /** The weights to begin with; they stay as they are. */
  readonly weights: Weights;
  /** Random keys of the order of examples, and of what layers draw. */
  readonly keys: { readonly order: Tensor; readonly noise: Tensor };
  readonly nEpochs: number;
  /** In iterations. */
  readonly patience: number;
  readonly earlyStop: boolean;
  readonly shuffle: boolean;
  readonly restoreBest: boolean;
  readonly signal: AbortSignal | undefined;
}

/** What a training gives. */
export interface Trained {
  /** The best weights, or the last ones. */
  readonly weights: Weights;
  readonly epochs: number;
  readonly iterations: number;
  readonly stop: Stop;
  readonly validationError: number | null;
  readonly bestIteration: number | null;
  readonly history: readonly EpochRecord[];
  readonly seconds: { readonly compile: number; readonly train: number; readonly validate: number };
}

/** Trains, and tells what happens. */
export async function* trainingLoop(plan: TrainingPlan): AsyncGenerator<TrainingEvent, Trained> {
  const { programs, data, shares, keys, shuffle } = plan;
  const key = shuffle ? keys.order : undefined;
  using examples = trainingFeed(programs, { set: data.training, bytes: shares.training, key });
  using validation = programs.evaluator.feed(data.validation, shares.validation);
  const training = new Training(plan, { training: examples, validation });
  training.prepare();
  while (training.stop === undefined) yield* training.epoch();
  return training.result();
}

/** Sums of costs and errors in training, and how many examples they are of. */
interface Sums {
  readonly cost: number;
  readonly error: number;
  readonly examples: number;
}

const nothing: Sums = { cost: 0, error: 0, examples: 0 };

function plus(a: Sums, b: Sums): Sums {
  return { cost: a.cost + b.cost, error: a.error + b.error, examples: a.examples + b.examples };
}

/** The batches of the sets. */
interface Feeds {
  readonly training: Feed;
  readonly validation: Feed;
}

class Training {
  stop: Stop | undefined;
  readonly #seconds = { compile: 0, train: 0, validate: 0 };
  readonly #history: EpochRecord[] = [];
  readonly #pause = makePause();
  readonly #interval: number;
  #state: TrainingState;
  #best: Weights | undefined;
  #patience: Patience;
  #lastError: number | null = null;
  #lastLoss: number | null = null;
  #epoch = 0;
  #iteration = 0;
  /** Examples whose cost is not read yet. */
  #unread = 0;
  #epochSums = nothing;
  #epochSeconds = 0;

  constructor(readonly plan: TrainingPlan, readonly feeds: Feeds) {
    const { programs, weights, keys, patience } = plan;
    const { batches } = programs;
    this.#state = beginTraining(programs, weights, keys.noise);
    this.#patience = beginPatience(patience);
    this.#interval = validationInterval(batches, patience);
    this.stop = plan.nEpochs > 0 ? undefined : "epochs";
  }

  /** Compiles the steps. */
  prepare(): void {
    const { programs } = this.plan;
    const start = performance.now();
    prepareSteps(programs, this.#state, this.feeds.training.form);
    this.#seconds.compile = (performance.now() - start) / 1000;
  }

  /** One epoch, or what is left of it where training stops. */
  async *epoch(): AsyncGenerator<TrainingEvent, void> {
    const { plan: { programs, nEpochs, earlyStop, signal } } = this;
    this.#begin();
    for (let batch = 0; batch < programs.batches && this.stop === undefined; batch++) {
      await this.#step(batch);
      yield { event: "step", ...this.#position(batch) };
      if (signal?.aborted) {
        this.stop = "aborted";
        return;
      }
      if (this.#iteration % this.#interval === 0) yield* this.#validate(batch);
      if (earlyStop && isExhausted(this.#patience, this.#iteration - 1)) this.stop = "patience";
    }
    await this.#read();
    const record = this.#record();
    this.#history.push(record);
    yield { event: "epoch", ...record };
    if (this.#epoch >= nEpochs) this.stop ??= "epochs";
  }

  /** The weights that are kept, and the rest of what was found. */
  async result(): Promise<Trained> {
    const { plan: { restoreBest }, stop = "epochs" } = this;
    const best = restoreBest ? this.#best : undefined;
    const weights = best ?? { params: this.#state.params, state: this.#state.state };
    if (!restoreBest && this.#lastError !== null && stop !== "aborted") await this.#evaluate(weights);
    disposeTree(best ? this.#state : { updates: this.#state.updates, best: this.#best ?? null });
    const { bestError, bestIteration } = this.#patience;
    const found = bestIteration >= 0;
    return {
      weights,
      epochs: this.#epoch,
      iterations: this.#iteration,
      stop,
      validationError: best && found ? bestError : this.#lastError,
      bestIteration: found ? bestIteration + 1 : null,
      history: this.#history,
      seconds: this.#seconds,
    };
  }

  #begin(): void {
    this.#epoch++;
    this.#epochSums = nothing;
    this.#epochSeconds = 0;
  }

  async #step(batch: number): Promise<void> {
    const { programs } = this.plan;
    await this.#timed("train", async () => {
      const chunk = await this.feeds.training.chunk(this.#epoch, batch);
      this.#state = programs.stepFor(batch)(this.#state, chunk);
      await this.#pause();
    });
    this.#iteration++;
    const { batchSize } = programs.task;
    this.#unread += Math.min(batchSize, programs.examples - batch * batchSize);
  }

  async #timed<T>(phase: "train" | "validate", work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    this.#seconds[phase] += seconds;
    if (phase === "train") this.#epochSeconds += seconds;
    return result;
  }

  #position(batch: number): Position {
    const { batches } = this.plan.programs;
    return { epoch: this.#epoch, batch: batch + 1, batches, iteration: this.#iteration };
  }

  /** Reads the sums on the device and starts them anew. */
  async #read(): Promise<Sums> {
    if (this.#unread === 0) return nothing;
    const [cost, error] = await this.#timed("train", () => this.#state.sums.data());
    const sums = { cost, error, examples: this.#unread };
    this.#state.sums.dispose();
    this.#state = { ...this.#state, sums: tensor([0, 0]) };
    this.#unread = 0;
    this.#epochSums = plus(this.#epochSums, sums);
    const steps = Math.ceil(sums.examples / this.plan.programs.task.batchSize);
    if (!Number.isFinite(sums.cost)) {
      throw new Diverged(this.plan.name, this.#iteration - steps, this.#iteration, sums.cost);
    }
    return sums;
  }

  async #evaluate(weights: Weights): Promise<{ error: number; cost: number }> {
    const { evaluator } = this.plan.programs;
    const { cost, error } = await this.#timed(
      "validate",
      () => evaluator.evaluate(weights, this.feeds.validation, this.#pause),
    );
    this.#lastError = error;
    this.#lastLoss = cost;
    return { cost, error };
  }

  async *#validate(batch: number): AsyncGenerator<TrainingEvent, void> {
    const { plan: { programs: { task, copy } } } = this;
    const sums = await this.#read();
    const weights = { params: this.#state.params, state: this.#state.state };
    const { cost, error } = await this.#evaluate(weights);
    const position = this.#position(batch);
    const before = this.#patience;
    this.#patience = afterValidation(before, this.#iteration - 1, error);
    yield {
      event: "validation",
      ...position,
      validationError: error,
      validationLoss: cost,
      trainLoss: sums.cost / sums.examples,
      errorUnit: unitOf(task.error),
    };
    if (this.#patience === before) return;
    if (this.#best) disposeTree(this.#best);
    this.#best = copy(weights);
    yield { event: "checkpoint", ...position, validationError: error, weights: this.#best };
  }

  #record(): EpochRecord {
    const { cost, error, examples } = this.#epochSums;
    const scale = scaleOf(this.plan.programs.task.error);
    return {
      epoch: this.#epoch,
      trainLoss: cost / examples,
      trainError: error * scale / examples,
      validationError: this.#lastError,
      validationLoss: this.#lastLoss,
      seconds: this.#epochSeconds,
      samplesPerSecond: examples / this.#epochSeconds,
    };
  }
}

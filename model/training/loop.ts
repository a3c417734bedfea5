/**
 * The training loop: steps on the device, validation, early stopping, the best weights.
 *
 * Only the sums of costs and errors are read from the device, once per validation and epoch, and a few times per second
 * if someone watches.
 *
 * @module
 */

import { diagnose, diagnoseValidation } from "./diagnosis.ts";
import { validationInterval } from "./early_stopping.ts";
import { isOutOfPatience, lastIteration } from "./ending.ts";
import type { Position, RateReducedEvent, SaveEvent, SaveFailedEvent, StepEvent, TrainingEvent } from "./events.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Feed } from "./feed.ts";
import { goalOf, type OverfitGoal } from "./overfit_goal.ts";
import { afterPlateau, noPlateau, reductionOf, withScale } from "./plateau.ts";
import { makePause } from "./pause.ts";
import { prepareSteps, trainingFeed } from "./programs.ts";
import {
  addSums,
  afterEpoch,
  afterReading,
  afterSeconds,
  afterStep,
  afterValidated,
  bestValidation,
  costIn,
  meanCost,
  meanCosts,
  meanError,
  type Progress,
  type Sums,
  sumsFrom,
} from "./progress.ts";
import type { EpochRecord, Seconds, Stop } from "./report.ts";
import { RunningCost } from "./running_cost.ts";
import { emptyMetrics, emptySums, type TrainingState } from "./step.ts";
import { currentWeights, keptWeights, type Snapshot } from "./snapshot.ts";
import type { SavePlan, Trained, TrainingPlan } from "./training_plan.ts";
import type { MetricValues } from "./set_metrics.ts";
import { errorIn, hasNamedResults, monitoredValue, scaleOf, scoreOf, unitOf, type Validated } from "./task.ts";
import { copyTree, disposeTree, type Weights } from "../weights.ts";

/** Trains, and yields events. */
export async function* trainingLoop(plan: TrainingPlan): AsyncGenerator<TrainingEvent, Trained> {
  const { programs, data, shares, order, shuffle } = plan;
  const key = shuffle ? order : undefined;
  using examples = trainingFeed(programs, { set: data.training, bytes: shares.training, key });
  using validation = programs.evaluator.feed(data.validation, shares.validation);
  const training = new Training(plan, { training: examples, validation });
  training.prepare();
  yield* training.run();
  return await training.result();
}

/** The batches of the sets. */
interface Feeds {
  readonly training: Feed;
  readonly validation: Feed;
}

class Training {
  #stop: Stop | undefined;
  #now: Snapshot;
  /** The state after the last validation or epoch, when the cost was finite, in its own memory. */
  #good: Snapshot;
  /** The save of the last good state, if training diverged. */
  #rescue: SaveEvent | SaveFailedEvent | undefined;
  /** The loss to reach, if the training overfits. */
  #goal: OverfitGoal | undefined;
  readonly #pause = makePause();
  readonly #interval: number;
  readonly #running = new RunningCost();

  constructor(readonly plan: TrainingPlan, readonly feeds: Feeds) {
    const { from, programs: { batches }, patience, patienceEpochs, signal } = plan;
    this.#now = from;
    this.#good = { ...from, state: copyTree(from.state) };
    this.#interval = patienceEpochs === undefined ? validationInterval(batches, patience) : batches;
    this.#stop = signal?.aborted ? "aborted" : undefined;
  }

  /** Compiles the steps. */
  prepare(): void {
    const start = performance.now();
    prepareSteps(this.plan.programs, this.#now.state, this.feeds.training.form);
    this.#count("compile", start);
  }

  /** Trains to the end. If training diverges, the last event is the save of the last good state. */
  async *run(): AsyncGenerator<TrainingEvent, void> {
    const { overfits, programs: { task } } = this.plan;
    try {
      if (overfits) this.#goal = goalOf((await this.#evaluate(currentWeights(this.#now.state, task.rule))).cost);
      yield* this.#epochs();
    } catch (error) {
      if (this.#rescue) yield this.#rescue;
      throw error;
    }
  }

  async *#epochs(): AsyncGenerator<TrainingEvent, void> {
    // A training that was stopped between a step and its validation resumes with the validation, and if its patience
    // ends there, with the end of the epoch.
    yield* this.#settle();
    this.#checkEnd();
    if (this.#stop === "patience" && !this.#isRecorded()) yield* this.#epoch();
    while (this.#stop === undefined) yield* this.#epoch();
    disposeTree(this.#good.state);
  }

  /** The weights that are kept, and the rest of the result. */
  async result(): Promise<Trained> {
    const { plan: { restoreBest, programs: { task: { rule } } } } = this;
    const stop = this.#stop ?? "epochs";
    const weights = keptWeights(this.#now, { restoreBest, rule });
    return {
      snapshot: this.#now,
      weights,
      stop,
      goal: this.#goal,
      ...await this.#validated(weights, restoreBest || stop === "aborted"),
    };
  }

  /** The validation of the kept weights; if it is not `known`, they are evaluated. */
  async #validated(weights: Weights, known: boolean): Promise<Pick<Trained, keyof Validated | "metrics">> {
    if (weights === this.#now.best) return bestValidation(this.plan.programs.task, this.#progress);
    const { validationError, validationLoss, measured } = this.#progress;
    if (known || validationLoss === null) {
      return { validationError, validationLoss, ...(measured?.last && { metrics: measured.last }) };
    }
    const { error, cost, ...found } = await this.#evaluate(weights);
    return { validationError: error, validationLoss: cost, ...found };
  }

  get #progress(): Progress {
    return this.#now.progress;
  }

  #advance(change: (before: Progress) => Progress): void {
    this.#now = { ...this.#now, progress: change(this.#progress) };
  }

  #count(phase: keyof Seconds, start: number): void {
    this.#advance((before) => afterSeconds(before, phase, (performance.now() - start) / 1000));
  }

  async #timed<T>(phase: keyof Seconds, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#count(phase, start);
    return result;
  }

  /** One epoch, or the rest of it, until training stops. */
  async *#epoch(): AsyncGenerator<TrainingEvent, void> {
    const { programs: { batches }, signal, saving } = this.plan;
    while (this.#progress.batch < batches && this.#stop === undefined) {
      await this.#timed("train", () => this.#step());
      yield this.#stepEvent();
      if (signal?.aborted) {
        this.#stop = "aborted";
        return await this.#running.settle();
      }
      yield* this.#settle();
    }
    await this.#read();
    const record = await this.#record();
    const reduced = this.#reduceRate();
    this.#advance((before) => afterEpoch(before, record, batches));
    this.#keepGood();
    yield { event: "epoch", ...record };
    if (reduced) yield reduced;
    if (saving?.each === "epoch") yield await this.#save(saving);
    this.#checkEnd();
  }

  /** Reduces the learning rate if the validation has not improved for long enough; the epoch is over. */
  #reduceRate(): RateReducedEvent | undefined {
    const { reduceOnPlateau: options, programs: { batches, task: { rule } } } = this.plan;
    const { batch, iteration, patience: { bestIteration }, plateau = noPlateau } = this.#progress;
    if (!options || batch < batches) return undefined;
    const { learningRate } = rule;
    const after = afterPlateau(plateau, options, { iteration, bestIteration, batches, learningRate });
    this.#advance((before) => ({ ...before, plateau: after }));
    if (after === plateau) return undefined;
    const { state } = this.#now;
    this.#now = { ...this.#now, state: { ...state, updates: withScale(state.updates, after.scale) } };
    const reduction = reductionOf(rule, { before: plateau.scale, after: after.scale, least: options.least });
    return reduction && { event: "rateReduced", ...this.#position(), ...reduction };
  }

  /** Whether the history has the steps of the epoch in progress. */
  #isRecorded(): boolean {
    const { epoch, batch, unread, epochSums, history } = this.#progress;
    const last = history.records().at(-1);
    return batch === 0 || (unread === 0 && last?.epoch === epoch && last.trainLoss === meanCost(epochSums));
  }

  #checkEnd(): void {
    if (this.#progress.epoch > this.plan.nEpochs) this.#stop ??= "epochs";
  }

  async #step(): Promise<void> {
    const { programs: { stepFor, task: { batchSize }, examples } } = this.plan;
    const { epoch, batch } = this.#progress;
    const chunk = await this.feeds.training.chunk(epoch, batch);
    this.#now = {
      ...this.#now,
      state: stepFor(batch)(this.#now.state, chunk),
      progress: afterStep(this.#progress, Math.min(batchSize, examples - batch * batchSize)),
    };
    if (this.plan.watched) this.#watch();
    await this.#pause();
  }

  /** Reads the mean cost of the epoch so far, but not often. */
  #watch(): void {
    const { epoch, unread, epochSums } = this.#progress;
    const { sums } = this.#now.state;
    const read = { examples: unread, outputs: this.plan.programs.task.outputs };
    this.#running.update(epoch, async () => meanCost(addSums(epochSums, sumsFrom(await sums.data(), read))));
  }

  #stepEvent(): StepEvent {
    const trainLoss = this.#running.of(this.#progress.epoch);
    return {
      event: "step",
      ...this.#position(),
      lastIteration: lastIteration(this.plan, this.#progress),
      ...trainLoss !== undefined && { trainLoss },
    };
  }

  /** What follows the last step: validation, and possibly the end of training. */
  async *#settle(): AsyncGenerator<TrainingEvent, void> {
    const { iteration, validated } = this.#progress;
    if (iteration > validated && iteration % this.#interval === 0) yield* this.#validate();
    if (this.plan.earlyStop && isOutOfPatience(this.plan, this.#progress, iteration - 1)) this.#stop ??= "patience";
  }

  #position(): Position {
    const { epoch, batch, iteration } = this.#progress;
    return { epoch, batch, batches: this.plan.programs.batches, iteration };
  }

  /** Reads the sums on the device and resets them. */
  async #read(): Promise<Sums> {
    await this.#running.settle();
    const { unread: examples } = this.#progress;
    if (examples === 0) return { cost: 0, error: 0, examples };
    const { task } = this.plan.programs;
    const values = await this.#timed("train", () => this.#now.state.sums.data());
    const [read, cost] = [sumsFrom(values, { examples, outputs: task.outputs }), costIn(values, task.outputs)];
    if (!Number.isFinite(cost)) throw await this.#failure(cost);
    const { sums } = this.#now.state;
    this.#now = { ...this.#now, state: { ...this.#now.state, sums: emptySums(task) } };
    sums.dispose();
    this.#advance((before) => afterReading(before, read));
    return read;
  }

  /** The error of a training whose cost is not finite. The last finite state replaces the current one. */
  async #failure(cost: number): Promise<Error> {
    const { plan: { name: model, programs }, feeds: { training: feed } } = this;
    const { iteration } = this.#progress;
    const error = await diagnose({ model, programs, feed, good: this.#good, iteration, cost });
    this.#rescue = await this.plan.saving?.save(this.#good);
    return error;
  }

  /** The error of a validation that measured no finite number. The current state is saved if its weights are finite. */
  async #unmeasured(weights: Weights, cost: number): Promise<Error> {
    const { plan: { name: model, programs: { task }, saving } } = this;
    const { iteration } = this.#progress;
    const { params, state } = this.#good.state;
    const error = await diagnoseValidation({ model, task, iteration, cost, weights, good: { params, state } });
    this.#rescue = await saving?.save(error.weights === weights ? this.#now : this.#good);
    return error;
  }

  #keepGood(): void {
    const { progress: { iteration }, state } = this.#good;
    if (iteration === this.#progress.iteration) {
      this.#good = { ...this.#now, state: this.#atEnd(state) };
      return;
    }
    disposeTree(state);
    this.#good = { ...this.#now, state: copyTree(this.#now.state) };
  }

  /** A copy of the present state that was made before the epoch ended, brought up to date. */
  #atEnd(state: TrainingState): TrainingState {
    const { metrics } = this.#now.state;
    const { plateau } = this.#progress;
    if (metrics) disposeTree(state.metrics);
    return {
      ...state,
      ...(metrics && { metrics: copyTree(metrics) }),
      ...(plateau && { updates: withScale(state.updates, plateau.scale) }),
    };
  }

  #evaluate(weights: Weights): Promise<Evaluation> {
    const { evaluator } = this.plan.programs;
    return this.#timed("validate", () => evaluator.evaluate(weights, this.feeds.validation, this.#pause));
  }

  async *#validate(): AsyncGenerator<TrainingEvent, void> {
    const { programs: { task }, saving } = this.plan;
    const sums = await this.#read();
    const weights = currentWeights(this.#now.state, task.rule);
    const found = await this.#evaluate(weights);
    const { cost, error, metrics } = found;
    const monitored = monitoredValue(task, found);
    // NaN and Infinity would never be the best, and -Infinity would stay the best.
    if (!Number.isFinite(monitored)) throw await this.#unmeasured(weights, monitored);
    const before = this.#progress;
    const isMeasured = hasNamedResults(task) || task.monitor !== undefined;
    this.#advance((before) => afterValidated(before, found, { score: scoreOf(task, monitored), isMeasured }));
    const better = this.#progress.patience !== before.patience;
    const best = better ? this.#keepBest(weights) : null;
    if (this.#goal && cost <= this.#goal.goal) this.#stop ??= "overfit";
    this.#keepGood();
    yield {
      event: "validation",
      ...this.#position(),
      validationError: error,
      validationLoss: cost,
      trainLoss: meanCost(sums),
      errorUnit: unitOf(errorIn(task)),
      ...(metrics && { metrics }),
    };
    if (best === null) return;
    yield {
      event: "checkpoint",
      ...this.#position(),
      validationError: error,
      validationLoss: cost,
      ...(metrics && { metrics }),
      weights: best,
    };
    if (saving?.each === "checkpoint") yield await this.#save(saving);
  }

  #keepBest(weights: Weights): Weights {
    if (this.#now.best) disposeTree(this.#now.best);
    const best = copyTree(weights);
    this.#now = { ...this.#now, best };
    return best;
  }

  async #save(saving: SavePlan): Promise<SaveEvent | SaveFailedEvent> {
    return await this.#timed("save", () => saving.save(this.#now));
  }

  async #record(): Promise<EpochRecord> {
    const { epoch, epochSums, epochSeconds: seconds, measured, plateau = noPlateau, ...progress } = this.#progress;
    const { reduceOnPlateau, programs: { task } } = this.plan;
    const metric = errorIn(task);
    const training = await this.#metrics();
    return {
      epoch,
      trainLoss: meanCost(epochSums),
      trainError: metric === null ? NaN : meanError({ ...epochSums, error: epochSums.error * scaleOf(metric) }),
      validationError: progress.validationError,
      validationLoss: progress.validationLoss,
      seconds,
      samplesPerSecond: epochSums.examples / seconds,
      ...(reduceOnPlateau && { learningRateScale: plateau.scale }),
      ...(training && { metrics: { training, validation: measured?.last ?? null } }),
    };
  }

  /** The losses of several outputs, and the metrics of the training examples of the epoch, if there are any. */
  async #metrics(): Promise<MetricValues | undefined> {
    const { task } = this.plan.programs;
    return hasNamedResults(task) ? { ...meanCosts(this.#progress.epochSums), ...await this.#readMetrics() } : undefined;
  }

  /** The metrics of the training examples of the epoch; they start again if it is over. */
  async #readMetrics(): Promise<MetricValues | undefined> {
    const { programs: { metrics: reader, task, batches } } = this.plan;
    const { metrics } = this.#now.state;
    if (!reader || !metrics) return undefined;
    const values = await this.#timed("train", () => reader.read(metrics));
    if (this.#progress.batch < batches) return values;
    disposeTree(metrics);
    this.#now = { ...this.#now, state: { ...this.#now.state, ...emptyMetrics(task) } };
    return values;
  }
}

/**
 * The learning-rate range test: a few steps at rising learning rates.
 *
 * @module
 */

import { readyDevice } from "../../core/device.ts";
import { count, positive, share } from "../../core/options/numbers.ts";
import type { Declaration, OptionValues } from "../../core/options/option.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import { showValue } from "../../core/options/show.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import { checkClasses, checkFit } from "../check_data.ts";
import { modelKind } from "../files/model_configuration.ts";
import type { Model } from "../model.ts";
import { disposeTree } from "../weights.ts";
import { taskOptionsOf } from "./beginning.ts";
import { sharesOf } from "./device_bytes.ts";
import type { Feed } from "./feed.ts";
import { keysOf } from "./keys.ts";
import { makePause } from "./pause.ts";
import { reducible, withScale } from "./plateau.ts";
import { addSums, meanCost, type Sums, sumsFrom } from "./progress.ts";
import { beginTraining, makePrograms, prepareSteps, type Programs, trainingFeed } from "./programs.ts";
import {
  exponentialRates,
  hasDiverged,
  judgeRates,
  type LearningRateRange,
  type RatePoint,
  settlingSteps,
  smoother,
} from "./rate_range.ts";
import { settingsOf, valuesOf } from "./settings.ts";
import { emptySums, type TrainingState } from "./step.ts";
import { taskOf } from "./task_of.ts";
import { type TrainOptions, trainOptions } from "./train_options.ts";

/** Options of {@linkcode learningRateRange}; some are those of the training. */
export interface RateRangeOptions
  extends Pick<TrainOptions, "seed" | "deviceBytes" | "classWeights" | "labelSmoothing" | "augment" | "signal"> {
  /** The first learning rate (default: 1e-7). */
  readonly from?: number | undefined;
  /** The last learning rate (default: 10). */
  readonly to?: number | undefined;
  /** The number of rates, each of which is used for one update (default: 100). */
  readonly steps?: number | undefined;
  /** The share of the average so far in the smoothed loss, below 1; 0 smooths nothing (default: 0.9). */
  readonly smoothing?: number | undefined;
  /** The test ends when the smoothed loss is this many times the lowest one (default: 4). */
  readonly divergence?: number | undefined;
}

/** More steps are a training. */
const MOST_STEPS = 1e6;

const { seed, deviceBytes, classWeights, labelSmoothing, augment, signal } = trainOptions;

/** {@linkcode RateRangeOptions}, declared. */
export const rateRangeOptions = {
  from: positive({ default: 1e-7, help: "first learning rate" }),
  to: positive({ default: 10, help: "last learning rate" }),
  steps: count({ most: MOST_STEPS, default: 100, help: "number of rates, each used for one update" }),
  smoothing: share({ default: 0.9, help: "share of the average so far in the smoothed loss, below 1" }),
  divergence: positive({ default: 4, help: "multiple of the lowest smoothed loss at which the test ends" }),
  ...{ seed, deviceBytes, classWeights, labelSmoothing, augment, signal },
} satisfies Declaration<RateRangeOptions>;

/**
 * Finds a learning rate: trains a copy of the network for a few steps, each at a higher rate than the one before, and
 * watches the loss. Rates that are too low change nothing; then the loss falls, and at rates that are too high it rises
 * again. The rate is an argument of the compiled step, so nothing is compiled anew. The model stays as it is.
 *
 * @returns the losses, the rate at which the smoothed loss falls most steeply, that with the lowest loss, and a suggestion:
 * the lower one of the former and a tenth of the latter
 * @throws {RangeError} if `from` is not below `to`, `smoothing` is 1, or `divergence` is not above 1.
 * @throws {TypeError} if the model cannot be trained, or its update rule does not have exactly one learning rate.
 *
 * @example
 * ```ts
 * import { data, digitsLoader, inputLayer, logisticRegression, model, network } from "@yadll/yadll";
 * import { learningRateRange } from "@yadll/yadll/model";
 * import { assert } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 784] });
 * const untrained = model({
 *   network: network("softmax", [input, logisticRegression(input, { nClass: 10 })]),
 *   data: data(digitsLoader({ sizes: [400, 100, 100] })),
 *   hyperparameters: { batchSize: 50, nEpochs: 3 },
 * });
 * const { points, suggestion, stop } = await learningRateRange(untrained, { from: 1e-5, to: 100 });
 * assert(stop === "diverged" && points[0].rate === 1e-5);
 * assert(suggestion !== null && suggestion > 1e-3 && suggestion < 10);
 * const { report } = await untrained.with({ hyperparameters: { batchSize: 50, nEpochs: 3, learningRate: suggestion } })
 *   .train();
 * assert(report.testError! < 50);
 * ```
 */
export async function learningRateRange(model: Model, options: RateRangeOptions = {}): Promise<LearningRateRange> {
  refuseSurplus("learningRateRange", arguments, 2);
  checkArgument("find a learning rate", model, modelKind);
  const given = readOptions<RateRangeOptions, typeof rateRangeOptions>(
    "find a learning rate",
    rateRangeOptions,
    options,
  );
  checkRange(given);
  await readyDevice();
  const { network, data, parts } = model;
  checkFit(parts, { network, data }, settingsOf(valuesOf(parts.hyperparameters ?? {})).batchSize);
  const { classWeights, labelSmoothing, augment } = options;
  const chosen = await taskOptionsOf({ classWeights, labelSmoothing, augment }, undefined);
  const task = taskOf({ ...parts, network, data }, { judge: true, options: chosen });
  checkClasses(task, data);
  const rule = ratedRule(`find a learning rate of ${showValue(network.name)}`, task.rule);
  using programs = makePrograms({ ...task, rule }, data.training.length);
  const { training: bytes } = sharesOf(data, given.deviceBytes);
  const { init, order, noise } = keysOf(given.seed);
  using feed = trainingFeed(programs, { set: data.training, bytes, key: order });
  const begun = beginTraining(programs, network.weights ?? network.init(init), noise);
  prepareSteps(programs, begun, feed.form);
  const rates = exponentialRates(given.from, given.to, given.steps);
  return await tryRates({ programs, feed, begun, rates, updateSteps: task.rule.accumulates ?? 1 }, given);
}

type Given = OptionValues<typeof rateRangeOptions>;

function checkRange({ from, to, smoothing, divergence }: Given): void {
  const refuse = (expected: string, got: number): RangeError =>
    new RangeError(`Cannot find a learning rate: expected ${expected}, got ${got}`);
  if (from >= to) throw refuse(`from to be below to, ${to}`, from);
  if (smoothing >= 1) throw refuse("smoothing to be below 1", smoothing);
  if (divergence <= 1) throw refuse("divergence to be above 1", divergence);
}

/** A rule whose learning rate is the scale of its state. */
function ratedRule(action: string, rule: UpdateRule): UpdateRule {
  if (rule.learningRate === undefined || rule.withLearningRate === undefined) {
    throw new TypeError(
      `Cannot ${action} for the update rule ${rule.name}: expected a rule with one learning rate, such as those of this ` +
        "library",
    );
  }
  return reducible(action, { ...rule, learningRate: 1 }, { factor: 1, patience: 1, least: 0 });
}

/** The steps of a range test. */
interface Trial {
  readonly programs: Programs;
  readonly feed: Feed;
  /** The state before the first step, which is consumed. */
  readonly begun: TrainingState;
  readonly rates: readonly number[];
  /** Steps per update. */
  readonly updateSteps: number;
}

async function tryRates(
  { programs, feed, begun, rates, updateSteps }: Trial,
  given: Given,
): Promise<LearningRateRange> {
  const smooth = smoother(given.smoothing);
  const pause = makePause();
  const points: RatePoint[] = [];
  const settling = settlingSteps(rates.length);
  let stop: LearningRateRange["stop"] = "steps";
  let state = begun;
  for (const [i, rate] of rates.entries()) {
    if (given.signal?.aborted) stop = "aborted";
    if (stop !== "steps") break;
    state = { ...state, updates: withScale(state.updates, rate) };
    const found = await update(programs, feed, { state, from: i * updateSteps, steps: updateSteps });
    state = found.state;
    const loss = meanCost(found.sums);
    const smoothed = smooth(loss);
    if (hasDiverged(smoothed, points.slice(settling), given.divergence)) stop = "diverged";
    if (Number.isFinite(smoothed)) points.push({ rate, loss, smoothed });
    await pause();
  }
  disposeTree(state);
  return judgeRates(points, { stop, settling });
}

/** The steps of one update. */
interface Update {
  readonly state: TrainingState;
  /** The number of steps before them. */
  readonly from: number;
  readonly steps: number;
}

/** Makes an update, and reads the cost of its batches. */
async function update(
  { stepFor, batches, examples, task }: Programs,
  feed: Feed,
  { state: before, from, steps }: Update,
): Promise<{ readonly state: TrainingState; readonly sums: Sums }> {
  let state = before;
  let sums: Sums = { cost: 0, error: 0, examples: 0 };
  for (let step = from; step < from + steps; step++) {
    const batch = step % batches;
    state = stepFor(batch)(state, await feed.chunk(1 + Math.floor(step / batches), batch));
    const size = Math.min(task.batchSize, examples - batch * task.batchSize);
    sums = addSums(sums, sumsFrom(await state.sums.data(), { examples: size, outputs: task.outputs }));
    state.sums.dispose();
    state = { ...state, sums: emptySums(task) };
  }
  return { state, sums };
}

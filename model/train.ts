/**
 * A whole training: device, first weights, pre-training, training, test, report.
 *
 * @module
 */

import { deviceInfo } from "../core/device.ts";
import { jit } from "../core/jit.ts";
import { key, splitKeys } from "../core/random/bits.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { leavesOf } from "../core/tree.ts";
import type { Data } from "../data/data.ts";
import { sharesOf } from "./device_bytes.ts";
import type { StartEvent, TrainingEvent } from "./events.ts";
import type { HyperparameterValues } from "./hyperparameters.ts";
import { makePause } from "./pause.ts";
import { pretrainLayers } from "./pretraining.ts";
import type { Programs } from "./programs.ts";
import type { Report } from "./report.ts";
import type { Settings } from "./settings.ts";
import { unitOf } from "./task.ts";
import { type Trained, trainingLoop } from "./training.ts";
import { versions } from "./version.ts";
import type { Weights } from "./weights.ts";

/** Options of a training. */
export interface TrainOptions {
  /** What all random numbers come from: the same seed gives the same weights on the same device. 1 where not given. */
  readonly seed?: number;
  /**
   * Whether unsupervised layers learn from their input first; where not given, they do if the network carries no weights
   * yet.
   */
  readonly unsupervisedTraining?: boolean;
  /** Whether to stop when the validation error falls no more; true where not given. */
  readonly earlyStop?: boolean;
  /** Whether each epoch has an order of its own; true where not given. */
  readonly shuffle?: boolean;
  /** Whether the weights with the least validation error are kept rather than the last; true where not given. */
  readonly restoreBest?: boolean;
  /**
   * The bytes of the device that examples may take, 2 GiB where not given. Sets that need more are streamed there, a few
   * batches at a time, which changes no bit of what is learned; the smaller ones stay.
   */
  readonly deviceBytes?: number;
  /** Stops the training after the step in progress; what was reached is kept. */
  readonly signal?: AbortSignal | undefined;
}

/** What a model brings to a training. */
export interface Assembly {
  readonly name: string;
  readonly data: Data;
  readonly programs: Programs;
  readonly values: HyperparameterValues;
  readonly settings: Settings;
}

/** What a training leaves. */
export interface TrainingResult {
  readonly weights: Weights;
  readonly report: Report;
}

/** Random keys for what must not depend on each other, each in memory of its own. */
const keysOfRoot = jit((root: Tensor) => {
  const [init, pretraining, order, noise] = splitKeys(root, 4);
  return { init, pretraining, order, noise };
});

function keysOf(seed: number): ReturnType<typeof keysOfRoot> {
  return keysOfRoot(key(seed));
}

/** The weights to begin with: those that the network carries, or new ones. */
export function firstWeights({ programs: { task: { network } } }: Assembly, seed: number): Weights {
  return network.weights ?? network.init(keysOf(seed).init);
}

/** Trains, and tells what happens; the last event has the report. */
export async function* trainAll(
  assembly: Assembly,
  options: TrainOptions,
): AsyncGenerator<TrainingEvent, TrainingResult> {
  const { programs, data, settings, name } = assembly;
  const { seed = 1, earlyStop = true, shuffle = true, restoreBest = true, signal } = options;
  const shares = sharesOf(data, options.deviceBytes);
  const start = performance.now();
  yield startEvent(assembly, seed);
  const keys = keysOf(seed);
  const { network } = programs.task;
  const { unsupervisedTraining = network.weights === undefined } = options;
  const weights = unsupervisedTraining ? yield* pretrainAll(assembly, options) : firstWeights(assembly, seed);
  const pretrained = performance.now();
  const trained = yield* trainingLoop(
    { name, programs, data, shares, weights, keys, ...settings, earlyStop, shuffle, restoreBest, signal },
  );
  const testing = performance.now();
  const testError = await test(assembly, trained, shares.test);
  const report = reportOf(assembly, trained, {
    seed,
    testError,
    total: (performance.now() - start) / 1000,
    pretrain: (pretrained - start) / 1000,
    test: (performance.now() - testing) / 1000,
  });
  yield { event: "end", report };
  return { weights: trained.weights, report };
}

/** Pre-training alone: the weights to begin with, and what unsupervised layers make of them. */
export async function* pretrainAll(
  assembly: Assembly,
  { seed = 1, deviceBytes, signal }: TrainOptions,
): AsyncGenerator<TrainingEvent, Weights> {
  const { programs, data } = assembly;
  const { network } = programs.task;
  const weights = firstWeights(assembly, seed);
  const { training: bytes } = sharesOf(data, deviceBytes);
  return yield* pretrainLayers({ network, programs, data, bytes, weights, key: keysOf(seed).pretraining, signal });
}

function startEvent({ name, data, programs, settings }: Assembly, seed: number): StartEvent {
  return {
    event: "start",
    model: name,
    network: programs.task.network.name,
    data: data.name,
    seed,
    device: deviceInfo(),
    epochs: settings.nEpochs,
    batches: programs.batches,
    examples: programs.examples,
  };
}

/** The test error of the kept weights. */
async function test(
  { data, programs: { evaluator } }: Assembly,
  trained: Trained,
  bytes: number,
): Promise<number | null> {
  if (!data.test || trained.stop === "aborted") return null;
  using feed = evaluator.feed(data.test, bytes);
  return (await evaluator.evaluate(trained.weights, feed, makePause())).error;
}

interface Measured {
  readonly seed: number;
  readonly testError: number | null;
  readonly total: number;
  readonly pretrain: number;
  readonly test: number;
}

function reportOf({ name, data, programs, values }: Assembly, trained: Trained, measured: Measured): Report {
  const { weights, seconds, ...found } = trained;
  const { task } = programs;
  const examples = found.iterations * programs.examples / programs.batches;
  return {
    model: name,
    network: task.network.name,
    parameters: leavesOf(weights.params).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    data: data.name,
    seed: measured.seed,
    updates: task.rule.name,
    hyperparameters: values,
    device: deviceInfo(),
    versions: versions(),
    ...found,
    errorUnit: unitOf(task.error),
    testError: measured.testError,
    seconds: {
      total: measured.total,
      pretrain: measured.pretrain,
      compile: seconds.compile,
      train: seconds.train,
      validate: seconds.validate + measured.test,
    },
    samplesPerSecond: seconds.train === 0 ? 0 : examples / seconds.train,
  };
}

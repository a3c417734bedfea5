/**
 * The compiled functions of a task, which every training and evaluation of a model uses.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { jit, versionOf } from "../../core/jit.ts";
import { fold } from "../../core/random/bits.ts";
import { permutation } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { NamedTensorSet } from "../../data/tensor_set.ts";
import { beginRule } from "../../optim/check_updated.ts";
import type { Chunk } from "./batch.ts";
import { batchesOf, hasFixedBatches } from "./epoch_size.ts";
import { compileEvaluation, type Evaluator } from "./evaluation.ts";
import type { Feed } from "./feed.ts";
import { makeFeed } from "./make_feed.ts";
import { readerOf } from "./output_metrics.ts";
import type { MetricReader } from "./set_metrics.ts";
import { compileStep, emptyMetrics, emptySums, type TrainingState, type TrainingStep } from "./step.ts";
import type { Task } from "./task.ts";
import { copyTree, type Weights } from "../weights.ts";

/** The compiled functions of a task on data with a number of training examples; disposing them frees what was compiled. */
export interface Programs extends Disposable {
  readonly task: Task;
  /** The number of training examples. */
  readonly examples: number;
  /** The number of batches per epoch; the last one may be smaller. */
  readonly batches: number;
  /** The step for a batch of an epoch, counted from 0. */
  stepFor(batch: number): TrainingStep;
  readonly evaluator: Evaluator;
  /** Reads the metrics of training steps; undefined without metrics. */
  readonly metrics: MetricReader | undefined;
  /** The examples in the random order of an epoch, which depends on the key. */
  readonly shuffle: (key: Tensor, epoch: number) => Tensor;
}

/** The compiled functions of a task; nothing is compiled before it is used. */
export function makePrograms(task: Task, examples: number): Programs {
  const { batchSize, network } = task;
  const fixed = hasFixedBatches(network);
  const batches = batchesOf(network, { examples, batchSize });
  const whole = compileStep(task, batches, Math.min(batchSize, examples));
  const rest = examples % batchSize;
  const last = rest === 0 || fixed ? whole : compileStep(task, batches, rest);
  const evaluator = compileEvaluation(task);
  const metrics = readerOf(task.outputs);
  const permute = jit((key: Tensor, epoch: Tensor) => permutation(fold(key, epoch), examples), { name: "shuffle" });
  return {
    task,
    examples,
    batches,
    stepFor: (batch) => batch === batches - 1 ? last : whole,
    evaluator,
    metrics,
    shuffle: (key, epoch) => {
      using number = tensor(epoch, [], { dtype: "i32" });
      return permute(key, number);
    },
    [Symbol.dispose]: () =>
      [whole, last, evaluator, permute, metrics].forEach((compiled) => compiled?.[Symbol.dispose]()),
  };
}

/** The state before the first step: a copy of the weights, and the initial state of everything else. */
export function beginTraining({ task }: Programs, { params, state }: Weights, key: Tensor): TrainingState {
  const action = `train ${JSON.stringify(task.network.name)}`;
  const begun = copyTree({ params, state, updates: beginRule(action, task.rule, params) });
  return { ...begun, key, sums: emptySums(task), ...emptyMetrics(task) };
}

/** The options of a training feed. */
export interface TrainingFeedOptions {
  readonly set: NamedTensorSet;
  /** The bytes that it may use on the device. */
  readonly bytes: number;
  /** The key by which each epoch is shuffled (default: not shuffled). */
  readonly key?: Tensor | undefined;
}

/** The batches of a training set. */
export function trainingFeed({ task, batches, shuffle }: Programs, { set, bytes, key }: TrainingFeedOptions): Feed {
  return makeFeed({
    set,
    bytes,
    batches,
    batchSize: Math.min(task.batchSize, set.length),
    order: key && ((epoch) => shuffle(key, epoch)),
  });
}

/** Compiles all steps of an epoch for chunks of this form. */
export function prepareSteps(programs: Programs, state: TrainingState, form: Chunk): void {
  for (const batch of [0, programs.batches - 1]) versionOf(programs.stepFor(batch), state, form);
}

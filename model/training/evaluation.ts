/**
 * Evaluates a network on a whole set, on the device.
 *
 * @module
 */

import { arange, tensor } from "../../core/creation.ts";
import { type CompiledFunction, jit, versionOf } from "../../core/jit.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { TensorSet } from "../../data/tensor_set.ts";
import { batchOf, type Chunk } from "./batch.ts";
import type { Feed } from "./feed.ts";
import { makeFeed } from "./make_feed.ts";
import { knowBatch } from "../check_tokens.ts";
import { isWeighted, outcome } from "./outcome.ts";
import {
  beginMetrics,
  formsOf,
  metricReader,
  type MetricStates,
  type MetricValues,
  updateMetrics,
} from "./set_metrics.ts";
import { scaleOf, type Task } from "./task.ts";
import { disposeTree, type Weights } from "../weights.ts";

/**
 * Examples per batch: enough to keep a device busy, and few enough for the outputs of convolutions to fit into memory.
 */
export const EXAMPLES_AT_A_TIME = 500;

/** Batches whose totals are added on the device. They are singles, so sums of many more would lose digits. */
const BATCHES_AT_A_TIME = 256;

/** Means over a set. */
export interface Evaluation {
  readonly cost: number;
  /** In the unit of the metric: rates in percent; null without a metric. */
  readonly error: number | null;
  /** The values of the metrics of the task, if it has any. */
  readonly metrics?: MetricValues;
}

interface Totals {
  /** Batches done, i32. */
  readonly done: Tensor;
  readonly cost: Tensor;
  readonly error: Tensor;
  /** The sum of the weights, if the set has any, or the objective ignores targets. */
  readonly weight?: Tensor;
  /** The states of metrics, if there are any. */
  readonly metrics?: MetricStates;
}

/** What an evaluation measures. */
export type EvaluationTask = Omit<Task, "rule" | "batchSize">;

/** A compiled evaluation; disposing it frees what was compiled. */
export interface Evaluator extends Disposable {
  /** The batches of a set, which may use this many bytes on the device. */
  feed(set: TensorSet, bytes: number): Feed;
  /** Evaluates weights on a set; `pause` is awaited after each batch. */
  evaluate(weights: Weights, feed: Feed, pause: () => Promise<void>): Promise<Evaluation>;
  /** Compiles it now for a set. */
  prepare(weights: Weights, feed: Feed): void;
}

/**
 * A compiled evaluation. Every example counts once: the last batch is padded with repetitions that do not count.
 */
export function compileEvaluation(task: EvaluationTask): Evaluator {
  const size = task.network.inputShapes[0]?.[0] ?? EXAMPLES_AT_A_TIME;
  const step = evaluationStep(task, size);
  const scale = scaleOf(task.error);
  const reader = task.metrics && metricReader(task.metrics);
  const begin = (feed: Feed): Totals => ({
    done: tensor(0, [], { dtype: "i32" }),
    ...noSums(task, feed),
    ...(task.metrics && { metrics: beginMetrics(task.metrics, formsOf(task.network, feed.set)) }),
  });
  return {
    feed: (set, bytes) => makeFeed({ set, bytes, batchSize: size, batches: Math.ceil(set.length / size) }),
    prepare: (weights, feed) => void versionOf(step, begin(feed), weights, { ...feed.form, length: feed.set.length }),
    evaluate: async (weights, feed, pause) => {
      const { batches, set: { length } } = feed;
      let totals = begin(feed);
      let [cost, error, weight] = [0, 0, 0];
      for (let batch = 0; batch < batches; batch++) {
        totals = step(totals, weights, { ...await feed.chunk(0, batch), length });
        await pause();
        if ((batch + 1) % BATCHES_AT_A_TIME !== 0 && batch + 1 < batches) continue;
        const { done, metrics, ...read } = totals;
        cost += await read.cost.item();
        error += await read.error.item();
        weight += await read.weight?.item() ?? 0;
        disposeTree(read);
        totals = { done, ...noSums(task, feed), ...(metrics && { metrics }) };
      }
      const metrics = totals.metrics && await reader?.read(totals.metrics);
      disposeTree(totals);
      const count = hasWeights(task, feed) ? weight : length;
      // Counts times 100 are whole numbers, so percentages are exact.
      const means = { cost: cost / count, error: task.error === null ? null : error * scale / count };
      return { ...means, ...(metrics && { metrics }) };
    },
    [Symbol.dispose]: () => [step, reader].forEach((compiled) => compiled?.[Symbol.dispose]()),
  };
}

/** The sums before the first example. */
function noSums(task: EvaluationTask, feed: Feed): Omit<Totals, "done" | "metrics"> {
  return { cost: tensor(0), error: tensor(0), ...(hasWeights(task, feed) && { weight: tensor(0) }) };
}

/** Whether means are divided by a sum of weights. */
function hasWeights({ objective }: EvaluationTask, { set }: Feed): boolean {
  return isWeighted({ weights: set.rows.weights, objective });
}

/** A chunk, with the number of examples in its set. */
interface ChunkOfSet extends Chunk {
  readonly length: number;
}

function evaluationStep(task: EvaluationTask, size: number): CompiledFunction<[Totals, Weights, ChunkOfSet], Totals> {
  // What counts more in training does not change what is measured.
  const measures = { ...task, emphasis: undefined };
  const step = (before: Totals, { params, state }: Weights, chunk: ChunkOfSet): Totals => {
    const { done, cost, error, weight, metrics } = before;
    const places = arange(size, undefined, 1, { dtype: "i32" }).add(done.mul(size));
    const counts = places.less(chunk.length);
    const batch = batchOf(chunk, { batch: done, batchSize: size });
    knowBatch(task.network, batch);
    const found = outcome(measures, batch, { params, train: false, state });
    const { cost: costs, error: errors, weights } = found;
    const total = (values: Tensor): Tensor => counts.where(values, 0).sum();
    return {
      done: done.add(1),
      cost: cost.add(total(costs)),
      error: error.add(total(errors)),
      ...(weight && weights && { weight: weight.add(total(weights.error)) }),
      ...(metrics &&
        {
          metrics: updateMetrics(task.metrics ?? [], metrics, {
            batch: { ...batch, counts },
            predicted: found.predicted(),
          }),
        }),
    };
  };
  return jit(step, { donate: [0], name: `evaluation of ${task.network.name}` });
}

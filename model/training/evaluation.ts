/**
 * Evaluates a network on a whole set, on the device.
 *
 * @module
 */

import type { Network } from "../network.ts";
import { arange, tensor } from "../../core/creation.ts";
import { type CompiledFunction, jit, versionOf } from "../../core/jit.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { NamedTensorSet } from "../../data/tensor_set.ts";
import { batchOf, type Chunk } from "./batch.ts";
import type { Feed } from "./feed.ts";
import { makeFeed } from "./make_feed.ts";
import { knowBatch } from "../check_tokens.ts";
import { type BatchOutcome, isWeighted } from "./outcome.ts";
import { beginAll, readerOf, updateAll } from "./output_metrics.ts";
import { haveOwnDivisors, outcomesOf, totalCost } from "./outputs.ts";
import { targetOf } from "../target_data.ts";
import { lossName } from "./progress.ts";
import type { MetricStates, MetricValues } from "./set_metrics.ts";
import { errorIn, hasNamedResults, scaleOf, type Task } from "./task.ts";
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
  /** The losses of several outputs, and the values of the metrics of the task, if it has any. */
  readonly metrics?: MetricValues;
}

interface Totals {
  /** Batches done, i32. */
  readonly done: Tensor;
  readonly cost: Tensor;
  readonly error: Tensor;
  /** The costs of each of several outputs. */
  readonly costs?: readonly Tensor[];
  /** The sums of their weights, if their costs are divided by different ones. Then `cost` is 0. */
  readonly ownWeights?: readonly Tensor[];
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
  feed(set: NamedTensorSet, bytes: number): Feed;
  /** Evaluates weights on a set; `pause` is awaited after each batch. */
  evaluate(weights: Weights, feed: Feed, pause: () => Promise<void>): Promise<Evaluation>;
  /** Compiles it now for a set. */
  prepare(weights: Weights, feed: Feed): void;
}

/** The number of examples that are evaluated at a time. */
export function batchExamples({ inputShapes }: Network): number {
  return inputShapes[0]?.[0] ?? EXAMPLES_AT_A_TIME;
}

/**
 * A compiled evaluation. Every example counts once: the last batch is padded with repetitions that do not count.
 */
export function compileEvaluation(task: EvaluationTask): Evaluator {
  const size = batchExamples(task.network);
  const step = evaluationStep(task, size);
  const { outputs } = task;
  const reader = readerOf(outputs);
  const begin = (feed: Feed): Totals => ({
    done: tensor(0, [], { dtype: "i32" }),
    ...noSums(feed, task),
    ...(reader && { metrics: beginAll(outputs, feed.set) }),
  });
  return {
    feed: (set, bytes) => makeFeed({ set, bytes, batchSize: size, batches: Math.ceil(set.length / size) }),
    prepare: (weights, feed) => void versionOf(step, begin(feed), weights, { ...feed.form, length: feed.set.length }),
    evaluate: async (weights, feed, pause) => {
      const { batches, set: { length } } = feed;
      let totals = begin(feed);
      const sums = new Sums();
      for (let batch = 0; batch < batches; batch++) {
        totals = step(totals, weights, { ...await feed.chunk(0, batch), length });
        await pause();
        if ((batch + 1) % BATCHES_AT_A_TIME !== 0 && batch + 1 < batches) continue;
        const { done, metrics, ...read } = totals;
        await sums.add(read);
        disposeTree(read);
        totals = { done, ...noSums(feed, task), ...(metrics && { metrics }) };
      }
      const metrics = totals.metrics && await reader?.read(totals.metrics);
      disposeTree(totals);
      return meansOf(sums, { task, count: hasWeights(feed, task) ? sums.weight : length, metrics });
    },
    [Symbol.dispose]: () => [step, reader].forEach((compiled) => compiled?.[Symbol.dispose]()),
  };
}

/** Sums that were read from the device, in doubles. */
class Sums {
  cost = 0;
  error = 0;
  weight = 0;
  costs: readonly number[] = [];
  ownWeights: readonly number[] = [];

  async add({ cost, error, weight, costs = [], ownWeights = [] }: Omit<Totals, "done" | "metrics">): Promise<void> {
    this.cost += await cost.item();
    this.error += await error.item();
    this.weight += await weight?.item() ?? 0;
    this.costs = await added(this.costs, costs);
    this.ownWeights = await added(this.ownWeights, ownWeights);
  }
}

/** Sums, with those of tensors. */
async function added(sums: readonly number[], more: readonly Tensor[]): Promise<readonly number[]> {
  const read = await Promise.all(more.map((one) => one.item()));
  return read.map((one, i) => (sums[i] ?? 0) + one);
}

/** What the means of a set are made of, in addition to sums. */
interface Measured {
  readonly task: EvaluationTask;
  /** By which sums are divided. */
  readonly count: number;
  readonly metrics: MetricValues | undefined;
}

function meansOf({ cost, error, costs, ownWeights }: Sums, { task, count, metrics }: Measured): Evaluation {
  const metric = errorIn(task);
  const means = costs.map((own, i) => own / (ownWeights[i] ?? count));
  const losses = means.map((mean, i) => [lossName(task.outputs[i].name), mean] as const);
  return {
    cost: ownWeights.reduce((sum, _, i) => sum + task.outputs[i].weight * means[i], cost / count),
    // Counts times 100 are whole numbers, so percentages are exact.
    error: metric === null ? null : error * scaleOf(metric) / count,
    ...(hasNamedResults(task) && { metrics: { ...Object.fromEntries(losses), ...metrics } }),
  };
}

/** The sums before the first example. */
function noSums(feed: Feed, task: Pick<Task, "outputs">): Omit<Totals, "done" | "metrics"> {
  const { outputs } = task;
  return {
    cost: tensor(0),
    error: tensor(0),
    ...(outputs.length > 1 && { costs: outputs.map(() => tensor(0)) }),
    ...(haveOwnDivisors(outputs) && { ownWeights: outputs.map(() => tensor(0)) }),
    ...(hasWeights(feed, task) && { weight: tensor(0) }),
  };
}

/** Whether means are divided by a sum of weights. */
function hasWeights({ set: { rows: { weights } } }: Feed, { outputs }: Pick<Task, "outputs">): boolean {
  return weights !== undefined || outputs.length === 1 && isWeighted({ weights, objective: outputs[0].objective });
}

/** A chunk, with the number of examples in its set. */
interface ChunkOfSet extends Chunk {
  readonly length: number;
}

/** By which the costs of an output are divided, for each example. */
function weightsOf({ cost, weights }: BatchOutcome): Tensor {
  return weights?.cost ?? cost.onesLike();
}

function evaluationStep(task: EvaluationTask, size: number): CompiledFunction<[Totals, Weights, ChunkOfSet], Totals> {
  // What counts more in training does not change what is measured.
  const outputs = task.outputs.map((output) => ({ ...output, emphasis: undefined }));
  const step = (before: Totals, { params, state }: Weights, chunk: ChunkOfSet): Totals => {
    const { done, cost, error, costs, ownWeights, weight, metrics } = before;
    const places = arange(size, undefined, 1, { dtype: "i32" }).add(done.mul(size));
    const counts = places.less(chunk.length);
    const batch = batchOf(chunk, { batch: done, batchSize: size });
    knowBatch(task.network, batch);
    const found = outcomesOf(outputs, batch, { params, train: false, state });
    const [{ error: errors, weights }] = found;
    const total = (values: Tensor): Tensor => counts.where(values, 0).sum();
    return {
      done: done.add(1),
      cost: ownWeights ? cost : cost.add(total(totalCost(outputs, found).cost)),
      error: error.add(total(errors)),
      ...(costs && { costs: costs.map((one, i) => one.add(total(found[i].cost))) }),
      ...(ownWeights && { ownWeights: ownWeights.map((one, i) => one.add(total(weightsOf(found[i])))) }),
      ...(weight && weights && { weight: weight.add(total(weights.error)) }),
      ...(metrics && {
        metrics: updateAll(outputs, metrics, ({ name }, i) => ({
          batch: { ...batch, y: targetOf(batch.y, name), counts },
          predicted: found[i].predicted(),
        })),
      }),
    };
  };
  return jit(step, { donate: [0], name: `evaluation of ${task.network.name}` });
}

/**
 * The metrics that a training and its evaluations measure over whole sets, on the device.
 *
 * @module
 */

import { zeros } from "../../core/creation.ts";
import { jit, trace } from "../../core/jit.ts";
import type { Shape } from "../../core/shape.ts";
import { wrongKind } from "../../core/options/read.ts";
import { Tensor } from "../../core/tensor.ts";
import { flattenTree, leavesOf } from "../../core/tree.ts";
import type { TargetSet, TensorPair } from "../../data/tensor_set.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Metric, MetricDirection, MetricForm, MetricState, Shaped } from "../../optim/set_metrics/metric.ts";
import { isPlainRecord } from "../files/json.ts";
import type { Network } from "../network.ts";
import { isOther } from "../../optim/targets.ts";
import { ignoredBy } from "./ignored_class.ts";
import { takesLogits } from "./output_fit.ts";

/** The values of metrics by name; of a metric with several values, `f1/0`, `f1/1`, … */
export type MetricValues = Readonly<Record<string, number>>;

/** The states of metrics, in their order. */
export type MetricStates = readonly MetricState[];

/** A value of a metric. */
export interface NamedValue {
  readonly name: string;
  readonly direction: MetricDirection;
}

/** What a network predicted for a batch. */
export interface Predicted {
  readonly network: Network;
  readonly objective: Objective;
  /** The output of the network. */
  readonly output: Tensor;
  /** The values before its softmax; undefined if it does not end in one. */
  readonly logits: Tensor | undefined;
}

/** The examples of a batch, and which of them count. */
export interface JudgedBatch extends Pick<TensorPair, "y" | "weights"> {
  /** bool [example]; undefined if all count */
  readonly counts?: Tensor | undefined;
}

/** What metrics judge: the predictions for some examples. */
export interface MetricForms {
  readonly prediction: Shaped;
  readonly target: Shaped;
  readonly form: MetricForm;
}

/** The shapes of predictions and targets of a set. */
export function formsOf({ outputShape }: Network, { rows: { y, weights } }: TargetSet): MetricForms {
  const shape = outputShape.map((extent, i) => extent ?? y.shape[i] ?? 1);
  const examples = shape[0];
  const of = (rest: Shape): Shape => [examples, ...rest];
  return {
    prediction: { shape },
    target: { shape: of(y.shape.slice(1)), dtype: y.dtype === "i32" ? "i32" : "f32" },
    form: weights ? { weights: { shape: of(weights.shape.slice(1)) } } : {},
  };
}

/** The states before the first example. */
export function beginMetrics(metrics: readonly Metric[], { prediction, target, form }: MetricForms): MetricStates {
  return metrics.map((metric) => metric.init(prediction, target, form));
}

/**
 * Throws if a metric cannot judge such predictions. Nothing is computed.
 *
 * @throws {TypeError} what the metric throws.
 */
export function tryMetric(metric: Metric, forms: MetricForms): void {
  const { prediction, target, form: { weights } } = forms;
  const isOwn = metric.configuration === undefined;
  const like = ({ shape, dtype }: Shaped): Tensor => zeros(shape, { dtype: dtype ?? "f32" });
  const [state] = beginMetrics([metric], forms);
  if (isOwn) checkState(metric, "init", { state, begun: state });
  const batch = { prediction: like(prediction), target: like(target), ...(weights && { weights: like(weights) }) };
  const update = (before: MetricState, { prediction, target, weights }: typeof batch): MetricState => {
    const after = metric.update(before, prediction, target, weights && { weights });
    if (isOwn) checkState(metric, "update", { state: after, begun: state });
    if (isOwn) checkValue(metric, metric.result(after));
    return after;
  };
  trace(update, flattenTree([state, batch]));
}

/** Refuses what a metric of your own may return instead of its state. */
function checkState(
  { name }: Metric,
  part: "init" | "update",
  { state, begun }: { readonly state: unknown; readonly begun: unknown },
): void {
  const isState = isPlainRecord(state) && leavesOf(state).length > 0;
  if (isState && flattenTree(state).structure === flattenTree(begun).structure) return;
  const kind = part === "init" ? "a state, a record of tensors" : "a state of the form that init returns";
  throw wrongKind(`compute ${name}`, `${part} of the metric to return ${kind}`, state);
}

/** Refuses what a metric of your own may return instead of its value. */
function checkValue(metric: Metric, value: unknown): void {
  if (value instanceof Tensor) return;
  throw wrongKind(`compute ${metric.name}`, "result of the metric to return a tensor", value);
}

/** The states after a batch. */
export function updateMetrics(
  metrics: readonly Metric[],
  states: MetricStates,
  { batch, predicted }: { readonly batch: JudgedBatch; readonly predicted: Predicted },
): MetricStates {
  const { target, weights } = countedTargets(batch, predicted);
  return metrics.map((metric, i) =>
    metric.update(states[i], predictionFor(metric, predicted), target, weights && { weights })
  );
}

/** Targets and weights of the examples that count. Targets of the class that the objective ignores do not. */
function countedTargets(
  { y, weights, counts }: JudgedBatch,
  { objective, output }: Predicted,
): { readonly target: Tensor; readonly weights: Tensor | undefined } {
  const ignored = ignoredBy(objective);
  const areNumbers = y.shape.length < output.shape.length;
  const known = ignored === undefined || !areNumbers ? undefined : isOther(y, ignored);
  const masks = [counts, known].filter((mask) => mask !== undefined);
  const target = known ? known.where(y, 0) : y;
  if (masks.length === 0) return { target, weights };
  const rank = Math.max(...[...masks, ...weights ? [weights] : []].map(({ shape }) => shape.length));
  const wide = (x: Tensor): Tensor =>
    x.shape.length === rank ? x : x.reshape([...x.shape, ...Array<number>(rank - x.shape.length).fill(1)]);
  const mask = masks.map(wide).reduce((both, one) => both.and(one));
  if (weights) return { target, weights: mask.where(wide(weights), 0) };
  return { target, weights: mask };
}

/**
 * What a metric judges: the output, or the values before its softmax. Of these, the greatest is the same, without
 * the rounding of probabilities.
 */
function predictionFor({ takes, configuration, objective }: Metric, { network, output, logits }: Predicted): Tensor {
  if (logits && objective && takesLogits(network, objective)) return logits;
  if (logits === undefined || takes === undefined || takes === "probabilities") return output;
  const isByThreshold = configuration?.[1].threshold !== undefined;
  return takes === "classes" && isByThreshold ? output : logits;
}

/** Reads the values of metrics. */
export interface MetricReader extends Disposable {
  /** The values, in the order of their names. */
  read(states: MetricStates): Promise<MetricValues>;
}

/** A compiled reader of metrics. */
export function metricReader(metrics: readonly Metric[]): MetricReader {
  const results = jit((states: MetricStates): Tensor[] => metrics.map((metric, i) => metric.result(states[i])), {
    name: "metrics",
  });
  return {
    read: async (states) => {
      const values = results(states);
      const numbers = await Promise.all(values.map((value) => value.data()));
      const entries = values.flatMap(({ shape }, i) =>
        namesOf(metrics[i].name, shape).map((name, j) => [name, Number(numbers[i][j])] as const)
      );
      values.forEach((value) => value.dispose());
      return Object.fromEntries(entries);
    },
    [Symbol.dispose]: () => results[Symbol.dispose](),
  };
}

/** The names of the values of a metric: its own, or one for each position. */
function namesOf(name: string, shape: Shape): string[] {
  const [extent, ...rest] = shape;
  if (extent === undefined) return [name];
  return Array.from({ length: extent }, (_, i) => namesOf(`${name}/${i}`, rest)).flat();
}

/** All values that metrics have. Nothing is computed. */
export function namedValues(metrics: readonly Metric[], forms: MetricForms): NamedValue[] {
  return metrics.flatMap((metric) => {
    const { result } = trace((state: MetricState) => metric.result(state), flattenTree(beginMetrics([metric], forms)));
    const shape = result.leaves[0]?.shape ?? [];
    return namesOf(metric.name, shape).map((name) => ({ name, direction: metric.direction }));
  });
}

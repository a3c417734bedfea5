/**
 * The metrics of all outputs of a network. Their states are in one list, output by output.
 *
 * @module
 */

import type { NamedTensorSet } from "../../data/tensor_set.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import { targetsIn } from "../target_data.ts";
import type { Output } from "./outputs.ts";
import {
  beginMetrics,
  formsOf,
  type JudgedBatch,
  type MetricReader,
  metricReader,
  type MetricStates,
  type Predicted,
  updateMetrics,
} from "./set_metrics.ts";

/** The metrics of all outputs, in order. */
export function metricsIn(outputs: readonly Output[]): readonly Metric[] {
  return outputs.flatMap(({ metrics = [] }) => metrics);
}

/** The states before the first example of a set, or of the training set. */
export function beginAll(outputs: readonly Output[], set?: NamedTensorSet): MetricStates {
  return outputs.flatMap(({ name, network, metrics = [], forms: training }) => {
    const forms = set ? metrics.length > 0 && formsOf(network, targetsIn(set, name)) : training;
    return forms ? beginMetrics(metrics, forms) : [];
  });
}

/** The examples of a batch with the targets of one output, and what was predicted. */
export interface JudgedOutput {
  readonly batch: JudgedBatch;
  readonly predicted: Predicted;
}

/** The states after a batch. */
export function updateAll(
  outputs: readonly Output[],
  states: MetricStates,
  judge: (output: Output, i: number) => JudgedOutput,
): MetricStates {
  let begin = 0;
  return outputs.flatMap((output, i) => {
    const { metrics = [] } = output;
    if (metrics.length === 0) return [];
    const own = states.slice(begin, begin += metrics.length);
    return updateMetrics(metrics, own, judge(output, i));
  });
}

/** A compiled reader of all metrics; `undefined` if there are none. */
export function readerOf(outputs: readonly Output[]): MetricReader | undefined {
  const metrics = metricsIn(outputs);
  return metrics.length > 0 ? metricReader(metrics) : undefined;
}

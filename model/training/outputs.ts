/**
 * The costs of the outputs of a network: each has an objective of its own. A network of one output is one of a list of
 * one.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { Tensor } from "../../core/tensor.ts";
import type { OneOrNamed } from "../../data/named.ts";
import type { Metric } from "../../optim/set_metrics/metric.ts";
import { checkNames } from "../check_names.ts";
import { targetOf } from "../target_data.ts";
import type { NetworkInput } from "../forward.ts";
import type { Network } from "../network.ts";
import { weightedMean } from "./example_weights.ts";
import { ignoredBy } from "./ignored_class.ts";
import { type BatchOutcome, type Measures, outcome, type Passing } from "./outcome.ts";
import type { MetricForms } from "./set_metrics.ts";

/** An output of a network, and what it learns. */
export interface Output extends Measures {
  /** The name of the output. */
  readonly name: string;
  /** The factor of its cost in that of the whole network. */
  readonly weight: number;
  /** The names of objective and metric. */
  readonly names?: MeasureNames;
  /** Metrics of whole sets (default: none). */
  readonly metrics?: readonly Metric[];
  /** What they judge in training, if there are any. */
  readonly forms?: MetricForms;
}

/** The names of what a training minimizes and measures. */
export interface MeasureNames {
  /** The objective; empty if the function has no name. */
  readonly objective: string;
  /** The metric that was given, which may be an accuracy; null without one. */
  readonly metric: string | null;
}

/** The only output of a network, as a list. */
export function onlyOutput(measures: Omit<Output, "name" | "weight">): readonly Output[] {
  return [{ ...measures, name: measures.network.outputNames[0], weight: 1 }];
}

/** A batch with the targets of one output, or of several by name. */
export interface OutputsBatch {
  readonly x: NetworkInput;
  readonly y: OneOrNamed<Tensor>;
  readonly weights?: Tensor | undefined;
}

/** What each output costs, in their order. */
export function outcomesOf(outputs: readonly Output[], batch: OutputsBatch, passing: Passing): BatchOutcome[] {
  const { x, y, weights } = batch;
  const found: BatchOutcome[] = [];
  for (const output of outputs) found.push(outcome(output, { x, y: targetOf(y, output.name), weights }, passing));
  return found;
}

/** What a step minimizes. */
export interface TotalCost {
  /** The cost of each example over all outputs, [example], or their mean if outputs have weights of their own, a scalar. */
  readonly cost: Tensor;
  /** By which the sum of the costs is divided; `undefined` for their number. */
  readonly divisor: Tensor | undefined;
}

/**
 * Σ weight · cost over the outputs, for each example. If their costs are divided by different sums, it is that of their
 * means.
 */
export function totalCost(outputs: readonly Output[], found: readonly BatchOutcome[]): TotalCost {
  const weighted = (of: (one: BatchOutcome) => Tensor): Tensor =>
    found.map((one, i) => outputs[i].weight === 1 ? of(one) : of(one).mul(outputs[i].weight))
      .reduce((sum, share) => sum.add(share));
  if (haveOwnDivisors(outputs)) {
    return { cost: weighted(meanCostOf), divisor: tensor(1) };
  }
  return { cost: weighted(({ cost }) => cost), divisor: found[0].weights?.cost.sum() };
}

/** Whether the costs of several outputs are divided by different sums: they weigh classes, or ignore one. */
export function haveOwnDivisors(outputs: readonly Pick<Output, "objective" | "emphasis">[]): boolean {
  return outputs.length > 1 &&
    outputs.some(({ objective, emphasis }) =>
      emphasis?.classWeights !== undefined || ignoredBy(objective) !== undefined
    );
}

/** The mean cost of an output. */
export function meanCostOf({ cost, weights }: BatchOutcome): Tensor {
  return weights ? weightedMean(cost.sum(), weights.cost.sum()) : cost.mean();
}

/** Throws unless a batch has targets for each output by name. */
export function checkBatchTargets({ name }: Network, outputs: readonly Output[], y: OneOrNamed<Tensor>): void {
  const expected = outputs.map(({ name }) => name);
  const action = `train ${JSON.stringify(name)}`;
  if (y instanceof Tensor) {
    throw new TypeError(
      `Cannot ${action}: expected targets by the names of the outputs ${expected.join(", ")}, got one`,
    );
  }
  checkNames(action, "targets", { expected, got: Object.keys(y) });
}

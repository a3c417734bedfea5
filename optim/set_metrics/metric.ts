/**
 * Metrics of whole sets, as pure functions of a state on the device.
 *
 * @module
 */

import type { DType } from "../../core/dtype.ts";
import type { Json } from "../../core/json.ts";
import { objectKind, tensorKind } from "../../core/options/kinds.ts";
import { argumentKind, custom, type Declaration } from "../../core/options/option.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Objective } from "../objectives.ts";
import { countedClasses } from "../targets.ts";

/** Which values of a metric are better: the higher, or the lower; null if it has no order, such as a table of counts. */
export type MetricDirection = "maximize" | "minimize" | null;

/** The state of a metric: sums, counts and histograms, by name. Its tensors have the same shapes after each update. */
export interface MetricState {
  /** A tensor, or the state of a part. */
  readonly [name: string]: Tensor | MetricState;
}

/** What a metric must know of a tensor before the first update: the tensor itself, or its shape. */
export interface Shaped {
  /** The shape. */
  readonly shape: Shape;
  /** The element type (default: f32). */
  readonly dtype?: DType;
}

/** Options of {@linkcode Metric.init}. */
export interface MetricForm {
  /** The weights that updates will have, if they have any. */
  readonly weights?: Shaped | undefined;
}

/** Options of {@linkcode Metric.update}. */
export interface MetricWeights {
  /**
   * How often each example counts, [example], or each time step, [example, time]; those with the weight 0 do not count,
   * even if they are NaN. As bool, whether it counts at all.
   */
  readonly weights?: Tensor | undefined;
}

/**
 * A metric: pure functions that judge the predictions of a whole set. Its state is made of sums, counts and histograms,
 * so it does not matter how a set is divided into batches.
 */
export interface Metric {
  /** Its name in reports. For another one, copy the metric: `{ ...f1(), name: "macro F1" }`. */
  readonly name: string;
  /** Which values are better. */
  readonly direction: MetricDirection;
  /** The unit of its values (default: none). */
  readonly unit?: string | undefined;
  /** The name of the function that made it, and its options, if it is plain data. */
  readonly configuration?: readonly [name: string, options: Readonly<Record<string, Json>>] | undefined;
  /**
   * What it takes (default: any numbers). `classes`: targets that are classes, or answers to questions, 0 and 1;
   * `probabilities`: the same, and predictions from 0 to 1; `logits`: the same, and predictions before a softmax or
   * sigmoid.
   */
  readonly takes?: "classes" | "probabilities" | "logits" | undefined;
  /** The function of examples whose mean it is, if it is one: it takes what this function takes. */
  readonly objective?: Objective | undefined;
  /**
   * The state before the first update. Only the shapes of the arguments count, and all axes but the first must be those
   * of the updates.
   *
   * @throws {TypeError} if the metric cannot judge such predictions by such targets.
   */
  init(prediction: Shaped, target: Shaped, options?: MetricForm): MetricState;
  /** The state after more examples. */
  update(state: MetricState, prediction: Tensor, target: Tensor, options?: MetricWeights): MetricState;
  /** The value for all examples so far, f32: a scalar, or one value per class. */
  result(state: MetricState): Tensor;
}

/** A metric, as an argument. */
export const metricKind = objectKind<Metric>("a metric", "init", "update", "result");

const shapedKind = argumentKind("a tensor, or a record of its shape", isShaped);

function isShaped(value: unknown): value is Shaped {
  return typeof value === "object" && value !== null && "shape" in value && Array.isArray(value.shape) &&
    value.shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
}

const formOptions = {
  weights: custom(shapedKind, { help: "weights that updates will have" }),
} satisfies Declaration<MetricForm>;

const weightsOptions = {
  weights: { ...tensorKind, help: "how often each example counts" },
} satisfies Declaration<MetricWeights>;

const stateKind = objectKind<MetricState>("the state of a metric");

/** A metric that checks its arguments. */
export function checkedMetric(metric: Metric): Metric {
  const action = `compute ${metric.name}`;
  return {
    ...metric,
    init: (prediction, target, options) => {
      checkArguments(action, { prediction, target }, shapedKind);
      return metric.init(prediction, target, readOptions(action, formOptions, options));
    },
    update: (...[state, prediction, target, options]) => {
      checkArguments(action, { state }, stateKind);
      checkArguments(action, { prediction, target }, tensorKind);
      const given = readOptions(action, weightsOptions, options);
      const counted = metric.objective ? target : countedClasses(prediction, target, given.weights);
      return metric.update(state, prediction, counted, given);
    },
    result: (state) => {
      checkArguments(action, { state }, stateKind);
      return metric.result(state);
    },
  };
}

/** Whether weights are numbers: sums of such are not whole. */
export function areNumbers(weights: Shaped | undefined): boolean {
  return weights !== undefined && weights.dtype !== "bool";
}

/**
 * A part of a state.
 *
 * @throws {TypeError} if the state does not have it.
 */
export function partOf(state: MetricState, name: string): MetricState {
  const part = Object.hasOwn(state, name) ? state[name] : undefined;
  if (part !== undefined && !("node" in part)) return part;
  throw stateError(name);
}

/**
 * A tensor of a state.
 *
 * @throws {TypeError} if the state does not have it.
 */
export function tensorOf(state: MetricState, name: string): Tensor {
  const part = Object.hasOwn(state, name) ? state[name] : undefined;
  if (part !== undefined && isTensor(part)) return part;
  throw stateError(name);
}

function isTensor(part: Tensor | MetricState): part is Tensor {
  return "node" in part;
}

function stateError(name: string): TypeError {
  return new TypeError(`Cannot use the state of a metric: expected one that its init made, with ${name}`);
}

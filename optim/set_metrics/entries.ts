/**
 * The entries of batches, which are examples or their time steps, and their weights.
 *
 * @module
 */

import { tensor, zeros } from "../../core/creation.ts";
import { type Shape, showShape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { areNumbers, type MetricForm, type MetricState, partOf, tensorOf } from "./metric.ts";
import { addToTally, beginTally, type Clock, sumOf } from "./tally.ts";

/**
 * The state that counts entries, and adds up their weights if these are numbers. Metrics that count, `whole`, need
 * nothing of it unless there are such weights.
 */
export function beginEntries(whole: boolean, { weights }: MetricForm = {}): MetricState {
  const entries = { count: zeros([], { dtype: "u32" }) };
  if (areNumbers(weights)) return { entries, weight: beginTally([], { whole: false }) };
  return whole ? {} : { entries };
}

/** The entries of a batch, with their weights. */
export interface Entries {
  /** The state with them. */
  readonly state: MetricState;
  /** By which the levels of sums become full; `undefined` if the state has only counts. */
  readonly clock: Clock | undefined;
  /** The weights, bool or f32 of the shape of the entries; `undefined` if all count once. */
  readonly weights: Tensor | undefined;
}

/** What is known of a batch of entries. */
export interface EntriesOptions {
  /** The name of the metric, for messages. */
  readonly name: string;
  /** The shape of the entries, [example, …]. */
  readonly shape: Shape;
  readonly weights: Tensor | undefined;
}

/** Counts the entries of a batch. */
export function countEntries(before: MetricState, { name, shape, weights }: EntriesOptions): Entries {
  if (weights && weights.dtype !== "bool" && !("weight" in before)) {
    throw new TypeError(
      `Cannot compute ${name} with weights in a state without: expected the state of init(prediction, target, ` +
        "{ weights }), or weights that are bool",
    );
  }
  const wide = weights && spread(name, weights, shape);
  if (!("entries" in before)) return { state: {}, clock: undefined, weights: wide };
  const size = sizeOf(shape);
  const counted = wide?.dtype === "bool" ? wide.cast("u32").sum() : tensor(size, [], { dtype: "u32" });
  const count = tensorOf(partOf(before, "entries"), "count");
  const clock = { after: count.add(counted), counted, entries: size };
  const state: MetricState = { entries: { count: clock.after } };
  if (!("weight" in before)) return { state, clock, weights: wide };
  const weight = partOf(before, "weight");
  const total = wide === undefined || wide.dtype === "bool" ? counted : wide.sum();
  const after = addToTally(weight, total, clock);
  return { state: { ...state, weight: after }, clock, weights: wide };
}

/** The sum of all weights, f32. */
export function weightOf(state: MetricState): Tensor {
  return sumOf(partOf(state, "weight" in state ? "weight" : "entries"));
}

/**
 * Weights, as bool or f32, for each of some entries of the shape [example, …].
 *
 * @throws {TypeError} if the weights do not have the first axes of the entries.
 */
export function spread(name: string, weights: Tensor, entries: Shape): Tensor {
  const { shape } = weights;
  if (shape.length === 0 || shape.length > entries.length || shape.some((extent, i) => extent !== entries[i])) {
    const each = entries.slice(0, 2);
    throw new TypeError(
      `Cannot compute ${name} of ${showShape(entries)} predictions with weights ${
        showShape(shape)
      }: expected weights ` +
        `of ${showShape(each.slice(0, 1))}${each.length > 1 ? ` or ${showShape(each)}` : ""}`,
    );
  }
  const numbers = weights.dtype === "bool" || weights.dtype === "f32" ? weights : weights.cast("f32");
  return numbers.reshape([...shape, ...entries.slice(shape.length).map(() => 1)]).broadcastTo(entries);
}

/** Values multiplied by weights; those with the weight 0 are 0, even if they are NaN. Bool values become u32 or f32. */
export function weighed(values: Tensor, weights: Tensor | undefined): Tensor {
  const numbers = values.dtype === "bool" ? values.cast(weights?.dtype === "f32" ? "f32" : "u32") : values;
  if (weights === undefined) return numbers;
  if (weights.dtype === "bool") return weights.where(numbers, 0);
  return weights.equal(0).where(0, numbers.mul(weights));
}

/** Weights of entries as those of their features, the last axis of a shape. */
export function perFeature(weights: Tensor | undefined, shape: Shape): Tensor | undefined {
  if (weights === undefined || weights.shape.length === shape.length) return weights;
  return weights.expandDims(-1).broadcastTo(shape);
}

/** The shape of the entries of predictions whose last axis has features. */
export function entriesOf({ shape }: { readonly shape: Shape }): Shape {
  return shape.length > 1 ? shape.slice(0, -1) : shape;
}

/**
 * Helpers for tests of metrics: data, batches, and the formulas of scikit-learn in double precision.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { jit } from "../../core/jit.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Metric, MetricState } from "./metric.ts";

/** Predictions and targets, example by example. */
export interface Examples {
  readonly prediction: readonly (number | readonly number[])[];
  readonly target: readonly (number | readonly number[])[];
  readonly weights?: readonly number[];
}

/** The examples of the recorded values: logits of 4 classes that follow from a formula, and their classes. */
export const EXAMPLES = 37;
export const CLASSES = 4;

/** Numbers from −1 to 1, [example, class]. */
export const scores: readonly (readonly number[])[] = Array.from(
  { length: EXAMPLES },
  (_, i) => Array.from({ length: CLASSES }, (_, j) => Math.sin(1.7 * i + 2.3 * j + 0.4 * i * j)),
);

/** softmax(2 · scores). */
export const probabilities: readonly (readonly number[])[] = scores.map((row) => {
  const powers = row.map((one) => Math.exp(2 * one));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((one) => one / sum);
});

/** The class of each example. */
export const classes: readonly number[] = probabilities.map((row, i) =>
  i % 5 === 0 ? row.indexOf(Math.max(...row)) : (i * i + Math.floor(i / 3)) % 3
);

/** The weight of each example, 0 for some. */
export const weights: readonly number[] = classes.map((_, i) => (i * 7) % 5 * 0.5);

/** How examples are cut into batches of uneven sizes. */
const CUTS = [[0, 10, 20, 30, EXAMPLES], [0, EXAMPLES], [0, 1, 36, EXAMPLES]];

/** A part of the examples, as tensors. */
export function batchOf({ prediction, target, weights }: Examples, from: number, to: number) {
  return {
    prediction: tensor(prediction.slice(from, to).map((one) => typeof one === "number" ? one : [...one])),
    target: tensor(target.slice(from, to).map((one) => typeof one === "number" ? one : [...one])),
    weights: weights && tensor(weights.slice(from, to)),
  };
}

type Step = (state: MetricState, prediction: Tensor, target: Tensor, weights?: Tensor) => MetricState;

/** The value of a metric for examples in batches of these bounds. */
export async function valueOf(
  metric: Metric,
  examples: Examples,
  { cuts = [0, examples.prediction.length], compiled = false }: {
    readonly cuts?: readonly number[];
    readonly compiled?: boolean;
  } = {},
): Promise<number[]> {
  const plain: Step = (state, p, t, weights) => metric.update(state, p, t, { weights });
  using step = jit(plain, { donate: [0] });
  const { prediction, target, weights } = batchOf(examples, 0, 1);
  let state = metric.init(prediction, target, { weights });
  for (let i = 1; i < cuts.length; i++) {
    const batch = batchOf(examples, cuts[i - 1], cuts[i]);
    const args: Parameters<Step> = [state, batch.prediction, batch.target];
    if (batch.weights) args.push(batch.weights);
    state = compiled ? step(...args) : plain(...args);
  }
  return [...await metric.result(state).data()];
}

/** Fails unless a metric has this value, however the examples are cut, alone and compiled. */
export async function assertValue(
  metric: Metric,
  examples: Examples,
  { expected, tolerance = 2e-6 }: { readonly expected: number | readonly number[]; readonly tolerance?: number },
): Promise<void> {
  const wanted = typeof expected === "number" ? [expected] : expected;
  const all = examples.prediction.length === EXAMPLES ? CUTS : [[0, examples.prediction.length]];
  for (const [i, cuts] of all.entries()) {
    for (const compiled of i === 1 || all.length === 1 ? [false, true] : [true]) {
      const values = await valueOf(metric, examples, { cuts, compiled });
      assertEquals(values.length, wanted.length, metric.name);
      values.forEach((value, j) => {
        const isNear = Object.is(value, wanted[j]) ||
          Math.abs(value - wanted[j]) <= tolerance * Math.max(1, Math.abs(wanted[j]));
        assert(isNear, `${metric.name}[${j}] cut at ${cuts}: expected ${wanted[j]}, got ${value}`);
      });
    }
  }
}

/**
 * The error of a network on a whole set, on the device.
 *
 * @module
 */

import { arange, tensor } from "../core/creation.ts";
import { jit, versionOf } from "../core/jit.ts";
import type { Tensor } from "../core/tensor.ts";
import { currentBackend } from "../core/device.ts";
import type { TensorPair, TensorSet } from "../data/data.ts";
import { batchAt } from "./batch.ts";
import { outcome, scaleOf, type Task } from "./task.ts";
import { disposeTree, type Weights } from "./weights.ts";

/** Examples at a time: enough to keep a device busy, few enough for the outputs of convolutions to fit. */
export const EXAMPLES_AT_A_TIME = 500;

/** The examples of a set, as the current device can hold them. */
export function partsOf(set: TensorSet): readonly TensorPair[] {
  return set.parts(currentBackend().maxBufferBytes);
}

/** Means over a set. */
export interface Evaluation {
  readonly cost: number;
  /** In the unit of the metric: rates in percent. */
  readonly error: number;
}

interface Totals {
  /** Examples done, i32. */
  readonly done: Tensor;
  readonly cost: Tensor;
  readonly error: Tensor;
}

/** A compiled evaluation. */
export interface Evaluator {
  /** Evaluates weights on a set; `pause` is awaited after each batch. */
  evaluate(weights: Weights, set: TensorSet, pause: () => Promise<void>): Promise<Evaluation>;
  /** Compiles it now for a set. */
  prepare(weights: Weights, set: TensorSet): void;
}

/**
 * A compiled evaluation. Every example counts once: the last batch is filled up with repetitions that count nothing.
 */
export function compileEvaluation(task: Task): Evaluator {
  const size = task.network.inputShapes[0]?.[0] ?? EXAMPLES_AT_A_TIME;
  const step = evaluationStep(task, size);
  const scale = scaleOf(task.error);
  const begin = (): Totals => ({ done: tensor(0, [], { dtype: "i32" }), cost: tensor(0), error: tensor(0) });
  return {
    prepare: (weights, set) => void versionOf(step, begin(), weights, partsOf(set)),
    evaluate: async (weights, set, pause) => {
      const { length } = set;
      const parts = partsOf(set);
      let totals = begin();
      for (let done = 0; done < length; done += size) {
        totals = step(totals, weights, parts);
        await pause();
      }
      const [cost, error] = [await totals.cost.item(), await totals.error.item()];
      disposeTree(totals);
      // Counts times 100 are whole: so are the digits of a percentage.
      return { cost: cost / length, error: error * scale / length };
    },
  };
}

function evaluationStep(
  task: Task,
  size: number,
): (totals: Totals, weights: Weights, set: readonly TensorPair[]) => Totals {
  const step = ({ done, cost, error }: Totals, { params, state }: Weights, set: readonly TensorPair[]): Totals => {
    const places = arange(size, undefined, 1, { dtype: "i32" }).add(done);
    const counts = places.less(set.reduce((sum, { x }) => sum + x.shape[0], 0));
    const batch = batchAt(set, places);
    const { cost: costs, error: errors } = outcome(task, params, batch, { train: false, state });
    const total = (values: Tensor): Tensor => counts.where(values, 0).sum();
    return { done: done.add(size), cost: cost.add(total(costs)), error: error.add(total(errors)) };
  };
  return jit(step, { donate: [0], name: `evaluation of ${task.network.name}` });
}

/**
 * Finds the step and the layer at which a training diverged, by repeating its steps since the last finite state, one at
 * a time. They compute the same numbers again, so nothing needs to be monitored in normal training steps.
 *
 * @module
 */

import { DeviceError } from "../../core/backend.ts";
import { findNonFinite, type NonFiniteValue } from "../../core/debugging/find_non_finite.ts";
import { jit } from "../../core/jit.ts";
import { fold } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import { leavesOf } from "../../core/tree.ts";
import { batchOf, type Chunk } from "./batch.ts";
import { Diverged } from "./diverged.ts";
import type { Feed } from "./feed.ts";
import { costIn } from "./progress.ts";
import type { Programs } from "./programs.ts";
import type { Snapshot } from "./snapshot.ts";
import type { TrainingState, TrainingStep } from "./step.ts";
import { errorIn, namesIn, type Task } from "./task.ts";
import { copyTree, disposeTree, type NetworkParameters, type Weights } from "../weights.ts";

/** A training that diverged. */
export interface Failure {
  readonly model: string;
  readonly programs: Programs;
  readonly feed: Feed;
  /** The last finite state, in the same epoch. */
  readonly good: Snapshot;
  /** The step at which a cost was found that is not finite. */
  readonly iteration: number;
  readonly cost: number;
}

/** Gradients of larger costs may overflow; NaN in the parameters then says nothing about the gradient. */
const LARGE = 1e12;

/** The error of a training that diverged. */
export async function diagnose({ model, programs, feed, good, iteration, cost }: Failure): Promise<Diverged> {
  const { params, state } = good.state;
  const found = { model, iteration, exact: false, cost, layer: null, weights: { params, state } };
  const { epoch, batch: first, iteration: done } = good.progress;
  let before = copyTree(good.state);
  let costs = 0;
  for (let step = 0; step < iteration - done; step++) {
    const batch = first + step;
    const chunk = await feed.chunk(epoch, batch);
    const after = programs.stepFor(batch)(copyTree(before), chunk);
    const sum = costIn(await after.sums.data(), programs.task.outputs);
    if (!Number.isFinite(sum)) {
      const layer = await firstInfinite(programs, before, chunk);
      const undefinedGradient = Math.abs(costs) < LARGE && await hasNaN(before.params);
      const origin = await findOrigin(programs.stepFor(batch), before, chunk);
      disposeTree([before, after]);
      const iteration = done + step + 1;
      return new Diverged({ ...found, iteration, exact: true, cost: sum, layer, undefinedGradient, origin });
    }
    costs = sum;
    disposeTree(before);
    before = after;
  }
  return new Diverged(found);
}

/** A validation that measured no finite number. */
export interface Unmeasured {
  readonly model: string;
  readonly task: Task;
  /** The step after which it was validated. */
  readonly iteration: number;
  /** What was measured: infinite or NaN. */
  readonly cost: number;
  /** The weights that were validated. */
  readonly weights: Weights;
  /** The last weights that were known to be finite. */
  readonly good: Weights;
}

/**
 * The error of a training whose validation measured no finite number. It carries the weights that were validated, if they
 * are finite.
 */
export async function diagnoseValidation({ task, weights, good, ...found }: Unmeasured): Promise<Diverged> {
  const { monitor } = task;
  const [names, error] = [namesIn(task), errorIn(task)];
  const [kind, name] = typeof monitor === "object"
    ? ["metric", monitor.name]
    : error === null || monitor === "loss"
    ? ["objective", names?.objective]
    : ["metric", names?.metric];
  const finiteWeights = await areFinite(weights);
  return new Diverged({
    ...found,
    exact: true,
    layer: null,
    unmeasured: { measure: `the ${kind}${name ? ` ${name}` : ""}`, finiteWeights },
    weights: finiteWeights ? weights : good,
  });
}

async function areFinite(weights: Weights): Promise<boolean> {
  for (const leaf of leavesOf(weights)) {
    if (!(await leaf.data()).every(Number.isFinite)) return false;
  }
  return true;
}

async function hasNaN(params: NetworkParameters): Promise<boolean> {
  for (const leaf of leavesOf(params)) {
    if ((await leaf.data()).some(Number.isNaN)) return true;
  }
  return false;
}

/** The operation of a step's cost that makes the first value that is not finite; null if there is not enough memory to look. */
async function findOrigin(step: TrainingStep, training: TrainingState, chunk: Chunk): Promise<NonFiniteValue | null> {
  try {
    const costs = (training: TrainingState, chunk: Chunk): Tensor => step(training, chunk).sums;
    return await findNonFinite(costs, training, chunk);
  } catch (error) {
    if (error instanceof DeviceError) return null;
    throw error;
  }
}

/** The name of the first layer whose output in the next step is not finite; null if all are finite. */
async function firstInfinite(programs: Programs, training: TrainingState, chunk: Chunk): Promise<string | null> {
  const { task: { network, batchSize }, batches } = programs;
  using outputsOf = jit(({ params, state, updates, key }: TrainingState, chunk: Chunk): Record<string, Tensor> => {
    const { x } = batchOf(chunk, { batch: updates.step.mod(batches), batchSize });
    return network.outputs({ params, state }, x, { train: true, key: fold(key, updates.step) });
  });
  for (const [name, output] of Object.entries(outputsOf(training, chunk))) {
    const values = await output.data();
    output.dispose();
    if (values.some((value) => !Number.isFinite(value))) return name;
  }
  return null;
}

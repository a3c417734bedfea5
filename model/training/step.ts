/**
 * A training step: batch, forward pass, backward pass and update, compiled into one function of a state that stays on
 * the device.
 *
 * @module
 */

import { stack } from "../../core/functions/movement.ts";
import { type CompiledFunction, jit } from "../../core/jit.ts";
import { fold } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import { valueAndGrad } from "../../core/gradients.ts";
import type { UpdateState } from "../../optim/update_rule.ts";
import { batchOf, type Chunk } from "./batch.ts";
import { outcome, type Task } from "./task.ts";
import type { NetworkParameters, Weights } from "../weights.ts";

/** Everything that training changes on the device. It is passed from step to step in the same memory. */
export interface TrainingState extends Weights {
  /** The state of the update rule; its step counter determines the batch. */
  readonly updates: UpdateState;
  /** The random key of training. The key of a step is derived from it and the number of the step. */
  readonly key: Tensor;
  /** Sums of the costs and errors of the examples since the last reading, f32 [2]. */
  readonly sums: Tensor;
}

/** A compiled step, a function of the state and the chunk that contains its batch. */
export type TrainingStep = CompiledFunction<[state: TrainingState, chunk: Chunk], TrainingState>;

/**
 * A compiled step on a batch.
 *
 * @param batches the number of batches per epoch
 * @param size the number of examples in this batch, which may be fewer than the task's batch size at the end of an
 * epoch
 */
export function compileStep(task: Task, batches: number, size: number): TrainingStep {
  const step = (state: TrainingState, chunk: Chunk): TrainingState => {
    const batch = batchOf(chunk, { batch: state.updates.step.mod(batches), batchSize: task.batchSize, size });
    const key = fold(state.key, state.updates.step);
    const cost = (params: NetworkParameters) => {
      const { cost, error, state: after } = outcome(task, batch, { params, train: true, key, state: state.state });
      const penalty = task.network.penalty(params);
      const costs = penalty ? cost.add(penalty) : cost;
      return { mean: costs.mean(), each: stack([costs, error]), state: after };
    };
    const [made, gradients] = valueAndGrad(cost)(state.params);
    const { params, state: updates } = task.rule.update(gradients, state.updates, state.params);
    return {
      params,
      state: made.state,
      updates,
      key: state.key,
      sums: state.sums.add(made.each.sum({ axis: 1 })),
    };
  };
  return jit(step, { donate: [0], name: `training of ${task.network.name}` });
}

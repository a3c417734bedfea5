/**
 * A training step: batch, forward pass, backward pass and update, compiled into one function of a state that stays on
 * the device.
 *
 * @module
 */

import { tensor } from "../../core/creation.ts";
import { stack } from "../../core/functions/movement.ts";
import { type CompiledFunction, jit } from "../../core/jit.ts";
import type { Tensor } from "../../core/tensor.ts";
import { firstGreatest } from "../../optim/first_greatest.ts";
import type { TensorPair } from "../../data/tensor_set.ts";
import { knowBatch } from "../check_tokens.ts";
import { batchOf, type Chunk } from "./batch.ts";
import type { Figures, Loss } from "./loss.ts";
import { outcome } from "./outcome.ts";
import { beginMetrics, type MetricStates, type Predicted, updateMetrics } from "./set_metrics.ts";
import type { Task } from "./task.ts";
import { type StepState, trainStep } from "./train_step.ts";

/**
 * Everything that training changes on the device. It is passed from step to step in the same memory. The step counter
 * of its update rule determines the batch.
 */
export interface TrainingState extends StepState {
  /**
   * Sums of the costs and errors of the examples since the last reading, f32 [2], or also of the weights of the costs and
   * of the errors, [4].
   */
  readonly sums: Tensor;
  /** The states of metrics for the examples of the epoch so far, if there are metrics. */
  readonly metrics?: MetricStates;
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
  const { network, objective, rule, batchSize, augment } = task;
  const { step } = trainStep({ network, rule, loss: lossOf(task), augment });
  const stepOnChunk = ({ sums, metrics, ...state }: TrainingState, chunk: Chunk): TrainingState => {
    const batch = batchOf(chunk, { batch: state.updates.step.mod(batches), batchSize, size });
    if (augment) knowBatch(network, batch);
    const [after, { each, output, logits, target, weights }] = step(state, batch);
    const summed = { ...after, sums: sums.add(each.sum({ axis: 1 })) };
    if (metrics === undefined) return summed;
    const predicted = { network, objective, output, logits };
    const judged = target ? { ...batch, y: target, weights } : batch;
    return { ...summed, metrics: updateMetrics(task.metrics ?? [], metrics, { batch: judged, predicted }) };
  };
  return jit(stepOnChunk, { donate: [0], name: `training of ${network.name}` });
}

/**
 * The loss of a task. Its figure `each` has what is summed for each example, [sum, example]; `output` and `logits` are
 * the predictions, if there are metrics; `target` and `weights` what these judge, if there are augmentations.
 */
function lossOf(task: Task): Loss<TensorPair> {
  return ({ network, ...passing }, batch) => {
    knowBatch(network, batch);
    const { cost, error, weights, state, predicted } = outcome(task, batch, passing);
    const penalty = network.penalty(passing.params);
    const each = weights
      ? [penalty ? cost.add(weights.cost.mul(penalty)) : cost, error, weights.cost, weights.error]
      : [penalty ? cost.add(penalty) : cost, error];
    const figures = {
      each: stack(each),
      ...(task.metrics && predictionsOf(predicted())),
      ...(task.metrics && task.augment && targetsOf(task, batch)),
    };
    return { cost, divisor: weights?.cost.sum(), state, figures };
  };
}

function predictionsOf({ output, logits }: Predicted): Figures {
  return { output, ...(logits && { logits }) };
}

/** The targets after augmentations, as metrics take them: of mixed classes the one with the greatest share. */
function targetsOf({ forms }: Task, { y, weights }: TensorPair): Figures {
  const areClasses = forms !== undefined && y.shape.length === forms.target.shape.length + 1;
  const target = areClasses ? firstGreatest(y, { ofNaN: y.shape.at(-1) ?? 1 }) : y;
  return { target, ...(weights && { weights }) };
}

/** The sums before the first example. */
export function emptySums({ isWeighted = false }: Task): Tensor {
  return tensor(isWeighted ? [0, 0, 0, 0] : [0, 0]);
}

/** The states of the metrics before the first example of an epoch, if there are metrics. */
export function emptyMetrics({ metrics, forms }: Task): Pick<TrainingState, "metrics"> {
  return metrics && forms ? { metrics: beginMetrics(metrics, forms) } : {};
}

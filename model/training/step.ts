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
import type { NamedTensors } from "../../data/tensor_set.ts";
import { knowBatch } from "../check_tokens.ts";
import { batchOf, type Chunk } from "./batch.ts";
import type { Figures, Loss } from "./loss.ts";
import type { BatchOutcome } from "./outcome.ts";
import { beginAll, metricsIn, updateAll } from "./output_metrics.ts";
import { outcomesOf, type Output, totalCost } from "./outputs.ts";
import { targetOf } from "../target_data.ts";
import type { MetricStates } from "./set_metrics.ts";
import type { Task } from "./task.ts";
import { type StepState, trainStep } from "./train_step.ts";
import { unitsIn } from "./unit_count.ts";

/**
 * Everything that training changes on the device. It is passed from step to step in the same memory. The step counter
 * of its update rule determines the batch.
 */
export interface TrainingState extends StepState {
  /**
   * Sums of the costs and errors of the examples since the last reading, f32 [2], or also of the weights of the costs and
   * of the errors, [4]. Of n outputs, the sums of the penalties, a 0, and for each output those of costs and weights,
   * [2 + 2 n].
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
  const { network, outputs, rule, batchSize, augment } = task;
  const { step } = trainStep({ network, rule, loss: lossOf(task), augment });
  const stepOnChunk = ({ sums, metrics, ...state }: TrainingState, chunk: Chunk): TrainingState => {
    const batch = batchOf(chunk, { batch: state.updates.step.mod(batches), batchSize, size });
    if (augment) knowBatch(network, batch);
    const [after, figures] = step(state, batch);
    const summed = { ...after, sums: sums.add(figures.each.sum({ axis: 1 })) };
    if (metrics === undefined) return summed;
    const updated = updateAll(outputs, metrics, ({ name, network, objective }) => {
      const { [`${name}/output`]: output, [`${name}/logits`]: logits, [`${name}/target`]: target } = figures;
      const judged = target
        ? { y: target, weights: figures.weights }
        : { y: targetOf(batch.y, name), weights: batch.weights };
      return { batch: judged, predicted: { network, objective, output, logits } };
    });
    return { ...summed, metrics: updated };
  };
  return jit(stepOnChunk, { donate: [0], name: `training of ${network.name}` });
}

/**
 * The loss of a task. Its figure `each` has what is summed for each example, [sum, example]; those of outputs with
 * metrics are predictions, such as `kind/output` and `kind/logits`, and if there are augmentations, what these judge:
 * `kind/target` and `weights`.
 */
function lossOf(task: Task): Loss<NamedTensors> {
  return ({ network, ...passing }, batch) => {
    knowBatch(network, batch);
    const found = outcomesOf(task.outputs, batch, passing);
    const each = stack(sumsOf(found, network.penalty(passing.params)));
    const figures = {
      each,
      ...predictionsOf(task.outputs, found),
      ...(task.augment && targetsOf(task.outputs, batch)),
    };
    return { ...totalCost(task.outputs, found), state: found[0].state, figures };
  };
}

/** What is summed for each example: see {@linkcode TrainingState.sums}. */
function sumsOf(found: readonly BatchOutcome[], penalty: Tensor | null): Tensor[] {
  const [{ cost, error, weights }, ...others] = found;
  if (others.length > 0) {
    const rest = penalty ? cost.onesLike().mul(penalty) : cost.zerosLike();
    return [rest, cost.zerosLike(), ...found.flatMap(({ cost, weights }) => [cost, weights?.cost ?? cost.onesLike()])];
  }
  if (!weights) return [penalty ? cost.add(penalty) : cost, error];
  return [penalty ? cost.add(weights.cost.mul(penalty)) : cost, error, weights.cost, weights.error];
}

/** The predictions of outputs that have metrics. */
function predictionsOf(outputs: readonly Output[], found: readonly BatchOutcome[]): Figures {
  const figures = outputs.flatMap(({ name, metrics }, i): (readonly [string, Tensor])[] => {
    if (metrics === undefined) return [];
    const { output, logits } = found[i].predicted();
    return [[`${name}/output`, output], ...logits ? [[`${name}/logits`, logits] as const] : []];
  });
  return Object.fromEntries(figures);
}

/** The targets after augmentations, as metrics take them: of mixed classes the one with the greatest share. */
function targetsOf(outputs: readonly Output[], { y: all, weights }: NamedTensors): Figures {
  const targets = outputs.flatMap(({ name, metrics, forms }) => {
    if (metrics === undefined) return [];
    const y = targetOf(all, name);
    const areClasses = forms !== undefined && y.shape.length === forms.target.shape.length + 1;
    return [[`${name}/target`, areClasses ? firstGreatest(y, { ofNaN: unitsIn(y.shape) }) : y] as const];
  });
  return { ...Object.fromEntries(targets), ...(targets.length > 0 && weights && { weights }) };
}

/** The sums before the first example. */
export function emptySums({ outputs, isWeighted = false }: Pick<Task, "outputs" | "isWeighted">): Tensor {
  if (outputs.length > 1) return tensor(Array<number>(2 + 2 * outputs.length).fill(0));
  return tensor(isWeighted ? [0, 0, 0, 0] : [0, 0]);
}

/** The states of the metrics before the first example of an epoch, if there are metrics. */
export function emptyMetrics({ outputs }: Pick<Task, "outputs">): Pick<TrainingState, "metrics"> {
  return metricsIn(outputs).length > 0 ? { metrics: beginAll(outputs) } : {};
}

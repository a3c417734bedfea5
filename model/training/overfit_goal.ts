/**
 * Whether a training on a few examples learned them by heart.
 *
 * @module
 */

import { pathsOf } from "../../core/tree.ts";
import { titleOf } from "../../layers/define_layer.ts";
import type { NamedLayer } from "../layer_list.ts";
import type { NetworkParameters } from "../weights.ts";
import type { Task } from "./task.ts";

/** The share of the loss before the first step below which the examples count as learned. */
const NEAR_ZERO = 0.01;

/** How well a training on a few examples learned them. */
export interface Overfit {
  /** The number of examples. */
  readonly examples: number;
  /** Their mean cost before the first step. */
  readonly firstLoss: number;
  /** The mean cost that counts as near zero: 1 % of the first. */
  readonly goal: number;
  /** Whether it was reached. */
  readonly reached: boolean;
  /** What to look at if it was not, in the order in which it is worth looking at; otherwise empty. */
  readonly lookAt: readonly string[];
}

/** The progress towards the goal. */
export type OverfitGoal = Pick<Overfit, "firstLoss" | "goal">;

/**
 * The goal of a training that begins with this mean cost.
 *
 * @throws {RangeError} if it is below 0, so that nothing is near the least loss.
 */
export function goalOf(firstLoss: number): OverfitGoal {
  if (firstLoss < 0) {
    throw new RangeError(
      `Cannot train with overfit: expected an objective whose least value is 0, got the loss ${firstLoss} before the ` +
        "first step",
    );
  }
  return { firstLoss, goal: Number.isFinite(firstLoss) ? firstLoss * NEAR_ZERO : 0 };
}

/** A finished training that overfits. */
interface Finished {
  readonly examples: number;
  readonly loss: number | null;
  readonly task: Pick<Task, "network" | "augment" | "rule">;
  /** The parameters of the network. */
  readonly params: NetworkParameters;
}

/** How well the examples were learned. */
export function overfitOf(goal: OverfitGoal, { examples, loss, task, params }: Finished): Overfit {
  const reached = loss !== null && loss <= goal.goal;
  return { examples, ...goal, reached, lookAt: reached ? [] : lookAt(task, pathsOf(params)) };
}

function lookAt(
  { network, augment = [], rule: { learningRate, changes } }: Finished["task"],
  paths: readonly string[],
): string[] {
  const frozen = changes === undefined ? [] : paths.filter((path) => !changes(path));
  const regularizing = network.layers.filter(isRegularizing).map(({ name, layer: { kind } }) =>
    titleOf({ kind, name })
  );
  return [
    `the learning rate${typeof learningRate === "number" ? ` ${learningRate}` : ""}, which may be too low or too high`,
    ...(frozen.length > 0 ? [`the parameters that the update rule does not change: ${frozen.join(", ")}`] : []),
    ...(regularizing.length > 0 ? [`noise and penalties, to leave out here: ${regularizing.join(", ")}`] : []),
    ...(augment.length > 0 ? ["the augmentation, to leave out here"] : []),
    "targets of other inputs, or equal inputs with different targets",
    "the scale of the inputs, and of the targets if they are no classes",
    "the last layer, whose outputs must be able to equal the targets, and the number of units",
    "the least value of the objective, which may be above zero, as for targets that are shares",
  ];
}

const NOISY = /dropout|dropconnect/i;

/** Whether a layer has noise or penalties, which work against learning by heart. */
function isRegularizing({ layer: { kind, configuration } }: NamedLayer): boolean {
  return NOISY.test(kind) ||
    [configuration.l1, configuration.l2].some((factor) => typeof factor === "number" && factor > 0);
}

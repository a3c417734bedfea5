/**
 * The error of a training that diverged.
 *
 * @module
 */

import type { NonFiniteValue } from "../../core/debugging/find_non_finite.ts";
import { showShape } from "../../core/shape.ts";
import type { Weights } from "../weights.ts";

/** What is known about a training that diverged. */
export interface DivergenceFacts {
  /** The name of the model, or of the layer that was pre-trained. */
  readonly model: string;
  /** The step, counted from 1, whose cost was not finite; if `exact` is false, this step or an earlier one. */
  readonly iteration: number;
  readonly exact: boolean;
  /** The cost: infinite or NaN. */
  readonly cost: number;
  /** The first layer whose output was not finite; null if all were finite. */
  readonly layer: string | null;
  /** Whether parameters were NaN before this step although costs were not large: a gradient was undefined. */
  readonly undefinedGradient?: boolean;
  /** The operation of the step that made the first value that is not finite; null if it was not found. */
  readonly origin?: NonFiniteValue | null;
  /** What a validation measured as infinite or NaN although the costs of the steps were finite. */
  readonly unmeasured?: UnmeasuredFacts | undefined;
  /** The last weights that were known to be finite. */
  readonly weights: Weights;
}

/** What is known about a validation that measured no finite number. */
export interface UnmeasuredFacts {
  /** `the metric rootError`, or the objective where there is no metric. */
  readonly measure: string;
  /** Whether the weights that were validated are finite. */
  readonly finiteWeights: boolean;
}

const SMALLER_STEPS = "a smaller learning rate may help, or clipping gradients, or scaling the data";

/** Where the numbers come from that are not finite, and what may help. */
function explainDivergence({ cost, layer, undefinedGradient = false }: DivergenceFacts): string {
  if (undefinedGradient) {
    return "the step before had a finite cost but a gradient that is NaN, such as that of a root, a norm, a logarithm or " +
      "a quotient at 0; a smaller learning rate does not help; use where to replace such arguments before the function " +
      "is applied, and its result after that";
  }
  if (layer !== null) return `the first layer whose output is not finite is ${JSON.stringify(layer)}; ${SMALLER_STEPS}`;
  const place = "the outputs of all layers were finite, so it comes from the objective or from a penalty";
  if (!Number.isNaN(cost)) return `${place}; ${SMALLER_STEPS}`;
  return `${place}; check that it is defined for such outputs and targets, for example that no root or logarithm of a ` +
    "negative number is taken, and no 0 divided by 0";
}

/** What happened, and what may help. */
function describe(facts: DivergenceFacts): string {
  const { iteration, exact, cost, origin = null, unmeasured } = facts;
  if (unmeasured === undefined) {
    return `the cost became ${cost} in ${exact ? "" : "or before "}step ${iteration}; ` + explainDivergence(facts) +
      showOrigin(origin);
  }
  const { measure, finiteWeights } = unmeasured;
  const found =
    `expected a finite number from the validation after step ${iteration}, got ${cost} from ${measure}, by which the ` +
    "best weights are chosen";
  if (!finiteWeights) {
    return `${found}, because weights are not finite after this step; ${SMALLER_STEPS}; if it does not, a gradient is ` +
      "undefined, such as that of a root, a norm, a logarithm or a quotient at 0";
  }
  const example = Number.isNaN(cost)
    ? "no root or logarithm of a negative number is taken, and no 0 divided by 0"
    : "no logarithm of 0 is taken, nothing is divided by 0, and no square is too large for single precision";
  return `${found}; check that it is defined for all outputs and targets of the validation set, for example that ` +
    `${example}, or pass another evaluationMetric`;
}

/** Names the operation that made the first value that is not finite, if it was made in this step. */
function showOrigin(origin: NonFiniteValue | null): string {
  if (!origin || origin.operation === "argument") return "";
  const { operation, value, shape, place } = origin;
  return `; the first ${value} value is in the result of ${operation}, of shape ${showShape(shape)}` +
    (place ? `, at ${place}` : "");
}

/**
 * The cost became infinite or NaN, because the learning rate is too high, a gradient is undefined, or the data or a layer
 * contain such numbers; or a validation measured such a number, so that no weights are the best.
 */
export class Diverged extends Error {
  /** The name in stack traces. */
  override readonly name = "Diverged";
  /** The step, counted from 1, whose cost was not finite. */
  readonly iteration: number;
  /** The cost, or what a validation measured: infinite or NaN. */
  readonly cost: number;
  /** The first layer whose output was not finite; null if all were finite, or if a validation measured no finite number. */
  readonly layer: string | null;
  /**
   * The operation of the step that made the first value that is not finite, with the line of your code if that is known;
   * null if it was not found.
   */
  readonly origin: NonFiniteValue | null;
  /** The last weights that were known to be finite: those after the last validation or epoch. */
  readonly weights: Weights;

  /** The message names the step and the layer. */
  constructor(facts: DivergenceFacts) {
    const { model, iteration, cost, layer, origin = null, weights } = facts;
    super(`Cannot continue training ${model}: ${describe(facts)}`);
    this.origin = origin;
    this.iteration = iteration;
    this.cost = cost;
    this.layer = layer;
    this.weights = weights;
  }
}

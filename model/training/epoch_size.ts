/**
 * The number of steps of an epoch, and whether a training is long enough for its update rule.
 *
 * @module
 */

import { firstUpdateOf } from "../../optim/chain.ts";
import type { UpdateRule } from "../../optim/update_rule.ts";
import type { Network } from "../network.ts";
import { validationInterval } from "./early_stopping.ts";

/** The size of an epoch. */
export interface EpochSize {
  /** The number of training examples. */
  readonly examples: number;
  /** Examples per step. */
  readonly batchSize: number;
}

/**
 * Whether a network requires a certain batch size. It cannot take the rest of an epoch; other epochs leave out other
 * examples.
 */
export function hasFixedBatches(network: Network): boolean {
  return fixedBatchOf(network) !== undefined;
}

/** The batch size that an input of a network requires; `undefined` if any size is possible. */
export function fixedBatchOf({ inputShapes }: Pick<Network, "inputShapes">): number | undefined {
  return inputShapes.map(([extent]) => extent).find((extent) => typeof extent === "number");
}

/** The number of batches per epoch; the last one may be smaller. */
export function batchesOf(network: Network, { examples, batchSize }: EpochSize): number {
  const batches = examples / batchSize;
  return hasFixedBatches(network) ? Math.floor(batches) : Math.ceil(batches);
}

/** The length of a training. */
interface TrainingLength {
  readonly nEpochs: number;
  /** Batches per epoch. */
  readonly batches: number;
}

/**
 * Throws if a rule accumulates the gradients of more steps than a training has, so that it would never update.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {RangeError} with both numbers of steps.
 */
export function checkAccumulation(action: string, rule: UpdateRule, { nEpochs, batches }: TrainingLength): void {
  const { accumulates = 1, name } = rule;
  const steps = nEpochs * batches;
  if (accumulates <= Math.max(1, steps)) return;
  throw new RangeError(
    `Cannot ${action} by ${name}: expected at most ${steps} steps per update, all steps of the training, got ` +
      `${accumulates}; accumulate fewer steps, or train more epochs (nEpochs ${nEpochs}) or smaller batches`,
  );
}

/** A training that early stopping may end. */
interface StoppedTraining extends TrainingLength {
  /** In steps, of which several may make one update. */
  readonly patience: number;
}

/**
 * Throws if early stopping would end a training before a validation sees the first update of its rule, because the rule
 * accumulates the gradients of too many steps: until then, no error can improve.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {RangeError} with both numbers of steps.
 */
export function checkPatience(action: string, rule: UpdateRule, length: StoppedTraining): void {
  const { nEpochs, batches, patience } = length;
  const steps = patience + 1;
  const interval = validationInterval(batches, patience);
  const last = steps - steps % interval;
  const first = firstUpdateOf(rule);
  if (first === 1 || first <= last || nEpochs * batches < steps) return;
  throw new RangeError(
    `Cannot ${action} by ${rule.name}: expected the first update at step ${last} at the latest, the last validation ` +
      `before early stopping ends the training, got ${first}; accumulate fewer steps, or set a larger patience than ` +
      `${patience}, which counts steps, not updates, or pass earlyStop: false`,
  );
}

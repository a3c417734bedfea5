/**
 * The costs of networks with several outputs: each output has an objective of its own.
 *
 * @module
 */

import { ones } from "../../core/creation.ts";
import { Tensor } from "../../core/tensor.ts";
import { checkNames } from "../check_names.ts";
import type { NetworkInput } from "../forward.ts";
import type { Network } from "../network.ts";
import type { NetworkState } from "../weights.ts";
import { weightedMean } from "./example_weights.ts";
import { ignoredBy } from "./ignored_class.ts";
import type { LossResult } from "./loss.ts";
import { type Measures, outcome, type Passing } from "./outcome.ts";

/** One of several outputs, and what it learns. */
export interface Output extends Measures {
  /** The name of the output. */
  readonly name: string;
  /** The factor of its cost in that of the whole network. */
  readonly weight: number;
}

/** A batch with targets by the names of outputs. */
export interface OutputsBatch {
  readonly x: NetworkInput;
  readonly y: Tensor | Readonly<Record<string, Tensor>>;
  readonly weights?: Tensor | undefined;
}

/** The costs of several outputs. */
export interface OutputsOutcome extends Pick<LossResult, "cost" | "divisor"> {
  /** The mean cost by the names of the outputs. */
  readonly means: Readonly<Record<string, Tensor>>;
  readonly state: NetworkState;
}

/**
 * Σ weight · cost over the outputs: for each example, or of their means if an objective ignores targets, because then
 * each output has a divisor of its own.
 */
export function outcomeOfOutputs(outputs: readonly Output[], batch: OutputsBatch, passing: Passing): OutputsOutcome {
  const { x, y, weights } = batch;
  const targets = targetsOf(outputs[0].network, outputs, y);
  const results = outputs.map(({ name, weight, ...measures }) => {
    const { cost, weights: own, state } = outcome(measures, { x, y: targets[name], weights }, passing);
    const divisor = own?.cost.sum();
    return { name, weight, cost, divisor, state, mean: divisor ? weightedMean(cost.sum(), divisor) : cost.mean() };
  });
  const [{ state, divisor }] = results;
  const means = Object.fromEntries(results.map(({ name, mean }) => [name, mean]));
  const isOwn = outputs.some(({ objective }) => ignoredBy(objective) !== undefined);
  const shares = results.map(({ weight, cost, mean }) => {
    const value = isOwn ? mean : cost;
    return weight === 1 ? value : value.mul(weight);
  });
  const cost = shares.reduce((sum, share) => sum.add(share));
  return { cost, divisor: isOwn ? ones([]) : divisor, means, state };
}

function targetsOf(
  { name }: Network,
  outputs: readonly Output[],
  y: OutputsBatch["y"],
): Readonly<Record<string, Tensor>> {
  const expected = outputs.map(({ name }) => name);
  const action = `train ${JSON.stringify(name)}`;
  if (y instanceof Tensor) {
    throw new TypeError(
      `Cannot ${action}: expected targets by the names of the outputs ${expected.join(", ")}, got one`,
    );
  }
  checkNames(action, "targets", { expected, got: Object.keys(y) });
  return y;
}

/**
 * The costs of networks with several outputs: each output has an objective of its own.
 *
 * @module
 */

import { Tensor } from "../../core/tensor.ts";
import { checkNames } from "../check_names.ts";
import type { NetworkInput } from "../forward.ts";
import type { Network } from "../network.ts";
import { type BatchOutcome, type Measures, outcome, type Passing } from "./outcome.ts";

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

/** The cost of each example over all outputs, and over each of them. */
export interface OutputsOutcome extends Omit<BatchOutcome, "predicted"> {
  /** By the names of the outputs, [example]; multiplied by the weights of the examples if there are any. */
  readonly costs: Readonly<Record<string, Tensor>>;
}

/** Σ weight · cost over the outputs, for each example. */
export function outcomeOfOutputs(outputs: readonly Output[], batch: OutputsBatch, passing: Passing): OutputsOutcome {
  const { x, y, weights } = batch;
  const targets = targetsOf(outputs[0].network, outputs, y);
  const results = outputs.map(({ name, weight, ...measures }) => {
    const result = outcome(measures, { x, y: targets[name], weights }, passing);
    return { ...result, name, share: weight === 1 ? result.cost : result.cost.mul(weight) };
  });
  const cost = results.map(({ share }) => share).reduce((sum, share) => sum.add(share));
  const [{ state, weights: own }] = results;
  return {
    cost,
    error: cost.zerosLike(),
    weights: own,
    state,
    costs: Object.fromEntries(results.map(({ name, cost }) => [name, cost])),
  };
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

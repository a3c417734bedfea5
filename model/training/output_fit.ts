/**
 * Whether an objective fits what the last layer of a network returns: probabilities, or values before a softmax or
 * sigmoid.
 *
 * @module
 */

import type { Objective } from "../../optim/objectives.ts";
import type { Network } from "../network.ts";
import { wholeMetric } from "./ignored_class.ts";
import { knownName, nameOf } from "./measure_names.ts";

/** Activations whose values are all from 0 to 1. Functions of your own may be, too. */
export const PROBABILITIES: ReadonlySet<string> = new Set(["sigmoid", "ultraFastSigmoid", "softmax"]);

/** Objectives of probabilities: the activation that makes them, and the objective that does without it. */
const ofProbabilities: Readonly<Record<string, readonly [activation: string, fromLogits: string]>> = {
  binaryCrossentropyError: ["sigmoid", "binaryCrossentropyFromLogits"],
  categoricalCrossentropyError: ["softmax", "categoricalCrossentropyFromLogits"],
  kullbackLeiblerDivergence: ["softmax", "categoricalCrossentropyFromLogits"],
};

/** Whether an objective or a metric is to be computed from the values before the softmax in which a network ends. */
export function takesLogits(network: Network, measure: Objective): boolean {
  return network.hasLogits && knownName(wholeMetric(measure)) === "categoricalCrossentropyFromLogits";
}

/**
 * Throws if an objective of probabilities is used for outputs that are none, or one that has a sigmoid for outputs that
 * went through one.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {TypeError} with the last activation and the cure.
 */
export function checkOutput(action: string, network: Network, objective: Objective): void {
  const activation = lastActivation(network);
  if (activation === undefined) return;
  const name = nameOf(objective);
  const refuse = (expected: string, cure: string): TypeError =>
    new TypeError(`Cannot ${action} with ${name}: expected ${expected}, got the activation ${activation}; ${cure}`);
  const known = knownName(objective);
  if (known === "binaryCrossentropyFromLogits" && PROBABILITIES.has(activation)) {
    throw refuse(
      "outputs before the sigmoid, which it computes",
      "use binaryCrossentropyError, or end the network in a linear layer",
    );
  }
  if (known === undefined || !Object.hasOwn(ofProbabilities, known) || PROBABILITIES.has(activation)) return;
  const [missing, fromLogits] = ofProbabilities[known];
  throw refuse("probabilities as outputs", `end the network in the activation ${missing}, or use ${fromLogits}`);
}

/** The name of the activation of the last layer; undefined if it has none, or a function of your own. */
export function lastActivation({ layers }: Network): string | undefined {
  const { activation } = layers.at(-1)?.layer.configuration ?? {};
  const name = Array.isArray(activation) ? activation[0] : activation;
  return typeof name === "string" ? name : undefined;
}

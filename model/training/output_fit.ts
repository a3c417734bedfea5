/**
 * Whether an objective or a metric fits what the last layer of a network returns: probabilities, or values before a
 * softmax or sigmoid.
 *
 * @module
 */

import { titleOf } from "../../layers/define_layer.ts";
import type { Layer } from "../../layers/layer.ts";
import { areShares, areUnknown, type OutputValues, valuesOf } from "../../layers/output_values.ts";
import type { Objective } from "../../optim/objectives.ts";
import type { Network } from "../network.ts";
import { wholeMetric } from "./ignored_class.ts";
import { knownName, nameOf } from "./measure_names.ts";

/** Which outputs an objective or a metric takes. */
interface Outputs {
  readonly expected: string;
  readonly fits: (values: OutputValues, units: number) => boolean;
  readonly cure: string;
}

/** Rows of probabilities, which sigmoids do not return. Those that only may sum to 1 are not refused. */
function distributions(cure: string): Outputs {
  return { expected: "probabilities as outputs", fits: areShares, cure };
}

const rowsThatSumTo1: Outputs = {
  expected: "probabilities that sum to 1 as outputs",
  fits: (values, units) => units < 2 || values !== "sigmoid" && values !== "ultraFastSigmoid",
  cure: "end the network in the activation softmax, or use binaryCrossentropyError for classes that do not exclude " +
    "each other",
};

const softmaxCure = "end the network in the activation softmax, or use categoricalCrossentropyFromLogits";

const outputs: Readonly<Record<string, readonly Outputs[]>> = {
  binaryCrossentropyError: [
    distributions("end the network in the activation sigmoid, or use binaryCrossentropyFromLogits"),
  ],
  categoricalCrossentropyError: [distributions(softmaxCure), rowsThatSumTo1],
  kullbackLeiblerDivergence: [distributions(softmaxCure), rowsThatSumTo1],
  binaryCrossentropyFromLogits: [{
    expected: "outputs before the sigmoid, which it computes",
    fits: (values) => !areShares(values),
    cure: "use binaryCrossentropyError, or end the network in a linear layer",
  }],
  categoricalCrossentropyFromLogits: [{
    expected: "outputs before the softmax, which it computes",
    fits: (values) => !areShares(values),
    cure: "use categoricalCrossentropyError, or end the network in a linear layer",
  }],
};

/** Whether an objective or a metric is to be computed from the values before the softmax in which a network ends. */
export function takesLogits(network: Network, measure: Objective): boolean {
  return network.hasLogits && knownName(wholeMetric(measure)) === "categoricalCrossentropyFromLogits";
}

/**
 * Throws if an objective or a metric does not fit the outputs of a network: one of probabilities if they are none, or
 * one that computes them if they are. What is unknown, such as a function of your own, is not refused.
 *
 * @param action what is to be done, for the message: `train "mlp" on digits`
 * @throws {TypeError} with the last activation and the cure.
 */
export function checkOutput(action: string, network: Network, objective: Objective): void {
  const last = network.outputLayer;
  const known = knownName(wholeMetric(objective));
  if (known === undefined || !Object.hasOwn(outputs, known) || takesLogits(network, objective)) return;
  const values = valuesOf(last);
  if (areUnknown(values)) return;
  for (const { expected, fits, cure } of outputs[known]) {
    if (fits(values, last.outputShape.at(-1) ?? Infinity)) continue;
    const name = nameOf(wholeMetric(objective));
    throw new TypeError(`Cannot ${action} with ${name}: expected ${expected}, got ${showValues(last)}; ${cure}`);
  }
}

/** What a layer returns, for messages. */
export function showValues(layer: Layer): string {
  const values = valuesOf(layer);
  if (values === "any") return `the numbers of any size of ${titleOf(layer)}`;
  if (values === "shares") return `the numbers from 0 to 1 of ${titleOf(layer)}`;
  return areUnknown(values) ? `the output of ${titleOf(layer)}` : `the activation ${values}`;
}

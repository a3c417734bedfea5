/**
 * The outputs of a network, each with its own targets. A network of one output is one of a list of one.
 *
 * @module
 */

import { Tensor } from "../core/tensor.ts";
import type { NamedData } from "../data/data.ts";
import type { OneOrNamed } from "../data/named.ts";
import { rowsNamed } from "../data/rows.ts";
import type { NamedTensorSet, TargetSet } from "../data/tensor_set.ts";
import type { Network } from "./network.ts";

/** Sets with the targets of one output. */
export interface TargetData {
  /** The name of the data in reports. */
  readonly name: string;
  readonly training: TargetSet;
  readonly validation: TargetSet;
  readonly test: TargetSet | undefined;
  /** The number of classes; `undefined` if the targets are not class numbers. */
  readonly classes: number | undefined;
}

/** One output of a network, as a network of its own. */
export interface NetworkOutput {
  readonly name: string;
  readonly network: Network;
}

/** The outputs of a network. */
export function outputsOf(network: Network): readonly NetworkOutput[] {
  const names = network.outputNames;
  return names.map((name) => ({ name, network: names.length === 1 ? network : network.withOutput(name) }));
}

/** The targets of an output in a set. Rows are made when they are first needed. */
export function targetsIn(set: NamedTensorSet, output: string): TargetSet {
  return {
    length: set.length,
    get rows() {
      const { y, weights } = set.rows;
      return { y: rowsNamed(y, output), weights };
    },
  };
}

/** The targets of an output in a batch. */
export function targetOf(y: OneOrNamed<Tensor>, output: string): Tensor {
  return y instanceof Tensor ? y : y[output];
}

/** The targets of an output in all sets. */
export function targetsOf({ name, training, validation, test, classes }: NamedData, output: string): TargetData {
  return {
    name,
    training: targetsIn(training, output),
    validation: targetsIn(validation, output),
    test: test && targetsIn(test, output),
    classes: typeof classes === "object" ? classes[output] : classes,
  };
}

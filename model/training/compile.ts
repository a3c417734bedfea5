/**
 * Compiling ahead of use.
 *
 * @module
 */

import { showValue } from "../../core/options/show.ts";
import { zeros } from "../../core/creation.ts";
import { suggestName } from "../../core/nearest.ts";
import { key } from "../../core/random/bits.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { NamedData } from "../../data/data.ts";
import { mapParts, type OneOrNamed } from "../../data/named.ts";
import { firstWeights } from "./beginning.ts";
import { sharesOf } from "./device_bytes.ts";
import { EXAMPLES_AT_A_TIME } from "./evaluation.ts";
import type { Network } from "../network.ts";
import { predictBatches } from "../predict.ts";
import { beginTraining, prepareSteps, trainingFeed } from "./programs.ts";
import type { Assembly } from "./assembly.ts";
import { trainOptions } from "./train_options.ts";
import { disposeTree, type Weights } from "../weights.ts";

/** The default of the device memory that examples may use. */
const bytes = trainOptions.deviceBytes.default;

/** The functions that can be compiled ahead of use. */
export type Compilation = "train" | "validate" | "test" | "predict" | "all";

const compilers: Readonly<Record<Exclude<Compilation, "all">, (assembly: Assembly, weights: Weights) => void>> = {
  train: ({ programs, data }, weights) => {
    const state = beginTraining(programs, weights, key(0));
    using feed = trainingFeed(programs, { set: data.training, bytes: sharesOf(data, bytes).training });
    prepareSteps(programs, state, feed.form);
    disposeTree(state);
  },
  validate: (assembly, weights) => prepareEvaluation(assembly, weights, "validation"),
  test: (assembly, weights) => prepareEvaluation(assembly, weights, "test"),
  predict: ({ programs: { task: { network } }, data }, weights) =>
    disposeTree(predictBatches(network.withWeights(weights), samplesLike(network, data))),
};

/** Inputs of as many examples as are predicted at a time. Several outputs are predicted from inputs by name. */
function samplesLike({ inputNames, outputNames }: Network, { sampleShape }: NamedData): OneOrNamed<Tensor> {
  const areNamed = outputNames.length > 1 && isShape(sampleShape);
  return mapParts(
    areNamed ? { [inputNames[0]]: sampleShape } : sampleShape,
    isShape,
    (shape) => zeros([EXAMPLES_AT_A_TIME, ...shape]),
  );
}

function isShape(given: OneOrNamed<Shape>): given is Shape {
  return Array.isArray(given);
}

function prepareEvaluation({ programs, data }: Assembly, weights: Weights, name: "validation" | "test"): void {
  const { evaluator } = programs;
  const set = data[name];
  if (!set) return;
  using feed = evaluator.feed(set, sharesOf(data, bytes)[name]);
  evaluator.prepare(weights, feed);
}

/**
 * Compiles parts of a model.
 *
 * @throws {RangeError} for an unknown part; the message has the nearest known one.
 */
export function compileFor(assembly: Assembly, what: readonly Compilation[]): void {
  const known = Object.keys(compilers) as (keyof typeof compilers)[];
  const weights = firstWeights(assembly, 0);
  for (const name of what.flatMap((one) => one === "all" ? known : [one])) {
    if (typeof name !== "string" || !Object.hasOwn(compilers, name)) {
      const shown = showValue(name);
      const near = typeof name === "string" ? name : shown;
      throw new RangeError(`Cannot compile ${shown}${suggestName(near, [...known, "all"])}`);
    }
    compilers[name](assembly, weights);
  }
}

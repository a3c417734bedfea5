/**
 * A network of two inputs and two outputs, and data for it, for tests.
 *
 * @module
 */

import { tensor } from "../../core/mod.ts";
import { data, type NamedData, samples } from "../../data/mod.ts";
import { concatenateLayer, denseLayer, dropout, inputLayer, logisticRegression } from "../../layers/mod.ts";
import { momentum } from "../../optim/mod.ts";
import { type Model, model } from "../model.ts";
import type { ModelParts } from "../model_options.ts";
import { network } from "../network.ts";

const image = inputLayer({ shape: [null, 4], name: "image" });
const table = inputLayer({ shape: [null, 2], name: "table" });
const hidden = denseLayer(dropout(image, { corruptionLevel: 0.2, name: "noise" }), { nUnits: 3, name: "hidden" });
const plain = denseLayer(image, { nUnits: 3, name: "hidden" });

/** A network with the outputs `kind`, of three classes, and `age`, a number. */
export function twoOutputs({ noise = true, l2 = 0 }: { readonly noise?: boolean; readonly l2?: number } = {}) {
  const both = concatenateLayer([noise ? hidden : plain, table], { name: "both" });
  const kind = logisticRegression(both, { nClass: 3, l2, name: "classes" });
  const age = denseLayer(both, { nUnits: 1, activation: "linear", name: "number" });
  return network("named", { kind, age });
}

/** Some examples: features, their classes, and numbers. */
export function examplesOf(count: number, seed: number) {
  const rows = Array.from(
    { length: count },
    (_, i) => [Math.sin(i + seed), Math.cos(2 * i), Math.sin(3 * i * seed), Math.cos(i * i)],
  );
  return {
    x: { image: samples(rows), table: samples(rows.map(([a, b]) => [10 * a * b, b - a])) },
    y: {
      kind: Int32Array.from(rows, ([a]) => a > 0.3 ? 2 : a > -0.3 ? 1 : 0),
      age: samples(rows.map(([a, b]) => [a + b])),
    },
  };
}

/** Sets of 70, 33 and 20 examples, in batches of 16. */
export const sets = () => data([examplesOf(70, 1), examplesOf(33, 2), examplesOf(20, 3)], { name: "sets" });

/** Hyperparameters of a short training. */
export const values = { batchSize: 16, nEpochs: 3, learningRate: 0.1, momentum: 0.9 };

/** A model of {@linkcode twoOutputs}. */
export function severalModel<D extends NamedData = ReturnType<typeof sets>>(
  parts: Partial<ModelParts<D>> = {},
): Model<NamedData> {
  return model<NamedData>({
    network: twoOutputs(),
    data: sets(),
    hyperparameters: values,
    updates: momentum,
    lossWeights: { age: 0.1 },
    ...parts,
  });
}

/** Options of trainings that print nothing. */
export const quiet = { progress: false } as const;

/** Rows of numbers. */
export type Numbers = readonly (readonly number[])[];

/** The outputs of a model for the inputs of a set, as numbers. */
export async function outputsFor(
  one: Model<NamedData>,
  { x }: { readonly x: NamedInputs },
): Promise<Record<string, Numbers>> {
  const outputs = one.getOutput(
    Object.fromEntries(Object.entries(x).map(([name, { values, shape }]) => [name, tensor(values, shape)])),
  );
  const read = Object.entries(outputs).map(async ([name, output]) => [name, await output.toArray()] as const);
  return Object.fromEntries(await Promise.all(read)) as Record<string, Numbers>;
}

type NamedInputs = ReturnType<typeof examplesOf>["x"];

/** The costs of each example by their definitions. */
export async function costsOf(one: Model<NamedData>, set: ReturnType<typeof examplesOf>) {
  const { kind, age } = await outputsFor(one, set);
  return {
    kind: kind.map((row, i) => -Math.log(row[set.y.kind[i]])),
    age: age.map(([value], i) => (value - set.y.age.values[i]) ** 2),
  };
}

/** The weighted mean. */
export function mean(costs: readonly number[], weights: readonly number[] = costs.map(() => 1)): number {
  const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
  return sum(costs.map((cost, i) => cost * weights[i])) / sum(weights);
}

/** The weights of all layers, in order. */
export async function weightsOf({ network }: Model<NamedData>): Promise<number[][]> {
  const tensors = Object.values(network.params).flatMap((layer) => Object.values(layer));
  return await Promise.all(tensors.map(async (one) => [...await one.data()].map(Number)));
}

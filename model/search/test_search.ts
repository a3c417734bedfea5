/**
 * A search of 16 small models, for tests. Run as a program, it searches with the given journal.
 *
 * @module
 */

import { data } from "../../data/data.ts";
import { digitsLoader } from "../../data/digits/digits.ts";
import { denseLayer, logisticRegression } from "../../layers/dense.ts";
import { inputLayer } from "../../layers/input.ts";

import { hyperparameters } from "../hyperparameters.ts";
import type { ModelParts } from "../model_options.ts";
import { network } from "../network.ts";
import { finish } from "./finish.ts";
import { gridSearch } from "./grid_search.ts";

const digits = data(digitsLoader({ sizes: [200, 60, 40] }), { name: "digits" });

/** Four ranges of two values. */
export const sixteen = hyperparameters({
  nEpochs: 3,
  batchSize: [20, [20, 50]],
  learningRate: [0.1, [0.02, 0.2]],
  nUnits: [5, [4, 8]],
  activation: ["tanh", ["tanh", "relu"]],
});

type Sixteen = typeof sixteen.values;

/** The model of a combination. */
export function buildSmall({ nUnits, activation }: Pick<Sixteen, "nUnits" | "activation">): ModelParts {
  const input = inputLayer({ shape: [null, 784] });
  const hidden = denseLayer(input, { nUnits, activation: activation === "relu" ? "relu" : "tanh" });
  const output = logisticRegression(hidden, { nClass: 10 });
  return { name: "small", data: digits, network: network("small", [input, hidden, output]) };
}

/** A function that changes its combination, which is frozen. */
export function buildChanging(values: Parameters<typeof buildSmall>[0]): ModelParts {
  return buildSmall(Object.assign(values, { nUnits: 4 }));
}

if (import.meta.main) await finish(gridSearch(sixteen, buildSmall, { journal: Deno.args[0] }));

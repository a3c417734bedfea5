/**
 * Searches for the hyperparameters of a network of two dense layers:
 *
 * ```sh
 * deno run -A examples/hp_grid_search.ts
 * ```
 *
 * It tries 16 combinations on synthetic digits, finishes within a minute, and prints them, best first:
 *
 * ```text
 * | number | batchSize | learningRate | l2Reg | activation | validation error | test error | epochs | outcome | failure |
 * | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
 * | 4 | 20 | 0.1 | 0 | tanh | 33.667 % | 42.333 % | 20 | trained |  |
 * | 5 | 20 | 0.1 | 0 | relu | 34.000 % | 37.333 % | 20 | trained |  |
 * …
 * | 11 | 50 | 0.01 | 0.01 | relu | 89.333 % | 90.000 % | 20 | trained |  |
 * ```
 *
 * `--full` tries all 1536 combinations of the original documentation on MNIST; several machines can share this search
 * (`--shard`, `merge`; see docs/search.md). A search is a loop over all combinations, `for (const hp of full) …`, that
 * saves its results, so it can be stopped, resumed and shared: {@linkcode searchMain} calls `gridSearch(full, build)`.
 *
 * @module
 */

import { type Data, data, digitsLoader, mnistLoader } from "../data/mod.ts";
import {
  type ActivationFunction,
  denseLayer,
  glorotNormal,
  glorotUniform,
  type Initializer,
  inputLayer,
  logisticRegression,
  relu,
  sigmoid,
  tanh,
} from "../layers/mod.ts";
import { hyperparameters, type Model, model, network } from "../model/mod.ts";
import { sgd } from "../optim/mod.ts";
import { searchMain } from "./search_command.ts";

/** The hyperparameters of the original documentation and their search space: 4·4·4·4·3·2 = 1536 combinations. */
export const full = hyperparameters({
  batchSize: [500, [50, 100, 500, 1000]],
  nEpochs: 1000,
  learningRate: [0.1, [0.001, 0.01, 0.1, 1]],
  l1Reg: [0, [0, 0.0001, 0.001, 0.01]],
  l2Reg: [0.0001, [0, 0.0001, 0.001, 0.01]],
  activation: ["tanh", ["tanh", "sigmoid", "relu"]],
  initialisation: ["glorotUniform", ["glorotUniform", "glorotNormal"]],
  patience: 10_000,
  data: "mnist",
});

/** A small part of the search space, with few epochs and few digits. */
export const small = full
  .with("batchSize", 50, [20, 50])
  .with("nEpochs", 20)
  .with("learningRate", 0.1, [0.01, 0.1])
  .with("l1Reg", 0, [0])
  .with("l2Reg", 0, [0, 0.01])
  .with("activation", "tanh", ["tanh", "relu"])
  .with("initialisation", "glorotUniform", ["glorotUniform"])
  .with("data", "digits");

/** One combination. */
export type Combination = typeof full.values;

// Names instead of functions: tables can show them, and they can be sent to workers.
const activations: Readonly<Record<string, ActivationFunction>> = { tanh, sigmoid, relu };
const initialisations: Readonly<Record<string, Initializer>> = { glorotUniform, glorotNormal };

const loaded = new Map<string, Promise<Data>>();

/** The data by name; loaded once. */
async function load(name: string): Promise<Data> {
  const sets = name === "digits" ? digitsLoader({ sizes: [1000, 300, 300] }) : await mnistLoader();
  return data(sets, { name });
}

/** Builds the model of one combination: the body of the loop. */
export async function build(hp: Combination): Promise<Model> {
  if (!loaded.has(hp.data)) loaded.set(hp.data, load(hp.data));
  // Input layer
  const input = inputLayer({ shape: [null, 28 * 28], name: "Input" });
  // Dense layer 1
  const shared = { W: initialisations[hp.initialisation], l1: hp.l1Reg, l2: hp.l2Reg };
  const activation = activations[hp.activation];
  const hidden1 = denseLayer(input, { nUnits: 5, ...shared, activation, name: "Hidden layer 1" });
  // Dense layer 2
  const hidden2 = denseLayer(hidden1, { nUnits: 5, ...shared, activation, name: "Hidden layer 2" });
  // Logistic regression layer
  const output = logisticRegression(hidden2, { nClass: 10, l1: hp.l1Reg, l2: hp.l2Reg, name: "Logistic regression" });
  // Create the network and add the layers
  const net = network("mlp", [input, hidden1, hidden2, output]);
  // Create the model with its data, hyperparameters and update rule
  return model({
    name: "mlp grid search",
    data: await loaded.get(hp.data),
    hyperparameters: hp,
    network: net,
    updates: sgd,
  });
}

if (import.meta.main) {
  const call = "deno run -A examples/hp_grid_search.ts";
  Deno.exit(await searchMain(Deno.args, { call, full, small, build, module: import.meta.url }));
}

/**
 * Random search: combinations drawn at random.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { functionKind } from "../../core/options/kinds.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import { type Hyperparameters, hyperparametersKind, type HyperparameterValues } from "../hyperparameters.ts";
import { randomOf } from "./combinations.ts";
import type { SearchResult } from "./result.ts";
import type { SearchEvent } from "./search.ts";
import { searchLater } from "./search_later.ts";
import { type RandomSearchOptions, randomSearchOptions } from "./search_options.ts";
import type { Build } from "./trial.ts";

/** All combinations are drawn before the first one is tried, so too many of them would take forever. */
const MOST_DRAWS = 1_000_000;

/**
 * Trains a model for distinct combinations drawn at random; everything else is as in {@linkcode gridSearch}. Values
 * come from the ranges of the hyperparameters, or from `distributions` between two bounds.
 *
 * If only a few hyperparameters matter, it finds a combination as good as that of a grid with far fewer trials.
 *
 * @param build Builds the model of a combination, or its parts.
 * @throws {RangeError} if options are out of range, or there are fewer combinations than requested.
 * @throws {FileError} if the journal cannot be written, or another process is using it.
 * @throws {FileFormatError} if the journal belongs to another search, or is damaged.
 *
 * @see {@link https://jmlr.org/papers/v13/bergstra12a.html | Bergstra and Bengio (2012)}
 *
 * @example
 * ```ts
 * import { finish, hyperparameters, logBetween, network, randomSearch } from "@yadll/yadll/model";
 * import { data, digitsLoader } from "@yadll/yadll/data";
 * import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const digits = data(digitsLoader({ sizes: [300, 100, 100] }), { name: "digits" });
 * const input = inputLayer({ shape: [null, 784] });
 * const softmax = network("softmax", [input, logisticRegression(input, { nClass: 10 })]);
 * const hps = hyperparameters({ nEpochs: 2, learningRate: 0.1, batchSize: [50, [20, 50, 100]] });
 * const search = randomSearch(hps, () => ({ data: digits, network: softmax }), {
 *   count: 3,
 *   seed: 7,
 *   distributions: { learningRate: logBetween(0.001, 1) },
 * });
 * const { rows, searched } = await finish(search);
 * assertEquals([rows.length, searched], [3, ["learningRate", "batchSize"]]);
 * assert(rows.every(({ hyperparameters }) => hyperparameters.learningRate < 1));
 * ```
 */
export function randomSearch<V extends HyperparameterValues>(
  hyperparameters: Hyperparameters<V>,
  build: Build<V>,
  options: RandomSearchOptions,
): AsyncGenerator<SearchEvent<V>, SearchResult<V>> {
  refuseSurplus("randomSearch", arguments, 3);
  checkArgument("search", hyperparameters, hyperparametersKind);
  checkArgument("search", build, functionKind);
  readOptions("search", randomSearchOptions, options);
  const { count, seed, distributions, ...others } = options;
  if (count > MOST_DRAWS) {
    throw new RangeError(`Cannot search at random: expected at most ${MOST_DRAWS} combinations, got ${count}`);
  }
  const draws = { count, ...(seed !== undefined && { seed }), ...(distributions && { distributions }) };
  return searchLater(randomOf(hyperparameters, draws), build, others);
}

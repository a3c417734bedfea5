/**
 * Grid search: every combination of the ranges.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { functionKind } from "../../core/options/kinds.ts";
import { checkArgument } from "../../core/options/read.ts";
import { type Hyperparameters, hyperparametersKind, type HyperparameterValues } from "../hyperparameters.ts";
import { gridOf } from "./combinations.ts";
import type { SearchResult } from "./result.ts";
import type { SearchEvent } from "./search.ts";
import { searchLater } from "./search_later.ts";
import type { SearchOptions } from "./search_options.ts";
import type { Build } from "./trial.ts";

/**
 * Trains a model for every combination of the ranges of the hyperparameters, and yields each row when it is known. A
 * combination that fails is a row, too. The generator returns the table; {@linkcode finish} runs it to its end.
 *
 * With a `journal`, a search that was stopped for any reason resumes where it was. With a `shard`, a machine tries its
 * part of the combinations; {@linkcode mergeJournals} merges the parts.
 *
 * @param build Builds the model of a combination, or its parts.
 * @throws {RangeError} if options are out of range, or two values of a range are indistinguishable.
 * @throws {FileError} if the journal cannot be written, or another process is using it.
 * @throws {FileFormatError} if the journal belongs to another search, or is damaged.
 *
 * @example
 * ```ts
 * import { finish, gridSearch, hyperparameters, network } from "@yadll/yadll/model";
 * import { data, digitsLoader } from "@yadll/yadll/data";
 * import { denseLayer, inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const digits = data(digitsLoader({ sizes: [300, 100, 100] }), { name: "digits" });
 * const hps = hyperparameters({ batchSize: 50, nEpochs: 2, learningRate: [0.1, [0.01, 0.1]], nUnits: [5, [5, 10]] });
 * const search = gridSearch(hps, ({ nUnits }) => {
 *   const input = inputLayer({ shape: [null, 784] });
 *   const hidden = denseLayer(input, { nUnits });
 *   return { data: digits, network: network("mlp", [input, hidden, logisticRegression(hidden, { nClass: 10 })]) };
 * });
 * const { rows, best } = await finish(search);
 * assertEquals(rows.length, 4);
 * assert(rows.every(({ validationError }) => best!.validationError! <= validationError!));
 * ```
 */
export function gridSearch<V extends HyperparameterValues>(
  hyperparameters: Hyperparameters<V>,
  build: Build<V>,
  options: SearchOptions = {},
): AsyncGenerator<SearchEvent<V>, SearchResult<V>> {
  refuseSurplus("gridSearch", arguments, 3);
  checkArgument("search", hyperparameters, hyperparametersKind);
  checkArgument("search", build, functionKind);
  return searchLater(gridOf(hyperparameters), build, options);
}

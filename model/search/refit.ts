/**
 * Trains the best combination of a search again.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { functionKind } from "../../core/options/kinds.ts";
import { checkArgument } from "../../core/options/read.ts";
import type { Data, NamedData } from "../../data/data.ts";
import type { HyperparameterValues } from "../hyperparameters.ts";
import type { TrainedModel } from "../model.ts";
import type { ModelTrainOptions } from "../training/train_options.ts";
import type { SearchResult } from "./result.ts";
import { resultKind } from "./result_kind.ts";
import type { Build } from "./trial.ts";

/**
 * Trains the best combination of a search again to get its weights, because a search keeps only figures. With the
 * options of the search, the result is exactly the weights with the best validation error.
 *
 * @param build The function with which the search built its models.
 * @throws {RangeError} if no combination has a validation error.
 * @throws {Diverged} if the cost becomes infinite or NaN.
 *
 * @example
 * ```ts
 * import { finish, gridSearch, hyperparameters, network, refitBest } from "@yadll/yadll/model";
 * import { data, digitsLoader } from "@yadll/yadll/data";
 * import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const digits = data(digitsLoader({ sizes: [300, 100, 100] }), { name: "digits" });
 * const input = inputLayer({ shape: [null, 784] });
 * const build = () => ({
 *   data: digits,
 *   network: network("softmax", [input, logisticRegression(input, { nClass: 10 })]),
 * });
 * const hps = hyperparameters({ batchSize: 50, nEpochs: 2, learningRate: [0.1, [0.01, 0.1]] });
 * const result = await finish(gridSearch(hps, build));
 * const { model, report } = await refitBest(result, build);
 * assertEquals(report.validationError, result.best?.validationError);
 * assertEquals(model.predict(digits.test!.x).shape, [100]);
 * ```
 */
export async function refitBest<V extends HyperparameterValues, D extends NamedData = Data>(
  result: SearchResult<V>,
  build: Build<V, D>,
  options: ModelTrainOptions = {},
): Promise<TrainedModel<D>> {
  refuseSurplus("refitBest", arguments, 3);
  checkArgument("train the best combination again", result, resultKind);
  checkArgument("train the best combination again", build, functionKind);
  const { best, rows } = result;
  const { modelOf } = await import("./trial.ts");
  if (best) return await (await modelOf(build, best.hyperparameters)).train(options);
  throw new RangeError(
    `Cannot train the best combination again: expected a row with a validation error, got none among ${rows.length}`,
  );
}

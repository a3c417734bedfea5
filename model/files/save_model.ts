/**
 * Writes a model to a file.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import type { WritableFile } from "../../core/web_file.ts";
import type { NamedData } from "../../data/data.ts";
import { checkArgument } from "../../core/options/read.ts";
import { configurationOf, modelKind } from "./model_configuration.ts";
import { refuseLeased } from "./lease.ts";
import type { Model } from "../model.ts";
import { writeSavedModel } from "./model_file.ts";

/**
 * Writes a model to a file, by convention `.ym`: its configuration, its weights, and the report of its training. The
 * file is written completely or not at all. {@linkcode loadModel} reads it, on any device.
 *
 * In browsers, `file` is a file of the browser's file system, as `getFileHandle` of
 * `await navigator.storage.getDirectory()` returns it.
 *
 * To resume a training later, save it with `saveMode` of {@linkcode Model.train}; its file can be loaded, too.
 *
 * @throws {FileError} if the file cannot be written, or a training is writing to it.
 * @throws {TypeError} if the model has no network, or no weights.
 *
 * @example
 * ```ts
 * import { loadModel, model, network, saveModel } from "@yadll/yadll/model";
 * import { random } from "@yadll/yadll/core";
 * import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 4] });
 * const net = network("softmax", [input, logisticRegression(input, { nClass: 2 })]);
 * const file = await Deno.makeTempFile({ suffix: ".ym" });
 * await saveModel(model({ network: net.withWeights(net.init(random.key(1))) }), file);
 * assertEquals(loadModel(file).network.name, "softmax");
 * await Deno.remove(file);
 * ```
 */
export async function saveModel(model: Model<NamedData>, file: WritableFile): Promise<void> {
  refuseSurplus("saveModel", arguments, 2);
  checkArgument("save a model", model, modelKind);
  refuseLeased(file);
  const { network, parts, report = null } = model;
  const kept = { params: network.params, state: network.weights?.state ?? {} };
  const configuration = configurationOf({ ...parts, network, preprocessing: model.preprocessing });
  await writeSavedModel(file, { configuration, training: null, report, tensors: { kept } });
}

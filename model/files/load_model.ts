/**
 * Reads a model from a file.
 *
 * @module
 */

import { showText } from "../../core/options/show.ts";
import { refuseSurplus } from "../../core/options/surplus.ts";
import { isWebFile, type WebFile } from "../../core/web_file.ts";
import { readOptions } from "../../core/options/read.ts";
import { key } from "../../core/random/bits.ts";
import type { Data, NamedData } from "../../data/data.ts";
import { provideReaders } from "../../data/steps/provide_readers.ts";
import { TensorMismatchError } from "./errors.ts";
import { Model } from "../model.ts";
import { type LoadedParts, loadedParts, resolveParts, separateOwn } from "../model_options.ts";
import { partsFromConfiguration } from "./model_configuration.ts";
import { type LoadedFile, readSavedModel, savedModelFrom, tensorsOf } from "./model_file.ts";
import { type ReadOptions, tensorFileOptions } from "./read_options.ts";
import { readWebFile } from "./web_file.ts";

/**
 * The model of a `.ym` file, written by {@linkcode saveModel} or by a training: its layers, weights and
 * hyperparameters, and the report of its training if that is finished. The whole file is checked before it is used, and
 * nothing in it is executed. The tensors are loaded to the current device, whichever device wrote them.
 *
 * @param parts parts that replace those of the file, such as the data, which no file contains; a network gets the
 * weights, if it has the same name and layers as that of the file. Layers and functions of your own, which the file only
 * names, are passed by name: `{ layers: { LearnedRectifier: learnedRectifier } }`
 * @throws {FileError} if the file cannot be read.
 * @throws {FileFormatError} if it is damaged, of another kind, of a later version, or longer than `options.limitBytes`.
 * @throws {TensorMismatchError} if tensors are missing, unexpected, or do not fit the layers; all of them are listed.
 * @throws {TypeError} if it names your own functions, and they are not among the parts. An unknown layer is a
 * `FileFormatError`.
 *
 * @example
 * ```ts
 * import { FileError, loadModel } from "@yadll/yadll/model";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => loadModel("nowhere.ym"), FileError, "there is no such file");
 * ```
 */
export function loadModel<D extends NamedData = Data>(
  file: string | URL,
  parts?: LoadedParts<D>,
  options?: ReadOptions,
): Model<D>;
/**
 * The model of a file of the web: a response of `fetch`, a `Blob`, or a file of the browser's file system.
 *
 * @throws {FileError} if the file cannot be read.
 *
 * @example
 * ```ts
 * import { FileError, loadModel } from "@yadll/yadll/model";
 * import { assertRejects } from "@std/assert";
 *
 * const missing = new Response("", { status: 404 });
 * await assertRejects(() => loadModel(missing), FileError, "the server answered 404");
 * ```
 */
export function loadModel<D extends NamedData = Data>(
  file: WebFile,
  parts?: LoadedParts<D>,
  options?: ReadOptions,
): Promise<Model<D>>;
export function loadModel<D extends NamedData = Data>(
  file: string | URL | WebFile,
  parts: LoadedParts<D> = {},
  options: ReadOptions = {},
): Model<D> | Promise<Model<D>> {
  refuseSurplus("loadModel", arguments, 3);
  provideReaders();
  readOptions<LoadedParts<NamedData>, typeof loadedParts>("load a model", loadedParts, parts);
  const { limitBytes } = readOptions("load a model", tensorFileOptions, options);
  return isWebFile(file)
    ? readWebFile(file, limitBytes).then((content) => modelOf(savedModelFrom(content), parts))
    : modelOf(readSavedModel(file, { limitBytes }), parts);
}

function modelOf<D extends NamedData>(loaded: LoadedFile, given: LoadedParts<D>): Model<D> {
  const { own, parts } = separateOwn(given);
  const { network, ...configured } = partsFromConfiguration(
    loaded.configuration,
    resolveParts(parts),
    { file: loaded.file, own },
  );
  const saved = loaded.configuration.network.name;
  if (network.name !== saved) {
    throw new TensorMismatchError(loaded.file, [
      `network: expected "${showText(network.name)}", got "${showText(saved)}"`,
    ]);
  }
  const weights = tensorsOf(loaded, network.init(key(0)));
  return new Model<D>({
    ...configured,
    report: loaded.report ?? undefined,
    ...parts,
    network: network.withWeights(weights),
  });
}

/**
 * Exports models as folders in the form of the Hugging Face hub.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { pathOf } from "../../core/host_files.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import type { Declaration } from "../../core/options/option.ts";
import { list, text } from "../../core/options/values.ts";
import { key } from "../../core/random/bits.ts";
import type { Data, NamedData } from "../../data/data.ts";
import { provideReaders } from "../../data/steps/provide_readers.ts";
import { TensorMismatchError } from "./errors.ts";
import { folderNames, readFolder, writeFolder } from "./folder.ts";
import { join } from "./paths.ts";
import type { ReadOptions } from "./read_options.ts";
import type { Figure, ModelCard } from "./model_card.ts";
import { entriesOf, mismatches, treeOf } from "./tensor_entries.ts";
import { formatSec } from "../format_seconds.ts";
import { joinTensors, splitTensors } from "./layer_tensors.ts";
import { Model } from "../model.ts";
import { type LoadedParts, loadedParts, resolveParts, separateOwn } from "../model_options.ts";
import { configurationOf, modelKind, partsFromConfiguration } from "./model_configuration.ts";
import type { Report } from "../training/report.ts";

/** The fields of a model card that the model itself does not have. */
export type CardOptions = Partial<Pick<ModelCard, "summary" | "task" | "license" | "tags">>;

/** {@linkcode CardOptions}, declared. */
export const cardOptions = {
  summary: text({ help: "description of what the model does, in a sentence" }),
  task: text({
    help: "kind of task in the hub's terms",
    otherwise: "tabular-classification, or tabular-regression without classes",
  }),
  license: text({ help: "license in the hub's terms, such as mit" }),
  tags: list(text(), { help: "keywords for finding the model" }),
} satisfies Declaration<CardOptions>;

/**
 * Writes a model as a folder that the Hugging Face hub displays and Python reads: `model.safetensors`, `config.json`,
 * and a model card with the figures of its report, `README.md`. A card that was edited is kept; remove it to have a new
 * one written.
 *
 * @returns whether a card was kept
 * @throws {FileError} if a file cannot be written.
 * @throws {TypeError} if the model has no network, or no weights.
 *
 * @example
 * ```ts
 * import { exportModel, importModel, model, network } from "@yadll/yadll/model";
 * import { random } from "@yadll/yadll/core";
 * import { inputLayer, logisticRegression } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 4] });
 * const net = network("softmax", [input, logisticRegression(input, { nClass: 2 })]);
 * const folder = await Deno.makeTempDir();
 * await exportModel(model({ network: net.withWeights(net.init(random.key(1))) }), folder, { license: "mit" });
 * assertEquals(importModel(folder).network.toConf(), net.toConf());
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function exportModel(
  model: Model<NamedData>,
  folder: string | URL,
  options: CardOptions = {},
): Promise<{ readonly keptCard: boolean }> {
  refuseSurplus("exportModel", arguments, 3);
  checkArgument("export a model", model, modelKind);
  readOptions("export a model", cardOptions, options);
  const { network, parts, report } = model;
  const weights = { params: network.params, state: network.weights?.state ?? {} };
  const tensors = await entriesOf(joinTensors(weights));
  const card: ModelCard = {
    summary: `The network ${network.name}${report ? `, trained on ${dataOf(report)}` : ""}.`,
    data: report ? { name: dataOf(report), sha256: report.dataHash } : { name: "unknown" },
    figures: report ? figuresOf(report) : [],
    ...(report && { training: factsOf(report) }),
    ...options,
  };
  return writeFolder(folder, { tensors, configuration: configurationOf({ ...parts, network }) }, card);
}

/**
 * The model of a folder that {@linkcode exportModel} wrote, or that another program wrote with the same tensor names.
 *
 * @param given parts that replace those of the folder, such as the data, and layers and functions of your own, which it
 * only names, as for {@linkcode loadModel}
 * @throws {FileError} if a file cannot be read.
 * @throws {FileFormatError} if a file is damaged, of another kind, or of a later version.
 * @throws {TensorMismatchError} if tensors are missing, unexpected, or do not fit the layers; all of them are listed.
 *
 * @example
 * ```ts
 * import { FileError, importModel } from "@yadll/yadll/model";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => importModel("nowhere"), FileError, "there is no such file");
 * ```
 */
export function importModel<D extends NamedData = Data>(
  folder: string | URL,
  given: LoadedParts<D> = {},
  options: ReadOptions = {},
): Model<D> {
  refuseSurplus("importModel", arguments, 3);
  provideReaders();
  readOptions<LoadedParts<NamedData>, typeof loadedParts>("import a model", loadedParts, given);
  const { own, parts } = separateOwn(given);
  const { tensors, configuration } = readFolder(folder, options);
  const file = join(pathOf(folder), folderNames.configuration);
  const { network, ...configured } = partsFromConfiguration(configuration, resolveParts(parts), { file, own });
  const like = network.init(key(0));
  const joined = joinTensors(like);
  const problems = mismatches(tensors, joined);
  if (problems.length > 0) throw new TensorMismatchError(pathOf(folder), problems);
  const weights = splitTensors(treeOf(tensors, joined), like);
  return new Model<D>({ ...configured, ...parts, network: network.withWeights(weights) });
}

/** Data from a user's folder are named after its path, of which only the last part is published. */
function dataOf({ data }: Report): string {
  return data.split(/[\\/]/).findLast((part) => part !== "") ?? data;
}

function figuresOf({ monitor, validationError, validationLoss, testError, testLoss, errorUnit }: Report): Figure[] {
  const isLoss = monitor === "validationLoss";
  const sets = [
    ["validation", isLoss ? validationLoss : validationError],
    ["test", isLoss ? testLoss : testError],
  ] as const;
  const shared = { metric: isLoss ? "loss" : "error", ...(errorUnit && { unit: errorUnit }) };
  return sets.flatMap(([set, value]) => typeof value === "number" ? [{ ...shared, set, value }] : []);
}

function factsOf(report: Report): NonNullable<ModelCard["training"]> {
  const { epochs, iterations, seconds, samplesPerSecond, device, versions, seed, updates, parameters } = report;
  return {
    parameters,
    epochs,
    iterations,
    "update rule": updates,
    seed,
    time: formatSec(seconds.total),
    "samples per second": Math.round(samplesPerSecond),
    device: device.name,
    software: Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", "),
  };
}

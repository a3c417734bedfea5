/**
 * `.yc` files: the configuration that rebuilds a network and its training, without what it has learned.
 *
 * They are JSON with `format` and `version`, and can be read and edited.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { pathOf } from "../../core/host_files.ts";
import { writeAtomically } from "./atomic.ts";
import { readAtMost } from "./byte_source.ts";
import { jsonMemory, type ReadOptions, textFileOptions } from "./read_options.ts";
import { FileFormatError } from "./errors.ts";
import { refuseLeased } from "./lease.ts";
import { type FileFormat, readFormat } from "./format.ts";
import { isPlainRecord, type JsonRecord, readJson, showJson, writeJson } from "./json.ts";
import { decodeJsonText } from "./json_text.ts";
import {
  anyRecord,
  type JsonPlace,
  type JsonReader,
  listOf,
  reader,
  readText,
  recordOf,
  recordOfAll,
  unexpected,
} from "./schema.ts";
import { suggestName } from "../../core/nearest.ts";
import type { OneOrNamed } from "../../data/named.ts";
import { objectKind, textKind } from "../../core/options/kinds.ts";
import { finite } from "../../core/options/numbers.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";

/** A configuration, as an argument. */
export const configurationKind = objectKind("a configuration", "network");

/** The configuration that rebuilds a layer. */
export interface SavedLayer {
  /** The kind, such as `DenseLayer`. */
  readonly kind: string;
  /** The name, which is unique in the network. */
  readonly name: string;
  /** The names of the layers whose output is its input; they come before it. */
  readonly incoming: readonly string[];
  /** The options of the layer's function. */
  readonly configuration: JsonRecord;
}

/** The configuration that rebuilds a network. */
export interface NetworkConfiguration {
  /** The name of the network. */
  readonly name: string;
  /** The layers, each after those whose output is its input. */
  readonly layers: readonly SavedLayer[];
  /** The names of the layers of the outputs, by the names of these (default: the last layer is the only output). */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** A name, or a name with options: `"adam"`, `["adam", { "beta1": 0.8 }]`. */
export type NamedOptions = string | readonly [string, JsonRecord];

/** The configuration that rebuilds a model: its network, and optionally how it is trained. */
export interface ModelConfiguration {
  /** The network. */
  readonly network: NetworkConfiguration;
  /** The name of the model. */
  readonly name?: string;
  /** Each hyperparameter: its value, or `[value, range]`. */
  readonly hyperparameters?: JsonRecord;
  /** The update rule. */
  readonly updates?: NamedOptions;
  /** The objective, or one for each of several outputs by name. */
  readonly objective?: OneOrNamed<NamedOptions>;
  /** The names of the objectives that the training chose for those of several outputs without one, by outputs. */
  readonly chosenObjectives?: Readonly<Record<string, string>>;
  /** The factors of the costs of several outputs by name. */
  readonly lossWeights?: Readonly<Record<string, number>>;
  /** The metric of validation and test, or one for each of several outputs by name. */
  readonly evaluationMetric?: OneOrNamed<NamedOptions>;
  /** What makes the inputs of the network out of tables, or scales samples. */
  readonly preprocessing?: JsonRecord;
}

/** The formats of `.yc` files. */
export const CONFIGURATION_FORMAT: FileFormat = { kind: "a configuration", number: 1, readable: [1] };

const FORMAT = "yadll configuration";

const layer = recordOf<SavedLayer, object>(
  { kind: readText, name: readText, incoming: listOf(readText), configuration: anyRecord },
  {},
);

const network: JsonReader<NetworkConfiguration> = (value, place) => {
  const read = recordOf<Omit<NetworkConfiguration, "outputs">, Required<Pick<NetworkConfiguration, "outputs">>>(
    { name: readText, layers: listOf(layer) },
    { outputs: recordOfAll(readText) },
  )(value, place);
  checkLayers(read.layers, { ...place, path: `${place.path}.layers` });
  checkOutputs(read, { ...place, path: `${place.path}.outputs` });
  return read;
};

/** Outputs must be those of layers of the network. */
function checkOutputs({ layers, outputs }: NetworkConfiguration, { file, path }: JsonPlace): void {
  if (outputs === undefined) return;
  const names = layers.map(({ name }) => name);
  if (Object.keys(outputs).length === 0) throw new FileFormatError(file, `at least one output in ${path}`, "none");
  for (const [output, layer] of Object.entries(outputs)) {
    if (names.includes(layer)) continue;
    throw new FileFormatError(
      file,
      `the name of a layer as ${path}.${output}`,
      `${showJson(layer)}${suggestName(layer, names)}`,
    );
  }
}

const namedOptions: JsonReader<NamedOptions> = (value, place) => {
  if (!Array.isArray(value)) return readText(value, place);
  if (value.length !== 2) throw unexpected("a name, or a name and its options,", value, place);
  return [readText(value[0], place), anyRecord(value[1], place)];
};

/** Options of one function, or of one for each output by name. */
const perOutput: JsonReader<OneOrNamed<NamedOptions>> = (value, place) =>
  isPlainRecord(value) && Object.keys(value).length > 0
    ? recordOfAll(namedOptions)(value, place)
    : namedOptions(value, place);

type Training = Omit<Required<ModelConfiguration>, "network">;

const model = recordOf<Pick<ModelConfiguration, "network">, Training>({ network }, {
  name: readText,
  hyperparameters: anyRecord,
  updates: namedOptions,
  objective: perOutput,
  chosenObjectives: recordOfAll(readText),
  lossWeights: recordOfAll(reader<number>(finite({ least: 0 }))),
  evaluationMetric: perOutput,
  preprocessing: anyRecord,
});

/** Layers must have unique names, and take their input from layers before them. */
function checkLayers(layers: readonly SavedLayer[], { file, path }: JsonPlace): void {
  if (layers.length === 0) throw new FileFormatError(file, `at least one layer in ${path}`, "none");
  const names = new Set<string>();
  layers.forEach(({ name, incoming }, i) => {
    for (const source of incoming) {
      if (names.has(source)) continue;
      const got = names.size === 0
        ? `${showJson(source)}, but there is none`
        : `${showJson(source)}${suggestName(source, names)}`;
      throw new FileFormatError(file, `names of layers before ${path}[${i}] as its incoming`, got);
    }
    if (names.has(name)) throw new FileFormatError(file, `another name for ${path}[${i}]`, `${showJson(name)} again`);
    names.add(name);
  });
}

/**
 * A configuration from plain data, such as that of a `.ym` file. Everything is checked except the options of layers,
 * which their own functions check.
 *
 * @param file The name of the file in messages.
 * @throws {FileFormatError} if a field is missing, of another kind, or unknown (the message has the nearest name), if a
 * layer's name is taken, or its input does not come from a layer before it.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { checkConfiguration, FileFormatError } from "@yadll/yadll/model";
 *
 * assertThrows(() => checkConfiguration({ netwrok: {} }), FileFormatError, 'the field "network"');
 * ```
 */
export function checkConfiguration(value: unknown, file = "configuration"): ModelConfiguration {
  checkArguments("check a configuration", { file }, textKind);
  return model(value, { file, path: "" });
}

/**
 * The text of a `.yc` file.
 *
 * @throws {FileFormatError} if the configuration cannot be read back.
 * @throws {TypeError} if it contains something that JSON cannot.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeConfiguration, encodeConfiguration } from "@yadll/yadll/model";
 *
 * const layers = [{ kind: "InputLayer", name: "input", incoming: [], configuration: { shape: [null, 784] } }];
 * const configuration = { network: { name: "mlp", layers }, updates: "adam" };
 * assertEquals(decodeConfiguration(encodeConfiguration(configuration)), configuration);
 * ```
 */
export function encodeConfiguration(configuration: ModelConfiguration): string {
  const checked = checkConfiguration(configuration);
  return `${writeJson({ format: FORMAT, version: CONFIGURATION_FORMAT.number, ...jsonOf(checked) }, 2)}\n`;
}

/**
 * The configuration in the text of a `.yc` file.
 *
 * @param file The name of the file in messages.
 * @throws {FileFormatError} if it is not such a file, is of a later version, or a field is invalid.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { decodeConfiguration, FileFormatError } from "@yadll/yadll/model";
 *
 * const text = '{ "format": "yadll configuration", "version": 9 }';
 * assertThrows(() => decodeConfiguration(text), FileFormatError, "got format 9: it was written by a newer version");
 * ```
 */
export function decodeConfiguration(content: string, file = "configuration"): ModelConfiguration {
  checkArguments("read a configuration", { content, file }, textKind);
  return configurationIn(content, file);
}

function configurationIn(content: string, file: string, most?: number): ModelConfiguration {
  const { format, version, ...rest } = anyRecord(readJson(content, file, most), { file, path: "" });
  if (format !== FORMAT) throw unexpected(`"${FORMAT}"`, format, { file, path: "format" });
  readFormat(CONFIGURATION_FORMAT, version, file);
  return checkConfiguration(rest, file);
}

/**
 * Writes a `.yc` file in one step: either completely, or the file is unchanged.
 *
 * @throws {FileError} if the file cannot be written, or a training is writing to it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readConfiguration, writeConfiguration } from "@yadll/yadll/model";
 *
 * const path = await Deno.makeTempFile({ suffix: ".yc" });
 * const layers = [{ kind: "InputLayer", name: "input", incoming: [], configuration: { shape: [null, 784] } }];
 * writeConfiguration(path, { network: { name: "mlp", layers } });
 * assertEquals(readConfiguration(path).network.name, "mlp");
 * await Deno.remove(path);
 * ```
 */
export function writeConfiguration(path: string | URL, configuration: ModelConfiguration): void {
  refuseSurplus("writeConfiguration", arguments, 2);
  const file = pathOf(path, "encodeConfiguration makes the text, which you can write");
  refuseLeased(file);
  writeAtomically(file, [new TextEncoder().encode(encodeConfiguration(configuration))]);
}

/**
 * The configuration of a `.yc` file.
 *
 * @throws {FileError} if the file cannot be read.
 * @throws {FileFormatError} if it is not such a file, is of a later version, or a field is invalid.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { FileError, readConfiguration } from "@yadll/yadll/model";
 *
 * assertThrows(() => readConfiguration("nowhere.yc"), FileError, "there is no such file");
 * ```
 */
export function readConfiguration(path: string | URL, options: ReadOptions = {}): ModelConfiguration {
  refuseSurplus("readConfiguration", arguments, 2);
  const { limitBytes } = readOptions("read a configuration", textFileOptions, options);
  const file = pathOf(path, "read the text yourself, and pass it to decodeConfiguration");
  const most = jsonMemory(limitBytes);
  return configurationIn(decodeJsonText(readAtMost(file, limitBytes), file, { most }), file, most);
}

/** A configuration as JSON; its fields are all plain data. */
export function jsonOf({ network, ...training }: ModelConfiguration): JsonRecord {
  const layers = network.layers.map((layer) => ({ ...layer }));
  return { ...training, network: { ...network, layers } };
}

/**
 * Folders in the form of the Hugging Face hub: `model.safetensors`, `config.json` and a model card, `README.md`.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { pathOf } from "../../core/host_files.ts";
import { objectKind } from "../../core/options/kinds.ts";
import { checkArgument, readOptions } from "../../core/options/read.ts";
import { sha256 } from "../../data/checksums.ts";
import { writeAtomically } from "./atomic.ts";
import { openSource, readAtMost } from "./byte_source.ts";
import { type ReadOptions, tensorFileOptions, textFileOptions } from "./read_options.ts";
import { configurationKind, encodeConfiguration, type ModelConfiguration, readConfiguration } from "./configuration.ts";
import { FileError, FileFormatError } from "./errors.ts";
import { type FileFormat, NewerFormatError, readFormat } from "./format.ts";
import { machineFiles } from "./file_system.ts";
import { type ModelCard, modelCard } from "./model_card.ts";
import { checkParameters, parametersMetadata } from "./parameters.ts";
import { join } from "./paths.ts";
import { encodeSafetensors, readSafetensors, type TensorEntries } from "./safetensors.ts";
import { readSafetensorsHeader } from "./safetensors_header.ts";

const contentKind = objectKind("tensors and a configuration", "tensors", "configuration");

/** The content of a folder. */
export interface ModelFolder {
  /** The parameters, named by layer: `Hidden layer 1/W`. */
  readonly tensors: TensorEntries;
  /** The configuration that rebuilds the network and its training. */
  readonly configuration: ModelConfiguration;
}

/**
 * The formats of folders, that is, the files they contain. The number is in the metadata of `model.safetensors`; the
 * first folders have none. The files have their own numbers.
 */
export const FOLDER_FORMAT: FileFormat = { kind: "a model folder", number: 1, readable: [1] };

/** The key of the digest of the card in the metadata of the parameters, by which an edited card is recognized. */
const CARD_DIGEST = "cardSha256";

/** The names of the files in the folder. */
export const folderNames = { tensors: "model.safetensors", configuration: "config.json", card: "README.md" } as const;

/**
 * Writes a model as a folder that the Hugging Face hub displays and Python reads. The folder is created if it does not
 * exist. Each file is written in one step, the parameters first; other files in the folder are unchanged. If the
 * process is killed between two files, a folder that contained another model has files of both; in this case save
 * again.
 *
 * A model card that was edited, or that another program wrote, is kept. Remove it to have a new one written.
 *
 * @returns whether a card was kept
 * @throws {FileError} if a file cannot be written.
 * @throws {FileFormatError} if the configuration cannot be read back.
 *
 * @example
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 * import { readFolder, writeFolder } from "@yadll/yadll/model";
 *
 * const path = await Deno.makeTempDir();
 * const layers = [{ kind: "InputLayer", name: "input", incoming: [], configuration: { shape: [null, 2] } }];
 * const model = {
 *   tensors: { "output/b": { dtype: "f32", shape: [1], values: Float32Array.of(0.5) } },
 *   configuration: { network: { name: "xor", layers } },
 * } as const;
 * const figures = [{ metric: "error", set: "test", value: 1.32, unit: "%" }];
 * writeFolder(path, model, { summary: "Distinguishes odd and even numbers.", data: { name: "xor" }, figures });
 * assertEquals(readFolder(path), model);
 * assertStringIncludes(await Deno.readTextFile(`${path}/README.md`), "| error | test | 1.32 % |");
 * await Deno.remove(path, { recursive: true });
 * ```
 */
export function writeFolder(
  path: string | URL,
  content: ModelFolder,
  card: ModelCard,
): { readonly keptCard: boolean } {
  refuseSurplus("writeFolder", arguments, 3);
  checkArgument("write a folder", content, contentKind);
  checkArgument("write a folder", content.configuration, configurationKind);
  const { tensors, configuration } = content;
  const folder = pathOf(path, "saveModel writes files of the browser's file system");
  const encoder = new TextEncoder();
  const cardBytes = encoder.encode(modelCard(card, configuration));
  const metadata = {
    ...parametersMetadata(configuration.network.name),
    folderVersion: String(FOLDER_FORMAT.number),
    [CARD_DIGEST]: digestOf(cardBytes),
  };
  const contents = {
    tensors: encodeSafetensors(tensors, metadata),
    configuration: [encoder.encode(encodeConfiguration(configuration))],
  };
  makeFolder(folder);
  const keptCard = hasOwnCard(folder);
  writeAtomically(join(folder, folderNames.tensors), contents.tensors);
  writeAtomically(join(folder, folderNames.configuration), contents.configuration);
  if (!keptCard) writeAtomically(join(folder, folderNames.card), [cardBytes]);
  return { keptCard };
}

/** A file that {@linkcode writeFolder} would replace, although another program wrote it; undefined if there is none. */
export function foreignFile(folder: string): string | undefined {
  const [tensors, configuration] = [folderNames.tensors, folderNames.configuration].map((name) => join(folder, name));
  const checks: readonly [string, () => boolean][] = [[tensors, () => {
    using source = openSource(tensors, tensorFileOptions.limitBytes.default);
    const { metadata } = readSafetensorsHeader(source);
    checkParameters(metadata, tensors);
    return metadata.format !== undefined; // files of other programs with the same tensors can be read, too
  }], [configuration, () => readConfiguration(configuration) !== undefined]];
  return checks.find(([file, isOwn]) => machineFiles.factsSync(file) && !isOfFormat(isOwn))?.[0];
}

function isOfFormat(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof NewerFormatError) return true;
    if (error instanceof FileFormatError) return false;
    throw error;
  }
}

/** Whether a folder has a card other than that which was written with its parameters. */
function hasOwnCard(folder: string): boolean {
  const [card, file] = [join(folder, folderNames.card), join(folder, folderNames.tensors)];
  if (!machineFiles.factsSync(card)) return false;
  if (!machineFiles.factsSync(file)) return true;
  try {
    using source = openSource(file, tensorFileOptions.limitBytes.default);
    const { metadata } = readSafetensorsHeader(source);
    return metadata[CARD_DIGEST] !== digestOf(readAtMost(card, textFileOptions.limitBytes.default));
  } catch (error) {
    if (error instanceof FileFormatError) return true;
    throw error;
  }
}

function digestOf(bytes: Uint8Array): string {
  const hash = sha256();
  hash.add(bytes);
  return hash.digest();
}

/**
 * The tensors and the configuration of a folder.
 *
 * @throws {FileError} if a file cannot be read.
 * @throws {FileFormatError} if a file is damaged, of another kind, or of a later version.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { FileError, readFolder } from "@yadll/yadll/model";
 *
 * assertThrows(() => readFolder("nowhere"), FileError, "there is no such file");
 * ```
 */
export function readFolder(path: string | URL, options: ReadOptions = {}): ModelFolder {
  refuseSurplus("readFolder", arguments, 2);
  const { limitBytes } = readOptions("read a folder", tensorFileOptions, options);
  const folder = pathOf(path, "loadModel reads files of the web");
  const file = join(folder, folderNames.tensors);
  using source = openSource(file, limitBytes);
  const { tensors, metadata } = readSafetensors(source);
  checkParameters(metadata, file);
  readFormat(FOLDER_FORMAT, metadata.folderVersion, file);
  return { tensors, configuration: readConfiguration(join(folder, folderNames.configuration)) };
}

function makeFolder(path: string): void {
  try {
    machineFiles.makeFolderSync(path);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new FileError("write", path, `the folder cannot be created (${message}); choose another path`, { cause });
  }
}

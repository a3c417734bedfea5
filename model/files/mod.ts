/**
 * Lossless files: parameters (`.yp`), configurations (`.yc`), whole models (`.ym`), and folders for the hub.
 *
 * @module
 */

export { checkWritable, readWhole, writeAtomically } from "./atomic.ts";
export {
  checkConfiguration,
  decodeConfiguration,
  encodeConfiguration,
  type ModelConfiguration,
  type NamedOptions,
  type NetworkConfiguration,
  readConfiguration,
  type SavedLayer,
  writeConfiguration,
} from "./configuration.ts";
export { decodeModel, encodeModel, type ModelFile, readModel, writeModel } from "./container.ts";
export { type FileAction, FileError, FileFormatError, ResumeError, TensorMismatchError } from "./errors.ts";
export type { FileFacts, FileSystem, OpenFile } from "./file_system.ts";
export { type ModelFolder, readFolder, writeFolder } from "./folder.ts";
export type { ConfigurationOptions } from "./given_configuration.ts";
export type { JsonRecord } from "./json.ts";
export { type Figure, type ModelCard, modelCard } from "./model_card.ts";
export type { ByName, OwnLayer, OwnParts, OwnRule } from "./own_parts.ts";
export { type NamedParameters, readParameters, writeParameters } from "./parameters.ts";
export type { ReadOptions } from "./read_options.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type TensorEntries,
  type TensorEntry,
} from "./safetensors.ts";
export { entriesOf, mismatches, tensorOf, treeOf } from "./tensor_entries.ts";
export type { FileHandle, WebFile, WebFileWriter, WritableFile } from "../../core/web_file.ts";

/**
 * `.ym` files: a whole model, with everything needed to resume training as if it had never stopped.
 *
 * A `.ym` file is a safetensors file. Its tensors are named `group/name`; its metadata contain a SHA-256 checksum of
 * the whole file, and then the configuration, the state and the names of the groups as JSON. The checksum comes first,
 * so that it is always at the same position; it is computed with zeros in its position.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { pathOf } from "../../core/host_files.ts";
import { bytesKind, textKind } from "../../core/options/kinds.ts";
import { custom } from "../../core/options/option.ts";
import { showLine } from "../../core/options/show.ts";
import { checkArgument, checkArguments, readOptions } from "../../core/options/read.ts";
import { sha256 } from "../../data/checksums.ts";
import { writeAtomically } from "./atomic.ts";
import { type ByteSource, memorySource, openSource } from "./byte_source.ts";
import { jsonMemory, type ReadOptions, tensorFileOptions } from "./read_options.ts";
import { readSafetensorsHeader, type SafetensorsHeader } from "./safetensors_header.ts";
import { FileFormatError } from "./errors.ts";
import { refuseLeased } from "./lease.ts";
import { type FileFormat, readFormat } from "./format.ts";
import { isPlainRecord, type Json, type JsonRecord, readJsonTexts, showJson, writeJson } from "./json.ts";
import { encodeSafetensors, readTensors, type Safetensors, type TensorEntries } from "./safetensors.ts";

const contentKind = custom<ModelFile>({
  expected: "its configuration, its state, and a record of groups of tensors",
  accepts: (value): value is ModelFile =>
    isPlainRecord(value) && "configuration" in value && isPlainRecord(value.state) && isPlainRecord(value.groups) &&
    Object.values(value.groups).every((group) => isPlainRecord(group)),
});

/** A whole model as plain data. */
export interface ModelFile {
  /** The configuration that rebuilds the network and the model. */
  readonly configuration: Json;
  /**
   * The rest of the state of training: position in the epoch, early stopping, report, history. Numbers keep all bits.
   */
  readonly state: JsonRecord;
  /** Tensors by group and name: parameters, state of the update rule, layer state, random key, … */
  readonly groups: Readonly<Record<string, TensorEntries>>;
}

/** The formats of `.ym` files. The number also changes if that of the configuration in them does. */
export const MODEL_FORMAT: FileFormat = { kind: "a model", number: 2, readable: [1, 2] };

const FORMAT = "yadll model";

/** The number of bytes before the checksum in every file: 8 bytes of length, and the beginning of the header. */
const BEFORE_CHECKSUM = 8 + '{"__metadata__":{"sha256":"'.length;
const CHECKSUM_LENGTH = 64;
const ZEROS = "0".repeat(CHECKSUM_LENGTH);

/**
 * The bytes of a `.ym` file, in consecutive parts.
 *
 * @throws {TypeError} if something cannot be written, or the name of a group contains a slash.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { encodeModel } from "@yadll/yadll/model";
 *
 * const groups = { "layer/state": {} };
 * assertThrows(() => encodeModel({ configuration: null, state: {}, groups }), TypeError, "use another name");
 * ```
 */
export function encodeModel(model: ModelFile): Uint8Array<ArrayBuffer>[] {
  checkArgument("write a model", model, contentKind);
  const { configuration, state, groups } = model;
  const tensors = Object.entries(groups).flatMap(([group, entries]) => {
    if (group.includes("/")) {
      throw new TypeError(`Cannot write the group "${group}": a slash separates groups from names; use another name`);
    }
    return Object.entries(entries).map(([name, entry]) => [`${group}/${name}`, entry] as const);
  });
  const parts = encodeSafetensors(Object.fromEntries(tensors), {
    sha256: ZEROS,
    format: FORMAT,
    version: String(MODEL_FORMAT.number),
    configuration: writeJson(configuration),
    state: writeJson(state),
    groups: writeJson(Object.keys(groups)),
  });
  parts[0].set(new TextEncoder().encode(checksum(parts)), BEFORE_CHECKSUM);
  return parts;
}

/**
 * The model in the bytes of a `.ym` file; all of it is checked before anything is returned.
 *
 * @param file The name of the file in messages.
 * @throws {FileFormatError} if it is damaged, truncated, longer than `limitBytes`, of another kind, or of a later version.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeModel, encodeModel } from "@yadll/yadll/model";
 *
 * const model = { configuration: null, state: { epoch: 3, history: [0.5, NaN] }, groups: { parameters: {} } };
 * const bytes = await new Blob(encodeModel(model)).bytes();
 * assertEquals(decodeModel(bytes), model);
 * ```
 */
export function decodeModel(bytes: Uint8Array, file = "model data", options: ReadOptions = {}): ModelFile {
  refuseSurplus("decodeModel", arguments, 3);
  checkArgument("read a model", bytes, bytesKind);
  checkArguments("read a model", { file }, textKind);
  const { limitBytes } = readOptions("read a model", tensorFileOptions, options);
  return modelFrom(memorySource(bytes, file, limitBytes));
}

/**
 * The model in a source of bytes: first the header is checked, then the tensors are read, and their checksum.
 *
 * @throws {FileFormatError} if it is damaged, truncated, of another kind, or of a later version.
 */
export function modelFrom(source: ByteSource): ModelFile {
  const { file } = source;
  const header = readSafetensorsHeader(source);
  const { metadata } = header;
  checkKind(metadata, file);
  const tensors = readChecked(source, header);
  const [stateText, groupsText, configurationText] = ["state", "groups", "configuration"].map((name) =>
    text(metadata, name, file)
  );
  const { state, groups, configuration } = readJsonTexts(
    { state: stateText, groups: groupsText, configuration: configurationText },
    file,
    // The header took the other half.
    jsonMemory(source.limitBytes) / 2,
  );
  if (!isJsonRecord(state)) throw new FileFormatError(file, "a record as state", showJson(state));
  return {
    configuration,
    state,
    groups: groupTensors(tensors, groups, file),
  };
}

/**
 * Writes a whole model in one step: either completely, or the file is unchanged.
 *
 * @throws {FileError} if the file cannot be written, or a training is writing to it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readModel, writeModel } from "@yadll/yadll/model";
 *
 * const path = await Deno.makeTempFile({ suffix: ".ym" });
 * const key = { dtype: "u32", shape: [2], values: Uint32Array.of(0, 42) } as const;
 * const model = { configuration: { name: "mlp" }, state: { bestError: Infinity }, groups: { random: { key } } };
 * writeModel(path, model);
 * assertEquals(readModel(path), model);
 * await Deno.remove(path);
 * ```
 */
export function writeModel(path: string | URL, model: ModelFile): void {
  refuseSurplus("writeModel", arguments, 2);
  const file = pathOf(path, "encodeModel makes the bytes, which you can write");
  refuseLeased(file);
  writeAtomically(file, encodeModel(model));
}

/**
 * The model of a `.ym` file; all of it is checked before anything is returned.
 *
 * @throws {FileError} if the file cannot be read.
 * @throws {FileFormatError} if it is damaged, truncated, of another kind, or of a later version.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { FileFormatError, readModel } from "@yadll/yadll/model";
 *
 * const path = await Deno.makeTempFile({ suffix: ".ym" });
 * await Deno.writeTextFile(path, "no model");
 * assertThrows(() => readModel(path), FileFormatError, "expected a safetensors file");
 * await Deno.remove(path);
 * ```
 */
export function readModel(path: string | URL, options: ReadOptions = {}): ModelFile {
  refuseSurplus("readModel", arguments, 2);
  const { limitBytes } = readOptions("read a model", tensorFileOptions, options);
  using source = openSource(pathOf(path, "read the bytes yourself, and pass them to decodeModel"), limitBytes);
  return modelFrom(source);
}

function checksum(parts: readonly Uint8Array[]): string {
  const hash = sha256();
  for (const part of parts) hash.add(part);
  return hash.digest();
}

/** Whether the metadata of a file say that it is a model. */
export function isModelFormat({ format }: Safetensors["metadata"]): boolean {
  return format === FORMAT;
}

function checkKind({ format, version }: Safetensors["metadata"], file: string): void {
  if (format !== FORMAT) {
    const got = format === undefined ? "a safetensors file of another program" : `the format ${showJson(format)}`;
    throw new FileFormatError(file, `the format "${FORMAT}"`, got);
  }
  readFormat(MODEL_FORMAT, version, file);
}

/** Reads the tensors, whose checksum is computed meanwhile. */
function readChecked(source: ByteSource, header: SafetensorsHeader): TensorEntries {
  const { bytes, metadata: { sha256: expected } } = header;
  const end = BEFORE_CHECKSUM + CHECKSUM_LENGTH;
  const digits = new TextDecoder().decode(bytes.subarray(BEFORE_CHECKSUM, end));
  if (digits !== expected) throw new FileFormatError(source.file, "a checksum at the beginning", "none");
  const hash = sha256();
  const covered = [bytes.subarray(0, BEFORE_CHECKSUM), new TextEncoder().encode(ZEROS), bytes.subarray(end)];
  for (const part of covered) hash.add(part);
  const tensors = readTensors(source, header, (part) => hash.add(part));
  const got = hash.digest();
  if (got === expected) return tensors;
  throw new FileFormatError(source.file, `the SHA-256 checksum ${expected}`, `${got}; it is damaged`);
}

function text(metadata: Safetensors["metadata"], key: string, file: string): string {
  if (!Object.hasOwn(metadata, key)) throw new FileFormatError(file, `"${key}" in the metadata`, "none");
  return metadata[key];
}

function isJsonRecord(value: Json): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Groups are listed separately from the tensors, so that empty groups are kept. */
function groupTensors(tensors: TensorEntries, names: Json, file: string): ModelFile["groups"] {
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw new FileFormatError(file, "the names of the groups", showJson(names));
  }
  const groups = new Map<string, [string, TensorEntries[string]][]>(names.map((name) => [name, []]));
  for (const [path, entry] of Object.entries(tensors)) {
    const slash = path.indexOf("/");
    const group = groups.get(path.slice(0, Math.max(slash, 0)));
    if (group === undefined || slash < 0) {
      throw new FileFormatError(
        file,
        `a tensor of one of the groups ${showLine(names.join(", "), 200)}`,
        showJson(path),
      );
    }
    group.push([path.slice(slash + 1), entry]);
  }
  return Object.fromEntries(Array.from(groups, ([name, entries]) => [name, Object.fromEntries(entries)]));
}

/**
 * The header of a safetensors file, with every check that the format requires.
 *
 * @module
 */

import { MOST_ELEMENTS, type Shape, showShape, sizeOf } from "../../core/shape.ts";
import { bytesInMemory, elementType, type SafetensorsType } from "./element_types.ts";
import { type ByteSource, checkLength } from "./byte_source.ts";
import { FileFormatError } from "./errors.ts";
import { decodeJsonText } from "./json_text.ts";
import { isRecord, parseJson, showJson } from "./json.ts";
import { jsonLimit, jsonMemory } from "./read_options.ts";

/** The longest header that the format allows, in bytes. */
const LONGEST_HEADER = 100_000_000;

/** The key of the strings that describe the file; all others are names of tensors. */
const METADATA = "__metadata__";

/** A tensor of a file. */
export interface TensorPlace {
  /** The tensor's name. */
  readonly name: string;
  /** The type of its elements in the file. */
  readonly type: SafetensorsType;
  /** The extents of its axes. */
  readonly shape: Shape;
  /** Its first byte, counted from the end of the header. */
  readonly begin: number;
  /** The byte after its last one. */
  readonly end: number;
}

/** The content of a header. */
export interface SafetensorsHeader {
  /** The tensors, in the order of their elements. */
  readonly places: readonly TensorPlace[];
  /** Strings that describe the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The bytes before the elements. */
  readonly bytes: Uint8Array;
}

/**
 * The checked header of a safetensors file. The elements are not read: the file must have as many bytes of them as the
 * header promises.
 *
 * @throws {FileFormatError} if it is damaged, or the tensors do not fill the rest of the file exactly.
 */
export function readSafetensorsHeader(source: ByteSource): SafetensorsHeader {
  const { file, length } = source;
  const dataStart = endOfHeader(source);
  const bytes = source.read(0, dataStart);
  const most = jsonMemory(source.limitBytes);
  const text = decodeJsonText(bytes.subarray(8), file, { most, fatal: true });
  const header = parseJson(text, `the header of ${file}`, most);
  if (!isRecord(header)) throw new FileFormatError(file, "a record as header", showJson(header));
  const metadata = Object.hasOwn(header, METADATA) ? header[METADATA] : undefined;
  const names = Object.keys(header).filter((name) => name !== METADATA);
  const places = names.map((name) => placeOf(name, header[name], file));
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkFilled(places, length - dataStart, file);
  const decoded = places.reduce((sum, { shape, type }) => sum + sizeOf(shape) * bytesInMemory[type.dtype], 0);
  checkLength(decoded, source.limitBytes, file);
  return { places, metadata: checkMetadata(metadata, file), bytes };
}

/**
 * The position after the header, of which only the first bytes are read.
 *
 * @throws {FileFormatError} if the file cannot have such a header.
 */
export function endOfHeader(source: ByteSource): number {
  const { file, length: size } = source;
  if (size < 8) throw new FileFormatError(file, "a safetensors file, of at least 8 bytes", `${size} bytes`);
  const length = new DataView(source.read(0, 8).buffer).getBigUint64(0, true);
  const longest = Math.min(size - 8, LONGEST_HEADER);
  if (length > longest) {
    throw new FileFormatError(
      file,
      `a safetensors file, whose first 8 bytes are the length of its header, at most ${longest} of its ${size} bytes`,
      `${length}; it is truncated, or of another kind`,
    );
  }
  const most = jsonLimit(source.limitBytes);
  if (length > most) {
    throw new FileFormatError(
      file,
      `a header of at most ${most} bytes, 16 MiB or 1/512 of the option limitBytes`,
      String(length),
    );
  }
  return 8 + Number(length);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function placeOf(name: string, facts: unknown, file: string): TensorPlace {
  const tensor = `tensor ${showJson(name)}`;
  if (!isRecord(facts)) throw new FileFormatError(file, `a record for ${tensor}`, showJson(facts));
  const { dtype, shape, data_offsets: offsets } = facts;
  const type = elementType(dtype, tensor, file);
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw new FileFormatError(
      file,
      `whole numbers as shape of ${tensor}`,
      shape === undefined ? "none" : showJson(shape),
    );
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0] > offsets[1]) {
    throw new FileFormatError(
      file,
      `a start and an end as offsets of ${tensor}`,
      offsets === undefined ? "none" : showJson(offsets),
    );
  }
  const [begin, end] = offsets;
  if (sizeOf(shape) > MOST_ELEMENTS) {
    throw new FileFormatError(file, `at most ${MOST_ELEMENTS} elements in ${tensor}`, `the shape ${showShape(shape)}`);
  }
  const needed = sizeOf(shape) * type.bytes;
  if (end - begin !== needed) {
    throw new FileFormatError(
      file,
      `${needed} bytes for ${tensor} of type ${dtype} and shape ${showShape(shape)}`,
      `${end - begin}`,
    );
  }
  return { name, type, shape, begin, end };
}

/** Tensors must be consecutive, without overlaps and gaps, and fill the file. */
function checkFilled(places: readonly TensorPlace[], length: number, file: string): void {
  let filled = 0;
  for (const { name, begin, end } of places) {
    if (begin !== filled) {
      const fault = begin < filled ? "overlaps the one before" : "leaves a gap";
      throw new FileFormatError(file, `tensor ${showJson(name)} to start at byte ${filled}`, `${begin}: it ${fault}`);
    }
    filled = end;
  }
  if (filled !== length) {
    const fault = filled > length ? "it is truncated" : "bytes follow its end";
    throw new FileFormatError(file, `${filled} bytes of elements`, `${length}: ${fault}`);
  }
}

function checkMetadata(metadata: unknown, file: string): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  const texts: [string, string][] = [];
  for (const [key, text] of isRecord(metadata) ? Object.entries(metadata) : [["", metadata]] as const) {
    if (typeof text !== "string") throw new FileFormatError(file, "strings as __metadata__", showJson(metadata));
    texts.push([key, text]);
  }
  return Object.fromEntries(texts);
}

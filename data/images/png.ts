/**
 * Decodes PNG files within the memory that their headers promise.
 *
 * @see {@link https://www.w3.org/TR/png-3/ | the format}
 *
 * @module
 */

import { crc32 } from "../checksums.ts";
import { inflate } from "../formats/inflate.ts";

/** A decoded picture. */
export interface Png {
  readonly width: number;
  readonly height: number;
  /** Bits of a value. Values of fewer than 8 bits are packed into bytes, and each row starts with a new byte. */
  readonly depth: number;
  /** Values of a pixel; one with a palette. */
  readonly channels: number;
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** The colors to which values refer: red, green, blue, and perhaps opacity. */
  readonly palette?: readonly (readonly number[])[];
  /** The value, or the three of a color, of pixels that are transparent. */
  readonly transparent?: readonly number[];
}

/** What the header of a PNG file says. */
export interface PngHeader extends Omit<Png, "data" | "palette" | "transparent"> {
  readonly hasPalette: boolean;
  readonly isInterlaced: boolean;
  /** Bytes of the unpacked content: rows, each with the byte that names its filter. */
  readonly bytes: number;
}

/** The bytes of the signature and of the header. */
export const PNG_HEADER_BYTES = 33;

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const HEADER_CHUNK = "IHDR";

/** The channels and the depths of each type of color. */
const colorTypes: ReadonlyMap<number, { readonly channels: number; readonly depths: readonly number[] }> = new Map([
  [0, { channels: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { channels: 3, depths: [8, 16] }],
  [3, { channels: 1, depths: [1, 2, 4, 8] }],
  [4, { channels: 2, depths: [8, 16] }],
  [6, { channels: 4, depths: [8, 16] }],
]);
const PALETTE = 3;

/** The passes of interlaced files: the first column and row, and the steps to the next ones. */
const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

/** Fewer bytes are moved faster one by one. */
const LEAST_COPY = 64;

/** A part of the picture whose rows follow each other: the whole, or a pass. */
interface Part {
  readonly columns: number;
  readonly rows: number;
  /** Where its pixels are: the first column and row, and the steps to the next ones. */
  readonly places: readonly number[];
}

/** Whether bytes start like a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length >= PNG_HEADER_BYTES && SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the header of a PNG file.
 *
 * @throws {RangeError} if it is damaged.
 */
export function pngHeader(bytes: Uint8Array): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || textAt(bytes, 12) !== HEADER_CHUNK) throw new RangeError("it has no header");
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, color, packing, filters, interlacing] = bytes.subarray(24, 29);
  const type = colorTypes.get(color);
  if (width === 0 || height === 0) throw new RangeError(`it has ${width}×${height} pixels`);
  if (!type?.depths.includes(depth)) throw new RangeError(`it has colors of type ${color} with ${depth} bits`);
  if (packing !== 0 || filters !== 0 || interlacing > 1) throw new RangeError("it is packed in an unknown way");
  const size = { width, height, depth, channels: type.channels, isInterlaced: interlacing === 1 };
  const parts = partsOf(size);
  const bytesOf = (total: number, { columns, rows }: Part): number => total + rows * (1 + lineBytes(columns, size));
  return { ...size, hasPalette: color === PALETTE, bytes: parts.reduce(bytesOf, 0) };
}

/**
 * Decodes a PNG file, whose bytes are overwritten.
 *
 * @throws {RangeError} if it is damaged.
 */
export async function decodePng(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Png> {
  const header = pngHeader(bytes);
  const { packed, palette, transparent } = chunksOf(bytes, header);
  const content = await inflate(packed, "deflate", { most: header.bytes, name });
  if (content.length !== header.bytes) throw new RangeError(`expected ${header.bytes} bytes, got ${content.length}`);
  const { width, height, depth, channels } = header;
  const data = depth === 16 ? nativeWords(pixelsOf(content, header)) : pixelsOf(content, header);
  return { width, height, depth, channels, data, ...(palette && { palette }), ...(transparent && { transparent }) };
}

/** What the parts of a file hold. */
interface PngChunks {
  readonly packed: Uint8Array<ArrayBuffer>;
  readonly palette: number[][] | undefined;
  readonly transparent: number[] | undefined;
}

/** Collects the packed content, at the start of the same memory, the palette, and the color that is transparent. */
function chunksOf(bytes: Uint8Array<ArrayBuffer>, header: PngHeader): PngChunks {
  const { hasPalette } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [palette, transparent]: [number[][]?, number[]?] = [];
  let end = 0;
  for (let at = SIGNATURE.length;;) {
    if (at + 12 > bytes.length) throw new RangeError("it is cut short");
    const [length, type] = [view.getUint32(at), textAt(bytes, at + 4)];
    const [begin, next] = [at + 8, at + 12 + length];
    if (next > bytes.length) throw new RangeError("it is cut short");
    if (crc32(bytes.subarray(at + 4, begin + length)) !== view.getUint32(next - 4)) {
      throw new RangeError(`the checksum of a part of type ${JSON.stringify(type)} is wrong`);
    }
    if (type === "IEND") break;
    const content = bytes.subarray(begin, begin + length);
    if (type === "PLTE" && hasPalette) palette = paletteOf(content);
    if (type === "tRNS" && !hasPalette) transparent = transparentColor(content, header);
    else if (type === "tRNS") content.subarray(0, palette?.length).forEach((opacity, i) => palette?.[i].push(opacity));
    at = next;
    if (type !== "IDAT") continue;
    bytes.copyWithin(end, begin, begin + length);
    end += length;
  }
  if (hasPalette && palette === undefined) throw new RangeError("it has no palette");
  palette?.forEach((color) => color.splice(3, Infinity, color[3] ?? 255));
  return { packed: bytes.subarray(0, end), palette, transparent };
}

/** The color of a file without palette that is transparent; none if it has opacities, or the part another length. */
function transparentColor(content: Uint8Array, { channels, depth }: PngHeader): number[] | undefined {
  if (channels % 2 === 0 || content.length !== 2 * channels) return undefined;
  const view = new DataView(content.buffer, content.byteOffset);
  return Array.from({ length: channels }, (_, k) => view.getUint16(2 * k) & 2 ** depth - 1);
}

function paletteOf(content: Uint8Array): number[][] {
  if (content.length % 3 !== 0 || content.length > 3 * 256) throw new RangeError("its palette is damaged");
  return Array.from({ length: content.length / 3 }, (_, i) => [...content.subarray(3 * i, 3 * i + 3)]);
}

function partsOf({ width, height, isInterlaced }: Pick<PngHeader, "width" | "height" | "isInterlaced">): Part[] {
  if (!isInterlaced) return [{ columns: width, rows: height, places: [0, 0, 1, 1] }];
  const parts = passes.map((places) => ({
    columns: Math.max(0, Math.ceil((width - places[0]) / places[2])),
    rows: Math.max(0, Math.ceil((height - places[1]) / places[3])),
    places,
  }));
  // Rows without columns have no bytes, not even for their filters.
  return parts.filter(({ columns }) => columns > 0);
}

function lineBytes(columns: number, { depth, channels }: Pick<PngHeader, "depth" | "channels">): number {
  return Math.ceil(columns * channels * depth / 8);
}

/** Undoes filters and interlacing. */
function pixelsOf(content: Uint8Array<ArrayBuffer>, header: PngHeader): Uint8Array<ArrayBuffer> {
  const { width, isInterlaced, depth, channels } = header;
  const pixel = (depth === 16 ? 2 : 1) * channels;
  let at = 0;
  const target = isInterlaced ? new Uint8Array(width * header.height * pixel) : content;
  for (const part of partsOf(header)) {
    const line = lineBytes(part.columns, header);
    const filtered = content.subarray(at, at + part.rows * (1 + line));
    for (let row = 0; row < part.rows; row++) undoFilter(filtered, row, { line, pixel });
    at += filtered.length;
    if (!isInterlaced) return content.subarray(0, part.rows * line);
    const [x, y, dx, dy] = part.places;
    for (let i = 0; i < part.columns * part.rows; i++) {
      const [row, column] = [y + dy * Math.floor(i / part.columns), x + dx * (i % part.columns)];
      for (let k = 0; k < pixel; k++) target[(row * width + column) * pixel + k] = filtered[i * pixel + k];
    }
  }
  return target;
}

/**
 * Undoes the filter of a row, and moves it behind the rows before it, which have no bytes that name filters. A row may
 * have a single byte, and there may be many millions of them, so none has arrays of its own.
 */
function undoFilter(
  bytes: Uint8Array,
  row: number,
  { line, pixel }: { readonly line: number; readonly pixel: number },
): void {
  const [from, to] = [row * (line + 1), row * line];
  const filter = bytes[from];
  if (filter > 4) throw new RangeError(`row ${row} has the unknown filter ${filter}`);
  if (line > LEAST_COPY) bytes.copyWithin(to, from + 1, from + 1 + line);
  else for (let i = 0; i < line; i++) bytes[to + i] = bytes[from + 1 + i];
  if (filter === 0) return;
  for (let i = 0; i < line; i++) {
    const at = to + i;
    const left = i < pixel ? 0 : bytes[at - pixel];
    const above = row === 0 ? 0 : bytes[at - line];
    if (filter === 1) bytes[at] += left;
    else if (filter === 2) bytes[at] += above;
    else if (filter === 3) bytes[at] += (left + above) >> 1;
    else bytes[at] += nearest(left, above, i < pixel || row === 0 ? 0 : bytes[at - line - pixel]);
  }
}

/** The neighbor that is nearest to a linear estimate, by A. Paeth. */
function nearest(left: number, above: number, corner: number): number {
  const fromLeft = Math.abs(above - corner);
  const fromAbove = Math.abs(left - corner);
  const fromCorner = Math.abs(left + above - 2 * corner);
  if (fromLeft <= fromAbove && fromLeft <= fromCorner) return left;
  return fromAbove <= fromCorner ? above : corner;
}

/** Values of 16 bits, which are big-endian in the file, in the same memory. */
function nativeWords({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Uint16Array {
  const view = new DataView(buffer, byteOffset, byteLength);
  for (let at = 0; at < byteLength; at += 2) view.setUint16(at, view.getUint16(at), true);
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

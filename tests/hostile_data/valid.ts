/**
 * Valid data files of all formats, from which hostile ones are made.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { jpegCases } from "../../data/images/test_images.ts";
import { withFooter } from "../../data/parquet/test_parquet.ts";
import { headerChunk, pixelChunk, pngOf } from "../../data/images/test_png.ts";
import { pngHeader } from "../../data/images/png.ts";
import type { RandomStream } from "../../data/random_stream.ts";
import { headerOf } from "../../data/formats/test_npy.ts";
import { type TestEntry, zipOf } from "../../data/formats/test_npz.ts";

/** The readers of data files. */
export const readers = ["idx", "npy", "npz", "csv", "png", "table", "image", "jpg", "parquet"] as const;

/** The name of a reader. */
export type Reader = (typeof readers)[number];

/** A change of bytes, after which a file is packed again with the right checksums. */
export type Change = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

/** A whole number from 0 to `count` - 1. */
export function below(random: RandomStream, count: number): number {
  return Math.floor(random.uniform() * count);
}

/** One of some values. */
export function oneOf<T>(random: RandomStream, values: readonly T[]): T {
  return values[below(random, values.length)];
}

function noise(random: RandomStream, count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, () => below(random, 256));
}

/** An IDX file, gzipped or not. */
function idx(random: RandomStream, change: Change): Uint8Array<ArrayBuffer> {
  const [code, bytes] = oneOf(random, [[8, 1], [9, 1], [11, 2], [12, 4], [13, 4], [14, 8]]);
  const shape = Array.from({ length: below(random, 4) }, () => below(random, 9));
  const count = shape.reduce((product, extent) => product * extent, 1);
  const start = [0, 0, code, shape.length, ...shape.flatMap((extent) => [0, 0, 0, extent])];
  const file = change(Uint8Array.of(...start, ...noise(random, count * bytes)));
  return below(random, 2) === 0 ? file : new Uint8Array(gzipSync(file));
}

/** An NPY file of any version. */
export function npy(random: RandomStream, change: Change): Uint8Array<ArrayBuffer> {
  const [descr, bytes] = oneOf(
    random,
    [["|u1", 1], ["<i2", 2], [">f4", 4], ["<f8", 8], ["<i8", 8], ["|b1", 1]] as const,
  );
  const shape = Array.from({ length: below(random, 4) }, () => below(random, 9));
  const count = shape.reduce((product, extent) => product * extent, 1);
  const order = oneOf(random, ["True", "False"]);
  const text = `${headerOf(descr, `(${shape.map((extent) => `${extent},`).join("")})`, order)}\n`;
  const header = change(new TextEncoder().encode(text));
  const version = 1 + below(random, 3);
  const length = new Uint8Array(Uint32Array.of(header.length).buffer, 0, version === 1 ? 2 : 4);
  const start = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...length, ...header);
  const content = noise(random, count * bytes);
  // Eight bytes are small numbers.
  if (descr === "<i8") content.forEach((_, i) => content[i] = i % 8 === 0 ? i : 0);
  return Uint8Array.of(...start, ...content);
}

/** An NPZ file; the change is that of an array. */
function npz(random: RandomStream, change: Change): Uint8Array<ArrayBuffer> {
  const entries = Array.from({ length: 1 + below(random, 3) }, (_, i): TestEntry => ({
    name: `array ${i}.npy`,
    content: i === 0 ? change(npy(random, (header) => header)) : npy(random, (header) => header),
    deflated: below(random, 2) === 0,
  }));
  return zipOf(entries);
}

/** A CSV file. */
function csv(random: RandomStream, change: Change): Uint8Array<ArrayBuffer> {
  const width = 1 + below(random, 5);
  const field = (): string => oneOf(random, ["1", "-2.5", "3e4", '"6"', " 7 ", "nan"]);
  const line = (make: (column: number) => string): string => Array.from({ length: width }, (_, i) => make(i)).join();
  const head = below(random, 2) === 0 ? [line((i) => `"column ""${i}"""`)] : [];
  const rows = Array.from({ length: below(random, 20) }, () => line(field));
  return change(new TextEncoder().encode([...head, ...rows].join(oneOf(random, ["\n", "\r\n"]))));
}

/** A PNG file; the change is that of its unpacked content. */
function png(random: RandomStream, change: Change): Uint8Array<ArrayBuffer> {
  const [color, depth] = oneOf(random, [[0, 1], [0, 8], [0, 16], [2, 8], [3, 8], [4, 8], [6, 16]]);
  const isInterlaced = depth >= 8 && below(random, 3) === 0;
  const header = headerChunk({
    width: 1 + below(random, 30),
    height: 1 + below(random, 30),
    depth,
    color,
    isInterlaced,
  });
  const content = noise(random, pngHeader(pngOf([header])).bytes).map((byte) => byte % 5);
  const palette = color === 3 ? [["PLTE", noise(random, 3 * 256)] as const] : [];
  return pngOf([header, ...palette, pixelChunk(change(content))]);
}

/** A CSV file of numbers, texts, dates, and true and false, of which some are missing. */
function table(random: RandomStream, change: Change): Uint8Array<ArrayBuffer> {
  const kinds = [["1", "-2.5", ""], ["a", 'b ""c""', "NA"], ["2024-02-29", "2024/2/9"], ["true", "false", "null"]];
  const columns = Array.from({ length: 2 + below(random, 4) }, () => oneOf(random, kinds));
  const head = columns.map((_, i) => `"column ""${i}"""`).join();
  const rows = Array.from(
    { length: below(random, 20) },
    () => columns.map((kind) => `"${oneOf(random, kind)}"`).join(),
  );
  return change(new TextEncoder().encode([head, ...rows].join(oneOf(random, ["\n", "\r\n"]))));
}

/** A JPEG file; the change is that of a part of it, or of its picture. */
function jpg(random: RandomStream, change: Change): Uint8Array<ArrayBuffer> {
  const { file } = oneOf(random, Object.values(jpegCases));
  const scan = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xda);
  const isPicture = below(random, 2) === 0;
  const [begin, end] = isPicture ? [scan + 14, file.length - 2] : [2, scan];
  return Uint8Array.of(...file.subarray(0, begin), ...change(file.slice(begin, end)), ...file.subarray(end));
}

const parquetFolder = new URL("../parquet/", import.meta.url);
const parquetFiles = ["snappy", "gzip", "zstd", "plain"].map((codec) => `weather.${codec}.parquet`);
const parquetBytes = [...parquetFiles, "kinds.parquet", "lists.parquet", "empty.parquet"]
  .map((name) => Deno.readFileSync(new URL(name, parquetFolder)));

/** A Parquet file; the change is that of what describes its columns, or of its pages. */
function parquet(random: RandomStream, change: Change): Uint8Array<ArrayBuffer> {
  const bytes = oneOf(random, parquetBytes);
  const length = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
  const middle = bytes.length - 8 - length;
  const [pages, footer] = [bytes.slice(4, middle), bytes.slice(middle, bytes.length - 8)];
  const isFooter = below(random, 2) === 0;
  const start = Uint8Array.of(...bytes.subarray(0, 4), ...isFooter ? pages : change(pages));
  return withFooter(start, isFooter ? change(footer) : footer);
}

/** How a valid file of each format is made, with a change of what is packed in it. */
export const makers: Readonly<Record<Reader, (random: RandomStream, change: Change) => Uint8Array<ArrayBuffer>>> = {
  idx,
  npy,
  npz,
  csv,
  png,
  table,
  image: png,
  jpg,
  parquet,
};

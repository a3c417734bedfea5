/**
 * Hostile data files: valid ones that were changed, and ones that promise little and hold much.
 *
 * @module
 */

import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { jpegCases } from "../../data/images/test_images.ts";
import { dictionaryPage, parquetOf, plainPage, varint, withFooter } from "../../data/parquet/test_parquet.ts";
import { headerChunk, pixelChunk, pngOf } from "../../data/images/test_png.ts";
import { RandomStream } from "../../data/random_stream.ts";
import { headerOf, npy as npyOf } from "../../data/formats/test_npy.ts";
import { type TestEntry, zipOf } from "../../data/formats/test_npz.ts";
import { below, type Change, makers, oneOf, type Reader, readers } from "./valid.ts";

/** A hostile file. */
export interface HostileFile {
  readonly reader: Reader;
  /** What was done, for messages. */
  readonly title: string;
  readonly bytes: Uint8Array;
  /** The length of the file, of which the rest is zeros that are not on disk; default: that of the bytes. */
  readonly length?: number;
  /** The most bytes that its header can honestly promise. */
  readonly promised: number;
}

/** Numbers that break careless arithmetic. */
const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Changes of bytes. */
const changes: Readonly<
  Record<string, (random: RandomStream, bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>>
> = {
  "flipped bits": (random, bytes) => {
    const changed = bytes.slice();
    for (let i = below(random, 4); i >= 0; i--) changed[below(random, bytes.length)] ^= 1 << below(random, 8);
    return changed;
  },
  "cut short": (random, bytes) => bytes.slice(0, below(random, bytes.length + 1)),
  "a number in the header": (random, bytes) => {
    const changed = Uint8Array.of(...bytes, 0, 0, 0, 0);
    const at = below(random, Math.min(bytes.length, 64) + 1);
    new DataView(changed.buffer).setUint32(at, oneOf(random, numbers), below(random, 2) === 0);
    return changed.slice(0, bytes.length);
  },
  "bytes added": (random, bytes) => Uint8Array.of(...bytes, ...bytes.slice(below(random, bytes.length + 1)), 0),
  "a part twice": (random, bytes) => {
    const [begin, length] = [below(random, bytes.length + 1), below(random, 40)];
    return Uint8Array.of(...bytes.slice(0, begin + length), ...bytes.slice(begin));
  },
  "a part missing": (random, bytes) => {
    const begin = below(random, bytes.length + 1);
    return Uint8Array.of(...bytes.slice(0, begin), ...bytes.slice(begin + below(random, 40)));
  },
  "marks": (random, bytes) => {
    const begin = below(random, bytes.length + 1);
    const marks = new TextEncoder().encode(
      oneOf(random, ['"', "'", "(", "\x1b[2J", "\u202e", ",", "\n", "{", "\0", "-1", "L"]),
    );
    return Uint8Array.of(...bytes.slice(0, begin), ...marks, ...bytes.slice(begin));
  },
};

/** The greatest promise of a changed file, all of which are small. */
const SMALL = 2 ** 20;

function changed(random: RandomStream): HostileFile {
  const reader = oneOf(random, readers);
  const title = oneOf(random, Object.keys(changes));
  const isInside = below(random, 2) === 0;
  const apply: Change = (bytes) => changes[title](random, bytes);
  const bytes = makers[reader](random, isInside ? apply : (same) => same);
  return {
    reader,
    title: `${title}${isInside ? " inside" : ""}`,
    bytes: isInside ? bytes : apply(bytes),
    promised: SMALL,
  };
}

const zeros = new Uint8Array(2 ** 28);
const bytesOf = (start: Uint8Array): Uint8Array => {
  const long = zeros.slice();
  long.set(start);
  return long;
};
const idx3 = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9);
const npy3 = npyOf(headerOf("|u1", "(3,)"), [1, 2, 3]);
const wideHeader = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 2, 0, 0, 0, 0, 0x40);
const png3 = headerChunk({ width: 3, height: 1, depth: 8, color: 0 });
const row3 = pixelChunk(Uint8Array.of(0, 1, 2, 3));
const text = (part: string, count: number): Uint8Array => new TextEncoder().encode(part.repeat(count));
const withLetters = (packed: Uint8Array): Uint8Array => {
  const content = new Uint8Array(packed.length + 3);
  content.set([65, 0, 0]);
  content.set(packed, 3);
  return content;
};

/** A table of one column with this many different texts. */
function differentTexts(count: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`text\n${Array.from({ length: count }, (_, i) => `a${i}`).join("\n")}\n`);
}

/** A JPEG file that says another size, with this many bytes of zeros as its picture. */
function largeJpeg(height: number, width: number, length: number): Uint8Array<ArrayBuffer> {
  const { file } = jpegCases.gray;
  const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
  const bytes = Uint8Array.of(...file.subarray(0, -2), ...new Uint8Array(length), 0xff, 0xd9);
  bytes.set([height >> 8, height & 255, width >> 8, width & 255], frame + 5);
  return bytes;
}

/** A Parquet file of one column, some facts of which are wrong. */
function lyingParquet(random: RandomStream): Uint8Array<ArrayBuffer> {
  const odd = (): number => oneOf(random, numbers) % 2 ** 31;
  const maybe = (honest: number): number => below(random, 3) === 0 ? odd() : honest;
  const words = new Uint8Array(Int32Array.of(1, 2, 3).buffer);
  const count = maybe(3);
  const runs = Uint8Array.of(maybe(1) & 255, ...varint(maybe(6)), 1, ...varint(maybe(6)), 1);
  const levels = Uint8Array.of(maybe(2) & 255, 0, 0, 0, ...varint(maybe(6)), 1, ...words);
  const repetition = below(random, 2);
  const encoding = oneOf(random, [0, 3, 5, 6, 7, 8, 9]);
  const content = repetition === 1 ? levels : encoding === 0 ? words : runs;
  const lies = { encoding, unpacked: maybe(content.length), packed: maybe(content.length) };
  return parquetOf({
    pages: [dictionaryPage(words, maybe(3)), plainPage(content, count, lies)],
    rows: below(random, 2) === 0 ? count : maybe(3),
    type: below(random, 8),
    repetition,
    codec: below(random, 8),
    ...(below(random, 2) === 0 && { unpacked: BigInt(odd()) }),
  });
}

function lying(random: RandomStream): Uint8Array<ArrayBuffer> {
  const said = (): TestEntry["directory"] => ({
    [oneOf(random, ["packed", "unpacked", "offset", "crc", "method", "flags"])]: oneOf(random, numbers),
  });
  const entry = (name: string): TestEntry => ({
    name,
    content: npy3,
    deflated: below(random, 2) === 0,
    directory: below(random, 2) === 0 ? said()! : {},
    local: below(random, 2) === 0 ? said()! : {},
  });
  return zipOf([entry("a.npy"), entry(oneOf(random, ["a.npy", "a", "b.npy", "../b.npy", "\x1b[2J.npy"]))]);
}

/** Files that promise little and hold much, with what they promise; the first ones are quick to make. */
const bombs: readonly ((random: RandomStream) => HostileFile)[] = [
  (random) => ({ reader: "npz", title: "lying entries", bytes: lying(random), promised: SMALL }),
  () => ({ reader: "idx", title: "sparse", bytes: idx3, length: 2 ** 40, promised: 11 }),
  () => ({ reader: "npy", title: "sparse", bytes: npy3, length: 2 ** 40, promised: 100 }),
  () => ({ reader: "npy", title: "sparse header", bytes: wideHeader, length: 2 ** 31, promised: SMALL }),
  () => ({
    reader: "npz",
    title: "sparse",
    bytes: zipOf([{ name: "a.npy", content: npy3 }]),
    length: 2 ** 40,
    promised: 100,
  }),
  () => ({ reader: "csv", title: "sparse", bytes: text("1,2\n", 2), length: 2 ** 40, promised: 100 }),
  () => ({ reader: "png", title: "sparse", bytes: pngOf([png3, row3]), length: 2 ** 40, promised: 100 }),
  (random) => ({ reader: "npy", title: "brackets", bytes: npyOf("(".repeat(below(random, 200)), []), promised: SMALL }),
  (random) => ({
    reader: "csv",
    title: "a long line",
    bytes: text(oneOf(random, ["a", "a,", '"', '"a,', " ", "\0", '""', "é"]), 20_000_000),
    promised: SMALL,
  }),
  () => ({ reader: "csv", title: "a long line of numbers", bytes: text("1,", 20_000_000), promised: 80_000_000 }),
  () => ({
    reader: "npz",
    title: "many entries",
    bytes: zipOf(Array.from({ length: 10_000 }, (_, i) => ({ name: `${i}`, content: npy3, deflated: i % 2 === 0 }))),
    promised: SMALL,
  }),
  () => ({
    reader: "npz",
    title: "very many entries",
    bytes: zipOf(Array.from({ length: 60_000 }, (_, i) => ({ name: `${i}`, content: npy3 }))),
    promised: 60_000 * npy3.length,
  }),
  (random) => {
    const [width, height] = oneOf(random, [[1, 50_000_000], [50_000_000, 1]]);
    const content = new Uint8Array(height * (width + 1));
    for (let row = 0; row < height; row++) content[row * (width + 1)] = 4;
    const chunk = headerChunk({ width, height, depth: 8, color: 0 });
    // It becomes singles.
    return {
      reader: "png",
      title: "a line of pixels",
      bytes: pngOf([chunk, pixelChunk(content)]),
      promised: 4 * width * height,
    };
  },
  () => ({ reader: "idx", title: "gzip bomb", bytes: gzipSync(bytesOf(idx3)), promised: 11 }),
  () => ({
    reader: "npz",
    title: "zip bomb",
    bytes: zipOf([{ name: "a.npy", content: bytesOf(npy3), deflated: true }]),
    promised: 100,
  }),
  () => ({
    reader: "npz",
    title: "zip bomb with a modest directory",
    bytes: zipOf([{
      name: "a.npy",
      content: bytesOf(npy3),
      deflated: true,
      directory: { unpacked: 2 ** 19 },
      local: { unpacked: 2 ** 19 },
    }]),
    promised: SMALL,
  }),
  () => ({ reader: "png", title: "pixel bomb", bytes: pngOf([png3, ["IDAT", deflateSync(zeros)]]), promised: 100 }),
  () => ({
    reader: "png",
    title: "profile bomb",
    bytes: pngOf([png3, ["iCCP", withLetters(deflateSync(zeros))], row3]),
    promised: 100,
  }),
  () => {
    const header = Uint8Array.of(0, 0, 14, 2, 0, 0x10, 0, 0, 0, 0, 0, 8);
    const bytes = bytesOf(header).subarray(0, 12 + 2 ** 26);
    return { reader: "idx", title: "large and honest", bytes: gzipSync(bytes), promised: bytes.length };
  },
  (random) => {
    const header = npyOf(
      headerOf(oneOf(random, ["<f4", ">f4", "<i4"]), "(4096, 4096)", oneOf(random, ["True", "False"])),
      [],
    );
    const content = bytesOf(header).subarray(0, header.length + 2 ** 26);
    for (let at = 2 ** 16; at < content.length; at += 97) content[at] = at >> 5;
    if (below(random, 2) === 0) {
      return { reader: "npy", title: "large and honest", bytes: content, promised: content.length };
    }
    const bytes = zipOf([{ name: "a.npy", content, deflated: below(random, 2) === 0 }]);
    return { reader: "npz", title: "large and honest", bytes, promised: content.length };
  },
  () => ({ reader: "idx", title: "raw deflate", bytes: deflateRawSync(zeros), promised: 100 }),
  () => ({ reader: "table", title: "sparse", bytes: text("a,b\n", 2), length: 2 ** 40, promised: 100 }),
  (random) => ({
    reader: "table",
    title: "a long line",
    bytes: text(oneOf(random, ["a", "a,", '"', '"a,', " ", "\0", '""', "é"]), 20_000_000),
    promised: SMALL,
  }),
  // Every different text is kept, with the numbers of its rows.
  () => ({ reader: "table", title: "many texts", bytes: differentTexts(500_000), promised: 15 * 4_000_000 }),
  () => ({ reader: "image", title: "pixel bomb", bytes: pngOf([png3, ["IDAT", deflateSync(zeros)]]), promised: 100 }),
  () => ({ reader: "image", title: "sparse", bytes: pngOf([png3, row3]), length: 2 ** 40, promised: 100 }),
  (random) => {
    const [width, height] = oneOf(random, [[1, 50_000_000], [50_000_000, 1]]);
    const content = new Uint8Array(height * (width + 1));
    const bytes = pngOf([headerChunk({ width, height, depth: 8, color: 0 }), pixelChunk(content)]);
    // It becomes three channels.
    return { reader: "image", title: "a line of pixels", bytes, promised: 4 * width * height };
  },
  () => ({ reader: "jpg", title: "sparse", bytes: jpegCases.gray.file, length: 2 ** 40, promised: SMALL }),
  (random) => {
    const [height, width, length] = oneOf(random, [[65535, 65535, 0], [7000, 7000, 0], [3000, 4000, 30_000]]);
    return { reader: "jpg", title: "a large size", bytes: largeJpeg(height, width, length), promised: 24 * 12_000_000 };
  },
  (random) => ({ reader: "parquet", title: "lies", bytes: lyingParquet(random), promised: SMALL }),
  () => ({
    reader: "parquet",
    title: "sparse",
    bytes: parquetOf({ pages: [plainPage(Uint8Array.of(7, 0, 0, 0), 1)], rows: 1 }),
    length: 2 ** 40,
    promised: 100,
  }),
  () => ({
    reader: "parquet",
    title: "a long footer",
    bytes: withFooter([], new Uint8Array(2 ** 20).fill(0x11)),
    promised: 2 ** 20,
  }),
  () => ({
    reader: "parquet",
    title: "one value in very many rows",
    bytes: parquetOf({
      pages: [dictionaryPage(Uint8Array.of(7, 0, 0, 0), 1), plainPage(Uint8Array.of(0), 20_000_000, { encoding: 8 })],
      rows: 20_000_000,
    }),
    promised: 16 * 20_000_000,
  }),
];

/** A hostile file; the same one for the same seed. */
export function hostileFile(seed: number): HostileFile {
  const random = new RandomStream(seed, 0);
  return below(random, 20) === 0 ? oneOf(random, bombs)(random) : changed(random);
}

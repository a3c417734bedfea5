/**
 * What becomes of small files when each byte is changed, and when they end at each byte; and of texts in CSV.
 *
 * @module
 */

import { join } from "@std/path";
import { digitOf } from "../../cli/images/digit.ts";
import { readGrey } from "../../cli/images/grey.ts";
import { pngHeader } from "../../data/images/png.ts";
import { headerChunk, pixelChunk, type PngChunk, pngOf } from "../../data/images/test_png.ts";
import { tensor } from "../../core/creation.ts";
import * as data from "../../data/mod.ts";
import { headerOf, npy } from "../../data/formats/test_npy.ts";
import { zipOf } from "../../data/formats/test_npz.ts";
import { decodeSafetensors, encodeSafetensors, entriesOf } from "../../model/mod.ts";
import { inFolder } from "../in_folder.ts";
import { describe } from "./describe.ts";
import type { Recording } from "./recording.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Reads the content of a file with this path. */
type Read = (bytes: Bytes, path: string) => unknown;

/** Messages of the engine that begin like those of the project. */
const OF_THE_ENGINE =
  /^Cannot (?:convert a Symbol|read properties|set properties|destructure|create property|mix BigInt)/;

/** What a call returns, or why it fails, in one line. */
export async function outcomeOf(call: () => unknown): Promise<string> {
  try {
    return (await describe(await call())).replaceAll(/\s*\n\s*/g, "; ");
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${ownWords(error.message)}` : String(error);
  }
}

/** A message without what the engine says, which other versions may say in other words. */
function ownWords(message: string): string {
  if (!message.startsWith("Cannot ") || OF_THE_ENGINE.test(message)) return "a message of the engine";
  return message.replace(/invalid JSON: .*is not valid JSON/, "invalid JSON")
    .replace(/Offset is outside the bounds of the DataView/, "OUTSIDE")
    .replace(/a damaged one \(unexpected end of file\)/, "a damaged one (END)");
}

/** Outcomes by position; equal ones that follow each other are one line. */
function merged(outcomes: readonly string[]): string {
  const lines: string[] = [];
  for (let i = 0; i < outcomes.length;) {
    let end = i + 1;
    while (outcomes[end] === outcomes[i]) end++;
    lines.push(`${end === i + 1 ? i : `${i}–${end - 1}`}: ${outcomes[i]}`);
    i = end;
  }
  return lines.join("\n");
}

/** A changed byte, by kind of damage. */
const damages: Readonly<Record<string, (byte: number) => number>> = {
  "lowest bit": (byte) => byte ^ 1,
  "highest bit": (byte) => byte ^ 128,
};

async function damaged(title: string, bytes: Bytes, read: Read): Promise<Record<string, string>> {
  const outcomes = async (contents: readonly Bytes[]): Promise<string> => {
    const found: string[] = [];
    for (const content of contents) {
      const outcome = await outcomeOf(() => read(content.slice(), title));
      found.push(content.length === bytes.length ? outcome : outcome.replaceAll(`got ${content.length}`, "got ALL"));
    }
    return merged(found);
  };
  const positions = [...bytes.keys()];
  const texts: Record<string, string> = { [title]: await outcomeOf(() => read(bytes.slice(), title)) };
  for (const [name, change] of Object.entries(damages)) {
    const contents = positions.map((at) => bytes.with(at, change(bytes[at])));
    texts[`${title}, ${name} of each byte changed`] = await outcomes(contents);
  }
  texts[`${title}, ending at each byte`] = await outcomes(positions.map((end) => bytes.slice(0, end)));
  return texts;
}

const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

const table = npy(headerOf("<f4", "(2, 3)"), floats(1, 2.5, -3, 4, 5, 6.25));

/** NPY files of all types of elements and orders. */
const arrays: Readonly<Record<string, Bytes>> = {
  "f8 by columns": npy(headerOf("<f8", "(2, 2)", "True"), new Uint8Array(Float64Array.of(1, 2, 3, 4).buffer)),
  "f2": npy(headerOf("<f2", "(4,)"), [0, 60, 0, 192, 1, 0, 255, 123]),
  "big-endian i2": npy(headerOf(">i2", "(3,)"), [0, 1, 255, 254, 1, 0]),
  "u1": npy(headerOf("|u1", "(2, 1, 2)"), [0, 255, 7, 128]),
  "i8": npy(headerOf("<i8", "(2,)"), new Uint8Array(BigInt64Array.of(-3n, 70_000n).buffer)),
  "u4": npy(headerOf("<u4", "()"), [1, 2, 3, 4]),
  "bool": npy(headerOf("|b1", "(3,)"), [0, 1, 1]),
  "complex": npy(headerOf("<c8", "(1,)"), floats(1, 2)),
  "no elements": npy(headerOf("<f4", "(0, 3)"), []),
};

const csvs: readonly (readonly [text: string, options?: object])[] = [
  ["1,2\n3,4.5"],
  ["a,b\n1,2\n"],
  ['"a ""x""",b\r\n1,-2e3\r\n\r\n+3,.5'],
  ["1;2\n3;4", { delimiter: ";" }],
  ["1;2\n3;4"],
  ["1\t2\n3\t4", { delimiter: "\t", header: false }],
  ["1,2\n3,4", { header: true }],
  ["x,2\n3,4", { header: false }],
  ["1,\n3,4", { missing: "nan" }],
  ["1,\n3,4", { missing: "skip" }],
  ["1,\n3,4"],
  ["1,NaN\n-inf,Infinity"],
  ["1,2\n3"],
  ["1,2\n3,4,5"],
  ['1,"2\n3",4'],
  ['1,"2"x\n3,4'],
  ['"1\n2",3'],
  ["\ufeff1,2\n3,4"],
  ["1,2\r3,4"],
  ["a,a\n1,2"],
  ["a,,c\n1,2,3"],
  ["1_000,2"],
  ["0x10,2"],
  ["1,2\n\n\n"],
  ["\n\n1,2"],
  [" 1 ,\t2 "],
  ['"1","2"\n"3","4"'],
  ['""\n""'],
  [","],
  [""],
  ["a"],
  ["1e400,2"],
  ["1,2", { delimiter: "ab" }],
  ["1,2", { delimiter: '"' }],
  ["1,2", { missing: "zero" }],
];

async function dataTexts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {
    ...await damaged("a.idx", Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 9, 8, 7, 6, 5, 4), data.parseIdx),
    ...await damaged("a.npy", table, data.parseNpy),
    ...await damaged(
      "a.npz",
      zipOf([{ name: "x.npy", content: table }, { name: "y.npy", content: arrays.u1 }]),
      data.parseNpz,
    ),
  };
  for (const [name, bytes] of Object.entries(arrays)) {
    found[`array of ${name}`] = await outcomeOf(() => data.parseNpy(bytes, "a.npy"));
  }
  const lines: string[] = [];
  for (const [text, options] of csvs) {
    const outcome = await outcomeOf(() => Reflect.apply(data.parseCsv, undefined, [text, options, "a.csv"]));
    lines.push(`${JSON.stringify(text)} ${options ? JSON.stringify(options) : ""}: ${outcome}`);
  }
  found["texts in CSV"] = lines.join("\n");
  return found;
}

/** Bytes in one piece. */
export function joined(parts: Iterable<Uint8Array>): Bytes {
  return Uint8Array.from([...parts].flatMap((part) => [...part]));
}

async function tensorTexts(): Promise<Record<string, string>> {
  const entries = await entriesOf({ W: tensor([[1, -2], [3, 0.5]]), b: tensor([1, 0], [2], { dtype: "i32" }) });
  const bytes = joined(encodeSafetensors(entries, { maker: "test" }));
  return await damaged("a.safetensors", bytes, decodeSafetensors);
}

/** Bytes without an order. */
function noise(length: number, seed: number): Bytes {
  return Uint8Array.from({ length }, (_, i) => Math.imul(i + seed, 2_654_435_761) >>> 13);
}

/** Pictures of all kinds. */
function pictures(): Record<string, Bytes> {
  const found: Record<string, Bytes> = {};
  const depths: readonly (readonly [color: number, depths: readonly number[]])[] = [
    [0, [1, 2, 4, 8, 16]],
    [2, [8, 16]],
    [3, [1, 2, 4, 8]],
    [4, [8, 16]],
    [6, [8, 16]],
  ];
  for (const [color, all] of depths) {
    for (const depth of all) {
      for (const isInterlaced of depth < 8 ? [false] : [false, true]) {
        const facts = { width: 11, height: 10, depth, color, isInterlaced };
        const { bytes } = pngHeader(pngOf([headerChunk(facts)]));
        const content = noise(bytes, color + depth);
        const line = isInterlaced ? 1 : bytes / facts.height;
        for (let at = 0; at < bytes; at += line) content[at] %= 5;
        const palette: PngChunk[] = color === 3 ? [["PLTE", noise(3 * 2 ** depth, 3)], ["tRNS", noise(2, 9)]] : [];
        const name = `color ${color}, ${depth} bits${isInterlaced ? ", interlaced" : ""}`;
        found[name] = pngOf([headerChunk(facts), ...palette, pixelChunk(content)]);
      }
    }
  }
  return found;
}

/** A stroke across a picture of some size, dark on light or light on dark. */
function stroke(width: number, height: number, isDark: boolean): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const isInk = Math.abs(x - 2 * y + height / 2) < 4 && y > height / 5 && y < height * 0.7;
    return isInk === isDark ? 0.1 + x / width / 5 : 0.9 - y / height / 5;
  });
}

async function pictureTexts(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  await inFolder(async (folder) => {
    const read = async (bytes: Bytes): Promise<string> => {
      const path = join(folder, "a.png");
      await Deno.writeFile(path, bytes);
      return (await outcomeOf(() => readGrey(path))).replaceAll(path, "a.png");
    };
    for (const [name, bytes] of Object.entries(pictures())) found[name] = await read(bytes);
    const header = headerChunk({ width: 3, height: 2, depth: 8, color: 0 });
    const pixels = pixelChunk(Uint8Array.of(0, 10, 20, 30, 1, 5, 6, 7));
    for (let orientation = 0; orientation < 10; orientation++) {
      const exif = Uint8Array.of(77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0);
      found[`orientation ${orientation}`] = await read(pngOf([header, ["eXIf", exif], pixels]));
    }
    found["without pixels"] = await read(pngOf([header]));
    found["of unknown depth"] = await read(pngOf([headerChunk({ width: 3, height: 2, depth: 3, color: 0 }), pixels]));
    found["of no size"] = await read(pngOf([headerChunk({ width: 0, height: 2, depth: 8, color: 0 }), pixels]));
    const bytes = pngOf([header, ["tEXt", Uint8Array.of(65, 0, 66)]]);
    const cut: string[] = [];
    for (let end = 0; end < bytes.length; end++) cut.push(await read(bytes.slice(0, end)));
    found["ending at each byte"] = merged(cut);
  });
  for (const [width, height] of [[28, 28], [50, 31], [20, 64], [9, 9]]) {
    for (const ink of ["auto", "dark", "light"] as const) {
      for (const isDark of [true, false]) {
        const picture = { width, height, values: stroke(width, height, isDark) };
        found[`${ink} ink, ${isDark ? "dark" : "light"}, ${width}×${height}`] = await outcomeOf(() =>
          digitOf(picture, ink)
        );
      }
    }
  }
  found["no ink"] = await outcomeOf(() => digitOf({ width: 4, height: 4, values: new Float32Array(16) }, "auto"));
  return found;
}

/** Readers of data. */
export const dataReaderRecording: Recording = { name: "data_readers", texts: dataTexts };

/** The reader of safetensors. */
export const tensorReaderRecording: Recording = { name: "safetensors", texts: tensorTexts };

/** The reader of pictures, and how digits in them are found. */
export const pictureReaderRecording: Recording = { name: "picture_readers", texts: pictureTexts };

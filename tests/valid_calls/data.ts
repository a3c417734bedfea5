/**
 * A valid call of each function of the entry `data`, without a network connection; a new function without a call does not
 * compile.
 *
 * @module
 */

import * as data from "../../data/mod.ts";
import { pngFile } from "../../data/images/test_images.ts";
import { parquetOf, plainPage } from "../../data/parquet/test_parquet.ts";
import type { ValidCall } from "../hostile_arguments.ts";
import { validCall } from "./core.ts";
import type { FunctionNames } from "./function_names.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const folder = temporaryFolder();
const x = data.samples([[1, 2], [3, 4], [5, 6]]);
const set = { x, y: Int32Array.of(0, 1, 0) };
const f = Float32Array;
const table = data.parseTable("a,b,c\n1,x,2\n2,y,5\n3,x,7\n");

/** A .npy file of f32 rows. */
function npy(): Uint8Array {
  const head = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  const text = head.padEnd(128 - 10 - 1) + "\n";
  const bytes = new Uint8Array(128 + 24);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(text), 10);
  return bytes;
}
Deno.writeFileSync(`${folder}/x.npy`, npy());
Deno.writeTextFileSync(`${folder}/x.csv`, "1,2\n3,4\n");
Deno.writeTextFileSync(`${folder}/table.csv`, "a,b\n1,x\n");
const idx = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 8);
Deno.writeFileSync(`${folder}/x.idx`, idx);
Deno.writeFileSync(`${folder}/x.parquet`, parquetOf({ pages: [plainPage(Uint8Array.of(7, 0, 0, 0), 1)], rows: 1 }));
for (const name of ["a", "b"]) {
  Deno.mkdirSync(`${folder}/images/${name}`, { recursive: true });
  Deno.writeFileSync(`${folder}/images/${name}/1.png`, pngFile(2, 1, [1, 2]));
}

/** A file of images or labels as MNIST has them, for 12 images of 2×2 pixels. */
function mnistFile(...extents: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * extents.length + extents.reduce((a, b) => a * b));
  bytes.set([0, 0, 8, extents.length, ...extents.flatMap((extent) => [0, 0, 0, extent])]);
  return bytes;
}
for (const name of ["train", "t10k"]) {
  Deno.writeFileSync(`${folder}/${name}-images-idx3-ubyte`, mnistFile(12, 2, 2));
  Deno.writeFileSync(`${folder}/${name}-labels-idx1-ubyte`, mnistFile(12));
}

/** A call of a loader that reads these files, also if a test leaves out the directory. */
function imageLoader(load: typeof data.mnistLoader): ValidCall {
  return validCall((options: data.ImageLoaderOptions) => load(isEmpty(options) ? { data: folder } : options), {
    data: folder,
    cache: folder,
    signal: new AbortController().signal,
    timeout: 1000,
    onProgress: () => undefined,
  });
}

function isEmpty(options: unknown): boolean {
  return typeof options === "object" && options !== null && Object.getPrototypeOf(options) === Object.prototype &&
    Object.keys(options).length === 0;
}

const images = data.digits(1, 3);

/** The functions of the entry. */
export const dataCalls: Readonly<Record<FunctionNames<typeof data>, ValidCall>> = {
  alphabetLoader: validCall(data.alphabetLoader, 3),
  applyNormalize: validCall(data.applyNormalize, x, f.of(0, 0), f.of(1, 1)),
  applyStandardize: validCall(data.applyStandardize, x, f.of(0, 0), f.of(1, 1)),
  data: validCall(data.data, [set, set, set], { name: "mine", preprocessing: "normalize" }),
  digestOf: validCall(data.digestOf, [set, set]),
  digits: validCall(data.digits, 1, 3),
  digitsLoader: validCall(data.digitsLoader, { seed: 1, sizes: [2, 2, 2] }),
  fashionMnistLoader: imageLoader(data.fashionMnistLoader),
  mnistLoader: imageLoader(data.mnistLoader),
  normalize: validCall(data.normalize, x),
  oneHotDecoding: validCall(data.oneHotDecoding, x),
  oneHotEncoding: validCall(data.oneHotEncoding, [0, 1, 2], 3),
  openNpy: validCall(data.openNpy, `${folder}/x.npy`, { greyLevels: false }),
  openNpySet: validCall(data.openNpySet, `${folder}/x.npy`, `${folder}/x.npy`, {}),
  parseCsv: validCall(data.parseCsv, "1,2\n3,4\n", { delimiter: ",", header: false, missing: "nan" }, "mine"),
  parseTable: validCall(data.parseTable, "a,b\n1,x\n", {
    delimiter: ",",
    header: true,
    missing: ["?"],
    columns: { a: "number" },
  }, "mine"),
  readTable: validCall(data.readTable, `${folder}/table.csv`, { columns: { b: "text" }, limitBytes: 1000 }),
  readParquet: validCall(data.readParquet, `${folder}/x.parquet`, {
    select: ["x"],
    begin: 0,
    end: 1,
    limitBytes: 1000,
  }),
  fitPreprocessing: validCall(data.fitPreprocessing, table, {
    inputs: { a: "standardize", b: ["oneHot", { unknown: "ignore", missing: "column" }] },
    targets: "c",
  }),
  preprocessingFromConf: validCall(
    data.preprocessingFromConf,
    data.fitPreprocessing(table, { targets: "c" }).configuration,
  ),
  tableData: validCall(data.tableData, [table, table], { inputs: ["a"], targets: { c: [] }, name: "mine" }),
  withoutMissing: validCall(data.withoutMissing, table, ["a"]),
  tableOf: validCall(data.tableOf, [{ a: 1, b: "x" }, { a: 2, b: "y" }], { columns: { b: "text" } }),
  parseIdx: validCall(data.parseIdx, idx, "mine"),
  parseNpy: validCall(data.parseNpy, npy(), "mine"),
  readImageFolder: validCall(data.readImageFolder, `${folder}/images`, {
    ...{ size: [2, 2], channels: 1, fit: "cover", background: "white", classes: ["a", "b"], broken: "refuse" },
    ...{ limitPixels: 100, limitBytes: 1000, signal: new AbortController().signal, onProgress: () => undefined },
  }),
  readImages: validCall(data.readImages, [`${folder}/images/a/1.png`], { size: [2, 2], channels: 3 }, {
    limitPixels: 100,
  }),
  readCsv: validCall(data.readCsv, `${folder}/x.csv`, { delimiter: "," }),
  readIdx: validCall(data.readIdx, `${folder}/x.idx`, { limitBytes: 1000 }),
  readNpy: validCall(data.readNpy, `${folder}/x.npy`, { limitBytes: 1000 }),
  readNpz: validCall((path: string) =>
    data.readNpz(path, { limitBytes: 1000 }).catch((e) => {
      if (path === `${folder}/x.npy`) return;
      throw e;
    }), `${folder}/x.npy`),
  parseNpz: validCall(
    async (bytes: Uint8Array<ArrayBuffer>) =>
      await data.parseNpz(bytes).catch((error) => {
        if (bytes !== idx) throw error;
      }),
    idx,
  ),
  revertNormalize: validCall(data.revertNormalize, x, f.of(0, 0), f.of(1, 1)),
  revertStandardize: validCall(data.revertStandardize, x, f.of(0, 0), f.of(1, 1)),
  kFolds: validCall(data.kFolds, set, 2, { seed: 1, shuffle: true }),
  split: validCall(data.split, set, [0.5, 0.5], { seed: 1, stratify: true }),
  samples: validCall(data.samples, [[1, 2], [3, 4]], [4, 1], { greyLevels: false }),
  standardize: validCall(data.standardize, x, 0.1),
};
const made = data.data([set, set, set]);
const several = { x: { a: x, b: data.samples([[1], [2], [3]]) }, y: { c: Int32Array.of(0, 1, 0), d: x } };
const scaling = data.data([several, several], { preprocessing: "normalize" }).scaling as data.InputScaling;
/** Calls of the members of sets. */
export const setCalls: Readonly<Record<string, ValidCall>> = {
  ImageSet: validCall(
    (pixels: Uint8Array, classes: Int32Array, count: number) => new data.ImageSet(pixels, classes, count),
    new Uint8Array(6),
    Int32Array.of(1, 2),
    3,
  ),
  slice: validCall((begin: number, end: number) => images.slice(begin, end), 0, 2),
  parts: validCall((most: number) => made.training.parts(most), 100_000),
  "data.named": validCall((one: never) => data.data([one, one], { preprocessing: "normalize" }), several as never),
  "split.named": validCall((one: never) => data.split(one, [0.5, 0.5]), several as never),
  "scaling.apply": validCall((x: never) => scaling.apply(x), several.x as never),
  "scaling.revert": validCall((x: never) => scaling.revert(x), several.x as never),
};

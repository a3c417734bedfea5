import { assert, assertEquals } from "@std/assert";
import { RandomStream } from "../../data/random_stream.ts";
import {
  parseCsv,
  parseIdx,
  parseNpy,
  parseNpz,
  parseTable,
  readImages,
  readParquet,
  type Table,
} from "../../data/mod.ts";
import { unpack } from "../../data/formats/gzip.ts";
import { decodePng } from "../../data/images/png.ts";
import { checkFiles } from "./check_files.ts";
import { makers, type Reader, readers } from "./valid.ts";

interface Values {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** The columns of a table as arrays. */
const columnsOf = (table: Table): Values[] =>
  table.columns.map((name) => ({ shape: [table.length], values: table.column(name).numbers }));

const image = async (bytes: Uint8Array<ArrayBuffer>): Promise<Values[]> => [await readImages(bytes, { size: [8, 8] })];

const parsers: Readonly<Record<Reader, (bytes: Uint8Array<ArrayBuffer>) => Promise<readonly Values[]>>> = {
  idx: async (bytes) => [parseIdx(await unpack(bytes, "a.idx"))],
  npy: (bytes) => Promise.resolve([parseNpy(bytes)]),
  npz: async (bytes) => [...(await parseNpz(bytes)).values()],
  csv: (bytes) => Promise.resolve([parseCsv(new TextDecoder().decode(bytes))]),
  png: async (bytes) => {
    const { width, height, depth, channels, data } = await decodePng(bytes, "a.png");
    return [{ shape: depth < 8 ? [data.length] : [height, width, channels], values: data }];
  },
  table: (bytes) => Promise.resolve(columnsOf(parseTable(new TextDecoder().decode(bytes)))),
  image,
  jpg: image,
  parquet: async (bytes) => {
    const own = { select: ["id"] }; // of the file that also has lists
    return columnsOf(await readParquet(new Blob([bytes])).catch(() => readParquet(new Blob([bytes]), own)));
  },
};

Deno.test("the files that hostile ones are made from are valid", async () => {
  for (const reader of readers) {
    for (let seed = 0; seed < 50; seed++) {
      const arrays = await parsers[reader](makers[reader](new RandomStream(seed, 0), (bytes) => bytes));
      assert(arrays.length > 0);
      for (const { shape, values } of arrays) {
        assertEquals(values.length, shape.reduce((product, extent) => product * extent, 1), `${reader} ${seed}`);
      }
    }
  }
});

Deno.test("hostile data files are read or refused in little time and memory", async () => {
  const { files, refused, faults } = await checkFiles(1, 200, performance.now() + 20_000);
  assertEquals(faults, []);
  assert(files > 10 && refused > files / 4, `${refused} of ${files} files were refused`);
});

import { assertRejects, assertThrows } from "@std/assert";
import { setDevice } from "../core/device.ts";
import { checkOptions, type FunctionWithOptions } from "../tests/options_of.ts";
import * as sets from "./mod.ts";

const set = { x: sets.samples([[0, 10], [2, 30], [1, 20]]), y: Int32Array.of(0, 1, 0) };

const table = sets.parseTable("a,b,c\n1,x,p\n2,x,p\n3,x,q\n4,y,q\n5,y,r\n6,y,r\n7,y,s\n8,y,s\n");

const functions: readonly FunctionWithOptions[] = [
  {
    name: "parseCsv",
    call: (options) => sets.parseCsv("1;2\n3;\n", options),
    given: { delimiter: ";", missing: "skip" },
    changes: { missing: "nan", header: true },
  },
  {
    name: "data",
    call: (options) => {
      const { name, training } = sets.data([set, set], options);
      return [name, training.x];
    },
    changes: { preprocessing: "normalize", name: "mine" },
  },
  {
    name: "parseTable",
    call: (options) => {
      const table = sets.parseTable("1;x\n2;y\n", options);
      return [table.columns, table.types, table.column(table.columns[1]).values];
    },
    given: { delimiter: ";", header: true },
    changes: { columns: { 1: "text" }, missing: ["y"], header: false },
  },
  {
    name: "tableOf",
    call: (options) => sets.tableOf([{ a: "1" }], options).types,
    changes: { columns: { a: "number" } },
  },
  {
    name: "split",
    call: (options) => sets.split(table, [0.5, 0.5], options).map((part) => part.column("a").values),
    given: { seed: 1 },
    changes: { seed: 2, shuffle: false, stratify: "b", groups: "c" },
  },
  {
    name: "tableData",
    call: (options) => {
      const { name, sampleShape, preprocessing } = sets.tableData([table, table], options as sets.TableDataOptions);
      return [name, sampleShape, preprocessing.targets];
    },
    given: { targets: "a" },
    changes: { inputs: ["b"], targets: "b", name: "mine" },
  },
  {
    name: "fitPreprocessing",
    call: (options) => sets.fitPreprocessing(table, options as sets.ColumnOptions).configuration,
    given: { targets: "a" },
    changes: { inputs: ["b"], targets: "b" },
  },
  {
    name: "samples",
    call: (options) => sets.samples(Uint8Array.of(0, 255), [1, 2], options),
    changes: { greyLevels: true },
  },
  {
    name: "digitsLoader",
    call: (options) => sets.digitsLoader(options).map(({ pixels }) => pixels.join()),
    given: { sizes: [2, 1, 1] },
    changes: { seed: 2, sizes: [1, 1, 2] },
  },
];

for (const one of functions) {
  Deno.test(`${one.name} reads its options, and refuses others with the nearest name`, async () => {
    await setDevice("wasm");
    await checkOptions(one);
  });
}

Deno.test("loaders refuse unknown options before they touch a file", async () => {
  const wrong = { dta: "x", grayLevels: true } as object;
  for (const load of [sets.mnistLoader, sets.fashionMnistLoader]) {
    await assertRejects(() => load({ ...wrong }), RangeError, 'unknown option "dta"; did you mean data?');
    await assertRejects(() => load({ timeout: 0 }), RangeError, "expected timeout to be a number above 0, got 0");
  }
  const unknown = { size: [1, 1], clases: ["a"] } as unknown as sets.ReadImageFolderOptions;
  await assertRejects(() => sets.readImageFolder("nowhere", unknown), RangeError, "did you mean classes?");
  const known = "greyLevels";
  assertThrows(() => sets.openNpy("nowhere.npy", wrong), RangeError, `unknown option "dta"; expected ${known}`);
  assertThrows(() => sets.openNpy("nowhere.npy", { greyLevels: 1 } as object), TypeError, "to be true or false, got 1");
});

/**
 * Tests each option of the functions that read, split and preprocess tables against what its definition says.
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as sets from "../data/mod.ts";
import { columnOptions } from "../data/steps/fit_preprocessing.ts";
import { parquetOf, plainPage } from "../data/parquet/test_parquet.ts";
import { readParquetOptions } from "../data/table/read_parquet.ts";
import { readTableOptions } from "../data/table/read_table.ts";
import { tableSplitOptions } from "../data/table/split_table.ts";
import { tableOfOptions } from "../data/table/table_of.ts";
import { tableDataOptions } from "../data/table_data.ts";
import { testOptions } from "./option_definitions.ts";

/** The numbers from 0 to 9 as a set, split by a seed. */
function halves(seed: number): number[][] {
  const x = sets.samples(Array.from({ length: 10 }, (_, i) => [i]));
  return sets.split({ x, y: new Int32Array(10) }, [0.6, 0.4], { seed }).map(({ x }) => [...x.values]);
}

const tableText = "id;when\n01;2024-01-01\n?;\n";

testOptions<sets.ReadTableOptions>("parseTable and readTable", readTableOptions, {
  columns: () => {
    const table = sets.parseTable("a,b\n01,2\n", { columns: { a: "number", b: "text" } });
    assertEquals(table.row(0), { a: 1, b: "2" });
    assertEquals(sets.parseTable("a,b\n01,2\n").row(0), { a: "01", b: 2 });
  },
  delimiter: () => {
    assertEquals(sets.parseTable(tableText, { delimiter: ";" }).columns, ["id", "when"]);
    assertThrows(() => sets.parseTable(tableText), sets.DataError, 'pass ";" as the option `delimiter`');
  },
  header: () => {
    assertEquals(sets.parseTable("1,2\n3,4\n", { header: false }).column("column 2").values, [2, 4]);
    assertEquals(sets.parseTable("1,2\n3,4\n", { header: true }).column("2").values, [4]);
    assertThrows(() => sets.parseTable("1,2\n3,4\n"), sets.DataError, "set the option `header` to true or false");
  },
  missing: () => {
    const given = (missing?: string[]) =>
      sets.parseTable("a,b\n?,1\nNA,2\nn/a,\n", missing ? { missing } : {}).column("a").values;
    assertEquals(given(), ["?", null, null]);
    assertEquals(given(["?"]), [null, "NA", "n/a"]);
  },
});

/** A Parquet file with the numbers from 10 to 13 in a column `x`. */
const parquet = new Blob([
  parquetOf({ pages: [plainPage(new Uint8Array(Int32Array.of(10, 11, 12, 13).buffer), 4)], rows: 4 }),
]);
const fromParquet = async (options?: sets.ReadParquetOptions) =>
  (await sets.readParquet(parquet, options)).column("x").values;

testOptions<sets.ReadParquetOptions>("readParquet", readParquetOptions, {
  select: async () => {
    assertEquals((await sets.readParquet(parquet, { select: [] })).columns, []);
    assertEquals((await sets.readParquet(parquet, { select: ["x"] })).columns, ["x"]);
    assertEquals((await sets.readParquet(parquet)).columns, ["x"]);
  },
  begin: async () => {
    assertEquals([await fromParquet({ begin: 3 }), await fromParquet({ begin: 0 })], [[13], await fromParquet()]);
  },
  end: async () => {
    assertEquals([await fromParquet({ end: 1 }), await fromParquet({ end: 9 })], [[10], await fromParquet()]);
  },
  limitBytes: async () => {
    // The file has 4 values of 16 bytes in memory, and 16 bytes of pages.
    assertEquals(await fromParquet({ limitBytes: parquet.size }), [10, 11, 12, 13]);
    await assertRejects(() => fromParquet({ limitBytes: 79 }), sets.DataError, "at most 79 bytes");
  },
});

testOptions<sets.TableOfOptions>("tableOf", tableOfOptions, {
  columns: () => {
    assertEquals(sets.tableOf([{ a: "01" }], { columns: { a: "number" } }).row(0), { a: 1 });
    assertEquals(sets.tableOf([{ a: "01" }]).row(0), { a: "01" });
  },
});

const rows = sets.tableOf(Array.from({ length: 10 }, (_, i) => ({ i, half: i < 5, pair: i >> 1 })));
const tableHalves = (options?: sets.TableSplitOptions): (readonly unknown[])[] =>
  sets.split(rows, [0.6, 0.4], options).map((part) => part.column("i").values);

testOptions<sets.TableSplitOptions>("split of a table", tableSplitOptions, {
  // The same numbers as of a set.
  seed: () => {
    for (const seed of [1, 2, 3]) assertEquals(tableHalves({ seed }), halves(seed));
    assertEquals(tableHalves(), tableHalves({ seed: 1 }));
  },
  shuffle: () => {
    assertEquals(tableHalves({ shuffle: false }), [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9]]);
    assertEquals(tableHalves({ shuffle: true }), tableHalves());
  },
  stratify: () => {
    for (const seed of [1, 2, 3]) {
      assertEquals(tableHalves({ stratify: "half", seed })[0].filter((i) => Number(i) < 5).length, 3);
    }
  },
  groups: () => {
    const [first] = tableHalves({ groups: "pair" });
    assertEquals(first.length, 6);
    for (const i of first) assert(first.includes(Number(i) ^ 1));
  },
});

const small = sets.parseTable("a,b,c\n1,x,2\n3,y,6\n");

testOptions<sets.ColumnOptions>("fitPreprocessing", columnOptions, {
  inputs: () => {
    const featuresOf = (inputs?: sets.ColumnOptions["inputs"]) =>
      sets.fitPreprocessing(small, { inputs, targets: "c" }).features;
    assertEquals(featuresOf(), ["a", "b=x", "b=y"]);
    assertEquals(featuresOf(["b"]), ["b=x", "b=y"]);
    assertEquals(featuresOf({ a: [["impute", { indicator: true }]] }), ["a", "a is missing"]);
  },
  targets: () => {
    const targetsOf = (targets: sets.ColumnOptions["targets"]) =>
      sets.fitPreprocessing(small, { inputs: ["a"], targets }).apply(small).y;
    assertEquals(targetsOf("c"), sets.samples([[-1], [1]])); // mean 4, deviation 2
    assertEquals(targetsOf(["c"]), targetsOf({ c: "standardize" }));
    assertEquals(targetsOf({ c: [] }), sets.samples([[2], [6]]));
    assertEquals(targetsOf("b"), Int32Array.of(0, 1));
  },
});

testOptions<sets.TableDataOptions>("tableData", tableDataOptions, {
  inputs: () => assertEquals(sets.tableData([small, small], { inputs: ["a"], targets: "c" }).sampleShape, [1]),
  targets: () => assertEquals(sets.tableData([small, small], { targets: "b" }).classes, 2),
  name: () => {
    const nameOf = (name?: string) => sets.tableData([small, small], { targets: "c", ...name && { name } }).name;
    assertEquals([nameOf("mine"), nameOf()], ["mine", "data"]);
  },
});

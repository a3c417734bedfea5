import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { DataError } from "../errors.ts";
import { readParquet } from "./read_parquet.ts";
import { readTable } from "./read_table.ts";
import type { Table } from "./table.ts";

/** A file that pyarrow wrote, by tests/parquet/make_files.py. */
const path = (name: string): string => fromFileUrl(new URL(`../../tests/parquet/${name}`, import.meta.url));

const valuesOf = (table: Table) => Object.fromEntries(table.columns.map((name) => [name, table.column(name).values]));

Deno.test("a Parquet file has the values and types of the CSV file that it was made of", async () => {
  const csv = await readTable(path("weather.csv"));
  // In pages of the first and second kind, packed or not, with and without dictionaries, in one or several groups of rows.
  for (const codec of ["snappy", "gzip", "zstd", "plain"]) {
    const table = await readParquet(path(`weather.${codec}.parquet`));
    assertEquals([table.length, table.types], [csv.length, csv.types], codec);
    assertEquals(valuesOf(table), valuesOf(csv), codec);
  }
});

Deno.test("columns of all kinds become numbers, texts, dates, or true and false", async () => {
  const table = await readParquet(path("kinds.parquet"));
  const date = (text: string) => new Date(text);
  assertEquals(valuesOf(table), {
    i8: [1, null, -3],
    u32: [4294967295, 0, null],
    i64: [9007199254740991, -9007199254740991, null],
    f16: [0.5, null, -2],
    f32: [0.25, null, null],
    f64: [1e300, -0.1, null],
    decimal: [12.34, null, -0.05],
    flag: [true, null, false],
    text: ["é", "", null],
    category: ["b", null, "b"],
    day: [date("1969-12-31"), null, date("2024-02-29")],
    ms: [date("2024-02-29T12:30:00.125Z"), null, null],
    us: [date("1969-12-31T23:59:59.999Z"), null, null],
    ns: [date("1970-01-01"), date("1969-12-31T23:59:59.999Z"), null],
    none: [null, null, null],
    required: [7, 8, 9],
  });
  assertEquals(table.column("category").categories, ["b"]);
  assertEquals((await readParquet(path("empty.parquet"))).length, 0);
});

Deno.test("some columns and rows are read, also across groups of rows", async () => {
  const all = await readParquet(path("weather.snappy.parquet")); // in groups of 90 rows
  const select = ["weather", "wind"];
  for (const [begin, end] of [[0, 200], [85, 95], [90, 180], [0, 1], [199, 300], [250, 260], [7, 7]]) {
    const part = await readParquet(path("weather.snappy.parquet"), { select, begin, end });
    const rows = Array.from({ length: 200 }, (_, i) => i).slice(begin, end);
    assertEquals(part.columns, select);
    assertEquals(valuesOf(part), valuesOf(all.select(select).take(rows)), `${begin} to ${end}`);
  }
  const blob = new Blob([await Deno.readFile(path("weather.zstd.parquet"))]);
  assertEquals((await readParquet(blob, { select: ["wind"] })).column("wind").values, all.column("wind").values);
});

Deno.test("columns that a table cannot have are named, and others can be read", async () => {
  const lists = path("lists.parquet");
  const message =
    `Cannot read column "list" of ${lists}: expected numbers, texts, dates, or true and false, got lists or records`;
  await assertRejects(() => readParquet(lists), DataError, message);
  await assertRejects(() => readParquet(lists, { select: ["record"] }), DataError, "got lists or records");
  assertEquals((await readParquet(lists, { select: ["id"] })).column("id").values, [1, 2]);
  const big = "expected whole numbers up to 9007199254740991 in column big, got 1152921504606846976; name the other";
  await assertRejects(() => readParquet(lists, { select: ["big"] }), DataError, big);
  const misspelled = () => readParquet(path("weather.zstd.parquet"), { select: ["wether"] });
  await assertRejects(misspelled, RangeError, 'Cannot read column "wether"');
  await assertRejects(misspelled, RangeError, "did you mean weather?");
});

Deno.test("files of other kinds and codecs are refused with what to do", async () => {
  await assertRejects(
    () => readParquet(path("weather.csv")),
    DataError,
    "expected a Parquet file, which ends with PAR1, got",
  );
  await assertRejects(() => readParquet(new Blob([])), DataError, "got an empty file");
  const brotli = "expected columns that are packed with snappy, gzip or zstd, got BROTLI; write the file again";
  await assertRejects(() => readParquet(path("weather.brotli.parquet")), DataError, brotli);
  await assertRejects(() => readTable(path("weather.zstd.parquet")), DataError, "use readParquet");
  await assertRejects(() => readParquet("nowhere.parquet"), Deno.errors.NotFound, "there is no such file");
});

Deno.test("files that are cut short or changed give values or an error that names them", async () => {
  for (const codec of ["snappy", "gzip", "zstd", "plain"]) {
    const bytes = await Deno.readFile(path(`weather.${codec}.parquet`));
    for (let at = 0; at < bytes.length; at += 61) {
      await assertRejects(() => readParquet(new Blob([bytes.slice(0, at)])), DataError, "Cannot read the blob: ");
      const changed = bytes.slice();
      changed[at] ^= 1 << at % 8;
      try {
        await readParquet(new Blob([changed]));
      } catch (error) {
        if (!(error instanceof DataError && error.message.startsWith("Cannot read "))) throw error;
      }
    }
  }
});

Deno.test("columns that promise more bytes than allowed are refused before they are read", async () => {
  const file = path("weather.plain.parquet");
  await assertRejects(
    () => readParquet(file, { limitBytes: 9000 }),
    DataError,
    "expected at most 9000 bytes, got columns that promise",
  );
  assertEquals((await readParquet(file, { limitBytes: 9000, select: ["wind"] })).length, 200);
});

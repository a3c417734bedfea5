import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { DataError } from "../errors.ts";
import { readParquet } from "../table/read_parquet.ts";
import { dictionaryPage, type Fields, parquetOf, plainPage, struct, varint, withFooter } from "./test_parquet.ts";

const words = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer);

async function valuesOf(file: Uint8Array<ArrayBuffer>): Promise<readonly unknown[]> {
  return (await readParquet(new Blob([file]))).column("x").values;
}

/** Fails unless a file is refused as damaged, for this reason. */
async function assertDamaged(file: Uint8Array<ArrayBuffer>, reason: string): Promise<void> {
  await assertRejects(() => valuesOf(file), DataError, reason);
}

Deno.test("files of one column are read as they were written", async () => {
  assertEquals(await valuesOf(parquetOf({ pages: [plainPage(words(1, -2, 3), 3)], rows: 3 })), [1, -2, 3]);
  const missing = Uint8Array.of(2, 0, 0, 0, 3, 0b101, ...words(7, 8));
  assertEquals(await valuesOf(parquetOf({ pages: [plainPage(missing, 3)], rows: 3, repetition: 1 })), [7, null, 8]);
  const positions = plainPage(Uint8Array.of(1, 4, 1, 2, 0), 3, { encoding: 8 });
  assertEquals(await valuesOf(parquetOf({ pages: [dictionaryPage(words(5, 9), 2), positions], rows: 3 })), [9, 9, 5]);
  const packed = new Uint8Array(gzipSync(words(4, 5)));
  assertEquals(await valuesOf(parquetOf({ pages: [plainPage(packed, 2, { unpacked: 8 })], rows: 2, codec: 2 })), [
    4,
    5,
  ]);
});

Deno.test("texts that are not in UTF-8 are refused, instead of becoming equal", async () => {
  const text = (letter: number) => plainPage(Uint8Array.of(1, 0, 0, 0, letter), 1);
  const [root, x] = ["root", "x"].map((name) => new TextEncoder().encode(name));
  const schema = [struct([4, root], [5, 1]), struct([1, 6], [3, 0], [4, x], [6, 0])];
  const textFile = (letter: number) => parquetOf({ pages: [text(letter)], rows: 1, type: 6, schema });
  assertEquals(await valuesOf(textFile(0x41)), ["A"]);
  await assertDamaged(textFile(0xe9), "a text is not in UTF-8");
});

Deno.test("few bytes that promise much are refused before memory is taken", async () => {
  const long = varint(2 ** 32 - 2); // 2³¹ − 1 equal values
  const run = (width: number[]) => plainPage(Uint8Array.of(...width, ...long, 1), 3, { encoding: 8 });
  await assertDamaged(parquetOf({ pages: [dictionaryPage(words(5, 9), 2), run([1])], rows: 3 }), "a run of 2147483647");
  const levels = plainPage(Uint8Array.of(6, 0, 0, 0, ...long, 1), 3);
  await assertDamaged(parquetOf({ pages: [levels], rows: 3, repetition: 1 }), "a run of 2147483647");
  await assertDamaged(parquetOf({ pages: [dictionaryPage(words(5), 2 ** 31 - 1)], rows: 3 }), "has 2147483647 entries");
  await assertDamaged(parquetOf({ pages: [plainPage(words(5), 2 ** 31 - 1)], rows: 3 }), "more than 3 values");
  const pages = [plainPage(words(1), 1)];
  await assertDamaged(parquetOf({ pages, rows: 2 ** 40 }), "got columns that promise");
  await assertDamaged(parquetOf({ pages, rows: 1, unpacked: 2n ** 40n }), "got columns that promise");
  const huge = plainPage(words(1), 1, { unpacked: 2 ** 31 - 1 });
  for (const codec of [1, 2, 6]) {
    await assertDamaged(parquetOf({ pages: [huge], rows: 1, codec }), "got columns that promise");
    await assertDamaged(parquetOf({ pages: [huge], rows: 1, codec, unpacked: 100n }), "too many bytes");
  }
  const bomb = new Uint8Array(gzipSync(new Uint8Array(2 ** 24)));
  await assertDamaged(
    parquetOf({ pages: [plainPage(bomb, 1, { unpacked: 4 })], rows: 1, codec: 2 }),
    "at most 4 bytes",
  );
});

Deno.test("schemas that lie are refused", async () => {
  const pages = [plainPage(words(1), 1)];
  const name = new TextEncoder().encode("x");
  const open = [struct([4, name], [5, 1]), struct([4, name], [5, 1000])];
  await assertDamaged(parquetOf({ pages, rows: 1, schema: open }), "cut short");
  const deep = Array.from({ length: 50_000 }, () => struct([4, name], [5, 1]));
  await assertDamaged(parquetOf({ pages, rows: 1, schema: deep }), "cut short");
  const closed = [...deep, struct([1, 1], [3, 0], [4, name])];
  await assertDamaged(parquetOf({ pages, rows: 1, schema: closed }), "got lists or records");
  const column = struct([1, 1], [3, 0], [4, name]);
  await assertDamaged(parquetOf({ pages, rows: 1, schema: [open[0], column, column] }), "two columns x");
  await assertDamaged(withFooter([], [0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07]), "2147483647 elements");
});

Deno.test("values that are not in the dictionary are refused", async () => {
  const positions = plainPage(Uint8Array.of(1, 6, 1), 3, { encoding: 8 });
  const file = parquetOf({ pages: [dictionaryPage(words(5), 1), positions], rows: 3, repetition: 0 });
  await assertDamaged(file, "not in its dictionary");
});

Deno.test("times that are whole milliseconds stay so, and others are rounded down", async () => {
  const times = BigInt64Array.of(2000n, -2000n, 1999n, -1n, 0n);
  const pages = [plainPage(new Uint8Array(times.buffer), 5)];
  const name = new TextEncoder().encode("x");
  const schema = [struct([4, name], [5, 1]), struct([1, 2], [3, 0], [4, name], [6, 10])];
  const table = await readParquet(new Blob([parquetOf({ pages, rows: 5, type: 2, schema })]));
  assertEquals([...table.column("x").numbers], [2, -2, 1, -1, 0]);
});

Deno.test("a file may have as many bytes as the limit, and promise as many", async () => {
  const few = parquetOf({ pages: [plainPage(words(1, 2, 3), 3)], rows: 3 });
  const of = (file: Uint8Array<ArrayBuffer>, limitBytes: number, end?: number) =>
    readParquet(new Blob([file]), { limitBytes, ...end !== undefined && { end } });
  assertEquals((await of(few, few.length, 0)).length, 0);
  await assertRejects(
    () => of(few, few.length - 1, 0),
    DataError,
    `expected at most ${few.length - 1} bytes, got more`,
  );
  const rows = 100;
  const many = parquetOf({ pages: [plainPage(new Uint8Array(4 * rows), rows)], rows });
  const promised = (16 + 4) * rows;
  assertEquals((await of(many, promised)).length, rows);
  await assertRejects(() => of(many, promised - 1), DataError, `got columns that promise ${promised}`);
  const footer = (length: number) => readParquet(new Blob([withFooter([], new Uint8Array(length))]));
  await assertRejects(() => footer(2 ** 20 + 1), DataError, "expected at most 1048576 bytes that describe its columns");
  await assertRejects(() => footer(2 ** 20), DataError, "it has no list as field 2");
});

Deno.test("groups of rows that are not wanted are not read", async () => {
  const pages = [plainPage(words(4, 5, 6), 3)];
  const bad = (rows: bigint) => struct([1, []], [2, 0n], [3, rows]);
  const read = async (groups: (own: Fields) => readonly Fields[], begin: number, end: number) => {
    const file = new Blob([parquetOf({ pages, rows: 3, groups })]);
    return (await readParquet(file, { begin, end })).column("x").values;
  };
  assertEquals(await read((own) => [own, bad(3n)], 1, 3), [5, 6]);
  assertEquals(await read((own) => [bad(3n), own], 3, 5), [4, 5]);
  assertEquals(await read((own) => [own, bad(0n), own], 2, 4), [6, 4]);
  await assertRejects(() => read((own) => [own, bad(3n)], 1, 4), DataError, "a group of rows has 0 parts of column x");
});

Deno.test("pages of the second kind are packed, unless they say that they are not", async () => {
  const page = (content: Uint8Array, ...isPacked: readonly boolean[]) => {
    const facts = [[1, 2], [2, 0], [3, 2], [4, 0], [5, 0], [6, 0]] as const;
    const own = struct(...facts, ...isPacked.map((value) => [7, value] as const));
    return { header: struct([1, 3], [2, 8], [3, content.length], [8, own]), content };
  };
  const packed = new Uint8Array(gzipSync(words(7, 8)));
  for (const one of [page(packed), page(packed, true), page(words(7, 8), false)]) {
    assertEquals(await valuesOf(parquetOf({ pages: [one], rows: 2, codec: 2 })), [7, 8]);
  }
});

Deno.test("pages of missing values alone may pack their empty content", async () => {
  const page = (count: number, missing: number, levels: Uint8Array, content: Uint8Array, unpacked: number) => ({
    header: struct([1, 3], [2, levels.length + unpacked], [3, levels.length + content.length], [
      8,
      struct([1, count], [2, missing], [3, count], [4, 0], [5, levels.length], [6, 0]),
    ]),
    content: Uint8Array.of(...levels, ...content),
  });
  const none = Uint8Array.of(6, 0); // 3 times 0
  const values = page(2, 0, Uint8Array.of(4, 1), new Uint8Array(gzipSync(words(7, 8))), 8);
  for (const nothing of [words(), new Uint8Array(gzipSync(words()))]) {
    const file = parquetOf({ pages: [page(3, 3, none, nothing, 0), values], rows: 5, repetition: 1, codec: 2 });
    assertEquals(await valuesOf(file), [null, null, null, 7, 8]);
  }
  const full = page(3, 3, none, new Uint8Array(gzipSync(words(1))), 0);
  await assertDamaged(parquetOf({ pages: [full], rows: 3, repetition: 1, codec: 2 }), "at most 0 bytes");
});

Deno.test("a page may be empty", async () => {
  const pages = [plainPage(words(), 0), plainPage(words(7, 8), 2)];
  assertEquals(await valuesOf(parquetOf({ pages, rows: 2 })), [7, 8]);
});

Deno.test("rows are those of all pages, one after the other", async () => {
  const pages = [plainPage(words(1, 2), 2), plainPage(words(3), 1), plainPage(words(4, 5), 2)];
  const file = new Blob([parquetOf({ pages, rows: 5 })]);
  const read = async (begin: number, end: number) => (await readParquet(file, { begin, end })).column("x").values;
  const all = [1, 2, 3, 4, 5];
  for (let begin = 0; begin <= 5; begin++) {
    for (let end = begin; end <= 6; end++) {
      assertEquals(await read(begin, end), all.slice(begin, end), `${begin} ${end}`);
    }
  }
});

Deno.test("pages of lists, and parts of pages that are longer than these, are refused", async () => {
  const page = (rows: number, missingBytes: number, lists: number) => ({
    header: struct(
      ...[[1, 3], [2, 8], [3, 8]] as const,
      [8, struct([1, 2], [2, 0], [3, rows], [4, 0], [5, missingBytes], [6, lists])],
    ),
    content: words(7, 8),
  });
  const file = (...facts: readonly [number, number, number]) => parquetOf({ pages: [page(...facts)], rows: 2 });
  assertEquals(await valuesOf(file(2, 0, 0)), [7, 8]);
  for (const [rows, lists] of [[1, 0], [2, 4]]) await assertDamaged(file(rows, 0, lists), "it has a page of lists");
  await assertDamaged(file(2, 9, 0), "a page is cut short");
  await assertDamaged(file(2, -1, 0), "it has a page with -1 as field 5");
});

Deno.test("a file with a high limit may have a large footer", async () => {
  const file = new Blob([withFooter([], new Uint8Array(2 ** 20 + 1))]);
  await assertRejects(() => readParquet(file, { limitBytes: 2 ** 31 }), DataError, "it has no list as field 2");
});

Deno.test("a column has the texts of the wanted rows only", async () => {
  const texts = (...letters: string[]) =>
    plainPage(Uint8Array.from(letters.flatMap((letter) => [1, 0, 0, 0, letter.charCodeAt(0)])), letters.length);
  const pages = [texts("a", "b", "c"), texts("d", "e")];
  const file = new Blob([parquetOf({ pages, rows: 5, type: 6 })]);
  const read = async (begin: number, end: number) => {
    const { values, texts } = (await readParquet(file, { begin, end })).column("x");
    return [values.join(""), texts.join("")];
  };
  assertEquals([await read(1, 2), await read(2, 4), await read(3, 5)], [["b", "b"], ["cd", "cd"], ["de", "de"]]);
});

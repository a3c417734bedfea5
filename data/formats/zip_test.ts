import { assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../errors.ts";
import { memorySource } from "./byte_source.ts";
import { type TestEntry, zipOf } from "./test_npz.ts";
import { readZip } from "./zip.ts";

const first: TestEntry = { name: "a", content: Uint8Array.of(1, 2, 3) };
const second: TestEntry = { name: "bc", content: new Uint8Array(800), deflated: true };

const read = (bytes: Uint8Array, limit?: number) => readZip(memorySource(bytes, "x.zip"), limit);

/** An archive whose second entry is changed. */
const changed = (changes: Partial<TestEntry>): Uint8Array<ArrayBuffer> => zipOf([first, { ...second, ...changes }]);

/** Bytes with other numbers at some places. */
function withFields(
  bytes: Uint8Array<ArrayBuffer>,
  ...fields: readonly (readonly [size: 16 | 32, at: number, value: number])[]
): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (const [size, at, value] of fields) view[`setUint${size}`](at, value, true);
  return copy;
}

Deno.test("the packed content of each entry is found behind its own header", async () => {
  const archive = await read(zipOf([first, second]));
  assertEquals(archive.entries.map(({ name, method, unpacked }) => [name, method, unpacked]), [
    ["a", 0, 3],
    ["bc", 8, 800],
  ]);
  const [a, b] = archive.entries;
  assertEquals(archive.packedContent(a), Uint8Array.of(1, 2, 3));
  assertEquals(archive.packedContent(b).length, b.packed);
});

Deno.test("the numbers of the end record must agree with each other and with the archive", async () => {
  const bytes = zipOf([first, second]);
  const end = bytes.length - 22;
  const directory = new DataView(bytes.buffer).getUint32(end + 16, true);
  const length = end - directory;
  const empty = zipOf([]);
  const cases: [Uint8Array<ArrayBuffer>, string][] = [
    [withFields(empty, [16, 8, 16_385], [16, 10, 16_385]), "it has 16385 arrays, more than 16384"],
    [withFields(bytes, [16, end + 8, 1]), "it is a part of several"],
    [withFields(bytes, [32, end + 12, 0xffffffff]), "its directory is behind 4 GiB or more"],
    [withFields(bytes, [32, end + 16, 0xffffffff]), "its directory is behind 4 GiB or more"],
    [withFields(bytes, [32, end + 12, length + 1]), "its directory is longer than the archive"],
    [withFields(bytes, [32, end + 12, length - 1]), "its directory ends before the record that follows it"],
    [withFields(bytes, [32, directory, 7]), "no directory entry at byte 0"],
    [withFields(bytes, [32, 0, 7]), "no entry at byte 0"],
  ];
  for (const [lying, message] of cases) await assertRejects(() => read(lying), RangeError, message);
});

Deno.test("a directory has at most 16 MiB", async () => {
  const most = 2 ** 24;
  for (const length of [most, most + 1]) {
    const bytes = new Uint8Array(length + 22);
    bytes.set(withFields(zipOf([]), [32, 12, length]), length);
    const message = length > most ? "more than 16777216 bytes" : "more than the 0 entries that it promises";
    await assertRejects(() => read(bytes), RangeError, message);
  }
});

Deno.test("an entry's header may leave sizes and checksum to what follows the content, or to other fields", async () => {
  const none = { crc: 0, packed: 0, unpacked: 0 };
  const good: NonNullable<TestEntry["local"]>[] = [{ flags: 8, ...none }, { packed: 0xffffffff }, {
    unpacked: 0xffffffff,
  }];
  for (const local of good) assertEquals((await read(changed({ local }))).entries.length, 2, JSON.stringify(local));
  const bad: NonNullable<TestEntry["local"]>[] = [
    { flags: 4, ...none },
    { flags: 0x800, ...none },
    { crc: 1 },
    { packed: 1 },
    { unpacked: 1 },
    { method: 0 },
    { flags: 8, ...none, method: 0 },
  ];
  const message = "the header of bc does not agree with the directory";
  for (const local of bad) await assertRejects(() => read(changed({ local })), RangeError, message);
});

Deno.test("packing lengthens an entry by an eighth and 256 bytes at most", async () => {
  await assertRejects(
    () => read(changed({ directory: { packed: 1157 } })),
    RangeError,
    "bc has 1157 packed bytes for a content of 800",
  );
  await assertRejects(() => read(changed({ directory: { packed: 1156 } })), RangeError, "does not agree");
});

Deno.test("an archive has few bytes that belong to no entry", async () => {
  const bytes = zipOf([first, second]);
  const begin = new DataView(bytes.buffer).getUint32(bytes.length - 6, true);
  const spared = (count: number): Uint8Array<ArrayBuffer> => {
    const longer = Uint8Array.of(...bytes.subarray(0, begin), ...new Uint8Array(count), ...bytes.subarray(begin));
    return withFields(longer, [32, longer.length - 6, begin + count]);
  };
  // As many as a comment, and fields and long names of both entries: four bytes for each letter, one of which is there.
  const most = 0xffff + 2 * 1024 + 3 * "abc".length;
  assertEquals((await read(spared(most))).entries.length, 2);
  await assertRejects(() => read(spared(most + 1)), RangeError, "1 of them or more belong to no entry");
});

Deno.test("a source of unknown length has at most the limit and some bytes for headers", async () => {
  const bytes = zipOf([first]);
  const asked: number[] = [];
  const sourceOf = (length: (most: number) => number) => ({
    ...memorySource(bytes, "x.zip"),
    size: undefined,
    lengthUpTo: (most: number) => {
      asked.push(most);
      return Promise.resolve(length(most));
    },
  });
  assertEquals((await readZip(sourceOf(() => bytes.length), 100)).entries.length, 1);
  await assertRejects(() => readZip(sourceOf((most) => most + 1), 100), DataError, "expected at most 67108964 bytes");
  assertEquals(asked, [67_108_964, 67_108_964]);
});

Deno.test("the limit is for the content of all entries", async () => {
  assertEquals((await read(zipOf([first, second]), 803)).entries.length, 2);
  await assertRejects(() => read(zipOf([first, second]), 802), DataError, "expected at most 802 bytes");
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../errors.ts";
import { parseNpz, readNpz } from "./npz.ts";
import { headerOf, npy } from "./test_npy.ts";
import { type TestEntry, zipOf } from "./test_npz.ts";
import { cpuTime } from "../../tests/cpu_time.ts";

/** `np.savez_compressed(file, weights=np.arange(6, dtype="f4").reshape(2, 3), labels=np.array([3, -1, 2**31 - 1]))` */
const packed = Uint8Array.fromBase64(
  "UEsDBC0AAAAIAAAAIQBP6QAq//////////8LABQAd2VpZ2h0cy5ucHkBABAAmAAAAAAAAABVAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6T" +
    "ZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYwaLAHEg5ABMQNQLzAAQBQSwMELQAAAAgAAAAhAA1iFOL/////" +
    "/////woAFABsYWJlbHMubnB5AQAQAJgAAAAAAAAATQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wp" +
    "TgWKF2ckFqQC+RrGOpo6CrUKFAAuZgYI+I8A9SA+AFBLAQItAy0AAAAIAAAAIQBP6QAqVQAAAJgAAAALAAAAAAAAAAAAAACAAQAAAAB3ZWlnaHRz" +
    "Lm5weVBLAQItAy0AAAAIAAAAIQANYhTiTQAAAJgAAAAKAAAAAAAAAAAAAACAAZIAAABsYWJlbHMubnB5UEsFBgAAAAACAAIAcQAAABsBAAAAAA==",
);

/** `np.savez(file, flag=np.array([True, False]))` */
const stored = Uint8Array.fromBase64(
  "UEsDBC0AAAAAAAAAIQDuGbtd//////////8IABQAZmxhZy5ucHkBABAAggAAAAAAAACCAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3xiMScsICdm" +
    "b3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg" +
    "ICAgICAgICAgICAKAQBQSwECLQMtAAAAAAAAACEA7hm7XYIAAACCAAAACAAAAAAAAAAAAAAAgAEAAAAAZmxhZy5ucHlQSwUGAAAAAAEAAQA2AAAAvAAA" +
    "AAAA",
);

Deno.test("parseNpz reads what NumPy writes, packed and not", async () => {
  const arrays = await parseNpz(packed);
  assertEquals([...arrays.keys()], ["weights", "labels"]);
  assertEquals(arrays.get("weights"), { shape: [2, 3], values: Float32Array.of(0, 1, 2, 3, 4, 5) });
  assertEquals(arrays.get("labels"), { shape: [3], values: Int32Array.of(3, -1, 2 ** 31 - 1) });
  assertEquals((await parseNpz(stored)).get("flag"), { shape: [2], values: Uint8Array.of(1, 0) });
});

Deno.test("an archive may be empty", async () => {
  assertEquals((await parseNpz(zipOf([]))).size, 0);
});

Deno.test("archives of very many arrays are refused unless the limit is raised: each takes memory", async () => {
  const content = npy(headerOf("|u1", "(3,)"), [1, 2, 3]);
  const archive = (count: number) => zipOf(Array.from({ length: count }, (_, i) => ({ name: `${i}`, content })));
  const many = archive(17_000);
  await assertRejects(
    () => parseNpz(many, "a.npz"),
    DataError,
    "it has 17000 arrays, more than 16384; see the option limitBytes",
  );
  // As many as may be, for which there is no directory.
  const end = zipOf([]);
  for (const field of [8, 10]) new DataView(end.buffer).setUint16(field, 16_384, true);
  const { message } = await assertRejects(() => parseNpz(end, "a.npz"), DataError);
  assert(!message.includes("limitBytes"), message);
  assertEquals((await parseNpz(many, "a.npz", { limitBytes: 2 ** 31 })).size, 17_000);
  assertEquals((await parseNpz(archive(2000), "a.npz")).size, 2000);
});

Deno.test("an archive that is cut anywhere is a DataError", async () => {
  for (let length = 0; length < packed.length; length += 7) {
    await assertRejects(() => parseNpz(packed.slice(0, length), "x.npz"), DataError, "Cannot read x.npz");
  }
});

Deno.test("an archive with a damaged entry is a DataError", async () => {
  for (const at of [0, 60, 90, 300]) {
    const damaged = packed.slice();
    damaged.fill(0xff, at, at + 12);
    await assertRejects(() => parseNpz(damaged, "x.npz"), DataError, "x.npz");
  }
});

Deno.test("a change of any bit of an array's content is a DataError", async () => {
  const [name, content] = [30 + 8 + 20, 130]; // The entry's own header and name, then the stored content.
  for (let at = name; at < name + content; at++) {
    const damaged = stored.slice();
    damaged[at] ^= 0x10;
    await assertRejects(() => parseNpz(damaged, "x.npz"), DataError, "the checksum of flag.npy is wrong");
  }
});

Deno.test("an entry that is packed in another way is a DataError that names it", async () => {
  const endRecord = stored.length - 22;
  const directory = stored.findLastIndex((byte, at) => at < endRecord && byte === 0x50 && stored[at + 1] === 0x4b);
  const lzma = stored.slice();
  lzma[directory + 10] = 14;
  await assertRejects(() => parseNpz(lzma, "x.npz"), DataError, "packed by the method 14, not stored or deflated");
});

const three = npy(headerOf("|u1", "(3,)"), [1, 2, 3]);
const whole: readonly TestEntry[] = [
  { name: "a.npy", content: three },
  { name: "b.npy", content: three, deflated: true },
];

/** An archive whose second entry is changed. */
function second(changes: Partial<TestEntry>): Uint8Array<ArrayBuffer> {
  return zipOf([whole[0], { ...whole[1], ...changes }]);
}

Deno.test("entries that overlap, repeat a name, or contradict themselves are refused", async () => {
  assertEquals([...(await parseNpz(zipOf(whole))).keys()], ["a", "b"]);
  const cases: [Uint8Array<ArrayBuffer>, string][] = [
    [second({ name: "a.npy" }), "there are two entries of the name a"],
    [second({ name: "a" }), "there are two entries of the name a"],
    [second({ directory: { name: "a.npy" } }), "another name than a.npy"],
    [second({ directory: { offset: 0 } }), "the entry at byte 0 has another name than b.npy"],
    [zipOf([...whole, { ...whole[0], name: "c.npy", directory: { packed: 5000, unpacked: 5000 } }]), "does not agree"],
    [
      zipOf([
        { ...whole[0], directory: { packed: 112, unpacked: 112 }, local: { packed: 112, unpacked: 112 } },
        whole[1],
      ]),
      "a.npy overlaps b.npy",
    ],
    [second({ directory: { packed: 200 }, local: { packed: 200 } }), "b.npy overlaps the directory"],
    [second({ directory: { unpacked: 50 }, local: { unpacked: 50 } }), "expected at most 50 bytes, got more"],
    [second({ directory: { unpacked: 500 }, local: { unpacked: 500 } }), "bytes, not 500"],
    [second({ local: { unpacked: 50 } }), "the header of b.npy does not agree with the directory"],
    [second({ local: { crc: 1 } }), "the header of b.npy does not agree with the directory"],
    [second({ local: { method: 0 } }), "the header of b.npy does not agree with the directory"],
    [second({ directory: { flags: 1 } }), "b.npy is encrypted"],
    [second({ directory: { packed: 0xffffffff } }), "b.npy has 4 GiB or more"],
    [second({ directory: { packed: 5000 } }), "b.npy has 5000 packed bytes for a content of"],
    [zipOf([{ ...whole[0], directory: { packed: 5000 } }]), "is stored, but has 5000 bytes for a content of"],
    [second({ name: "\x1b[2J\n.npy", local: { method: 0 } }), "the header of \\u001b[2J\\n.npy does not agree"],
    [Uint8Array.of(...zipOf(whole), 0), "the end of the archive's directory is missing"],
  ];
  for (const [bytes, message] of cases) {
    const { message: got } = await assertRejects(() => parseNpz(bytes, "x.npz"), DataError, message);
    assert(got.startsWith("Cannot read x.npz: expected a whole zip archive") && !/\p{Cc}/u.test(got), got);
  }
});

/** An archive with bytes in it. */
function inserted(bytes: Uint8Array, at: number, ...more: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...bytes.subarray(0, at), ...more, ...bytes.subarray(at));
}

Deno.test("entries of the directory may have more fields and comments, and large archives another end record", async () => {
  const plain = zipOf(whole);
  const begin = new DataView(plain.buffer).getUint32(plain.length - 6, true);
  // Behind the fixed fields and the name of the first entry: three bytes of more fields, and a comment of two.
  const longer = inserted(plain, begin + 46 + "a.npy".length, 1, 2, 3, 0x6f, 0x6b);
  const view = new DataView(longer.buffer);
  view.setUint16(begin + 30, 3, true);
  view.setUint16(begin + 32, 2, true);
  view.setUint32(longer.length - 10, view.getUint32(longer.length - 10, true) + 5, true);
  const large = inserted(plain, plain.length - 22, 0x50, 0x4b, 6, 6, ...new Array(72).fill(0));
  for (const bytes of [longer, large]) assertEquals([...(await parseNpz(bytes)).keys()], ["a", "b"]);
});

Deno.test("an archive may end in a comment, even one that looks like the end of an archive", async () => {
  const plain = zipOf(whole);
  const end = zipOf([]);
  new DataView(end.buffer).setUint16(20, 9, true); // It says that a longer comment follows than there is.
  for (const comment of [[0x6f], [...end, 1, 2, 3]]) {
    const commented = Uint8Array.of(...plain, ...comment);
    new DataView(commented.buffer).setUint16(plain.length - 2, comment.length, true);
    assertEquals([...(await parseNpz(commented)).keys()], ["a", "b"]);
  }
});

Deno.test("an archive whose end record leaves out entries is refused, rather than read in part", async () => {
  const bytes = zipOf(whole);
  const end = bytes.length - 22;
  for (const count of [0, 1]) {
    const lying = bytes.slice();
    for (const field of [8, 10]) new DataView(lying.buffer).setUint16(end + field, count, true);
    const message = `its directory has more than the ${count} entries that it promises`;
    await assertRejects(() => parseNpz(lying, "x.npz"), DataError, message);
  }
  const other = Uint8Array.of(...bytes, ...zipOf([])); // the end record of an empty archive, as in a comment
  new DataView(other.buffer).setUint16(end + 20, 22, true);
  await assertRejects(
    () => parseNpz(other, "x.npz"),
    DataError,
    "its directory ends before the record that follows it",
  );
});

Deno.test("an archive that unpacks to more than it promises is refused before it is unpacked", async () => {
  const zeros = new Uint8Array(2 ** 28);
  zeros.set(three);
  const begin = cpuTime();
  const bomb = zipOf([{ name: "a.npy", content: zeros, deflated: true }]);
  const made = cpuTime();
  await assertRejects(
    () => parseNpz(bomb),
    DataError,
    `a.npy promises ${three.length} bytes, and the directory 268435456`,
  );
  assert(cpuTime() - made < (made - begin) / 2);
  await assertRejects(
    () => parseNpz(zipOf(whole), "x.npz", { limitBytes: 100 }),
    DataError,
    "Cannot read x.npz: expected at most 100 bytes, got a header that promises",
  );
});

Deno.test("a sparse archive is refused by its directory, before it is read", async () => {
  const path = await Deno.makeTempFile();
  try {
    const bytes = zipOf(whole);
    const length = 2 ** 31;
    // The directory and the end record, which says where the directory is, are moved to the end of the file.
    const offsetAt = bytes.length - 6;
    const end = bytes.slice(new DataView(bytes.buffer).getUint32(offsetAt, true));
    new DataView(end.buffer).setUint32(end.length - 6, length - end.length, true);
    using file = await Deno.open(path, { write: true });
    await file.write(bytes);
    await file.seek(length - end.length, Deno.SeekMode.Start);
    await file.write(end);
    const begin = cpuTime();
    await assertRejects(() => readNpz(path), DataError, "of them or more belong to no entry");
    assert(cpuTime() - begin < 500);
    await Deno.truncate(path, 2 ** 40);
    await assertRejects(() => readNpz(path), DataError, "the end of the archive's directory is missing");
    assert(cpuTime() - begin < 1000);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("arrays with long names are read, whose letters have several bytes", async () => {
  const names = ["a", "b", "c", "d"].map((first) => first + "\u{20ac}".repeat(15_000));
  const archive = zipOf(names.map((name, i) => ({ name: `${name}.npy`, content: npy(headerOf("|u1", "(1,)"), [i]) })));
  const arrays = await parseNpz(archive, "x.npz");
  assertEquals([...arrays.values()].map(({ values }) => values[0]), [0, 1, 2, 3]);
  assertEquals([...arrays.keys()], names);
});

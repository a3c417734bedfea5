import { assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../errors.ts";
import { parseNpz } from "./npz.ts";

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

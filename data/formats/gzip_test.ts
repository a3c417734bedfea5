import { assertEquals } from "@std/assert";
import { gzipHeaderBytes, isGzip } from "./gzip.ts";

Deno.test("bytes are those of a gzip stream if they start with its two magic numbers", () => {
  const starts: [boolean, number[]][] = [
    [true, [0x1f, 0x8b]],
    [true, [0x1f, 0x8b, 0, 7]],
    [false, [0x1f]],
    [false, [0x1f, 0]],
    [false, [0, 0x8b]],
    [false, [0x8b, 0x1f]],
    [false, []],
  ];
  for (const [expected, bytes] of starts) assertEquals(isGzip(Uint8Array.from(bytes)), expected, `${bytes}`);
});

Deno.test("the header of a gzip stream ends behind its last field, if something follows", () => {
  const header = (flags: number, ...fields: number[]): number[] => [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3, ...fields];
  const headers = [
    header(0),
    header(2, 7, 7), // a checksum
    header(4, 3, 0, 7, 7, 7), // an extra field
    header(8, 0x61, 0), // a name
    header(16, 0x61, 0x62, 0), // a comment
    header(30, 1, 0, 7, 0x61, 0, 0x62, 0, 7, 7),
  ];
  for (const bytes of headers) {
    const starts = Array.from({ length: bytes.length + 1 }, (_, length) => Uint8Array.from(bytes.slice(0, length)));
    assertEquals(starts.map(gzipHeaderBytes), starts.map(() => undefined), `${bytes}`);
    assertEquals(gzipHeaderBytes(Uint8Array.from([...bytes, 1])), bytes.length, `${bytes}`);
  }
});

import { assertEquals } from "@std/assert";
import { isGzip } from "./gzip.ts";

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

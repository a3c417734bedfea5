import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { checkLimit, checkPacked, GREATEST_RATIO, limitOf, mostPacked } from "./limits.ts";

Deno.test("a header may promise as much as the limit, and no more", () => {
  checkLimit(100, 100, "x.npy");
  assertThrows(
    () => checkLimit(101, 100, "x.npy"),
    DataError,
    "Cannot read x.npy: expected at most 100 bytes, got a header that promises 101; if you trust the file, raise",
  );
});

Deno.test("a packed content has as many bytes as deflate can make of it, and no more or fewer", () => {
  const content = 10 * GREATEST_RATIO;
  const most = mostPacked(content);
  for (const packed of [10, 11, most]) checkPacked(packed, content, "x.gz");
  const expected = `Cannot read x.gz: expected from 10 to ${most} bytes for a packed content of ${content}, got `;
  assertThrows(() => checkPacked(9, content, "x.gz"), DataError, `${expected}9; it is cut short`);
  assertThrows(() => checkPacked(most + 1, content, "x.gz"), DataError, `${expected}${most + 1}; it has more bytes`);
});

Deno.test("the limit of a file is the option, otherwise its size if that is larger than the usual limit", () => {
  const usual = limitOf(undefined, undefined);
  assertEquals([limitOf(5, 7), limitOf(undefined, 7), limitOf(undefined, usual + 1)], [5, usual, usual + 1]);
});

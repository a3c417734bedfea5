import { assertEquals, assertThrows } from "@std/assert";
import { pageHeader } from "./page_header.ts";
import { type Fields, struct, thriftOf } from "./test_parquet.ts";
import { ThriftReader } from "./thrift.ts";
import { UnsupportedError } from "./unsupported.ts";

const read = (...fields: Fields["fields"]) =>
  pageHeader(new ThriftReader(Uint8Array.from(thriftOf(struct(...fields)))));

/** A page of a kind, whose own facts are in a field. */
const page = (kind: number, field: number, own: Fields) => read([1, kind], [2, 20], [3, 10], [field, own]);

Deno.test("pages of values have a count and an encoding", () => {
  assertEquals(page(0, 5, struct([1, 7], [2, 0])), {
    ...{ kind: "values", encoding: "plain", count: 7, unpacked: 20, packed: 10 },
    ...{ missing: 0, missingBytes: 0, isPacked: true },
  });
  const encodings = [2, 3, 5, 6, 8, 9].map((encoding) => page(0, 5, struct([1, 7], [2, encoding])).encoding);
  assertEquals(encodings, ["dictionary", "runs", "differences", "lengths", "dictionary", "split"]);
  assertThrows(() => page(0, 5, struct([1, 7], [2, 4])), UnsupportedError, "got encoding 4; write the file again");
});

Deno.test("pages of the second kind have missing values, and may be packed in part", () => {
  const second = (...more: Fields["fields"]) => page(3, 8, struct([1, 7], [2, 2], [3, 7], [4, 8], [5, 3], ...more));
  assertEquals(second(), {
    ...{ kind: "values 2", encoding: "dictionary", count: 7, unpacked: 20, packed: 10 },
    ...{ missing: 2, missingBytes: 3, isPacked: true },
  });
  assertEquals([second([6, 0], [7, false]).isPacked, second([6, 0], [7, true]).isPacked], [false, true]);
  assertThrows(() => second([6, 1]), RangeError, "it has a page of lists");
  const lists = struct([1, 7], [2, 2], [3, 6], [4, 8], [5, 3]);
  assertThrows(() => page(3, 8, lists), RangeError, "it has a page of lists");
});

Deno.test("pages of a dictionary are plain", () => {
  const { kind, encoding, count } = page(2, 7, struct([1, 0], [2, 2]));
  assertEquals([kind, encoding, count], ["dictionary", "plain", 0]);
});

Deno.test("pages of other kinds, and sizes below 0 or none, are refused", () => {
  assertThrows(() => page(1, 6, struct()), RangeError, "it has a page of the unknown kind 1");
  assertThrows(() => page(0, 6, struct([1, 7])), RangeError, "it has a page of the unknown kind 0");
  assertThrows(() => page(0, 5, struct([1, -1], [2, 0])), RangeError, "it has a page with -1 as field 1");
  assertThrows(() => page(0, 5, struct([2, 0])), RangeError, "it has a page with undefined as field 1");
  const own = struct([1, 7], [2, 0]);
  assertThrows(() => read([1, 0], [3, 10], [5, own]), RangeError, "it has a page with undefined as field 2");
  assertThrows(() => read([1, 0], [2, 10], [5, own]), RangeError, "it has a page with undefined as field 3");
});

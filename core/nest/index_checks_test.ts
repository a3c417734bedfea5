import { assert, assertEquals, assertThrows } from "@std/assert";
import { ExpressionTable } from "./expression_table.ts";
import { containsChecks, record, recordIndex, throwRecorded } from "./index_checks.ts";
import { noCheck, numberedCheck } from "./numbered_checks.ts";

const limit = { size: 100, action: "look up token", table: "the table", entries: "rows" };

Deno.test("equal checks have one number, and others do not", () => {
  const check = numberedCheck(limit, [2, 3]);
  assertEquals(numberedCheck({ ...limit }, [2, 3]), check);
  assertEquals(check.size, 100);
  for (const other of [numberedCheck(limit, [6]), numberedCheck({ ...limit, size: 99 }, [2, 3])]) {
    assert(other.number !== check.number);
  }
});

Deno.test("a record names the first index and counts the positions of its check, and is empty afterwards", () => {
  const words = new Int32Array(record.words);
  const check = numberedCheck(limit, [2, 3]);
  throwRecorded(words);
  for (const [index, position] of [[99, 0], [120, 4], [-1, 5], [120, 4], [0, 1]]) {
    recordIndex(words, { check, index, position });
  }
  recordIndex(words, { check: noCheck, index: -7, position: 1 });
  assertThrows(
    () => throwRecorded(words),
    RangeError,
    "Cannot read the results: an earlier computation had to look up token 120 of row 1, at [1, 1], but the table has " +
      "100 rows, so expected a whole number from 0 to 99 (2 such indices since the last read).",
  );
  throwRecorded(words);
  assertEquals([...words], new Array(record.words).fill(0));
});

Deno.test("the indices of several checks are counted together, and the first one is named", () => {
  const words = new Int32Array(record.words);
  const other = numberedCheck({ ...limit, size: 3, table: "the other" }, [9]);
  for (const check of [numberedCheck(limit, [9]), other]) recordIndex(words, { check, index: 120, position: 4 });
  assertThrows(
    () => throwRecorded(words),
    RangeError,
    "the table has 100 rows, so expected a whole number from 0 to 99 (2",
  );
});

Deno.test("positions that share a bit are counted as at least so many", () => {
  const words = new Int32Array(record.words);
  const check = numberedCheck(limit, [9000]);
  for (const position of [5, 4101, 7]) recordIndex(words, { check, index: 100, position });
  assertThrows(() => throwRecorded(words), RangeError, "100 of row 5, but the table has 100 rows");
  for (const position of [5, 4101, 7]) recordIndex(words, { check, index: 100, position });
  assertThrows(() => throwRecorded(words), RangeError, "(at least 2 such indices since the last read)");
  const apart = numberedCheck(limit, [4096]);
  for (const position of [5, 6]) recordIndex(words, { check: apart, index: 100, position });
  assertThrows(() => throwRecorded(words), RangeError, "(2 such indices since the last read)");
  recordIndex(words, { check, index: 100, position: 2999 });
  assertThrows(() => throwRecorded(words), RangeError, "of row 2999, but the table has 100 rows");
});

Deno.test("an index of a check that is not known any more is reported by its position", () => {
  const words = new Int32Array(record.words);
  recordIndex(words, { check: { number: 2 ** 31 - 1, size: 3 }, index: 7, position: 4 });
  assertThrows(
    () => throwRecorded(words),
    RangeError,
    "Cannot read the results: an earlier computation had to use index 7 at position 4 of its indices, which was out of " +
      "bounds (1 such index since the last read).",
  );
  throwRecorded(words);
});

Deno.test("an index that is known to be within its limit is not checked", () => {
  const table = new ExpressionTable();
  const i = table.variable("i", 100);
  const check = { ...numberedCheck(limit, [100]), position: i };
  assertEquals(table.checked(i, check), i);
  assertEquals(table.checked(i, { ...check, size: 100 }), i);
  assert(containsChecks([table.checked(i, { ...check, size: 99 })]));
  const loaded = table.checked(table.load("i32", 0, i), check);
  assert(containsChecks([table.affine([[loaded, 2]], 1)]));
  assertEquals(table.range(loaded), null);
  const moved = table.substitute(loaded, new Map([[i, table.literal("i32", 7)]]));
  assertEquals(
    moved,
    table.checked(table.load("i32", 0, table.literal("i32", 7)), { ...check, position: table.literal("i32", 7) }),
  );
});

import { assertEquals, assertThrows } from "@std/assert";
import { readFooter } from "./footer.ts";
import { type Fields, struct, thriftOf } from "./test_parquet.ts";

const name = new TextEncoder().encode("x");

Deno.test("sizes are whole numbers from 0 that are exact", () => {
  const footer = (rows: bigint) =>
    readFooter(Uint8Array.from(thriftOf(struct(
      [2, [struct([4, name], [5, 1]), struct([1, 1], [4, name])]],
      [4, [struct([1, []], [3, rows])]],
    ))));
  assertEquals([0n, 2n ** 53n - 1n].map((rows) => footer(rows).groups[0].rows), [0, 2 ** 53 - 1]);
  for (const rows of [-1n, 2n ** 53n]) assertThrows(() => footer(rows), RangeError, `it has ${rows} as field 3`);
});

Deno.test("annotations of times have units, and empty ones say nothing", () => {
  const logicalOf = (annotation: Fields) => {
    const columns = [struct([4, name], [5, 1]), struct([1, 2], [4, name], [10, annotation])];
    return readFooter(Uint8Array.from(thriftOf(struct([2, columns], [4, []])))).columns[0].logical_type;
  };
  const time = struct([1, true], [2, struct([2, struct()])]);
  assertEquals(logicalOf(struct([7, time])), { type: "TIME", isAdjustedToUTC: true, unit: "MICROS" });
  assertEquals(logicalOf(struct([8, time])), { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" });
  assertEquals([logicalOf(struct([1, struct()])), logicalOf(struct())], [{ type: "STRING" }, undefined]);
});

/** The column's part of a footer, whose dictionary begins there. */
function partWith(...dictionary: readonly bigint[]) {
  const facts = struct(
    ...[[1, 1], [3, [name]], [4, 0], [5, 2n], [6, 8n], [7, 8n], [9, 40n]] as const,
    ...dictionary.map((begin) => [11, begin] as const),
  );
  const group = struct([1, [struct([3, facts])]], [3, 2n]);
  const columns: Fields[] = [struct([4, name], [5, 1]), struct([1, 1], [4, name])];
  const [{ parts: [part] }] = readFooter(Uint8Array.from(thriftOf(struct([2, columns], [4, [group]])))).groups;
  return [part.hasDictionary, part.begin];
}

Deno.test("a part begins with its dictionary, unless it has none or says that it begins at 0", () => {
  assertEquals([partWith(), partWith(0n), partWith(4n)], [[false, 40], [false, 40], [true, 4]]);
});

/** The columns of a footer with these elements below the root. */
const columnsWith = (...elements: Fields[]) =>
  readFooter(Uint8Array.from(thriftOf(struct([2, [struct([4, name], [5, elements.length]), ...elements]], [4, []]))))
    .columns;

Deno.test("columns have the names of the format for their numbers", () => {
  const [column] = columnsWith(struct([1, 7], [2, 5], [3, 2], [4, name], [6, 5], [7, 3]));
  assertEquals(column, {
    ...{ name: "x", type: "FIXED_LEN_BYTE_ARRAY", type_length: 5, repetition_type: "REPEATED" },
    ...{ converted_type: "DECIMAL", scale: 3 },
  });
  const words = columnsWith(
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((type) => struct([1, type], [3, type], [4, name])),
  );
  assertEquals(
    words.map(({ type }) => String(type)).join(),
    "BOOLEAN,INT32,INT64,INT96,FLOAT,DOUBLE,BYTE_ARRAY,FIXED_LEN_BYTE_ARRAY,undefined",
  );
  assertEquals(words.slice(0, 4).map(({ repetition_type }) => repetition_type), [
    ...["REQUIRED", "OPTIONAL", "REPEATED", undefined] as const,
  ]);
  assertEquals(columnsWith(struct([4, name])), [{ name: "x" }]);
});

Deno.test("annotations have their names, and unknown ones are those of bytes", () => {
  const logicalOf = (number: number, content: Fields = struct()) =>
    columnsWith(struct([1, 1], [4, name], [10, struct([number, content])]))[0];
  const names = [1, 2, 3, 4, 6, 11, 12, 13, 14, 15, 9].map((one) => logicalOf(one).logical_type?.type);
  assertEquals(names.join(), "STRING,MAP,LIST,ENUM,DATE,NULL,JSON,BSON,UUID,FLOAT16,BSON");
  const decimal = logicalOf(5, struct([1, 2], [2, 9]));
  assertEquals(decimal.logical_type, { type: "DECIMAL", scale: 2, precision: 9 });
  assertEquals([decimal.converted_type, decimal.scale], ["DECIMAL", 2]);
  assertEquals(logicalOf(5).logical_type, { type: "DECIMAL", scale: 0, precision: 0 });
  assertEquals([logicalOf(6).converted_type, logicalOf(4).converted_type], ["DATE", undefined]);
  // Eight bits are a byte in Thrift, which the test writes as a number.
  assertEquals(logicalOf(10, struct([1, 16], [2, false])).logical_type, {
    ...{ type: "INTEGER", bitWidth: 16, isSigned: false } as const,
  });
  assertEquals(logicalOf(10, struct([1, 16], [2, true])).logical_type, {
    type: "INTEGER",
    bitWidth: 16,
    isSigned: true,
  });
  assertEquals(logicalOf(10).logical_type, { type: "INTEGER", bitWidth: 32, isSigned: true });
  assertEquals(logicalOf(7, struct([2, struct([1, struct()])])).logical_type, {
    ...{ type: "TIME", isAdjustedToUTC: false, unit: "MILLIS" } as const,
  });
  assertThrows(() => logicalOf(8), RangeError, "it has times without a unit");
  assertThrows(() => logicalOf(8, struct([2, struct([4, struct()])])), RangeError, "it has times without a unit");
});

Deno.test("what is in lists and records is left out, and must be there", () => {
  const inner = (children?: number) => struct([4, name], ...children === undefined ? [] : [[5, children] as const]);
  assertEquals(columnsWith(inner(2), inner(), inner(1), inner(), inner()).map(({ num_children }) => num_children), [
    ...[2, undefined],
  ]);
  assertThrows(() => columnsWith(inner(2), inner()), RangeError, "it has columns that are cut short");
  assertThrows(
    () => readFooter(Uint8Array.from(thriftOf(struct([2, []], [4, []])))),
    RangeError,
    "it has no columns",
  );
  assertThrows(() => readFooter(Uint8Array.from(thriftOf(struct([4, []])))), RangeError, "it has no list as field 2");
  assertThrows(() => columnsWith(struct([1, 1])), RangeError, "it has a column without a name");
  const group = (part: Fields) =>
    readFooter(Uint8Array.from(
      thriftOf(struct([2, [struct([4, name])]], [4, [struct([1, [part]], [3, 2n])]])),
    )).groups[0].parts[0];
  assertThrows(() => group(struct([1, name])), RangeError, "it has a column without facts");
  const facts = struct([3, [name, name]], [4, 6], [5, 2n], [6, 8n], [7, 9n], [9, 40n]);
  assertEquals(group(struct([3, facts])), {
    ...{ path: ["x", "x"], codec: "ZSTD", count: 2, unpacked: 8, packed: 9, begin: 40 },
    ...{ hasDictionary: false, isElsewhere: false },
  });
  assertEquals(group(struct([1, name], [3, facts])).isElsewhere, true);
  assertThrows(() => group(struct([3, struct([5, 2n])])), RangeError, "it has no size as field 6");
});

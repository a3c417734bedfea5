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

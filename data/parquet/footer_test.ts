import { assertEquals } from "@std/assert";
import { readFooter } from "./footer.ts";
import { type Fields, struct, thriftOf } from "./test_parquet.ts";

const name = new TextEncoder().encode("x");

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

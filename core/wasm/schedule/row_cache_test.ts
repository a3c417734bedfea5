import { assert, assertEquals } from "@std/assert";
import type { Variable } from "../../nest/expression.ts";
import { withRowCache } from "./row_cache.ts";
import { check, programOf, reducing, Sketch, storing } from "../testing.ts";

/** exp(x + offset) is summed along the row, then exp(x + other) is divided by the sum. */
function normalized(columns: number, offset: number, other: number) {
  const s = new Sketch();
  const [i, j, k] = [s.variable("i", 5), s.variable("j", columns), s.variable("k", columns)];
  const [x, y] = [s.slot("f32", 5 * columns), s.slot("f32", 5 * columns, "write")];
  const at = (column: Variable) => s.index([i, columns], [column, 1]);
  const value = (column: Variable, c: number) => s.f32("exp", s.f32("add", s.load(x, at(column)), s.literal(c)));
  const quotient = s.f32("div", value(k, other), s.table.result("f32", 0));
  return s.nest([i], [
    reducing(0, "sum", "f32", value(j, offset), [j]),
    storing([{ slot: y, index: at(k), value: quotient }], [k]),
  ]);
}

Deno.test("a costly value that two phases share is computed once", async () => {
  const nest = normalized(301, 1, 1);
  const cached = withRowCache(nest);
  assert(cached);
  assertEquals(cached.rowBytes, 4 * 301);
  assertEquals(cached.nest.slots.length, nest.slots.length + 1);
  assertEquals(cached.nest.phases[0].stores.length, 1);
  await check(programOf(nest));
});

Deno.test("values that differ, and rows that are too long, are not kept", () => {
  assertEquals(withRowCache(normalized(301, 1, 2)), undefined);
  assertEquals(withRowCache(normalized(100_000, 1, 1)), undefined);
});

import { assertEquals } from "@std/assert";
import { ExpressionTable } from "./expression_table.ts";
import { mapStore } from "./rewrite.ts";

Deno.test("of a store its index, its value and its guard are replaced", () => {
  const table = new ExpressionTable();
  const [index, value, guard] = [table.literal("i32", 1), table.literal("f32", 2), table.literal("bool", 1)];
  const other = table.literal("i32", 7);
  assertEquals(mapStore({ slot: 3, index, value, guard, add: true }, () => other), {
    slot: 3,
    index: other,
    value: other,
    guard: other,
    add: true,
  });
  assertEquals("guard" in mapStore({ slot: 3, index, value }, () => other), false);
});

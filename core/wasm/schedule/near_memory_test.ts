import { assert, assertEquals } from "@std/assert";
import type { Expression } from "../../nest/expression.ts";
import { Sketch } from "../testing.ts";
import { conditionsOf, isNearMemory, isSumOf } from "./near_memory.ts";

const s = new Sketch();
const [x, y] = [s.variable("x", 40), s.variable("y", 40)];
const { table } = s;

/** Whether an index whose elements exist where a sum is not negative is near memory along `x`. */
function isNear(index: Expression, ...sums: Expression[]): boolean {
  const conditions = sums.map((sum) => ({ holds: s.apply("le", "bool", s.literal(0, "i32"), sum), sum }));
  return isNearMemory({ table, index, conditions }, x);
}

Deno.test("vectors may miss a buffer by up to 16 elements in all, on both sides and with their own lanes", () => {
  for (const sign of [1, -1]) {
    // One element beside the other, 6 of which do not exist at either end: 2 · 6 + 4 = 16.
    const index = s.index([x, sign], 50);
    assertEquals([5, 6, 7].map((outside) => isNear(index, s.index([x, sign], sign < 0 ? 39 - outside : -outside))), [
      true,
      true,
      false,
    ]);
    // Every second element, two of which do not exist: 2 · 2 · 2 + 4 · 2 = 16.
    assertEquals([2, 3].map((outside) => isNear(s.index([x, 2]), s.index([x, 1], -outside))), [true, false]);
  }
  assertEquals([4, 5].map((stride) => isNear(s.index([x, stride]))), [true, false]);
});

Deno.test("a condition that begins to hold between two elements ends at the next one", () => {
  // 2 x ≥ 3 from x = 2 on, and 2 x ≥ 5 from x = 3 on.
  assertEquals([3, 4, 5].map((low) => isNear(s.index([x, 2]), s.index([x, 2], -low))), [true, true, false]);
});

Deno.test("conditions that always hold, or are the same in all lanes, take no elements away", () => {
  assert(isNear(s.index([x, 1]), s.index([x, 1]), s.index([x, 1], 100)));
  assert(isNear(s.index([x, 4]), s.index([x, 1])));
  assert(isNear(s.index([x, 1]), s.index([y, 1], -30)));
  assert(!isNear(s.index([x, 1]), s.index([y, 1], -30), s.index([x, 1], -7)));
});

Deno.test("a condition of unknown range may take all elements away", () => {
  const unknown = s.load(s.slot("i32", 8), s.index([y, 1]));
  assert(!isNear(s.index([x, 1]), s.index([x, 1], [unknown, 1])));
});

Deno.test("the conditions of a guard are its comparisons of indices, as sums that are not negative", () => {
  const guard = s.apply(
    "and",
    "bool",
    s.apply("le", "bool", s.literal(3, "i32"), x),
    s.apply("lt", "bool", y, s.literal(9, "i32")),
  );
  const found = conditionsOf(table, guard);
  // x − 3 and 9 − y − 1, since y < 9 are whole numbers
  assertEquals(found?.map(({ sum }) => sum), [s.index([x, 1], -3), s.index([y, -1], 8)]);
  assertEquals(conditionsOf(table, undefined), []);
  const [half, equal] = [
    s.apply("lt", "bool", s.load(s.slot("f32", 40), x), s.literal(0.5)),
    s.apply("eq", "bool", x, s.literal(3, "i32")),
  ];
  for (const other of [half, equal]) assertEquals(conditionsOf(table, other), undefined);
});

Deno.test("an index is a sum of variables unless one of them is divided", () => {
  const divided = s.index([table.quotient(x, 3), 2], [y, 1]);
  assert(isSumOf(s.index([x, 2], [y, 1], 4), [x, y]));
  assert(isSumOf(divided, [y]));
  assert(!isSumOf(divided, [x]) && !isSumOf(divided, [y, x]));
});

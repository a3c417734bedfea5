import { assertEquals } from "@std/assert";
import { ExpressionTable } from "../../nest/expression_table.ts";
import { loops } from "../test_support.ts";
import { wholeSteps } from "./steps.ts";

Deno.test("steps are alike if they have whole inner loops, and a divisor of the points of the next one", () => {
  const cut = (extents: readonly number[], points: number) => {
    const found = wholeSteps(loops(new ExpressionTable(), extents, "k"), points);
    return found && [found.cut, found.each];
  };
  assertEquals(cut([20, 5, 5], 25), [1, 5]);
  assertEquals(cut([20, 5, 5], 50), [0, 2]);
  assertEquals(cut([20, 5, 5], 5), [2, 5]);
  assertEquals(cut([500, 24, 24], 48), [1, 2]);
  assertEquals(cut([500, 8, 8], 4), [2, 4]);
  for (const points of [0, 16, 30, 75, 1000]) assertEquals(cut([20, 5, 5], points), undefined);
  assertEquals(cut([784], 16), [0, 16]);
  assertEquals(cut([784], 32), undefined);
  assertEquals(cut([0], 16), undefined);
});

import { assertEquals } from "@std/assert";
import { zeros } from "./creation.ts";
import { hasGradient } from "./has_gradient.ts";
import type { Tensor } from "./tensor.ts";

Deno.test("Functions that count, compare, round or ignore their argument have no gradient", () => {
  const cases: readonly (readonly [name: string, fn: (x: Tensor, y: Tensor) => unknown, expected: boolean])[] = [
    ["difference", (x, y) => x.sub(y).square().sum(), true],
    ["selection", (x, y) => x.greater(y).where(x, 0), true],
    ["constant", (_x, y) => y.square(), false],
    ["comparison", (x, y) => x.greater(y), false],
    ["count", (x, y) => x.greater(y).cast("f32").mean({ axis: -1 }), false],
    ["whole numbers", (x, y) => x.cast("i32").sub(y.cast("i32")).cast("f32"), false],
    ["stopped", (x, y) => x.stopGradient().sub(y), false],
  ];
  for (const [name, fn, expected] of cases) {
    assertEquals(hasGradient(fn, [zeros([3, 2]), zeros([3, 2])]), expected, name);
  }
});

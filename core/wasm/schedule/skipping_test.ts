import { assert, assertEquals } from "@std/assert";
import { guardedSum, skipOf } from "./skipping.ts";
import { check, programOf, reducing, Sketch, storing } from "../testing.ts";

/** A load of taps [a, b] at position [y, x] of an 8 × 8 image that is padded by `pad`, with a window of 5 × 5. */
function padded(pad: number) {
  const s = new Sketch();
  const side = 8 + 2 * pad - 4;
  const [y, x, a, b] = [side, side, 5, 5].map((extent, i) => s.variable("yxab"[i], extent));
  const [row, column] = [s.index([y, 1], [a, 1], -pad), s.index([x, 1], [b, 1], -pad)];
  const guard = s.table.both(s.table.within(row, 0, 8), s.table.within(column, 0, 8));
  return { s, value: s.load(s.slot("f32", 64), s.index([row, 8], [column, 1]), guard), y, x, a, b };
}

Deno.test("the rows of a padded image decide which taps count", () => {
  const { value, y, x, a, b } = padded(4);
  const skip = skipOf(value, [y], [a, b]);
  assert(skip);
  assertEquals([skip.around, skip.along], [y, a]);
  assertEquals(skip.conditions.length, 2);
  assertEquals(skipOf(value, [x], [a, b])?.along, b);
});

Deno.test("nothing is skipped if nearly all taps count", () => {
  const { value, y, a, b } = padded(0);
  assertEquals(skipOf(value, [y], [a, b]), undefined);
});

Deno.test("a sum over a window skips the rows outside the image", () => {
  const { value, x, a, b } = padded(4);
  const sum = guardedSum(reducing(0, "sum", "f32", value, [a, b]), x);
  assert(sum);
  assertEquals([sum.loop, sum.conditions.length], [a, 2]);
  const [{ value: left }] = sum.phase.reductions;
  assert(left.kind === "load" && left.guard);
  assertEquals(guardedSum(reducing(0, "max", "f32", value, [a, b]), x), undefined);
  assertEquals(guardedSum(reducing(0, "sum", "f32", value, [a]), x), undefined);
});

Deno.test("skipping does not change the sums over windows that extend past the image", async () => {
  for (const pad of [0, 1, 4]) {
    const { s, value, y, x, a, b } = padded(pad);
    const side = y.extent;
    const out = s.slot("f32", side * side, "write");
    const store = { slot: out, index: s.index([y, side], [x, 1]), value: s.table.result("f32", 0) };
    await check(programOf(s.nest([y, x], [reducing(0, "sum", "f32", value, [a, b]), storing([store])])));
  }
});

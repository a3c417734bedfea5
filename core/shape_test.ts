import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  broadcastShapes,
  checkShape,
  normalizeAxes,
  normalizeAxis,
  sameShape,
  showShape,
  sizeOf,
  stridesOf,
} from "./shape.ts";

const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });

Deno.test("a shape has as many elements as there are index vectors", () => {
  assertEquals([[], [0], [3, 0, 2], [2, 3, 5]].map(sizeOf), [1, 0, 0, 30]);
});

Deno.test("row-major strides number the elements without gaps", () => {
  fc.assert(
    fc.property(shape, (extents) => {
      const strides = stridesOf(extents);
      let positions = [0];
      extents.forEach((extent, axis) =>
        positions = positions.flatMap((at) => Array.from({ length: extent }, (_, i) => at + i * strides[axis]))
      );
      assertEquals(positions, Array.from({ length: sizeOf(extents) }, (_, i) => i));
    }),
    { seed: 1, numRuns: 200 },
  );
  assertEquals(stridesOf([]), []);
});

Deno.test("shapes are the same if they have the same extents in the same order", () => {
  assert(sameShape([2, 3], [2, 3]) && sameShape([], []));
  assert(!sameShape([2, 3], [3, 2]) && !sameShape([2], [2, 1]) && !sameShape([2, 1], [2]));
});

Deno.test("a shape is written with any for an unknown extent", () => {
  assertEquals([showShape([32, 10]), showShape([null, 784]), showShape([])], ["[32, 10]", "[any, 784]", "[]"]);
});

Deno.test("a tensor has at most as many elements as 32-bit indices count", () => {
  const most = 2 ** 31 - 1;
  assertEquals(checkShape([most], "make"), [most]);
  assertEquals(checkShape([0, 2 ** 40], "make"), [0, 2 ** 40]);
  assertThrows(() => checkShape([2, 2 ** 30], "make"), RangeError, `at most ${most} elements, got 2147483648`);
});

Deno.test("only the first axes of a shape of very many are written, and their number", () => {
  const text = showShape([null, ...Array.from({ length: 999 }, () => 2147483647)]);
  assert(text.startsWith("[any, 2147483647, ") && text.endsWith(", … and 984 more]") && text.length < 250, text);
  assertEquals(showShape(Array.from({ length: 16 }, () => 1)), `[${"1, ".repeat(15)}1]`);
});

Deno.test("operands are broadcast by NumPy's rule, from the last axis", () => {
  assertEquals(broadcastShapes([2, 1, 3], [4, 1], "add"), [2, 4, 3]);
  assertEquals(broadcastShapes([], [2, 3], "add"), [2, 3]);
  assertEquals(broadcastShapes([1], [0], "add"), [0]);
  assertThrows(
    () => broadcastShapes([2, 3], [4], "add"),
    TypeError,
    "Cannot add [2, 3] and [4]: extents must be equal or 1, got 3 and 4 at axis 1",
  );
  assertThrows(() => broadcastShapes([2], [0], "add"), TypeError, "got 2 and 0 at axis 0");
});

Deno.test("the order of operands changes no shape", () => {
  fc.assert(
    fc.property(shape, fc.nat(15), fc.nat(4), (extents, ones, drop) => {
      const other = extents.map((extent, axis) => ones >> axis & 1 ? 1 : extent).slice(drop);
      assertEquals(broadcastShapes(extents, other, "add"), extents);
      assertEquals(broadcastShapes(other, extents, "add"), extents);
    }),
    { seed: 2, numRuns: 200 },
  );
});

Deno.test("negative axes count from the last", () => {
  assertEquals([0, 2, -1, -3].map((axis) => normalizeAxis(axis, 3, "sum")), [0, 2, 2, 0]);
  for (const axis of [3, -4, 0.5, NaN]) {
    assertThrows(
      () => normalizeAxis(axis, 3, "sum"),
      RangeError,
      `Cannot sum along axis ${axis}: expected an axis from -3 to 2 of a tensor of rank 3`,
    );
  }
  assertThrows(() => normalizeAxis(0, 0, "sum"), RangeError, "of rank 0");
});

Deno.test("axes are sorted, all of them by default, and each may be named once", () => {
  assertEquals(normalizeAxes([-1, 0], 3, "sum"), [0, 2]);
  assertEquals(normalizeAxes(1, 3, "sum"), [1]);
  assertEquals(normalizeAxes(undefined, 3, "sum"), [0, 1, 2]);
  assertEquals(normalizeAxes([], 3, "sum"), []);
  assertEquals(normalizeAxes([10, 9], 11, "sum"), [9, 10]);
  assertThrows(
    () => normalizeAxes([0, -3], 3, "sum"),
    RangeError,
    "Cannot sum along axes [0, 0]: an axis is named twice",
  );
});

Deno.test("extents are whole and not negative, and elements can be counted in 32 bits", () => {
  assertEquals(checkShape([2, 0, 3], "fill"), [2, 0, 3]);
  assertEquals(checkShape([2 ** 31 - 1], "fill"), [2 ** 31 - 1]);
  assertThrows(() => checkShape([2, -1], "fill"), RangeError, "Cannot fill [2, -1]: extents must be whole numbers");
  assertThrows(() => checkShape([1.5], "fill"), RangeError, "got 1.5");
  assertThrows(() => checkShape([2 ** 16, 2 ** 15], "fill"), RangeError, "at most 2147483647 elements, got 2147483648");
});

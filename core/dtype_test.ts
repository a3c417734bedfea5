import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { BYTES_PER_ELEMENT, type DType, dtypeOf, hostArray, isFloat, promote, roundTo } from "./dtype.ts";

const dtypes: readonly DType[] = ["f32", "i32", "u32", "bool"];

Deno.test("each element type has its own kind of host array, which identifies it", () => {
  for (const dtype of dtypes) {
    assertEquals([...hostArray(dtype, 3)], [0, 0, 0]);
    assertEquals(dtypeOf(hostArray(dtype, 3)), dtype);
  }
  assertEquals(dtypeOf(new Float64Array(1)), "f32");
});

Deno.test("elements are words on a device, and bools are bytes on the host", () => {
  assertEquals(dtypes.map((dtype) => hostArray(dtype, 1).BYTES_PER_ELEMENT), [BYTES_PER_ELEMENT, 4, 4, 1]);
});

Deno.test("only f32 has gradients", () => {
  assertEquals(dtypes.filter(isFloat), ["f32"]);
});

Deno.test("two element types are promoted to the first of f32, i32, u32 and bool, in either order", () => {
  for (const [i, a] of dtypes.entries()) {
    for (const [j, b] of dtypes.entries()) assertEquals(promote(a, b), dtypes[Math.min(i, j)]);
  }
});

Deno.test("integers wrap around as on a device", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (value) => {
      assertEquals(roundTo("i32", value), new Int32Array([value])[0]);
      assertEquals(roundTo("u32", value), new Uint32Array([value])[0]);
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("fractions are truncated toward zero, and anything but 0 is true", () => {
  assertEquals([2.9, -2.9, -0.5].map((value) => roundTo("i32", value)), [2, -2, 0]);
  assertEquals([2.9, -0.5].map((value) => roundTo("u32", value)), [2, 0]);
  assertEquals([0, -0, 0.1, -3].map((value) => roundTo("bool", value)), [0, 0, 1, 1]);
  assertEquals(roundTo("f32", 0.1), 0.1);
});

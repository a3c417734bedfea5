import { assertEquals } from "@std/assert";
import { arrayRows } from "./rows.ts";

Deno.test("rows are copied to the start of an array, whose rest stays as it is", () => {
  for (const width of [2, 20]) {
    const values = Float32Array.from({ length: 3 * width }, (_, i) => i);
    const rows = arrayRows("f32", values, [3, width]);
    const target = new Float32Array(3 * width).fill(-1);
    rows.copy(Int32Array.of(2, 0), target);
    const expected = [...values.subarray(2 * width), ...values.subarray(0, width), ...Array<number>(width).fill(-1)];
    assertEquals([...target], expected);
  }
});

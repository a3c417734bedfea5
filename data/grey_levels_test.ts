import { assertEquals } from "@std/assert";
import { arePackable, GreyLevels, packedShape } from "./grey_levels.ts";

Deno.test("gray levels fill whole words if the last axis of each example has a multiple of four", () => {
  assertEquals([[2, 4], [2, 3, 8], [2, 6], [8]].map(arePackable), [true, true, false, false]);
  assertEquals(packedShape([2, 3, 8]), [2, 3, 2]);
});

Deno.test("gray levels are floats from 0 to 1, and words with the first level in the lowest byte", () => {
  const bytes = Uint8Array.of(9, 0, 51, 102, 255);
  const levels = new GreyLevels(bytes.subarray(1), [1, 4]);
  assertEquals(levels.values, Float32Array.of(0, 0.2, 0.4, 1));
  assertEquals(levels.words(), Uint32Array.of(0xff663300));
});

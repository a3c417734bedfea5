import { assertEquals, assertThrows } from "@std/assert";
import { MOST_ELEMENTS } from "../core/shape.ts";
import { flattenLayer } from "./reshape.ts";
import { inputLayer } from "./input.ts";

Deno.test("a layer returns at most as many numbers as a tensor has", () => {
  const flatOf = (size: number) => flattenLayer(inputLayer({ shape: [null, 1, size] })).outputShape;
  assertEquals(flatOf(MOST_ELEMENTS), [null, MOST_ELEMENTS]);
  assertThrows(() => flatOf(MOST_ELEMENTS + 1), RangeError);
});

import { assertEquals, assertThrows } from "@std/assert";
import { inputLayer } from "./input.ts";
import type { LayerShape } from "./layer.ts";
import { flattenLayer, reshapeLayer } from "./reshape.ts";

const shapeOf = (shape: LayerShape, outputShape: LayerShape): LayerShape =>
  reshapeLayer(inputLayer({ shape }), { outputShape }).outputShape;

Deno.test("an open extent is filled in if the input determines it, and stays open otherwise", () => {
  assertEquals(shapeOf([2, 6], [null, 4]), [3, 4]);
  assertEquals(shapeOf([2, 6], [3, null, 2]), [3, 2, 2]);
  assertEquals(shapeOf([2, 6], [12]), [12]);
  assertEquals(shapeOf([null, 6], [null, 3, 2]), [null, 3, 2]);
  assertEquals(shapeOf([null, 6], [null, 3]), [null, 3]);
  assertEquals(shapeOf([null, 6], [2, null]), [2, null]);
  assertEquals(shapeOf([null, 6], [5, null]), [5, null]);
  assertEquals(shapeOf([null, 6], [18]), [18]);
  assertEquals(shapeOf([null, 6], [6]), [6]);
  assertEquals(shapeOf([null, 0], [null, 3, 0]), [null, 3, 0]);
  assertEquals(shapeOf([null, 0], [0]), [0]);
});

Deno.test("elements that cannot fit are refused with the reason", () => {
  const refuse = (shape: LayerShape, wanted: LayerShape, message: string) =>
    assertThrows(() => shapeOf(shape, wanted), TypeError, message);
  refuse([2, 6], [13], "12 elements do not fit");
  refuse([2, 6], [null, 5], "12 elements do not fit");
  refuse([2, 6], [null, 0], "12 elements do not fit");
  refuse([2, 6], [null, null], "only one extent may be open");
  refuse([null, 6], [null, 4], "an example of 6 elements has no parts of 4");
  refuse([null, 6], [null, 12], "an example of 6 elements has no parts of 12");
  refuse([null, 6], [7], "7 elements are no whole number of examples of 6");
  refuse([null, 6], [3], "3 elements are no whole number of examples of 6");
});

Deno.test("an input may have as many axes as remain, and no fewer", () => {
  const input = inputLayer({ shape: [null, 3, 4] });
  assertEquals(flattenLayer(input, { nDim: 3 }).outputShape, [null, 3, 4]);
  assertThrows(() => flattenLayer(input, { nDim: 4 }), TypeError, "expected an input of at least 4 axes");
});

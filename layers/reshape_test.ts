import { assertEquals, assertThrows } from "@std/assert";
import { zeros } from "../core/creation.ts";
import { inputLayer } from "./input.ts";
import type { LayerShape } from "./layer.ts";
import { flatten, flattenLayer, reshapeLayer } from "./reshape.ts";

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

Deno.test("flattening joins the axes behind those that are kept, two by default", () => {
  const x = zeros([2, 3, 4, 5]);
  assertEquals(flatten(x).shape, [2, 60]);
  assertEquals([1, 2, 3, 4].map((nDim) => flatten(x, nDim).shape), [[120], [2, 60], [2, 3, 20], [2, 3, 4, 5]]);
  assertEquals(flatten(zeros([3])).shape, [3, 1]);
  assertThrows(() => flatten([] as never), TypeError, "Cannot flatten");
  assertThrows(() => flatten(x, 0), RangeError, "nDim");
  const open = inputLayer({ shape: [null, 3, null, 5] });
  assertEquals(flattenLayer(open).outputShape, [null, null]);
  assertEquals(flattenLayer(open, { nDim: 4 }).outputShape, [null, 3, null, 5]);
  const layer = reshapeLayer(inputLayer({ shape: [null, 6] }), { outputShape: [-1, 3, 2] });
  assertEquals([layer.outputShape, layer.configuration], [[null, 3, 2], { outputShape: [null, 3, 2] }]);
  assertEquals(layer.apply({}, zeros([4, 6]), { train: false, state: {} }).output.shape, [4, 3, 2]);
  // Of several unknown extents, nothing is known.
  assertEquals(shapeOf([null, null], [null, 7]), [null, 7]);
});

import { assertEquals, assertThrows } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import { normal } from "../../core/random/distributions.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { inputLayer } from "../input.ts";
import { type BorderMode, convLayer } from "./conv.ts";

const [ROWS, COLUMNS] = [6, 7];
const images = inputLayer({ shape: [null, 2, ROWS, COLUMNS] });

testOnEveryDevice("half padding is half of what a filter spans, rounded down, on all sides", async () => {
  const x = normal(key(1), [2, 2, ROWS, COLUMNS]);
  for (const [height, width, down, right] of [[2, 3, 1, 1], [4, 1, 1, 1], [1, 4, 1, 1], [2, 2, 3, 2], [5, 2, 1, 1]]) {
    const outputOf = (borderMode: BorderMode) => {
      const options = { filterShape: [3, 2, height, width] as const, dilations: [down, right] as const };
      const layer = convLayer(images, { ...options, borderMode, activation: "linear" });
      return layer.apply(layer.init(key(2)).params, x, { train: false, state: {} }).output;
    };
    const spans = [(height - 1) * down + 1, (width - 1) * right + 1];
    const [rows, columns] = spans.map((span) => Math.floor(span / 2));
    const half = outputOf("half");
    assertEquals(half.shape, [2, 3, ROWS + 2 * rows - spans[0] + 1, COLUMNS + 2 * columns - spans[1] + 1]);
    assertEquals(await half.data(), await outputOf([[rows, rows], [columns, columns]]).data(), `${height}×${width}`);
  }
});

Deno.test("filters may be as large as the image with its padding, and no larger", () => {
  const shapeOf = (height: number, width: number, borderMode: BorderMode = "valid") =>
    convLayer(images, { filterShape: [3, 2, height, width], borderMode }).outputShape;
  assertEquals(shapeOf(ROWS, COLUMNS), [null, 3, 1, 1]);
  assertEquals(shapeOf(ROWS + 2, COLUMNS, 1), [null, 3, 1, 3]);
  for (const [height, width] of [[ROWS + 1, 1], [1, COLUMNS + 1]]) {
    assertThrows(() => shapeOf(height, width), TypeError, "are larger than images [any, 2, 6, 7]");
  }
});

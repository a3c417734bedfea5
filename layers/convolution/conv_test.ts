import { assertEquals, assertThrows } from "@std/assert";
import { key } from "../../core/random/bits.ts";
import { normal } from "../../core/random/distributions.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { inputLayer } from "../input.ts";
import { tensor } from "../../core/creation.ts";
import { type BorderMode, convLayer, convolve, type ConvOptions, filterFan } from "./conv.ts";

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

Deno.test("the shape of a convolution follows from its filters, padding, steps and distances", () => {
  const shapeOf = (options: Omit<ConvOptions, "filterShape">, shape: (number | null)[] = [null, 2, 6, 7]) =>
    convLayer(inputLayer({ shape }), { filterShape: [4, 2, 2, 3], ...options }).outputShape;
  assertEquals(shapeOf({}), [null, 4, 5, 5]);
  assertEquals(shapeOf({ subsample: [2, 3] }), [null, 4, 3, 2]);
  assertEquals(shapeOf({ dilations: [3, 2] }), [null, 4, 3, 3]);
  assertEquals(shapeOf({ borderMode: "full" }), [null, 4, 7, 9]);
  assertEquals(shapeOf({ borderMode: "full", dilations: [3, 2] }), [null, 4, 9, 11]);
  assertEquals(shapeOf({ borderMode: "half", subsample: [2, 2] }), [null, 4, 4, 4]);
  assertEquals(shapeOf({ borderMode: 2 }), [null, 4, 9, 9]);
  const tall = convLayer(images, { filterShape: [4, 2, 5, 1], borderMode: "half" });
  assertEquals(tall.outputShape, [null, 4, 6, 7]);
  const apart = convLayer(images, { filterShape: [4, 2, 2, 2], borderMode: "half", dilations: [3, 5] });
  assertEquals(apart.outputShape, [null, 4, 7, 8]);
  assertThrows(
    () => convLayer(inputLayer({ shape: [null, 2, 6] }), { filterShape: [4, 2, 2, 2] }),
    TypeError,
    "expected an input of [batch, channels, height, width], got [any, 2, 6]",
  );
  assertEquals(shapeOf({ borderMode: [1, 0] }), [null, 4, 7, 5]);
  assertEquals(shapeOf({ borderMode: [[0, 1], [2, 3]] }), [null, 4, 6, 10]);
  assertEquals(shapeOf({}, [3, 2, null, 7]), [3, 4, null, 5]);
  assertEquals(shapeOf({ imageShape: [3, 2, 6, null] }, [null, 2, null, null]), [3, 4, 5, null]);
});

Deno.test("filters must have the channels of their images, in groups, and image shapes must be those of the input", () => {
  const make = (filterShape: ConvOptions["filterShape"], options: Omit<ConvOptions, "filterShape"> = {}) =>
    convLayer(inputLayer({ shape: [null, 6, 5, 5] }), { filterShape, ...options });
  assertEquals(make([4, 3, 2, 2], { groups: 2 }).outputShape, [null, 4, 4, 4]);
  const wrong = [[[4, 3, 2, 2], 1], [[4, 6, 2, 2], 2], [[5, 3, 2, 2], 2], [[4, 3, 2, 2], 4]] as const;
  for (const [filterShape, groups] of wrong) {
    assertThrows(
      () => make(filterShape, { groups }),
      TypeError,
      "do not fit images [any, 6, 5, 5]: expected [filters,",
    );
  }
  const fitting = make([4, 6, 2, 2], { imageShape: [null, 6, 5, null] });
  assertEquals(fitting.outputShape, [null, 4, 4, 4]);
  assertThrows(
    () => make([4, 6, 2, 2], { imageShape: [null, 6, 4, 5] }),
    TypeError,
    "imageShape [any, 6, 4, 5] does not",
  );
  for (const borderMode of [[[1, 1]], [[1, 1], [1]], [[1, 1], [1, -1]], [1, 2, 3], "same"]) {
    assertThrows(() => make([4, 6, 2, 2], { borderMode: borderMode as never }), Error, "borderMode");
  }
});

Deno.test("the fan of filters is that of their windows, divided by what pooling leaves out", () => {
  assertEquals(filterFan([4, 3, 2, 5]), [30, 40]);
  assertEquals(filterFan([4, 3, 2, 5], [2, 2]), [30, 10]);
});

testOnEveryDevice("filters are flipped along both axes unless they should not be, and each has its bias", async () => {
  const x = tensor([[[[1, 10], [100, 1000]]]]);
  const W = tensor([[[[1, 2], [3, 4]]], [[[0, 0], [0, 1]]]]);
  const numbers = async (
    params: { b?: ReturnType<typeof tensor> },
    filterFlip?: boolean,
  ) => [...await convolve({ W, ...params }, x, filterFlip === undefined ? {} : { filterFlip }).data()];
  assertEquals(await numbers({}), [4 + 30 + 200 + 1000, 1]);
  assertEquals(await numbers({}, false), [1 + 20 + 300 + 4000, 1000]);
  assertEquals(await numbers({ b: tensor([0.5, -3]) }), [1234.5, -2]);
  const full = convolve({ W: tensor([[[[1, 2]]]]) }, tensor([[[[1, 10]]]]), { borderMode: "full" });
  assertEquals(await full.toArray(), [[[[1, 12, 20]]]]);
  const layer = convLayer(inputLayer({ shape: [null, 1, 2, 2] }), { filterShape: [2, 1, 2, 2], activation: "relu" });
  assertEquals(Object.keys(layer.init(key(1)).params), ["W"]);
  const { output } = layer.apply({ W: W.neg() }, x, { train: false, state: {} });
  assertEquals([...await output.data()], [0, 0]);
});

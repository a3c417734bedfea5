import { assertEquals, assertThrows } from "@std/assert";
import { ones, tensor } from "../../core/creation.ts";
import { inputLayer } from "../input.ts";
import { globalPool } from "./global_pool.ts";
import { pool, type PoolGeometry, poolLayer, type PoolMode } from "./pool.ts";

const images = (height: number, width: number) => inputLayer({ shape: [null, 1, height, width] });

Deno.test("a window that would start where the image or its padding ends is none", () => {
  // Windows start at 0, 2 and 4.
  const options = { poolSize: [1, 3], stride: [2, 2], ignoreBorder: false } as const;
  const layer = poolLayer(images(4, 5), options);
  assertEquals(layer.outputShape, [null, 1, 2, 2]);
  assertEquals(layer.apply({}, ones([1, 1, 4, 5]), { train: false, state: {} }).output.shape, [1, 1, 2, 2]);
  const padded = poolLayer(images(3, 4), { poolSize: [2, 2], stride: [2, 2], ignoreBorder: false, pad: [1, 1] });
  assertEquals(padded.outputShape, [null, 1, 2, 3]);
  assertEquals(padded.apply({}, ones([1, 1, 3, 4]), { train: false, state: {} }).output.shape, [1, 1, 2, 3]);
});

Deno.test("a window may be as large as the image, and no larger", () => {
  assertEquals(poolLayer(images(3, 2), { poolSize: [3, 2] }).outputShape, [null, 1, 1, 1]);
  assertThrows(() => poolLayer(images(3, 2), { poolSize: [3, 3] }), TypeError, "does not fit into");
});

Deno.test("all of an input with one axis behind the channels, or with none, is pooled or refused", async () => {
  const layer = globalPool(inputLayer({ shape: [null, 2, 3] }));
  assertEquals(layer.outputShape, [null, 2]);
  assertEquals(await layer.apply({}, ones([1, 2, 3]), { train: false, state: {} }).output.toArray(), [[1, 1]]);
  assertThrows(
    () => globalPool(inputLayer({ shape: [null, 2] })),
    TypeError,
    "expected an input of [batch, channel, …]",
  );
});

Deno.test("windows are reduced by their mode, with and without those that extend past the end", async () => {
  const x = tensor([[[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15]]]]);
  const pooled = async (mode: PoolMode, geometry: Partial<PoolGeometry> = {}) =>
    ((await pool(x, { poolSize: [2, 2], mode, ...geometry }).toArray()) as number[][][][])[0][0];
  assertEquals(await pooled("max"), [[7, 9]]);
  assertEquals(await pooled("sum"), [[16, 24]]);
  assertEquals(await pooled("average_inc_pad"), [[4, 6]]);
  assertEquals(await pooled("max", { ignoreBorder: false }), [[7, 9, 10], [12, 14, 15]]);
  assertEquals(await pooled("sum", { ignoreBorder: false }), [[16, 24, 15], [23, 27, 15]]);
  assertEquals(await pooled("average_exc_pad", { ignoreBorder: false }), [[4, 6, 7.5], [11.5, 13.5, 15]]);
  assertEquals(await pooled("sum", { poolSize: [3, 1], stride: [1, 2] }), [[18, 24, 30]]);
  const padded = { pad: [1, 1], stride: [2, 3] } as const;
  assertEquals(await pooled("max", padded), [[1, 4], [11, 14]]);
  assertEquals(await pooled("sum", padded), [[1, 7], [17, 44]]);
  assertEquals(await pooled("average_inc_pad", padded), [[0.25, 1.75], [4.25, 11]]);
  assertEquals(await pooled("average_exc_pad", padded), [[1, 3.5], [8.5, 11]]);
  // Of the third window, one column is left, and none of the fourth.
  assertEquals(await pooled("sum", { poolSize: [1, 2], ignoreBorder: false, stride: [3, 2] }), [[3, 7, 5]]);
  assertThrows(() => pool([] as never, { poolSize: [2, 2] }), TypeError, "Cannot pool");
});

Deno.test("the shape of a pooling follows from its windows, steps and padding", () => {
  const shapeOf = (geometry: PoolGeometry) => poolLayer(images(7, 10), geometry).outputShape.slice(2);
  assertEquals(shapeOf({ poolSize: [2, 3] }), [3, 3]);
  assertEquals(shapeOf({ poolSize: [2, 3], ignoreBorder: false }), [4, 4]);
  assertEquals(shapeOf({ poolSize: [3, 3], stride: [1, 2] }), [5, 4]);
  assertEquals(shapeOf({ poolSize: [3, 3], stride: [1, 2], pad: [1, 2] }), [7, 6]);
  assertEquals(shapeOf({ poolSize: [3, 4], stride: [3, 4], pad: [1, 0], ignoreBorder: false }), [3, 3]);
  assertEquals(poolLayer(inputLayer({ shape: [2, 1, null, 4] }), { poolSize: [2, 2] }).outputShape, [2, 1, null, 2]);
  assertEquals(poolLayer(images(4, 4), { poolSize: [2, 2] }).configuration.stride, [2, 2]);
  assertThrows(
    () => poolLayer(inputLayer({ shape: [null, 4, 4] }), { poolSize: [2, 2] }),
    TypeError,
    "expected an input of [batch, channels, height, width], got [any, 4, 4]",
  );
  for (const mode of ["max", "average_exc_pad"] as const) {
    const wide = { poolSize: [2, 3], pad: [1, 3], mode } as const;
    assertThrows(() => poolLayer(images(4, 4), wide), TypeError, "expected pad below poolSize, got [1, 3]");
    assertThrows(() => poolLayer(images(4, 4), { ...wide, pad: [2, 2] }), TypeError, "nothing but padding");
    assertEquals(poolLayer(images(4, 4), { ...wide, pad: [1, 2] }).outputShape, [null, 1, 3, 2]);
  }
  for (const mode of ["sum", "average_inc_pad"] as const) {
    assertEquals(poolLayer(images(4, 4), { poolSize: [2, 2], pad: [2, 2], mode }).outputShape, [null, 1, 4, 4]);
  }
});

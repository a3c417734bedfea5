import { assertEquals, assertThrows } from "@std/assert";
import { ones } from "../../core/creation.ts";
import { inputLayer } from "../input.ts";
import { globalPool } from "./global_pool.ts";
import { poolLayer } from "./pool.ts";

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

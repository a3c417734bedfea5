import { assertEquals, assertThrows } from "@std/assert";
import { ImageSet } from "./image_set.ts";

const set = new ImageSet(Uint8Array.from({ length: 12 }, (_, i) => 10 * i), Int32Array.of(3, 1, 2), 4);

Deno.test("a part of a set has its own images and classes, and shares their memory", () => {
  const part = set.slice(1);
  assertEquals([part.length, [...part.y], [...part.pixels]], [2, [1, 2], [40, 50, 60, 70, 80, 90, 100, 110]]);
  assertEquals(part.pixels.buffer === set.pixels.buffer, true);
  assertEquals([...set.slice(0, 1).pixels], [0, 10, 20, 30]);
  assertEquals(set.slice(1, 1).length, 0);
  assertEquals([set.x.shape, part.x.shape], [[3, 4], [2, 4]]);
  assertEquals(part.x.values[0], Math.fround(40 / 255));
});

Deno.test("images of whole words can be packed", () => {
  assertEquals([set.isPackable, new ImageSet(new Uint8Array(6), new Int32Array(2), 3).isPackable], [true, false]);
  assertEquals(set.words()[0], 0x1e140a00);
});

Deno.test("what does not make a set of images is refused", () => {
  const make = (...given: unknown[]) => () => Reflect.construct(ImageSet, given);
  const [pixels, y] = [new Uint8Array(8), new Int32Array(2)];
  assertThrows(make([1], y, 4), TypeError, "Cannot make a set of images: expected pixels to be");
  assertThrows(make(pixels, [1, 2], 4), TypeError, "expected y to be the class of each image, as an Int32Array");
  assertThrows(make(pixels, y, -4), RangeError, "expected pixelsPerImage to be");
  assertThrows(
    make(pixels, y, 3),
    TypeError,
    "Cannot make a set of 2 images of 3 pixels: expected 6 gray levels, got 8",
  );
  assertThrows(() => set.slice(-1), RangeError, "Cannot take a part of a set of images: expected begin to be");
  assertThrows(() => set.slice(0, 0.5), RangeError, "expected end to be");
});

import { assertEquals, assertThrows } from "@std/assert";
import type { Png } from "./png.ts";
import { isTransparent, rasterOf, unpackedValues } from "./png_values.ts";

const gray = (given: Partial<Png>): Png => ({
  ...{ width: 3, height: 2, depth: 8, channels: 1, data: Uint8Array.of(0, 1, 2, 3, 254, 255) },
  ...given,
});

Deno.test("values of fewer bits are unpacked row by row, the highest bits first", () => {
  assertEquals([...unpackedValues(gray({ depth: 1, data: Uint8Array.of(0b10111111, 0b01000000) }))], [
    1,
    0,
    1,
    0,
    1,
    0,
  ]);
  assertEquals([...unpackedValues(gray({ depth: 2, data: Uint8Array.of(0b11100100, 0b00011011) }))], [
    3,
    2,
    1,
    0,
    1,
    2,
  ]);
  const four = Uint8Array.of(0x12, 0x3f, 0xab, 0xcf);
  assertEquals([...unpackedValues(gray({ depth: 4, data: four }))], [1, 2, 3, 10, 11, 12]);
  const wide = gray({ width: 9, height: 2, depth: 1, data: Uint8Array.of(0x80, 0x80, 0x01, 0x00) });
  assertEquals([...unpackedValues(wide)], [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
  const pairs = gray({ width: 2, height: 2, depth: 2, channels: 2, data: Uint8Array.of(0b11100100, 0b00011011) });
  assertEquals([...unpackedValues(pairs)], [3, 2, 1, 0, 0, 1, 2, 3]);
  const { data } = gray({});
  assertEquals(unpackedValues(gray({ data })) === data, true);
});

Deno.test("values become levels from 0 to 255", () => {
  const levels = (png: Partial<Png>) => [...rasterOf(gray(png)).values];
  assertEquals(levels({}), [0, 1, 2, 3, 254, 255]);
  assertEquals(levels({ depth: 1, data: Uint8Array.of(0b10100000, 0b01000000) }), [255, 0, 255, 0, 255, 0]);
  assertEquals(levels({ depth: 2, data: Uint8Array.of(0b11100100, 0b00011011) }), [255, 170, 85, 0, 85, 170]);
  assertEquals(levels({ depth: 4, data: Uint8Array.of(0x12, 0x30, 0xab, 0xc0) }), [17, 34, 51, 170, 187, 204]);
  // 65535 / 255 = 257; half of it is rounded up.
  assertEquals(levels({ depth: 16, data: Uint16Array.of(0, 128, 129, 257, 65_406, 65_535) }), [0, 0, 1, 1, 254, 255]);
});

Deno.test("pixels of the transparent color have no opacity, all others are opaque", () => {
  const png = gray({ transparent: [2] });
  assertEquals(rasterOf(png), {
    ...{ width: 3, height: 2, channels: 2 },
    values: Uint8Array.of(0, 255, 1, 255, 2, 0, 3, 255, 254, 255, 255, 255),
  });
  const colors = gray({
    width: 2,
    height: 1,
    channels: 3,
    data: Uint8Array.of(1, 2, 3, 1, 2, 4),
    transparent: [1, 2, 4],
  });
  assertEquals(rasterOf(colors), {
    ...{ width: 2, height: 1, channels: 4 },
    values: Uint8Array.of(1, 2, 3, 255, 1, 2, 4, 0),
  });
  assertEquals([0, 3].map((at) => isTransparent(colors, colors.data, at)), [false, true]);
  assertEquals(isTransparent(gray({}), colors.data, 0), false);
});

Deno.test("values of a palette are its colors, with opacities if one of them is not opaque", () => {
  const data = Uint8Array.of(0, 1, 1, 0, 1, 0);
  const opaque = [[1, 2, 3, 255], [4, 5, 6, 255]];
  const first = rasterOf(gray({ data, palette: opaque }));
  assertEquals([first.channels, [...first.values.subarray(0, 9)]], [3, [1, 2, 3, 4, 5, 6, 4, 5, 6]]);
  const second = rasterOf(gray({ data, palette: [[1, 2, 3, 255], [4, 5, 6, 0]] }));
  assertEquals([second.channels, [...second.values.subarray(0, 8)]], [4, [1, 2, 3, 255, 4, 5, 6, 0]]);
  assertThrows(
    () => rasterOf(gray({ data: Uint8Array.of(0, 1, 2, 0, 0, 0), palette: opaque })),
    RangeError,
    "pixel 2 has color 2 of 2",
  );
  assertThrows(
    () => rasterOf(gray({ data: Uint8Array.of(9, 1, 1, 0, 0, 0), palette: opaque })),
    RangeError,
    "pixel 0 has color 9 of 2",
  );
});

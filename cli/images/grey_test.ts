import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { encode } from "fast-png";
import { DataError } from "../../data/mod.ts";
import { FileError } from "../../model/mod.ts";
import { type Grey, greyOf, readGrey } from "./grey.ts";
import { headerChunk, pixelChunk, pngOf } from "../../data/images/test_png.ts";

type Png = Parameters<typeof greyOf>[0];

/** Reads a file with these bytes. */
async function readBytes(bytes: Uint8Array): Promise<Grey> {
  const path = await Deno.makeTempFile({ suffix: ".png" });
  try {
    await Deno.writeFile(path, bytes);
    return await readGrey(path);
  } finally {
    await Deno.remove(path);
  }
}

const shadesOf = async (image: Parameters<typeof encode>[0]): Promise<number[]> =>
  Array.from((await readBytes(encode(image))).values);

function assertShades(got: readonly number[], expected: readonly number[]): void {
  assertEquals(got.length, expected.length);
  got.forEach((shade, i) => assertAlmostEquals(shade, expected[i], 1e-6));
}

Deno.test("gray pictures of 8 and 16 bits have the shades of their values", async () => {
  const size = { width: 2, height: 1, channels: 1 };
  assertShades(await shadesOf({ ...size, depth: 8, data: Uint8Array.of(0, 51) }), [0, 0.2]);
  assertShades(await shadesOf({ ...size, depth: 16, data: Uint16Array.of(65535, 13107) }), [1, 0.2]);
});

Deno.test("colors become their brightness", async () => {
  const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255);
  assertShades(await shadesOf({ width: 4, height: 1, channels: 3, data }), [0.2126, 0.7152, 0.0722, 1]);
});

Deno.test("transparent pixels are background: white behind dark ink, black behind light ink", async () => {
  const size = { width: 3, height: 1, channels: 2 };
  const dark = await shadesOf({ ...size, data: Uint8Array.of(0, 255, 0, 0, 51, 255) });
  assertShades(dark, [0, 1, 0.2]);
  const light = await shadesOf({ ...size, data: Uint8Array.of(255, 255, 0, 0, 204, 255) });
  assertShades(light, [1, 0, 0.8]);
  assertShades(await shadesOf({ ...size, data: Uint8Array.of(0, 0, 255, 0, 9, 0) }), [1, 1, 1]);
  assertShades(await shadesOf({ ...size, data: Uint8Array.of(255, 255, 0, 0, 9, 0) }), [1, 0, 0]);
});

Deno.test("ink that is on average middle gray is light, and a color beyond the palette is refused", async () => {
  const half = { width: 3, height: 1, channels: 2, data: Uint8Array.of(0, 255, 255, 255, 100, 0) };
  assertShades(await shadesOf(half), [0, 1, 0]);
  const beyond = (data: number[]): Png => ({
    ...{ width: 3, height: 1, depth: 8, channels: 1, data: Uint8Array.from(data) },
    palette: [[0, 0, 0], [255, 255, 255], [51, 51, 51]],
  });
  assertShades(Array.from(greyOf(beyond([2, 1, 0])).values), [0.2, 1, 0]);
  for (const place of [0, 1, 2]) {
    const data = [2, 1, 0].with(place, 3);
    assertThrows(() => greyOf(beyond(data)), RangeError, `pixel ${place} has color 3 of 3`);
  }
});

Deno.test("interlaced pictures of 8 bits are read, and those of fewer are refused", async () => {
  const file = (depth: number): Uint8Array<ArrayBuffer> =>
    pngOf([
      headerChunk({ width: 1, height: 1, depth, color: 0, isInterlaced: true }),
      pixelChunk(Uint8Array.of(0, 51)),
    ]);
  assertShades([...(await readBytes(file(8))).values], [0.2]);
  await assertRejects(() => readBytes(file(4)), DataError, "interlaced pictures of 4 bits per value are not supported");
});

Deno.test("pixels of 1, 2 and 4 bits are unpacked from rows of whole bytes", () => {
  const of = (depth: 1 | 2 | 4, data: number[], width: number): number[] => {
    const png = { width, height: 2, depth, channels: 1, data: Uint8Array.from(data) } satisfies Png;
    return Array.from(greyOf(png).values);
  };
  assertShades(of(1, [0b10100000, 0b01000000], 3), [1, 0, 1, 0, 1, 0]);
  assertShades(of(2, [0b11000100, 0b01101100], 3), [1, 0, 1 / 3, 1 / 3, 2 / 3, 1]);
  assertShades(of(4, [0xf0, 0x30, 0x0f, 0xf0], 3), [1, 0, 0.2, 0, 1, 1]);
});

Deno.test("the colors of a palette are used", () => {
  const palette = [[0, 0, 0], [255, 255, 255], [51, 51, 51]];
  const png = {
    width: 3,
    height: 1,
    depth: 2 as const,
    channels: 1,
    data: Uint8Array.of(0b01001000),
    palette,
  };
  assertShades(Array.from(greyOf(png).values), [1, 0, 0.2]);
});

Deno.test("files that are not pictures are refused, and the error says what they are", async () => {
  await assertRejects(() => readGrey("nowhere.png"), FileError, "there is no such file");
  await assertRejects(() => readBytes(Uint8Array.of(1, 2, 3)), DataError, "expected a PNG file");
  const whole = encode({ width: 20, height: 20, channels: 1, data: new Uint8Array(400).map((_, i) => i * 7) });
  await assertRejects(() => readBytes(whole.slice(0, whole.length - 40)), DataError, "got a damaged one");
  const damaged = whole.slice();
  damaged[60] ^= 0xff;
  await assertRejects(() => readBytes(damaged), DataError, "got a damaged one");
  const huge = whole.slice();
  new DataView(huge.buffer).setUint32(16, 10_000_000);
  await assertRejects(() => readBytes(huge), DataError, "make it smaller");
  assert((await readBytes(whole)).width === 20);
});

Deno.test("interlaced pictures of few bits are not supported, and not called damaged", async () => {
  const bytes = encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 51) }).slice();
  [bytes[24], bytes[28]] = [4, 1];
  await assertRejects(() => readBytes(bytes), DataError, "interlaced pictures of 4 bits per value are not supported");
});

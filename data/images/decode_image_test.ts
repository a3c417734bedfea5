import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError } from "../errors.ts";
import { memorySource } from "../formats/byte_source.ts";
import { openImage } from "./decode_image.ts";
import type { Raster } from "./raster.ts";
import { jpegCases, pngFile } from "./test_images.ts";
import { headerChunk, pixelChunk, pngOf } from "./test_png.ts";

async function decoded(bytes: Uint8Array, limitPixels = 1e6): Promise<Raster> {
  return await (await openImage(memorySource(bytes, "a.jpg"), limitPixels)).decode();
}

/** How far levels may differ: decoders round in different ways, and interpolate halved colors or not. */
const tolerances: Readonly<Record<string, number>> = { "halved color": 14, "four inks": 3 };

for (const [name, { file, pixels }] of Object.entries(jpegCases)) {
  if (name === "turned") continue;
  Deno.test(`JPEG files of the kind ${name} have the levels that Pillow reads`, async () => {
    const { width, height, channels, values } = await decoded(file);
    assertEquals([width, height, channels], [20, 12, name === "gray" ? 1 : 3]);
    const places = [0, 19, 11 * 20, 12 * 20 - 1, 6 * 20 + 10];
    places.forEach((place, i) => {
      const expected = [pixels[i]].flat();
      const got = [...values.subarray(place * channels, (place + 1) * channels)];
      const error = Math.max(...got.map((level, k) => Math.abs(level - expected[k])));
      assert(error <= (tolerances[name] ?? 2), `pixel ${place}: ${got}, expected ${expected}`);
    });
  });
}

Deno.test("photographs are turned as their Exif data say", async () => {
  const flat = await decoded(jpegCases["full color"].file);
  const turned = await decoded(jpegCases.turned.file);
  assertEquals([turned.width, turned.height], [12, 20]);
  // Orientation 6: the first row of the picture is the first column of the file, from below.
  for (const [x, y] of [[0, 0], [11, 0], [5, 7], [11, 19]]) {
    const at = (y * 12 + x) * 3;
    const from = ((11 - x) * 20 + y) * 3;
    assertEquals([...turned.values.subarray(at, at + 3)], [...flat.values.subarray(from, from + 3)]);
  }
});

Deno.test("PNG files of all kinds become levels", async () => {
  assertEquals([...(await decoded(pngFile(2, 3, [1, 2, 3, 4, 5, 6]))).values], [1, 2, 3, 4, 5, 6]);
  assertEquals((await decoded(pngFile(1, 4, [1, 2, 3, 4]))).channels, 4);
  const deep = pngOf([
    headerChunk({ width: 2, height: 1, depth: 16, color: 0 }),
    pixelChunk(Uint8Array.of(0, 255, 255, 51, 200)),
  ]);
  // 51 · 256 + 200 of 65535 is 51.6 of 255.
  assertEquals([...(await decoded(deep)).values], [255, 52]);
  const bits = pngOf([
    headerChunk({ width: 3, height: 1, depth: 2, color: 0 }),
    pixelChunk(Uint8Array.of(0, 0b00011100)),
  ]);
  assertEquals([...(await decoded(bits)).values], [0, 85, 255]);
  const interlaced = (depth: number, value: number) =>
    decoded(pngOf([
      headerChunk({ width: 1, height: 1, depth, color: 0, isInterlaced: true }),
      pixelChunk(Uint8Array.of(0, value)),
    ]));
  assertEquals([...(await interlaced(8, 9)).values], [9]);
  await assertRejects(
    () => interlaced(4, 0x90),
    DataError,
    "interlaced pictures of 4 bits per value are not supported",
  );
  const palette = Uint8Array.of(10, 20, 30, 40, 50, 60);
  const named = (opacity: [string, Uint8Array][]) =>
    pngOf([
      headerChunk({ width: 2, height: 1, depth: 8, color: 3 }),
      ["PLTE", palette],
      ...opacity,
      pixelChunk(Uint8Array.of(0, 1, 0)),
    ]);
  assertEquals([...(await decoded(named([]))).values], [40, 50, 60, 10, 20, 30]);
  assertEquals([...(await decoded(named([["tRNS", Uint8Array.of(7)]]))).values], [40, 50, 60, 255, 10, 20, 30, 7]);
});

Deno.test("a picture with more pixels than allowed is refused before it is decoded", async () => {
  for (const file of [pngFile(3, 1, [1, 2, 3]), jpegCases.gray.file]) {
    await assertRejects(() => openImage(memorySource(file, "a.jpg"), 2), DataError, "expected at most 2 pixels");
  }
  const lying = jpegCases.gray.file.slice();
  const frame = lying.findIndex((byte, i) => byte === 0xff && lying[i + 1] === 0xc0);
  lying.fill(0xff, frame + 5, frame + 9);
  const message = "Cannot read a.jpg: expected at most 50000000 pixels, got 65535×65535; make it smaller, or raise";
  await assertRejects(() => openImage(memorySource(lying, "a.jpg"), 50_000_000), DataError, message);
});

Deno.test("files that are cut short, or of another kind, are named", async () => {
  for (const file of [pngFile(3, 1, [1, 2, 3]), jpegCases.gray.file, jpegCases.progressive.file]) {
    for (let length = 1; length < file.length; length += 7) {
      await assertRejects(() => decoded(file.slice(0, length)), DataError, "Cannot read a.jpg: expected");
    }
  }
  const kinds = {
    "GIF89a": "a GIF file",
    "RIFF....WEBPVP8 ": "a WebP file",
    "II*\0": "a TIFF file",
    "": "an empty file",
  };
  for (const [text, kind] of Object.entries(kinds)) {
    await assertRejects(() => decoded(new TextEncoder().encode(text)), DataError, `got ${kind}; `);
  }
  await assertRejects(
    () => decoded(new TextEncoder().encode("hello")),
    DataError,
    "got a file of another kind; remove it",
  );
});

Deno.test("a small JPEG file with the size of a large picture is refused before memory is taken", async () => {
  const lying = jpegCases.gray.file.slice();
  const frame = lying.findIndex((byte, i) => byte === 0xff && lying[i + 1] === 0xc0);
  lying.set([8, 0, 8, 0], frame + 5); // 2048 by 2048
  await assertRejects(() => decoded(lying, 1e7), DataError, "got a damaged one (it is cut short)");
});

Deno.test("JPEG files with very many scans are refused", async () => {
  const { file } = jpegCases.progressive;
  const scan = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xda);
  const head = [...file.subarray(0, scan)];
  const scans = Array.from({ length: 101 }, () => [...file.subarray(scan, scan + 14)]).flat();
  await assertRejects(() => decoded(Uint8Array.from([...head, ...scans, 0xff, 0xd9])), DataError, "it has 101 scans");
});

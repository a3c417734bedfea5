import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decode } from "fast-png";
import { join } from "@std/path";
import { DataError } from "../errors.ts";
import { digitOf } from "../../cli/images/digit.ts";
import { readGrey } from "../../cli/images/grey.ts";
import { decodePng, pngHeader } from "./png.ts";
import { rasterOf } from "./png_values.ts";
import { readImages } from "./read_images.ts";
import { headerChunk, pixelChunk, type PngChunk, type PngFacts, pngOf } from "./test_png.ts";
import { cpuTime } from "../../tests/cpu_time.ts";

/** Calls a function with the path of a file. */
async function withFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(join(folder, "a.png"), bytes);
    return await use(join(folder, "a.png"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Rows with all filters, whose other bytes are noise. */
function noise(facts: PngFacts): Uint8Array {
  const { bytes } = pngHeader(pngOf([headerChunk(facts)]));
  const content = crypto.getRandomValues(new Uint8Array(bytes));
  const line = facts.isInterlaced ? 1 : bytes / facts.height;
  for (let at = 0; at < bytes; at += line) content[at] %= 5;
  return content;
}

const palette: PngChunk = ["PLTE", crypto.getRandomValues(new Uint8Array(3 * 256))];

Deno.test("pictures of all kinds have the pixels that another decoder finds", async () => {
  const kinds = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 1], [3, 8], [4, 8], [4, 16], [6, 8], [
    6,
    16,
  ]];
  for (const [color, depth] of kinds) {
    for (const [width, height] of [[1, 1], [3, 5], [17, 9], [33, 2]]) {
      for (const isInterlaced of depth < 8 ? [false] : [false, true]) {
        const facts = { width, height, depth, color, isInterlaced };
        const content = noise(facts);
        const half = content.length >> 1;
        const [, packed] = pixelChunk(content);
        const pixels: PngChunk[] = [["IDAT", packed.subarray(0, half)], ["IDAT", packed.subarray(half)]];
        const file = pngOf([headerChunk(facts), ...color === 3 ? [palette] : [], ...pixels]);
        const wanted = decode(file.slice());
        const { data, channels } = await decodePng(file.slice(), "a.png");
        assertEquals([[...data], channels], [[...wanted.data], wanted.channels], JSON.stringify(facts));
      }
    }
  }
});

Deno.test("transparent colors of a palette are background", async () => {
  const file = pngOf([
    headerChunk({ width: 3, height: 1, depth: 8, color: 3 }),
    ["PLTE", Uint8Array.of(0, 0, 0, 255, 255, 255, 51, 51, 51)],
    ["tRNS", Uint8Array.of(255, 0)],
    pixelChunk(Uint8Array.of(0, 0, 1, 2)),
  ]);
  const { palette: colors } = await decodePng(file.slice(), "a.png");
  assertEquals(colors, [[0, 0, 0, 255], [255, 255, 255, 0], [51, 51, 51, 255]]);
  assertEquals(await withFile(file, async (path) => [...(await readGrey(path)).values]), [0, 1, Math.fround(0.2)]);
});

Deno.test("pictures that are packed in unknown ways are refused", () => {
  const bytes = pngOf([headerChunk({ width: 3, height: 1, depth: 8, color: 0 })]);
  for (const [at, value] of [[26, 1], [27, 1], [28, 2]]) {
    const odd = bytes.slice();
    odd[at] = value;
    assertThrows(() => pngHeader(odd), RangeError, "it is packed in an unknown way");
  }
});

Deno.test("a palette that is only a suggestion does not matter", async () => {
  const header = headerChunk({ width: 1, height: 1, depth: 8, color: 2 });
  const file = pngOf([header, ["PLTE", new Uint8Array(4)], pixelChunk(Uint8Array.of(0, 7, 8, 9))]);
  const { data, palette } = await decodePng(file, "a.png");
  assertEquals([[...data], palette], [[7, 8, 9], undefined]);
});

Deno.test("the transparent color of pictures without palette is background, at every depth", async () => {
  for (const depth of [1, 2, 4, 8, 16]) {
    const greatest = 2 ** depth - 1;
    const words = (...values: number[]) => values.flatMap((value) => [value >> 8, value & 255]);
    const row = depth === 16 ? words(greatest, 0) : depth === 8 ? [greatest, 0] : [greatest << 8 - depth];
    const file = pngOf([
      headerChunk({ width: 2, height: 1, depth, color: 0 }),
      ["tRNS", Uint8Array.from(words(greatest))],
      pixelChunk(Uint8Array.of(0, ...row)),
    ]);
    assertEquals(rasterOf(await decodePng(file.slice(), "a.png")), {
      ...{ width: 2, height: 1, channels: 2 },
      values: Uint8Array.of(255, 0, 0, 255),
    });
    assertEquals(
      (await readImages(file, { size: [1, 2], channels: 1, background: "black" })).values,
      Float32Array.of(0, 0),
    );
    // A dark picture has a white background.
    assertEquals(await withFile(file, async (path) => [...(await readGrey(path)).values]), [1, 0]);
  }
  for (const depth of [8, 16]) {
    const [first, second] = depth === 8 ? [[9, 8, 7], [9, 8, 6]] : [[1, 9, 1, 8, 1, 7], [1, 9, 1, 8, 2, 7]];
    const file = pngOf([
      headerChunk({ width: 2, height: 1, depth, color: 2 }),
      ["tRNS", Uint8Array.from(depth === 8 ? first.flatMap((value) => [0, value]) : first)],
      pixelChunk(Uint8Array.of(0, ...first, ...second)),
    ]);
    const { channels, values } = rasterOf(await decodePng(file.slice(), "a.png"));
    assertEquals([channels, values[3], values[7]], [4, 0, 255]);
    const { values: levels } = await readImages(file, { size: [1, 2] }); // [1, 3, 1, 2], on white
    assertEquals([levels[0], levels[2], levels[4]], [1, 1, 1]);
    assert(levels[1] < 0.1);
  }
});

Deno.test("a transparent color is ignored if a picture has opacities, or the color another length", async () => {
  for (const [color, row] of [[4, [5, 255]], [0, [5]]] as const) {
    const file = pngOf([
      headerChunk({ width: 1, height: 1, depth: 8, color }),
      ["tRNS", Uint8Array.of(0, 5, 0, 5)],
      pixelChunk(Uint8Array.of(0, ...row)),
    ]);
    assertEquals([...rasterOf(await decodePng(file, "a.png")).values], [...row]);
  }
});

Deno.test("files that hold more than their headers promise are refused before they are unpacked", async () => {
  const header = headerChunk({ width: 3, height: 1, depth: 8, color: 0 });
  const row = pixelChunk(Uint8Array.of(0, 1, 2, 3));
  const cases: [readonly PngChunk[], string][] = [
    [[header, pixelChunk(new Uint8Array(2 ** 28))], "expected at most 4 bytes, got more"],
    [[header, pixelChunk(new Uint8Array(3))], "expected 4 bytes, got 3"],
    [[header, pixelChunk(Uint8Array.of(5, 1, 2, 3))], "row 0 has the unknown filter 5"],
    [[header], "a damaged one"],
    [[headerChunk({ width: 0, height: 1, depth: 8, color: 0 }), row], "it has 0×1 pixels"],
    [[headerChunk({ width: 3, height: 0, depth: 8, color: 0 }), row], "it has 3×0 pixels"],
    [
      [headerChunk({ width: 3, height: 1, depth: 8, color: 3 }), ["PLTE", new Uint8Array(4)], row],
      "palette is damaged",
    ],
    [
      [headerChunk({ width: 3, height: 1, depth: 8, color: 3 }), ["PLTE", new Uint8Array(771)], row],
      "palette is damaged",
    ],
    [[headerChunk({ width: 3, height: 1, depth: 3, color: 0 }), row], "colors of type 0 with 3 bits"],
    [[headerChunk({ width: 3, height: 1, depth: 8, color: 3 }), row], "it has no palette"],
    [[headerChunk({ width: 3, height: 1, depth: 8, color: 3 }), ["PLTE", new Uint8Array(6)], row], "has color 2 of 2"],
    [[headerChunk({ width: 60_000, height: 60_000, depth: 1, color: 0 }), row], "make it smaller"],
    [[header, ["zTXt", new Uint8Array(20_000_000)], row], "expected at most 16777221 bytes for 3×1 pixels"],
  ];
  for (const [chunks, message] of cases) {
    const file = pngOf(chunks);
    await withFile(file, async (path) => {
      const begin = cpuTime();
      const error = await assertRejects(() => readGrey(path), DataError, message);
      assert(error.message.startsWith(`Cannot read ${path}: `), error.message);
      assert(cpuTime() - begin < 1000, message);
    });
  }
  await withFile(pngOf([header, row]), async (path) => {
    await Deno.truncate(path, 2 ** 40);
    await assertRejects(() => readGrey(path), DataError, "expected at most 16777221 bytes for 3×1 pixels");
  });
});

Deno.test("profiles and texts are not unpacked", async () => {
  const [, profile] = pixelChunk(new Uint8Array(2 ** 28));
  const file = pngOf([
    headerChunk({ width: 2, height: 1, depth: 8, color: 0 }),
    ["iCCP", Uint8Array.of(65, 0, 0, ...profile.subarray(0, 100_000))],
    ["zTXt", Uint8Array.of(65, 0, 0, ...profile.subarray(0, 100_000))],
    pixelChunk(Uint8Array.of(0, 0, 255)),
  ]);
  const begin = cpuTime();
  assertEquals(await withFile(file, async (path) => [...(await readGrey(path)).values]), [0, 1]);
  assert(cpuTime() - begin < 500);
});

Deno.test("the largest picture is read in a few seconds, also if its rows have one pixel", async () => {
  const height = 50_000_000;
  const content = new Uint8Array(2 * height);
  for (let row = 0; row < height; row++) content[2 * row] = row % 5;
  content[3] = 255;
  const file = pngOf([headerChunk({ width: 1, height, depth: 8, color: 0 }), pixelChunk(content)]);
  await withFile(file, async (path) => {
    const begin = cpuTime();
    const { width, values } = await readGrey(path);
    const computed = cpuTime() - begin;
    assertEquals([width, values.length], [1, height]);
    const third = Math.fround(127 / 255);
    assertEquals([...values.subarray(0, 6)], [0, 1, 1, third, third, 0]);
    assert(computed < 5000, `${computed} ms`);
  });
});

Deno.test("a photograph of twelve megapixels is read in a few seconds", async () => {
  const [width, height] = [4000, 3000];
  const content = new Uint8Array(height * (3 * width + 1)).map((_, i) => i * 7 % 200);
  for (let row = 0; row < height; row++) content[row * (3 * width + 1)] = row % 5;
  const file = pngOf([headerChunk({ width, height, depth: 8, color: 2 }), pixelChunk(content)]);
  await withFile(file, async (path) => {
    // The time of this process: others may be using the machine.
    const begin = cpuTime();
    assertEquals(digitOf(await readGrey(path)).length, 784);
    assert(cpuTime() - begin < 5000, `${cpuTime() - begin} ms`);
  });
});

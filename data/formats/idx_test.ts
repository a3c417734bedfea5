import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError } from "../errors.ts";
import { unpack } from "./gzip.ts";
import { parseIdx, readIdx } from "./idx.ts";

const matrix = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("parseIdx reads extents and bytes", () => {
  assertEquals(parseIdx(matrix), { shape: [2, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 6) });
});

Deno.test("parseIdx reads every element type, most significant byte first", () => {
  const header = (code: number) => [0, 0, code, 1, 0, 0, 0, 1];
  assertEquals(parseIdx(Uint8Array.of(...header(0x09), 0xff)).values, Int8Array.of(-1));
  assertEquals(parseIdx(Uint8Array.of(...header(0x0b), 0xff, 0xfe)).values, Int16Array.of(-2));
  assertEquals(parseIdx(Uint8Array.of(0, 0, 0x0b, 1, 0, 0, 0, 3, 1, 0, 0, 5, 0, 6)).values, Int16Array.of(256, 5, 6));
  assertEquals(parseIdx(Uint8Array.of(...header(0x0c), 0, 1, 0, 0)).values, Int32Array.of(65536));
  assertEquals(parseIdx(Uint8Array.of(...header(0x0d), 0x3f, 0xc0, 0, 0)).values, Float32Array.of(1.5));
  assertEquals(parseIdx(Uint8Array.of(...header(0x0e), 0x3f, 0xf8, 0, 0, 0, 0, 0, 0)).values, Float64Array.of(1.5));
});

Deno.test("parseIdx reads from the middle of a buffer", () => {
  const padded = Uint8Array.of(9, 9, 9, ...matrix);
  assertEquals(parseIdx(padded.subarray(3)).values, Uint8Array.of(1, 2, 3, 4, 5, 6));
});

Deno.test("parseIdx names what is wrong with a file", () => {
  const cases: [Uint8Array, string][] = [
    [matrix.subarray(0, 15), "expected 18 bytes for shape [2, 3], got 15; it is cut short"],
    [Uint8Array.of(...matrix, 0), "1 bytes follow its end"],
    [matrix.subarray(0, 4), "expected 12 bytes of header for 2 axes, got 4"],
    [matrix.subarray(0, 9), "expected 12 bytes of header for 2 axes, got 9"],
    [matrix.subarray(0, 3), "expected an IDX file, got 3 bytes"],
    [new Uint8Array(0), "got 0 bytes"],
    [new TextEncoder().encode("<html></html>"), "starts with 0x0000, got 0x3c68746d"],
    [Uint8Array.of(0, 0, 7, 1, 0, 0, 0, 0), "0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e as third byte of 0x00000701"],
  ];
  for (const [bytes, message] of cases) {
    assertThrows(() => parseIdx(bytes, "t10k-labels"), DataError, message);
    assertThrows(() => parseIdx(bytes, "t10k-labels"), DataError, "Cannot read t10k-labels");
  }
});

Deno.test("readIdx reads plain and gzipped files alike", async () => {
  const path = await Deno.makeTempFile();
  try {
    for (const bytes of [matrix, await gzip(matrix)]) {
      await Deno.writeFile(path, bytes);
      assertEquals((await readIdx(path)).shape, [2, 3]);
    }
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("a gzip stream that is cut short or damaged is a DataError that names the file", async () => {
  const packed = await gzip(matrix);
  const damaged = packed.slice();
  damaged[packed.length - 6] ^= 1;
  for (const bytes of [packed.slice(0, -9), damaged]) {
    await assertRejects(() => unpack(bytes, "train-images.gz"), DataError, "Cannot unpack train-images.gz");
  }
});

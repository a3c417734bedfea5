import { assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "./png.ts";

const hex = (bytes: Uint8Array) => bytes.toHex();

Deno.test("a picture has the header, the checksums and the rows of the specification", async () => {
  const png = await encodePng({ width: 2, height: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  assertEquals(hex(png.subarray(0, 8)), "89504e470d0a1a0a");
  assertEquals(hex(png.subarray(8, 33)).slice(0, 42), "0000000d49484452" + "0000000200000003" + "0800000000");
  // The checksum of an empty IEND chunk is the same in all PNG files.
  assertEquals(hex(png.subarray(-12)), "0000000049454e44ae426082");
  const length = new DataView(png.buffer, png.byteOffset).getUint32(33);
  const packed = new Blob([png.slice(41, 41 + length)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const rows = new Uint8Array(await new Response(packed).arrayBuffer());
  assertEquals([...rows], [0, 1, 2, 0, 3, 4, 0, 5, 6]);
});

Deno.test("pixels that do not fill the picture are refused", async () => {
  const picture = { width: 2, height: 3, pixels: new Uint8Array(5) };
  await assertRejects(() => encodePng(picture), RangeError, "Cannot write 5 pixels as a picture of 2 by 3");
});

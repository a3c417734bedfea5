import { assertEquals, assertNotMatch, assertRejects } from "@std/assert";
import jpeg from "jpeg-js";
import { decodeJpeg } from "./jpeg.ts";

const data = Uint8Array.from({ length: 4 * 6 }, (_, i) => i % 4 === 3 ? 255 : 100);
const bytes = Uint8Array.from(jpeg.encode({ width: 3, height: 2, data }, 100).data);

Deno.test("pictures have three values a pixel, or one if they have one channel", async () => {
  const color = await decodeJpeg(bytes, { width: 3, height: 2, channels: 3 });
  assertEquals([color.width, color.height, color.channels, color.values.length], [3, 2, 3, 18]);
  const gray = await decodeJpeg(bytes, { width: 3, height: 2, channels: 1 });
  assertEquals([gray.channels, [...gray.values]], [1, new Array<number>(6).fill(100)]);
});

Deno.test("a picture of another size than its header promises is refused", async () => {
  for (const size of [{ width: 2, height: 2 }, { width: 3, height: 3 }]) {
    await assertRejects(() => decodeJpeg(bytes, { ...size, channels: 3 }), RangeError, "it has 3×2 pixels");
  }
});

/** The picture with other numbers of columns and rows in its frame header. */
function withSize(width: number, height: number): Uint8Array {
  const changed = bytes.slice();
  const frame = changed.findIndex((byte, i) => byte === 0xff && changed[i + 1] === 0xc0);
  new DataView(changed.buffer).setUint16(frame + 5, height);
  new DataView(changed.buffer).setUint16(frame + 7, width);
  return changed;
}

Deno.test("the decoder may take memory for the pixels that the header promises, and for no more", async () => {
  const [size, large] = [{ width: 2048, height: 1024 }, withSize(2048, 1024)];
  const { message } = await assertRejects(() => decodeJpeg(large, { ...size, channels: 3 }), Error);
  assertNotMatch(message, /memory/i, "what is missing are its pixels");
  await assertRejects(() => decodeJpeg(large, { width: 3, height: 2, channels: 3 }), Error, "maxMemoryUsageInMB");
});

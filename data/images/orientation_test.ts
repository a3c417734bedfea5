import { assertEquals } from "@std/assert";
import { encode } from "fast-png";
import { crc32 } from "../checksums.ts";
import { readGrey } from "../../cli/images/grey.ts";
import { orientationOf, upright } from "./orientation.ts";

/** A PNG file with an orientation in its Exif data, which may end with 4 bytes that say where more entries are. */
function photograph(orientation: number, little: boolean, ending = 4): Uint8Array<ArrayBuffer> {
  const png = encode({ width: 3, height: 2, channels: 1, data: Uint8Array.of(0, 51, 102, 153, 204, 255) });
  const exif = new DataView(new ArrayBuffer(22 + ending));
  exif.setUint16(0, little ? 0x4949 : 0x4d4d);
  exif.setUint16(2, 42, little);
  exif.setUint32(4, 8, little);
  exif.setUint16(8, 1, little);
  exif.setUint16(10, 0x0112, little);
  exif.setUint16(12, 3, little);
  exif.setUint32(14, 1, little);
  exif.setUint16(18, orientation, little);
  const chunk = new DataView(new ArrayBuffer(12 + 22 + ending));
  chunk.setUint32(0, 22 + ending);
  const content = new Uint8Array(chunk.buffer);
  content.set(new TextEncoder().encode("eXIf"), 4);
  content.set(new Uint8Array(exif.buffer), 8);
  chunk.setUint32(30 + ending, crc32(content.subarray(4, 30 + ending)));
  const header = 33; // signature and IHDR
  return Uint8Array.from([...png.subarray(0, header), ...content, ...png.subarray(header)]);
}

Deno.test("photographs are read as they are meant to be seen", async () => {
  // The pixels are numbered 0 1 2 / 3 4 5 in the file.
  const expected: [orientation: number, width: number, pixels: number[]][] = [
    [1, 3, [0, 1, 2, 3, 4, 5]],
    [2, 3, [2, 1, 0, 5, 4, 3]],
    [3, 3, [5, 4, 3, 2, 1, 0]],
    [4, 3, [3, 4, 5, 0, 1, 2]],
    [5, 2, [0, 3, 1, 4, 2, 5]],
    [6, 2, [3, 0, 4, 1, 5, 2]],
    [7, 2, [5, 2, 4, 1, 3, 0]],
    [8, 2, [2, 5, 1, 4, 0, 3]],
    [9, 3, [0, 1, 2, 3, 4, 5]],
  ];
  const path = await Deno.makeTempFile({ suffix: ".png" });
  for (const little of [true, false]) {
    for (const [orientation, width, pixels] of expected) {
      await Deno.writeFile(path, photograph(orientation, little));
      const grey = await readGrey(path);
      assertEquals([grey.width, grey.height], [width, 6 / width]);
      assertEquals(Array.from(grey.values, (value) => Math.round(value * 5)), pixels, `orientation ${orientation}`);
    }
  }
  await Deno.remove(path);
});

Deno.test("Exif data may be the last part of a file", () => {
  const file = photograph(6, true);
  assertEquals(orientationOf(file.slice(0, 33 + 12 + 26)), 6);
});

Deno.test("one entry is enough", () => {
  assertEquals([1, 6, 8].map((orientation) => orientationOf(photograph(orientation, false, 0))), [1, 6, 8]);
});

Deno.test("damaged Exif data are ignored", () => {
  const whole = photograph(6, true);
  for (let length = 0; length < whole.length; length++) orientationOf(whole.slice(0, length));
  const far = whole.slice();
  far[33 + 8 + 4] = 250;
  assertEquals(orientationOf(far), 1);
  const none = { width: 0, height: 0, channels: 1, values: new Float32Array() };
  assertEquals(upright(none, 6), none);
});

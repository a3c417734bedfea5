import { assertEquals } from "@std/assert";
import { convertChannels } from "./convert_channels.ts";

const picture = (channels: number, ...values: number[]) => ({
  ...{ width: values.length / channels, height: 1, channels },
  values: Uint8Array.from(values),
});

Deno.test('colors become gray by the shares of BT.601, as with Pillow\'s convert("L")', () => {
  const colors = picture(3, 144, 208, 24, 24, 7, 41, 11, 85, 59, 104, 225, 110, 226, 201, 8, 159, 26, 27);
  // Pillow computes in whole numbers, which gives 168, 16, 60, 176, 186, 66.
  assertEquals([...convertChannels(colors, 1, 255).values], [168, 16, 60, 176, 186, 66]);
});

Deno.test("gray becomes three equal colors, and what fits already is kept", () => {
  assertEquals([...convertChannels(picture(1, 7, 200), 3, 255).values], [7, 7, 7, 200, 200, 200]);
  const colors = picture(3, 1, 2, 3);
  assertEquals(convertChannels(colors, 3, 0), colors);
});

Deno.test("pictures of several rows are converted whole, and levels are rounded", () => {
  const values = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const square = { width: 2, height: 3, channels: 1, values };
  const colors = convertChannels(square, 3, 255);
  assertEquals([...colors.values], [...values].flatMap((level) => [level, level, level]));
  assertEquals([...convertChannels({ ...colors, channels: 3 }, 1, 255).values], [...values]);
  assertEquals([...convertChannels(picture(4, 101, 0, 3, 128), 3, 0).values], [51, 0, 2]);
});

Deno.test("pixels with opacity are laid over the background", () => {
  const colors = picture(4, 100, 0, 50, 255, 100, 0, 50, 0, 100, 0, 50, 51);
  assertEquals([...convertChannels(colors, 3, 255).values], [100, 0, 50, 255, 255, 255, 224, 204, 214]);
  assertEquals([...convertChannels(colors, 3, 0).values], [100, 0, 50, 0, 0, 0, 20, 0, 10]);
  assertEquals([...convertChannels(picture(2, 100, 255, 100, 0), 1, 255).values], [100, 255]);
  assertEquals([...convertChannels(picture(2, 100, 0), 3, 0).values], [0, 0, 0]);
});

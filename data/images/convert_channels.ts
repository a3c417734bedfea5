/**
 * Changes the channels of pictures: gray, colors, and opacity.
 *
 * @module
 */

import type { Raster } from "./raster.ts";

/**
 * The shares of red, green and blue in gray, by Recommendation ITU-R BT.601, as Pillow, torchvision and TensorFlow have
 * them.
 */
const GRAY = [0.299, 0.587, 0.114] as const;

/** The channels of a converted picture: gray, or red, green and blue. */
export type ColorChannels = 1 | 3;

/**
 * A picture as gray, or as red, green and blue. Pixels with opacity are laid over a background of one level.
 *
 * @param ground The level of the background, 0 to 255.
 */
export function convertChannels(
  picture: Raster,
  channels: ColorChannels,
  ground: number,
): Raster {
  if (picture.channels === channels) return picture;
  const { width, height, channels: from, values } = picture;
  const colors = from < 3 ? 1 : 3;
  const hasOpacity = from % 2 === 0;
  const converted = new Uint8Array(channels * width * height);
  for (let i = 0; i < width * height; i++) {
    const at = i * from;
    const opacity = hasOpacity ? values[at + colors] / 255 : 1;
    const over = (level: number): number => ground + (level - ground) * opacity;
    if (channels === 1) {
      const level = colors === 1 ? values[at] : grayOf(values[at], values[at + 1], values[at + 2]);
      converted[i] = Math.round(over(level));
    } else {
      for (let k = 0; k < 3; k++) converted[i * 3 + k] = Math.round(over(values[colors === 1 ? at : at + k]));
    }
  }
  return { width, height, channels, values: converted };
}

function grayOf(red: number, green: number, blue: number): number {
  return GRAY[0] * red + GRAY[1] * green + GRAY[2] * blue;
}

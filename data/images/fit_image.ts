/**
 * Brings pictures to one size: stretched, cut, or with a border.
 *
 * @module
 */

import type { ImageFit } from "./image_options.ts";
import type { Raster } from "./raster.ts";
import { resize, type Size } from "./resize.ts";

/** What a picture is brought to. */
export interface FitTarget extends Size {
  readonly fit: ImageFit;
  /** The level of borders, 0 to 255. */
  readonly ground: number;
}

/** A picture in a size. */
export function fitImage(picture: Raster, { fit, ground, width, height }: FitTarget): Raster {
  if (fit === "cover") return cover(picture, { width, height });
  if (fit === "contain") return contain(picture, { width, height }, ground);
  return resize(picture, { width, height });
}

/** The middle of a picture: the largest part of the target's proportions. */
function cover(picture: Raster, target: Size): Raster {
  const scale = Math.min(picture.width / target.width, picture.height / target.height);
  const [width, height] = [target.width * scale, target.height * scale];
  const part = { left: (picture.width - width) / 2, top: (picture.height - height) / 2, width, height };
  return resize(picture, target, part);
}

/** All of a picture, in the middle of a ground. */
function contain(picture: Raster, target: Size, ground: number): Raster {
  const scale = Math.min(target.width / picture.width, target.height / picture.height);
  const [width, height] = [picture.width, picture.height].map((extent) => Math.max(1, Math.round(extent * scale)));
  const inner = resize(picture, { width, height });
  if (width === target.width && height === target.height) return inner;
  const { channels } = picture;
  const values = new Uint8Array(target.width * target.height * channels).fill(ground);
  const [left, top] = [Math.floor((target.width - width) / 2), Math.floor((target.height - height) / 2)];
  const line = width * channels;
  for (let y = 0; y < height; y++) {
    const to = ((top + y) * target.width + left) * channels;
    values.set(inner.values.subarray(y * line, (y + 1) * line), to);
  }
  return { ...target, channels, values };
}

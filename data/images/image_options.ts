/**
 * How pictures become the inputs of a network: the options.
 *
 * @module
 */

import { custom, type Declaration } from "../../core/options/option.ts";
import { pair } from "../../core/options/shapes.ts";
import { oneOf } from "../../core/options/values.ts";
import type { ColorChannels } from "./convert_channels.ts";

/** How a picture of another shape is brought to a size; the names are those of `object-fit` in CSS, but for `stretch`. */
export type ImageFit = "cover" | "contain" | "stretch";

/** All ways of fitting. */
const imageFits: readonly ImageFit[] = ["cover", "contain", "stretch"];

/** What transparent pixels and borders become. */
export type ImageBackground = "white" | "black";

/** All backgrounds, and their levels. */
export const backgrounds: Readonly<Record<ImageBackground, number>> = { white: 255, black: 0 };

/** How pictures become the inputs of a network. */
export interface ImageOptions {
  /** The height and width that all pictures get, in pixels. */
  readonly size: readonly [height: number, width: number];
  /** 1 for gray pictures, 3 for red, green and blue; default: 3. */
  readonly channels?: 1 | 3;
  /**
   * How a picture of another shape is brought to the size: `"cover"` cuts off what is beyond its middle, `"contain"`
   * adds borders, and `"stretch"` changes its shape; default: `"cover"`.
   */
  readonly fit?: "cover" | "contain" | "stretch";
  /** What transparent pixels and borders become: `"white"` or `"black"`; default: `"white"`. */
  readonly background?: "white" | "black";
}

/** {@linkcode ImageOptions}, declared. */
export const imageOptions = {
  size: pair({ required: true, help: "height and width that all pictures get, in pixels" }),
  channels: custom<ColorChannels>({
    expected: "1 (gray) or 3 (red, green, blue)",
    accepts: (value): value is ColorChannels => value === 1 || value === 3,
  }, { default: 3, help: "1 for gray pictures, 3 for red, green and blue" }),
  fit: oneOf(imageFits, { default: "cover", help: "how a picture of another shape is brought to the size" }),
  background: oneOf(Object.keys(backgrounds) as ImageBackground[], {
    default: "white",
    help: "what transparent pixels and borders become",
  }),
} satisfies Declaration<ImageOptions>;

/** {@linkcode ImageOptions}, with their defaults. */
export type ImageSettings = Required<ImageOptions>;

/** The shape of one picture: `[channel, row, column]`. */
export function imageShape({ size: [height, width], channels }: ImageSettings): [number, number, number] {
  return [channels, height, width];
}

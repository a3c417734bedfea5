/**
 * Images in rows.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { groupsKind } from "./argument_kinds.ts";
import { checkArgument, readOptions } from "../core/options/read.ts";
import { anyText } from "../core/options/kinds.ts";
import { count, positive } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { pair } from "../core/options/shapes.ts";
import { showShape, sizeOf } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { compose, type Panel, text, widthOf } from "./compose.ts";
import type { Picture } from "./picture.ts";
import { pngAddress } from "./png.ts";
import { background } from "./theme.ts";
import { tile } from "./tiles.ts";
import { wrapText } from "./wrap_text.ts";

/** A group of images. */
export interface ImageGroup {
  /** The text above them; default: none. */
  readonly label?: string;
  /** [image, ...pixel], or the pixels of each; 0 is black and 1 white. */
  readonly images: Tensor | readonly ArrayLike<number>[];
  /** Whether each image is scaled to the whole range from black to white; default: false. */
  readonly stretch?: boolean;
}

/** Options of {@linkcode imageGrid}. */
export interface ImageOptions {
  /** The title; default: `Images`, or for other pictures what they show. */
  readonly title?: string;
  /** A note below the images. */
  readonly note?: string;
  /** The height and width of an image in pixels; default: those of a square. */
  readonly imageShape?: readonly [height: number, width: number];
  /** The number of images per row; default: 10. */
  readonly columns?: number;
  /** The largest width of the picture in pixels; default: 640. An image has at least one pixel for each number. */
  readonly width?: number;
}

/** {@linkcode ImageOptions}, declared. */
export const imageOptions = {
  title: anyText({ default: "Images", help: "title" }),
  note: anyText({ help: "note below the images" }),
  imageShape: pair({ otherwise: "those of a square", help: "height and width of an image in pixels" }),
  columns: count({ default: 10, help: "number of images per row" }),
  width: positive({ default: 640, help: "largest width of the picture in pixels" }),
} satisfies Declaration<ImageOptions>;

const LABEL_LINE = 14;
const MOST_LINES = 3;
/** The least space for a label above few images, in pixels. */
const LEAST_LABEL = 280;
const MOST_ZOOM = 10;

/**
 * Draws images in rows, with groups one below the other.
 *
 * @throws {RangeError} if the images are not square and no shape is given, or do not have as many pixels as their
 *   shape.
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { imageGrid } from "@yadll/yadll/views";
 * import { random } from "@yadll/yadll/core";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const noise = random.uniform(random.key(1), [12, 4, 4]);
 * const picture = await imageGrid([{ label: "noise", images: noise }], { columns: 6 });
 * assertStringIncludes(picture.svg, "data:image/png;base64,");
 * ```
 */
export async function imageGrid(groups: readonly ImageGroup[], options?: ImageOptions): Promise<Picture> {
  refuseSurplus("imageGrid", arguments, 2);
  checkArgument("draw images", groups, groupsKind);
  const { title, note, columns, width, imageShape } = readOptions("draw images", imageOptions, options);
  const read = await Promise.all(
    groups.map(async ({ images, ...group }) => ({ ...group, images: await rowsOf(images) })),
  );
  const shape = imageShape ?? squareOf(read.flatMap(({ images }) => images)[0]?.length ?? 1);
  const across = Math.min(columns, Math.max(1, ...read.map(({ images }) => images.length)));
  const zoom = Math.min(MOST_ZOOM, Math.max(1, Math.floor(width / (across * (shape[1] + 1) + 1))));
  const layout = { shape, columns: across, zoom };
  const panels = await Promise.all(read.map((group) => panelOf(group, layout)));
  const count = read.reduce((sum, { images }) => sum + images.length, 0);
  return compose({
    title,
    ...note !== undefined && { note },
    panels,
    columns: 1,
    description: `${title}: ${count} images of ${shape.join(" by ")} pixels`,
  });
}

interface Layout {
  readonly shape: readonly [number, number];
  readonly columns: number;
  readonly zoom: number;
}

async function panelOf(
  { label, images, stretch = false }: Omit<ImageGroup, "images"> & { readonly images: readonly ArrayLike<number>[] },
  { shape, columns, zoom }: Layout,
): Promise<Panel> {
  const odd = images.find(({ length }) => length !== sizeOf(shape));
  if (odd) throw new RangeError(`Cannot draw ${odd.length} numbers as an image of ${showShape(shape)}`);
  const grey = tile(images, { shape, columns, stretch, zoom: 1 });
  const [width, height] = [grey.width * zoom, grey.height * zoom];
  const room = Math.max(width, Math.min(LEAST_LABEL, widthOf(label ?? "")));
  const lines = label === undefined ? [] : wrapText(label, Math.floor(room / widthOf(" ")), MOST_LINES);
  const top = lines.length === 0 ? 0 : lines.length * LABEL_LINE + 2;
  const heading = lines.length === 0 ? "" : text(lines, 11, { x: 0, step: LABEL_LINE });
  // Two names for the same setting: no smoothing between pixels.
  const size = { width: room, height: height + top };
  const svg = `<svg width="${size.width}" height="${size.height}" overflow="visible">${heading}` +
    `<image y="${top}" width="${width}" height="${height}" image-rendering="optimizeSpeed" ` +
    `style="image-rendering:pixelated" href="${await pngAddress(grey)}"/>` +
    framesOf(images.length, { top, width, height, shape, columns, zoom }) + `</svg>`;
  return { svg, ...size };
}

/** Where the images of a panel are, in pixels. */
interface Places extends Layout {
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a frame around each image. It has the color of text, and what is left of the gaps has that of the page, so that
 * one of the two differs from any image: also a white one on a white page.
 */
function framesOf(count: number, { top, width, height, shape, columns, zoom }: Places): string {
  const [rows, cells] = shape.map((extent) => extent * zoom);
  const corners = Array.from({ length: count }, (_, i) => [
    (i % columns) * (cells + zoom) + zoom,
    top + Math.floor(i / columns) * (rows + zoom) + zoom,
  ]);
  const around = (before: number, after: number): string =>
    corners.map(([x, y]) =>
      `M${x - before},${y - before}h${cells + before + after}v${rows + before + after}h${-cells - before - after}Z`
    ).join("");
  // It covers a pixel more on each side, because a scaled picture has pale edges.
  const page =
    `<path d="M-1,${top - 1}h${width + 2}v${height + 2}h${-width - 2}Z${around(0, 0)}" fill-rule="evenodd" ` +
    `fill="${background[0]}"/>`;
  // In a gap of two pixels, neighbors share the frame; a gap of one pixel is gray.
  const outline = zoom === 2 ? around(1.5, 0.5) : around(0.5, 0.5);
  return page +
    `<path class="frames" d="${outline}" fill="none" stroke="currentColor" stroke-opacity="${zoom === 1 ? 0.5 : 1}"/>`;
}

/** Returns the numbers of each image. */
export async function rowsOf(images: ImageGroup["images"]): Promise<readonly ArrayLike<number>[]> {
  if (!(images instanceof Tensor)) return images;
  const values = await images.data();
  const size = sizeOf(images.shape.slice(1));
  return Array.from({ length: images.shape[0] }, (_, i) => values.subarray(i * size, (i + 1) * size));
}

function squareOf(pixels: number): [number, number] {
  const side = Math.round(Math.sqrt(pixels));
  if (side * side === pixels) return [side, side];
  throw new RangeError(`Cannot draw images of ${pixels} pixels: they are not square; pass imageShape`);
}

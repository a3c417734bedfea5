/**
 * Pictures of the filters of a network's first layer.
 *
 * @module
 */

import { refuseSurplus } from "../core/options/surplus.ts";
import { networkKind } from "./argument_kinds.ts";
import { checkArgument, checkArguments, readOptions } from "../core/options/read.ts";
import { count } from "../core/options/numbers.ts";
import type { Declaration } from "../core/options/option.ts";
import { pair } from "../core/options/shapes.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Network } from "../model/network.ts";
import { imageGrid, type ImageGroup, type ImageOptions, imageOptions, rowsOf } from "./image_grid.ts";
import type { Picture } from "./picture.ts";

/** Options of {@linkcode filters}. */
export interface FilterOptions extends ImageOptions {
  /** The most filters to draw; default: 100. */
  readonly most?: number;
}

/** {@linkcode FilterOptions}, declared. */
export const filterOptions = {
  ...imageOptions,
  most: count({ default: 100, help: "most filters to draw" }),
} satisfies Declaration<FilterOptions>;

const shapeKind = pair();

/** The first layer with weights for the input. */
interface FirstLayer {
  readonly name: string;
  /** [input, unit], or [filter, channel, height, width] */
  readonly W: Tensor;
}

/**
 * Returns the first layer that has weights for every pixel of an image or for patches of it; undefined if there is
 * none.
 */
function firstLayerOf(network: Network): FirstLayer | undefined {
  const inputs = sizeOf((network.inputShapes[0] ?? []).slice(1).map((extent) => extent ?? 0));
  for (const { name } of network.layers) {
    const { W } = network.params[name] ?? {};
    if (W?.shape.length === 4 || W?.shape.length === 2 && W.shape[0] === inputs) return { name, W };
  }
  return undefined;
}

/**
 * Whether a network has filters that can be drawn.
 *
 * @example
 * ```ts
 * import { denseLayer, inputLayer, network, random } from "@yadll/yadll";
 * import { hasFilters } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 7] });
 * const net = network("net", [input, denseLayer(input, { nUnits: 5 })]);
 * const carrying = net.withWeights(net.init(random.key(1)));
 * assertEquals([hasFilters(carrying), hasFilters(carrying, [1, 7])], [false, true]);
 * ```
 */
export function hasFilters(network: Network, imageShape?: readonly [height: number, width: number]): boolean {
  checkArgument("look for filters", network, networkKind);
  if (imageShape !== undefined) checkArguments("look for filters", { imageShape }, shapeKind);
  if (!network.weights) return false;
  const W = firstLayerOf(network)?.W;
  if (!W) return false;
  return W.shape.length === 4
    ? Math.max(W.shape[2], W.shape[3]) > 1
    : imageShapeOf(network, W, imageShape) !== undefined;
}

/** Returns the height and width of the images that the columns of a matrix are weights for. */
function imageShapeOf(
  { inputShapes: [input] }: Network,
  W: Tensor,
  given?: readonly [height: number, width: number],
): readonly [number, number] | undefined {
  const inputs = W.shape[0];
  if (given) return sizeOf(given) === inputs ? given : undefined;
  const [height, width] = input.slice(-2);
  // Channels are drawn one below the other.
  if (input.length > 2 && height && width) return [inputs / width, width];
  const side = Math.round(Math.sqrt(inputs));
  return side > 1 && side * side === inputs ? [side, side] : undefined;
}

/**
 * Draws the filters of the first layer that has weights for an image: dense, dropconnect, autoencoder, restricted
 * Boltzmann machine, or convolution. The weights of each filter are scaled from black, the smallest, to white.
 *
 * @throws {TypeError} if the network has no weights.
 * @throws {RangeError} if no layer has weights for images, or `imageShape` is not that of its input.
 * @throws {LibraryError} if the drawing library cannot be loaded.
 *
 * @example
 * ```ts
 * import { convLayer, inputLayer, network, random } from "@yadll/yadll";
 * import { filters } from "@yadll/yadll/views";
 * import { assertEquals } from "@std/assert";
 *
 * const input = inputLayer({ shape: [null, 1, 28, 28] });
 * const net = network("net", [input, convLayer(input, { filterShape: [20, 1, 5, 5], name: "Convolution" })]);
 * const picture = await filters(net.withWeights(net.init(random.key(1))));
 * assertEquals(picture.description, "Filters of Convolution: 20 images of 5 by 5 pixels");
 * ```
 */
export async function filters(network: Network, options: FilterOptions = {}): Promise<Picture> {
  refuseSurplus("filters", arguments, 2);
  checkArgument("draw filters", network, networkKind);
  const { most } = readOptions("draw filters", filterOptions, options);
  const { most: _, ...shared } = options;
  const first = network.params && firstLayerOf(network);
  if (!first) {
    throw new RangeError(
      `Cannot draw filters of network ${JSON.stringify(network.name)}: none of its layers has weights for images`,
    );
  }
  const { name, W } = first;
  const { imageShape, images } = W.shape.length === 4
    ? convolutionFilters(W)
    : denseFilters(name, W, imageShapeOf(network, W, options.imageShape));
  const shown = (await rowsOf(images)).slice(0, most);
  const group: ImageGroup = { images: shown, stretch: true };
  const all = images.shape[0];
  return await imageGrid([group], {
    title: `Filters of ${name}`,
    ...all > most && { note: `${most} of ${all} filters` },
    ...shared,
    imageShape,
  });
}

interface Filters {
  readonly imageShape: readonly [number, number];
  /** [filter, ...pixel] */
  readonly images: Tensor;
}

function convolutionFilters(W: Tensor): Filters {
  const [outputs, channels, height, width] = W.shape;
  return { imageShape: [height, width], images: W.reshape([outputs * channels, height, width]) };
}

function denseFilters(name: string, W: Tensor, imageShape: readonly [number, number] | undefined): Filters {
  if (imageShape) return { imageShape, images: W.transpose() };
  throw new RangeError(
    `Cannot draw filters of ${name}: its ${
      W.shape[0]
    } inputs are not a square image; pass the height and width as imageShape`,
  );
}

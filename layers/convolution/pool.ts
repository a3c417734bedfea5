/**
 * Pooling layers.
 *
 * @module
 */

import { refuseSurplus } from "../../core/options/surplus.ts";
import { averagePool2d, maxPool2d } from "../../core/functions/pooling.ts";
import { tensorKind } from "../../core/options/kinds.ts";
import { checkArguments, readOptions } from "../../core/options/read.ts";
import type { Declaration, OptionValues } from "../../core/options/option.ts";
import { pair } from "../../core/options/shapes.ts";
import { flag, oneOf } from "../../core/options/values.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { checkRank, type LayerOptions, layerOptions, makeLayer, readLayer } from "../define_layer.ts";
import type { Layer, LayerShape } from "../layer.ts";
import { valuesPooled } from "../output_values.ts";

/** How the elements of a window are reduced. */
export type PoolMode = "max" | "sum" | "average_inc_pad" | "average_exc_pad";

/** A number for height, and one for width. */
export type Pair = readonly [number, number];

/** The geometry of a pooling. */
export interface PoolGeometry {
  /** Height and width of a window. */
  readonly poolSize: Pair;
  /** The distance between neighboring windows; default: `poolSize`. */
  readonly stride?: Pair | undefined;
  /** Whether windows that extend past the end are left out; default: true. */
  readonly ignoreBorder?: boolean | undefined;
  /** Padding on both sides of height and width; default: [0, 0]. It is zeros, which `max` ignores. */
  readonly pad?: Pair | undefined;
  /** How the elements of a window are reduced; default: `max`. The averages include or exclude the padding. */
  readonly mode?: PoolMode | undefined;
}

/** {@linkcode PoolGeometry}, declared. */
export const poolGeometry = {
  poolSize: pair({ required: true, help: "height and width of a window" }),
  stride: pair({ otherwise: "poolSize", help: "distance between neighboring windows" }),
  ignoreBorder: flag({ default: true, help: "whether windows that extend past the end are left out" }),
  pad: pair({ least: 0, default: [0, 0], help: "padding on both sides of height and width" }),
  mode: oneOf(["max", "sum", "average_inc_pad", "average_exc_pad"], {
    default: "max",
    help: "how the elements of a window are reduced",
  }),
} satisfies Declaration<PoolGeometry>;

/** A geometry as it was read, with its stride filled in. */
type CompleteGeometry = OptionValues<typeof poolGeometry> & { readonly stride: Pair };

type Pooling = (x: Tensor, geometry: CompleteGeometry) => Tensor;

function pairs([rows, columns]: Pair): [Pair, Pair] {
  return [[rows, rows], [columns, columns]];
}

/** The geometry as the options of the core's pooling, which are those of PyTorch and ONNX. */
function coreOptions({ poolSize, stride, ignoreBorder, pad }: CompleteGeometry) {
  return { window: poolSize, strides: stride, padding: pairs(pad), ceilMode: !ignoreBorder };
}

/** Sums are averages over windows padded up to their full size. */
function sumPool(x: Tensor, geometry: CompleteGeometry): Tensor {
  const { poolSize, stride, pad } = geometry;
  const padding = [2, 3].map((axis, i): Pair => {
    const outputs = pooledExtent(x.shape[axis], i, geometry);
    const covered = (outputs - 1) * stride[i] + poolSize[i];
    return [pad[i], Math.max(pad[i], covered - x.shape[axis] - pad[i])];
  });
  return averagePool2d(x, { window: poolSize, strides: stride, padding }).mul(poolSize[0] * poolSize[1]);
}

const poolings: Readonly<Record<PoolMode, Pooling>> = {
  max: (x, geometry) => maxPool2d(x, coreOptions(geometry)),
  sum: sumPool,
  average_inc_pad: (x, geometry) => averagePool2d(x, { ...coreOptions(geometry), countIncludePad: true }),
  average_exc_pad: (x, geometry) => averagePool2d(x, { ...coreOptions(geometry), countIncludePad: false }),
};

function complete({ poolSize, stride = poolSize, ...rest }: OptionValues<typeof poolGeometry>): CompleteGeometry {
  return { poolSize, stride, ...rest };
}

/** The number of windows along one axis, without those that would start after the end. */
function pooledExtent(extent: number, axis: number, geometry: CompleteGeometry): number {
  const { poolSize, stride, ignoreBorder, pad } = geometry;
  const rest = extent + 2 * pad[axis] - poolSize[axis];
  if (ignoreBorder) return Math.floor(rest / stride[axis]) + 1;
  const outputs = Math.ceil(rest / stride[axis]) + 1;
  return (outputs - 1) * stride[axis] >= extent + pad[axis] ? outputs - 1 : outputs;
}

/**
 * Reduces each window of an image to one number: the maximum, the sum or the average.
 *
 * @param x [batch, channels, height, width]
 * @returns [batch, channels, rows, columns]
 *
 * @example
 * ```ts
 * import { pool } from "@yadll/yadll/layers";
 * import { tensor } from "@yadll/yadll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([[[[1, 2], [4, 3]]]]);
 * assertEquals(await pool(x, { poolSize: [2, 2], mode: "sum" }).item(), 10);
 * ```
 */
export function pool(x: Tensor, geometry: PoolGeometry): Tensor {
  checkArguments("pool", { x }, tensorKind);
  const full = complete(readOptions("pool", poolGeometry, geometry));
  return poolings[full.mode](x, full);
}

/**
 * The shape of {@linkcode pool}'s result.
 *
 * @throws {TypeError} if a window is larger than the image.
 */
export function pooledShape(
  title: string,
  shape: LayerShape,
  geometry: OptionValues<typeof poolGeometry>,
): LayerShape {
  checkRank(title, shape, ["batch", "channels", "height", "width"]);
  const full = complete(geometry);
  const { pad, poolSize, mode } = full;
  if (pad.some((extent, i) => extent >= poolSize[i]) && mode !== "sum" && mode !== "average_inc_pad") {
    throw new TypeError(
      `Cannot make ${title}: windows of ${showShape(poolSize)} would contain nothing but padding, which ${mode} ` +
        `leaves out; expected pad below poolSize, got ${showShape(pad)}`,
    );
  }
  const space = shape.slice(2).map((extent, i) => extent === null ? null : pooledExtent(extent, i, full));
  if (space.some((extent) => extent !== null && extent < 1)) {
    throw new TypeError(
      `Cannot make ${title}: a window of ${showShape(poolSize)} does not fit into ${showShape(shape)}`,
    );
  }
  return [...shape.slice(0, 2), ...space];
}

/** Options of {@linkcode poolLayer}. */
export interface PoolOptions extends LayerOptions, PoolGeometry {}

/** The kind of {@linkcode poolLayer}. */
export const poolKind = {
  kind: "PoolLayer",
  options: { ...layerOptions, ...poolGeometry } satisfies Declaration<PoolOptions>,
};

/**
 * Takes the maximum, the sum or the average of each window: [batch, channels, height, width] → [batch, channels, rows,
 * columns].
 *
 * @example
 * ```ts
 * import { inputLayer, poolLayer } from "@yadll/yadll/layers";
 * import { assertEquals } from "@std/assert";
 *
 * const images = inputLayer({ shape: [null, 3, 7, 7] });
 * assertEquals(poolLayer(images, { poolSize: [2, 2] }).outputShape, [null, 3, 3, 3]);
 * assertEquals(poolLayer(images, { poolSize: [2, 2], ignoreBorder: false }).outputShape, [null, 3, 4, 4]);
 * ```
 */
export function poolLayer(incoming: Layer, options: PoolOptions): Layer {
  refuseSurplus("poolLayer", arguments, 2);
  const { identity, title, values: { name: _, ...geometry } } = readLayer(poolKind, options, incoming);
  const { stride } = complete(geometry);
  return makeLayer(identity, {
    incoming: [incoming],
    outputShape: pooledShape(title, incoming.outputShape, geometry),
    completed: { stride },
    values: geometry.mode === "sum" ? "any" : valuesPooled(incoming),
    forward: (_params, [x]) => pool(x, geometry),
  });
}

/**
 * Windows over the spatial axes: their size, distance and padding, in ONNX's notation.
 *
 * @module
 */

import type { Shape } from "../../../core/shape.ts";
import type { Attributes } from "../attributes.ts";
import { Unsupported } from "../unsupported.ts";

/** A pair of counts, before and after, for each spatial axis. */
export type Pads = readonly (readonly [number, number])[];

/** Windows over spatial axes. */
export interface Geometry {
  /** The extents of the windows. */
  readonly window: Shape;
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: Pads;
}

/** ONNX lists all counts before the axes, then all counts after them. */
export function pairs(pads: readonly number[]): [number, number][] {
  const count = pads.length / 2;
  return Array.from({ length: count }, (_, i) => [pads[i], pads[count + i]]);
}

/** The extent of a window with its dilation. */
export function spanOf({ window, dilations }: Pick<Geometry, "window" | "dilations">, i: number): number {
  return (window[i] - 1) * dilations[i] + 1;
}

type Padder = (total: number) => [number, number];

/** How a sum of padding is shared between before and after, by the value of `auto_pad`. */
export const shares: Readonly<Record<string, Padder>> = {
  VALID: () => [0, 0],
  SAME_UPPER: (total) => [total >> 1, total - (total >> 1)],
  SAME_LOWER: (total) => [total - (total >> 1), total >> 1],
};

function padsOf(attributes: Attributes, space: Shape, geometry: Omit<Geometry, "pads">): Pads {
  const auto = attributes.text("auto_pad", "NOTSET");
  if (auto === "NOTSET" || auto === "") return pairs(attributes.numbers("pads") ?? space.flatMap(() => [0, 0]));
  if (!Object.hasOwn(shares, auto)) throw new Unsupported(`auto_pad ${auto}`);
  return space.map((extent, i) => {
    const count = Math.ceil(extent / geometry.strides[i]);
    return shares[auto](Math.max(0, (count - 1) * geometry.strides[i] + spanOf(geometry, i) - extent));
  });
}

/**
 * The geometry that attributes describe.
 *
 * @param space extents of the spatial axes
 * @param kernel extents of the windows if `kernel_shape` is absent
 */
export function geometryOf(attributes: Attributes, space: Shape, kernel?: Shape): Geometry {
  const window = attributes.numbers("kernel_shape") ?? kernel;
  if (window?.length !== space.length) {
    throw new TypeError(`Cannot place windows [${window}] on axes [${space}]: expected an extent for each axis`);
  }
  const ones = space.map(() => 1);
  const strides = attributes.numbers("strides") ?? ones;
  const dilations = attributes.numbers("dilations") ?? ones;
  return { window, strides, dilations, pads: padsOf(attributes, space, { window, strides, dilations }) };
}

/**
 * Convolutions over any number of spatial axes, and their transposes.
 *
 * @module
 */

import type { Tensor } from "../../../core/mod.ts";
import type { Shape } from "../../../core/shape.ts";
import type { Attributes } from "../attributes.ts";
import type { Operator, Operators } from "../operator.ts";
import { type Geometry, geometryOf, type Pads, pairs, shares, spanOf } from "./geometry.ts";
import { centred } from "./products.ts";

/** Adds a number for each channel. */
function withBias(y: Tensor, bias: Tensor | undefined): Tensor {
  return bias ? y.add(bias.reshape([1, -1, ...y.shape.slice(2).map(() => 1)])) : y;
}

/** The axes of groups and batch in the other order. */
function swapped(x: Tensor): Tensor {
  return x.transpose([1, 0, ...x.shape.map((_, i) => i).slice(2)]);
}

/**
 * Cross-correlation.
 *
 * @param x [batch, groups · channels, …space]
 * @param w [groups, filters, channels, …window]
 */
function correlate(x: Tensor, w: Tensor, inputDilations: readonly number[], geometry: Geometry): Tensor {
  const { strides, pads: padding, dilations } = geometry;
  const [groups, filters, channels] = w.shape;
  const [batch, , ...space] = x.shape;
  const y = swapped(x.reshape([batch, groups, channels, ...space]))
    .apply("conv", [w], { strides, padding, dilations, inputDilations });
  return swapped(y).reshape([batch, groups * filters, ...y.shape.slice(3)]);
}

function convolve(x: Tensor, w: Tensor, attributes: Attributes): Tensor {
  const groups = attributes.number("group", 1);
  const [filters, ...rest] = w.shape;
  const geometry = geometryOf(attributes, x.shape.slice(2), w.shape.slice(2));
  const ones = geometry.strides.map(() => 1);
  return correlate(x, w.reshape([groups, filters / groups, ...rest]), ones, geometry);
}

/** Divides a surplus between both ends; a deficit goes to the end. */
function sharedCut(total: number, auto: string): readonly [number, number] {
  return total < 0 ? [0, total] : shares[auto === "SAME_UPPER" ? auto : "SAME_LOWER"](total);
}

/** How many elements are cut off each end of the full transposed convolution, with its output padding. */
function cutOf(attributes: Attributes, space: Shape, full: Shape, strides: readonly number[]): Pads {
  const auto = attributes.text("auto_pad", "NOTSET");
  const same = auto.startsWith("SAME") ? space.map((extent, i) => extent * strides[i]) : undefined;
  const wanted = attributes.numbers("output_shape")?.slice(-space.length) ?? same;
  if (wanted) return full.map((extent, i) => sharedCut(extent - wanted[i], auto));
  return pairs(attributes.numbers("pads") ?? space.flatMap(() => [0, 0]));
}

/** Cuts elements off both ends of the spatial axes; negative numbers insert zeros. */
function cropped(y: Tensor, cut: Pads): Tensor {
  const pad = cut.map(([low, high]): [number, number] => [Math.max(0, -low), Math.max(0, -high)]);
  const padded = y.pad([[0, 0], [0, 0], ...pad]);
  const start = cut.map(([low]) => Math.max(0, low));
  const stop = cut.map(([, high], i) => padded.shape[i + 2] - Math.max(0, high));
  return padded.slice([0, 0, ...start], [y.shape[0], y.shape[1], ...stop]);
}

/** The transpose of a convolution: a convolution of the input, spread by the strides, with the flipped filter. */
const convTranspose: Operator = (inputs, attributes) => {
  const [x, w] = [inputs.tensor(0), inputs.tensor(1)];
  const groups = attributes.number("group", 1);
  const [channels, filters, ...window] = w.shape;
  const space = x.shape.slice(2);
  const ones = space.map(() => 1);
  const strides = attributes.numbers("strides") ?? ones;
  const dilations = attributes.numbers("dilations") ?? ones;
  // [groups · channels, filters, …window] → [groups, filters, channels, …window]
  const grouped = w.reshape([groups, channels / groups, filters, ...window]);
  const turned = grouped.transpose([0, 2, 1, ...space.map((_, i) => i + 3)]).flip(space.map((_, i) => i + 3));
  const pads = space.map((_, i) =>
    [spanOf({ window, dilations }, i) - 1, spanOf({ window, dilations }, i) - 1] as const
  );
  const full = correlate(x, turned, strides, { window, strides: ones, dilations, pads });
  const extra = attributes.numbers("output_padding") ?? space.map(() => 0);
  const extents = full.shape.slice(2).map((extent, i) => extent + extra[i]);
  const cut = cutOf(attributes, space, extents, strides);
  return [withBias(cropped(full, cut.map(([low, high], i) => [low, high - extra[i]])), inputs.optional(2))];
};

/** Operators by name. */
export const convolutions: Operators = {
  Conv: (inputs, attributes) => [
    withBias(convolve(inputs.tensor(0), inputs.tensor(1), attributes), inputs.optional(2)),
  ],
  ConvInteger: (inputs, attributes) => [
    convolve(centred(inputs, 0, 2), centred(inputs, 1, 3), attributes).cast("i32"),
  ],
  ConvTranspose: convTranspose,
};

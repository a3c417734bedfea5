/**
 * Products, whose loops may be tiled: matrix products and convolutions.
 *
 * @module
 */

import { sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { Attributes, ContractionAttributes } from "../attributes.ts";
import { type Node, showType, type ValueType } from "../node.ts";
import { at, eachIndex, generate } from "../reference.ts";
import type { ContractionRule, Cotangents, Reference } from "../rule.ts";

const sum = (count: number, term: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
};

/** [batch, rows, depth] · [batch, depth, columns] → [batch, rows, columns] */
const dot: ContractionRule<"dot"> = {
  kind: "contraction",
  ofNothing: 0,
  infer: ([a, b]) => {
    const fits = a.shape.length === 3 && b.shape.length === 3 && a.shape[0] === b.shape[0] && a.shape[2] === b.shape[1];
    if (!fits || a.dtype !== "f32" || b.dtype !== "f32") {
      throw new TypeError(
        `Cannot multiply ${showType(a)} by ${
          showType(b)
        }: expected f32[batch, rows, depth] and f32[batch, depth, columns]`,
      );
    }
    return { shape: [a.shape[0], a.shape[1], b.shape[2]], dtype: "f32" };
  },
  vjp: (g, [a, b]) => [
    g.apply("dot", [b.transpose([0, 2, 1])], {}),
    a.transpose([0, 2, 1]).apply("dot", [g], {}),
  ],
  evaluate: ([a, b], _, { shape }) =>
    generate(shape, ([n, i, j]) => sum(a.shape[2], (k) => at(a, [n, i, k]) * at(b, [n, k, j]))),
};

/** The extent of a convolution's output along each spatial axis; may be below 0 if the window does not fit. */
export function convExtents(
  input: readonly number[],
  kernel: readonly number[],
  { strides, padding, dilations, inputDilations }: Attributes["conv"],
): number[] {
  return input.map((extent, i) => {
    const dilated = extent === 0 ? 0 : (extent - 1) * inputDilations[i] + 1;
    const span = (kernel[i] - 1) * dilations[i] + 1;
    return Math.floor((dilated + padding[i][0] + padding[i][1] - span) / strides[i]) + 1;
  });
}

function inferConv([x, w]: readonly Node[], attributes: Attributes["conv"]): ValueType {
  const fail = (why: string) => new TypeError(`Cannot convolve ${showType(x)} with ${showType(w)}: ${why}`);
  if (x.dtype !== "f32" || w.dtype !== "f32") throw fail("expected f32");
  if (x.shape.length !== attributes.strides.length + 3 || w.shape.length !== x.shape.length) {
    throw fail("expected [groups, batch, channels, …space] and [groups, filters, channels, …window]");
  }
  if (x.shape[0] !== w.shape[0] || x.shape[2] !== w.shape[2]) {
    throw fail(
      `groups and channels must match, got ${x.shape[0]} and ${w.shape[0]} groups of ${x.shape[2]} and ${
        w.shape[2]
      } channels`,
    );
  }
  const space = convExtents(x.shape.slice(3), w.shape.slice(3), attributes);
  if (space.some((extent) => extent < 0)) throw fail("the window is larger than the padded input");
  return { shape: [x.shape[0], x.shape[1], w.shape[1], ...space], dtype: "f32" };
}

function evaluateConv(
  [x, w]: readonly Reference[],
  attributes: Attributes["conv"],
  shape: readonly number[],
): Float64Array {
  const { strides, padding, dilations, inputDilations } = attributes;
  const out = new Float64Array(sizeOf(shape));
  const window = w.shape.slice(2);
  eachIndex(shape, ([group, batch, filter, ...place], position) => {
    eachIndex(window, ([channel, ...tap]) => {
      const dilated = place.map((o, i) => o * strides[i] + tap[i] * dilations[i] - padding[i][0]);
      const source = dilated.map((d, i) => d / inputDilations[i]);
      if (source.some((s, i) => !Number.isInteger(s) || s < 0 || s >= x.shape[3 + i])) return;
      out[position] += at(x, [group, batch, channel, ...source]) * at(w, [group, filter, channel, ...tap]);
    });
  });
  return out;
}

/** Swaps the two axes after the groups. */
const swapped = (x: Tensor): Tensor => x.transpose([0, 2, 1, ...x.shape.slice(3).map((_, i) => i + 3)]);

/** Both gradients of a convolution are convolutions: of g with the rotated filter, and of the input with g. */
function convGradients(g: Tensor, [x, w]: readonly Tensor[], attributes: Attributes["conv"]): Cotangents {
  if (sizeOf(g.shape) === 0) return [x.zerosLike(), w.zerosLike()];
  const { strides, padding, dilations, inputDilations } = attributes;
  const spatial = strides.map((_, i) => i);
  const input = spatial.map((i) => x.shape[3 + i] === 0 ? 0 : (x.shape[3 + i] - 1) * inputDilations[i] + 1);
  const span = spatial.map((i) => (w.shape[3 + i] - 1) * dilations[i] + 1);
  const output = spatial.map((i) => g.shape[3 + i] === 0 ? 0 : (g.shape[3 + i] - 1) * strides[i] + 1);

  const turned = swapped(w).flip(spatial.map((i) => i + 3));
  const toInput = g.apply("conv", [turned], {
    strides: inputDilations,
    padding: spatial.map((i) => [span[i] - 1 - padding[i][0], input[i] + padding[i][0] - output[i]] as const),
    dilations,
    inputDilations: strides,
  });
  const toFilter = swapped(x).apply("conv", [swapped(g)], {
    strides: dilations,
    padding: spatial.map((i) => [padding[i][0], span[i] + output[i] - 1 - input[i] - padding[i][0]] as const),
    dilations: strides,
    inputDilations,
  });
  return [toInput, swapped(toFilter)];
}

/**
 * [groups, batch, channels, …space] * [groups, filters, channels, …window] → [groups, batch, filters, …space], computed
 * as cross-correlation.
 */
const conv: ContractionRule<"conv"> = {
  kind: "contraction",
  ofNothing: 0,
  infer: inferConv,
  vjp: (g, inputs, { attributes }) => convGradients(g, inputs, attributes),
  evaluate: (inputs, attributes, { shape }) => evaluateConv(inputs, attributes, shape),
};

/** One entry for each product. */
export const contractions: { readonly [P in keyof ContractionAttributes]: ContractionRule<P> } = { dot, conv };

/**
 * Convolutions.
 *
 * @module
 */

import { conv2d, type Padding } from "../../../core/functions/convolution.ts";
import type { Draw } from "./draw.ts";
import type { Operation } from "./operation.ts";
import { factors, sums } from "./products.ts";
import { elementsOf, SUM_BOUND, sumOf } from "./reductions.ts";
import type { Expected } from "./ulp.ts";
import { build, eachIndex, elementAt, positionOf, type Value } from "./values.ts";

/** How a window moves along one axis. */
interface Movement {
  readonly stride: number;
  readonly low: number;
  readonly high: number;
  readonly dilation: number;
  readonly inputDilation: number;
}

/** [groups, batch, channels, …space] and [groups, filters, channels, …window] */
function convolved(x: Value, w: Value, axes: readonly Movement[]): Expected {
  const window = w.shape.slice(2);
  const space = axes.map(({ stride, low, high, dilation, inputDilation }, i) => {
    const extent = x.shape[3 + i] === 0 ? 0 : (x.shape[3 + i] - 1) * inputDilation + 1;
    return Math.floor((extent + low + high - ((w.shape[3 + i] - 1) * dilation + 1)) / stride) + 1;
  });
  return elementsOf("f32", [x.shape[0], x.shape[1], w.shape[1], ...space], ([group, image, filter, ...place]) => {
    const terms: number[] = [];
    let outside = 0;
    eachIndex(window, ([channel, ...tap]) => {
      const source = place.map((o, i) =>
        (o * axes[i].stride + tap[i] * axes[i].dilation - axes[i].low) / axes[i].inputDilation
      );
      const weight = elementAt(w, [group, filter, channel, ...tap]);
      if (source.every((s, i) => Number.isInteger(s) && s >= 0 && s < x.shape[3 + i])) {
        terms.push(elementAt(x, [group, image, channel, ...source]) * weight);
      } else if (!Number.isFinite(weight)) outside++;
    });
    // Kernels may skip the zeros around and between the elements, or multiply them: 0 · ∞ is NaN.
    return { ...sumOf(terms), open: outside > 0 };
  });
}

const conv: Operation = {
  bound: SUM_BOUND,
  gradient: sums,
  sample: (draw) => {
    const rank = draw.pick([0, 1, 2, 2, 2, 3]);
    const small = draw.purpose.slopes;
    const most = small ? 4 : rank === 3 ? 5 : 11;
    const axes = Array.from({ length: rank }, (): Movement & { window: number; extent: number } => {
      const [window, extent, dilation, inputDilation] = [
        draw.whole(1, 3),
        draw.whole(1, most),
        draw.pick([1, 1, 2]),
        draw.pick([1, 1, 1, 2]),
      ];
      const missing = Math.max(0, (window - 1) * dilation - (extent - 1) * inputDilation);
      const low = draw.pick([0, 0, 1, 2]) + missing;
      const crop = missing === 0 && extent * inputDilation > window * dilation + 2 ? draw.pick([0, 0, -1]) : 0;
      return {
        stride: draw.pick([1, 1, 2, 3]),
        low,
        high: draw.pick([0, 1, crop]),
        dilation,
        inputDilation,
        window,
        extent,
      };
    });
    const [groups, batch, filters, channels] = small
      ? [1, 1, 2, 2]
      : [draw.pick([1, 1, 2]), draw.pick([1, 2, 3]), draw.pick([1, 3, 4, 17]), draw.pick([1, 2, 5])];
    const numbers = { style: draw.style(), ...factors };
    const attributes = {
      strides: axes.map(({ stride }) => stride),
      padding: axes.map(({ low, high }) => [low, high] as const),
      dilations: axes.map(({ dilation }) => dilation),
      inputDilations: axes.map(({ inputDilation }) => inputDilation),
    };
    return {
      inputs: [
        draw.value("f32", [groups, batch, channels, ...axes.map(({ extent }) => extent)], numbers),
        draw.value("f32", [groups, filters, channels, ...axes.map(({ window }) => window)], numbers),
      ],
      apply: (x, w) => x.apply("conv", [w], attributes),
      expected: (x, w) => convolved(x, w, axes),
      note: JSON.stringify(attributes),
    };
  },
};

/** Padding of one axis. */
export function padded(
  padding: Padding,
  axis: number,
  geometry: { extent: number; span: number; stride: number },
): readonly [number, number] {
  const { extent, span, stride } = geometry;
  if (typeof padding !== "string") return padding[axis];
  if (padding === "valid") return [0, 0];
  if (padding === "full") return [span - 1, span - 1];
  const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + span - extent);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Any padding of two axes. */
export const drawPadding = (draw: Draw): Padding =>
  draw.pick(
    ["valid", "same", "full", [[draw.whole(0, 2), draw.whole(0, 2)], [draw.whole(0, 2), draw.whole(0, 2)]]] as const,
  );

const images: Operation = {
  bound: SUM_BOUND,
  gradient: sums,
  sample: (draw) => {
    const small = draw.purpose.slopes;
    const [groups, depth, filters] = [
      draw.pick([1, 1, 2]),
      draw.pick(small ? [1, 2] : [1, 2, 5]),
      draw.pick(small ? [1] : [1, 3, 8]),
    ];
    const [strides, dilations] = [[draw.pick([1, 1, 2]), draw.pick([1, 2])], [
      draw.pick([1, 1, 2]),
      draw.pick([1, 1, 2]),
    ]];
    const [window, batch] = [[draw.whole(1, 3), draw.whole(1, 3)], draw.pick(small ? [1] : [1, 2, 3])];
    const space = window.map((extent, i) => (extent - 1) * dilations[i] + 1 + draw.whole(0, small ? 1 : 9));
    const padding = drawPadding(draw);
    const numbers = { style: draw.style(), ...factors };
    return {
      inputs: [
        draw.value("f32", [batch, groups * depth, ...space], numbers),
        draw.value("f32", [groups * filters, depth, ...window], numbers),
      ],
      apply: (x, w) => conv2d(x, w, { strides, dilations, groups, padding }),
      expected: (x, w) => {
        const axes = space.map((extent, i): Movement => {
          const span = (window[i] - 1) * dilations[i] + 1;
          const [low, high] = padded(padding, i, { extent, span, stride: strides[i] });
          return { stride: strides[i], low, high, dilation: dilations[i], inputDilation: 1 };
        });
        return inGroups(x, w, { groups, axes });
      },
      note: JSON.stringify({ strides, dilations, groups, padding }),
    };
  },
};

/** [batch, channels, …] and [filters, channels / groups, …], by a convolution of each group. */
function inGroups(
  x: Value,
  w: Value,
  { groups, axes }: { readonly groups: number; readonly axes: readonly Movement[] },
): Expected {
  const [batch, channels, ...space] = x.shape;
  const [filters, depth, ...window] = w.shape;
  const [share, own] = [channels / groups, filters / groups];
  const images = build(
    "f32",
    [groups, batch, share, ...space],
    ([g, n, c, ...place]) => elementAt(x, [n, g * share + c, ...place]),
  );
  const y = convolved(images, { ...w, shape: [groups, own, depth, ...window] }, axes);
  const shape = [batch, filters, ...y.shape.slice(3)];
  return elementsOf("f32", shape, ([n, f, ...place]) => {
    const position = positionOf(y.shape, [Math.floor(f / own), n, f % own, ...place]);
    return { value: y.values[position], unit: y.units![position], open: y.open!.has(position) };
  });
}

/** One entry per primitive of this file. */
export const convolutionPrimitives = { conv };

/** One entry per function of this file. */
export const convolutionFunctions = { conv2d: images };

/**
 * Convolutions and poolings in plain numbers.
 *
 * @module
 */

import type { Pair, PoolMode } from "../layers/mod.ts";
import * as plain from "../layers/test_numbers.ts";

/** [batch or filter, channel, height, width] */
export type Images = readonly (readonly plain.Matrix[])[];

/** A convolution or pooling in plain numbers; the padding is [[top, bottom], [left, right]]. */
export interface Geometry {
  readonly padding?: readonly [Pair, Pair];
  readonly strides?: Pair;
  readonly dilations?: Pair;
  readonly groups?: number;
  readonly flip?: boolean;
}

/** Images of numbers without any order. */
export function images(...shape: readonly [number, number, number, number]): number[][][][] {
  const all = plain.row(shape.reduce((size, extent) => size * extent, 1), shape[0] + shape[3]);
  return plain.nest(shape, (i) => all[i]);
}

/** Σ x[c, i · stride + k · dilation − padding] W[f, c, k], with flipped filters by default. */
export function convolved(x: Images, W: Images, geometry: Geometry = {}): number[][][][] {
  const { padding = [[0, 0], [0, 0]], strides = [1, 1], dilations = [1, 1], groups = 1, flip = true } = geometry;
  const [height, width] = [x[0][0].length, x[0][0][0].length];
  const [rows, columns] = [W[0][0].length, W[0][0][0].length];
  const outputs = [[height, rows], [width, columns]].map(([extent, taps], axis) =>
    Math.floor((extent + padding[axis][0] + padding[axis][1] - (taps - 1) * dilations[axis] - 1) / strides[axis]) + 1
  );
  const at = (image: plain.Matrix, i: number, j: number): number => image[i]?.[j] ?? 0;
  return x.map((channels) =>
    W.map((filter, f) => {
      const first = Math.floor(f / (W.length / groups)) * filter.length;
      return plain.nest<number[][]>([outputs[0], outputs[1]], (position) => {
        const [i, j] = [Math.floor(position / outputs[1]), position % outputs[1]];
        return plain.sum(filter.flatMap((taps, c) =>
          taps.flatMap((row, k) =>
            row.map((_, l) =>
              (flip ? taps[rows - 1 - k][columns - 1 - l] : taps[k][l]) * at(
                channels[first + c],
                i * strides[0] + k * dilations[0] - padding[0][0],
                j * strides[1] + l * dilations[1] - padding[1][0],
              )
            )
          )
        ));
      });
    })
  );
}

/** Windows that move over images, as options of layers name them. */
export interface Windows {
  readonly size: Pair;
  readonly stride?: Pair;
  readonly pad?: Pair;
  readonly ignoreBorder?: boolean;
  readonly mode?: PoolMode;
}

/** First positions of the windows along an axis. */
function starts(
  extent: number,
  axis: number,
  { size, stride = size, pad = [0, 0], ignoreBorder = true }: Windows,
): number[] {
  const found: number[] = [];
  for (let start = -pad[axis]; start < extent; start += stride[axis]) {
    const end = start + size[axis];
    if (ignoreBorder && end > extent + pad[axis]) break;
    found.push(start);
    if (end >= extent + pad[axis]) break;
  }
  return found;
}

const reductions: Readonly<Record<PoolMode, (inside: plain.Row, padded: number) => number>> = {
  max: (inside) => Math.max(...inside),
  sum: (inside) => plain.sum(inside),
  average_inc_pad: (inside, padded) => plain.sum(inside) / padded,
  average_exc_pad: (inside) => plain.mean(inside),
};

/** Reduces the elements of each window; `average_inc_pad` also counts the padding within it. */
export function pooled(x: Images, windows: Windows): number[][][][] {
  const { size, pad = [0, 0], mode = "max" } = windows;
  return x.map((channels) =>
    channels.map((image) => {
      const extents = [image.length, image[0].length];
      const range = (start: number, axis: number): number[] =>
        Array.from({ length: size[axis] }, (_, i) => start + i).filter((i) => i < extents[axis] + pad[axis]);
      return starts(extents[0], 0, windows).map((top) =>
        starts(extents[1], 1, windows).map((left) => {
          const [rows, columns] = [range(top, 0), range(left, 1)];
          const inside = rows.flatMap((i) => columns.map((j) => image[i]?.[j])).filter((one) => one !== undefined);
          return reductions[mode](inside, rows.length * columns.length);
        })
      );
    })
  );
}

/**
 * Windows and pooling.
 *
 * @module
 */

import type { DType } from "../../../core/dtype.ts";
import { averagePool2d, maxPool2d, type PoolingOptions } from "../../../core/functions/pooling.ts";
import type { Tensor } from "../../../core/tensor.ts";
import { drawPadding, padded } from "./convolutions.ts";
import type { Draw } from "./draw.ts";
import { exact, type Operation } from "./operation.ts";
import { factors } from "./products.ts";
import { type Combined, elementsOf, SUM_BOUND, sumOf } from "./reductions.ts";
import type { Expected } from "./ulp.ts";
import { build, countOf, eachIndex, elementAt, positionOf, type Value } from "./values.ts";

/** Windows over the last axes. */
interface Windows {
  readonly shape: number[];
  readonly size: number[];
  readonly strides: number[];
  readonly dilations: number[];
}

function drawWindows(draw: Draw): Windows {
  const rank = draw.whole(1, 3);
  const lead = draw.pick([[], [1], [2], [3, 2]]);
  const size = Array.from({ length: rank }, () => draw.whole(1, 3));
  const dilations = size.map(() => draw.pick([1, 1, 2]));
  const room = draw.purpose.slopes ? 1 : rank === 1 ? 129 : 9;
  const space = size.map((extent, i) => (extent - 1) * dilations[i] + 1 + draw.whole(0, room));
  return { shape: [...lead, ...space], size, dilations, strides: size.map(() => draw.pick([1, 1, 2, 3])) };
}

/** The shape of all windows, and the index of an element of a window. */
function windowing(
  { shape, size, strides, dilations }: Windows,
): { shape: number[]; source: (index: readonly number[]) => number[] } {
  const lead = shape.length - size.length;
  const counts = size.map((extent, i) =>
    Math.floor((shape[lead + i] - (extent - 1) * dilations[i] - 1) / strides[i]) + 1
  );
  return {
    shape: [...shape.slice(0, lead), ...counts, ...size],
    source: (index) => [
      ...index.slice(0, lead),
      ...size.map((_, i) => index[lead + i] * strides[i] + index[lead + size.length + i] * dilations[i]),
    ],
  };
}

const types: readonly DType[] = ["f32", "i32", "u32"];

const window: Operation = {
  bound: exact,
  gradient: { ulp: 4 },
  sample: (draw) => {
    const geometry = drawWindows(draw);
    const { size, strides, dilations } = geometry;
    const { shape, source } = windowing(geometry);
    return {
      inputs: [draw.value(draw.type(types), geometry.shape, { style: draw.style() })],
      apply: (x) => x.apply("window", [], { size, strides, dilations }),
      expected: (x) => build(x.dtype, shape, (index) => elementAt(x, source(index))),
      note: JSON.stringify(geometry),
    };
  },
};

const unwindow: Operation = {
  bound: SUM_BOUND,
  gradient: { ulp: 0 },
  sample: (draw) => {
    const geometry = drawWindows(draw);
    const { shape, source } = windowing(geometry);
    return {
      inputs: [draw.value(draw.type(types), shape, { style: draw.style() })],
      apply: (x) => x.apply("unwindow", [], geometry),
      expected: (x) => {
        const terms = Array.from({ length: countOf(geometry.shape) }, (): number[] => []);
        eachIndex(
          shape,
          (index, position) => terms[positionOf(geometry.shape, source(index))].push(x.values[position]),
        );
        return elementsOf(x.dtype, geometry.shape, (_, position) => sumOf(terms[position], x.dtype));
      },
      note: JSON.stringify(geometry),
    };
  },
};

/** The elements of a window that are in the image, and how many count. */
type Pool = (elements: readonly number[], counted: number, dtype: DType) => Combined;

interface Pooling {
  readonly call: (x: Tensor, options: PoolingOptions) => Tensor;
  readonly pool: Pool;
  readonly types: readonly DType[];
}

function pooling({ call, pool, types: taken }: Pooling): Pick<Operation, "sample"> {
  return {
    sample: (draw) => {
      const small = draw.purpose.slopes;
      const window = [draw.whole(1, 4), draw.whole(1, 4)] as const;
      const space = window.map((extent) => extent + draw.whole(0, small ? 1 : 12));
      const strides = draw.chance(0.5) ? undefined : [draw.whole(1, 3), draw.whole(1, 3)] as const;
      const drawn: PoolingOptions = {
        window,
        ...(strides && { strides }),
        padding: drawPadding(draw),
        ceilMode: draw.chance(0.3),
        countIncludePad: draw.chance(0.5),
      };
      const shape = [draw.pick(small ? [1] : [1, 2]), draw.pick(small ? [1] : [1, 3]), ...space];
      // Windows of nothing but padding are refused.
      const options: PoolingOptions = isCovered(shape, drawn) ? drawn : { ...drawn, padding: "valid", ceilMode: false };
      return {
        inputs: [draw.value(draw.type(taken), shape, { style: draw.style(), ...factors })],
        apply: (x) => call(x, options),
        expected: (x) => pooled(x, options, pool),
        note: JSON.stringify(options),
      };
    },
  };
}

/** The windows along an axis of the image: how many, and which positions count. */
interface WindowsAlong {
  readonly span: number;
  readonly stride: number;
  readonly low: number;
  readonly extent: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

function windowsAlong(shape: readonly number[], options: PoolingOptions): WindowsAlong[] {
  const { window, strides = window, padding = "valid", ceilMode = false, countIncludePad = true } = options;
  return window.map((span, i) => {
    const [extent, stride] = [shape[2 + i], strides[i]];
    const [low, high] = padded(padding, i, { extent, span, stride });
    const free = extent + low + high - span;
    let count = Math.floor(free / stride) + 1;
    // The last window must start before the end of the image.
    if (ceilMode && free % stride !== 0 && count * stride < extent + low) count++;
    const counted = countIncludePad ? [-low, extent + high] : [0, extent];
    return { span, stride, low, extent, count, from: counted[0], to: counted[1] };
  });
}

/** Whether every window contains an element of the image. */
function isCovered(shape: readonly number[], options: PoolingOptions): boolean {
  return windowsAlong(shape, options).every(({ span, stride, low, extent, count }) =>
    low < span && (count - 1) * stride - low < extent
  );
}

function pooled(x: Value, options: PoolingOptions, pool: Pool): Expected {
  const axes = windowsAlong(x.shape, options);
  const shape = [x.shape[0], x.shape[1], ...axes.map(({ count }) => count)];
  return elementsOf(x.dtype, shape, ([image, channel, ...place]) => {
    const elements: number[] = [];
    let counted = 0;
    eachIndex(options.window, (tap) => {
      const source = tap.map((t, i) => place[i] * axes[i].stride + t - axes[i].low);
      if (source.every((s, i) => s >= axes[i].from && s < axes[i].to)) counted++;
      if (source.every((s, i) => s >= 0 && s < axes[i].extent)) {
        elements.push(elementAt(x, [image, channel, ...source]));
      }
    });
    return pool(elements, counted, x.dtype);
  });
}

/** One entry per primitive of this file. */
export const windowPrimitives = { window, unwindow };

/** One entry per function of this file. */
export const windowFunctions = {
  maxPool2d: {
    bound: { ...exact, signedZeros: false },
    gradient: { ulp: 4 },
    ...pooling({
      call: maxPool2d,
      types,
      pool: (elements) => ({ value: elements.reduce((a, b) => Math.max(a, b)) }),
    }),
  },
  averagePool2d: {
    bound: SUM_BOUND,
    gradient: { ulp: 4 },
    ...pooling({
      call: averagePool2d,
      types: ["f32"],
      pool: (elements, counted) => {
        const { value, unit = 0 } = sumOf(elements);
        return { value: value / counted, unit: unit / counted };
      },
    }),
  },
} satisfies Record<string, Operation>;

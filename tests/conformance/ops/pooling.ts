/**
 * Pooling over any number of spatial axes.
 *
 * @module
 */

import { ones, type Tensor } from "../../../core/mod.ts";
import type { DType } from "../../../core/dtype.ts";
import { sizeOf, stridesOf } from "../../../core/shape.ts";
import type { Attributes } from "../attributes.ts";
import type { Operator, Operators } from "../operator.ts";
import { type Geometry, geometryOf, type Pads, spanOf } from "./geometry.ts";

/** Elements that are never the maximum. */
const least: Readonly<Record<DType, number>> = { f32: -Infinity, i32: -(2 ** 31), u32: 0, bool: 0 };

/** Padding for the last windows, which may extend beyond the end if they start before it. */
function overhang(attributes: Attributes, space: readonly number[], geometry: Geometry): number[] {
  const { strides, pads } = geometry;
  return space.map((extent, i) => {
    const room = extent + pads[i][0] + pads[i][1] - spanOf(geometry, i);
    const rest = room % strides[i];
    const begin = room - rest + strides[i];
    return attributes.flag("ceil_mode") && rest > 0 && begin < extent + pads[i][0] ? strides[i] - rest : 0;
  });
}

function padded(x: Tensor, pads: Pads, value: number): Tensor {
  const none = x.shape.slice(pads.length).map(() => [0, 0] as const);
  return x.pad([...none, ...pads], value);
}

/** [batch, channels, …space] → [batch, channels, …places, taps] */
function windows(x: Tensor, { window, strides, dilations }: Geometry): Tensor {
  const taken = x.apply("window", [], { size: [...window], strides, dilations });
  return taken.reshape([...taken.shape.slice(0, x.shape.length), sizeOf(window)]);
}

/**
 * The position of each window's greatest element in the whole input.
 *
 * @param taps the position within each window: [batch, channels, …places]
 * @param columnMajor whether the first spatial axis runs fastest
 */
function positions(taps: Tensor, x: Tensor, geometry: Geometry, columnMajor: boolean): Tensor {
  const [batch, channels, ...space] = x.shape;
  const sizes = columnMajor ? stridesOf(space.toReversed()).toReversed() : stridesOf(space);
  const inWindow = stridesOf(geometry.window);
  const plane = taps.indexAlong(0).mul(channels).add(taps.indexAlong(1)).mul(sizeOf(space));
  return batch === 0 ? taps : space.reduce((sum, _, i) => {
    const rest = i === 0 ? taps : taps.mod(inWindow[i - 1]);
    const tap = rest.sub(rest.mod(inWindow[i])).cast("f32").div(inWindow[i]).cast("i32");
    const begin = taps.indexAlong(i + 2).mul(geometry.strides[i]).sub(geometry.pads[i][0]);
    return sum.add(begin.add(tap.mul(geometry.dilations[i])).mul(sizes[i]));
  }, plane);
}

const maxPool: Operator = (inputs, attributes, { outputs }) => {
  const x = inputs.tensor(0);
  const geometry = geometryOf(attributes, x.shape.slice(2));
  const extra = overhang(attributes, x.shape.slice(2), geometry);
  const pads = geometry.pads.map(([low, high], i) => [low, high + extra[i]] as const);
  const taps = windows(padded(x, pads, least[x.dtype]), geometry);
  const most = taps.max({ axis: -1 });
  if (outputs < 2) return [most];
  return [most, positions(taps.argmax({ axis: -1 }), x, geometry, attributes.flag("storage_order"))];
};

/** The number of elements that count in each window, of [1, 1, …places]. */
function counts(x: Tensor, geometry: Geometry, extra: readonly number[], includePad: boolean): Tensor {
  const space = ones([1, 1, ...x.shape.slice(2)]);
  const counted = padded(space, geometry.pads, Number(includePad));
  return windows(padded(counted, extra.map((count) => [0, count] as const), 0), geometry).sum({ axis: -1 });
}

/** The sum of some power of each window, with zeros around. */
function windowSums(x: Tensor, attributes: Attributes): { sums: Tensor; geometry: Geometry; extra: number[] } {
  const geometry = geometryOf(attributes, x.shape.slice(2));
  const extra = overhang(attributes, x.shape.slice(2), geometry);
  const pads = geometry.pads.map(([low, high], i) => [low, high + extra[i]] as const);
  return { sums: windows(padded(x, pads, 0), geometry).sum({ axis: -1 }), geometry, extra };
}

const averagePool: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const { sums, geometry, extra } = windowSums(x, attributes);
  return [sums.div(counts(x, geometry, extra, attributes.flag("count_include_pad")))];
};

const powerPool: Operator = (inputs, attributes) => {
  const p = attributes.number("p", 2);
  return [windowSums(inputs.tensor(0).abs().pow(p), attributes).sums.pow(1 / p)];
};

/** Divides by the sum of squares of the neighboring channels, raised to a power. */
const localResponse: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const size = attributes.number("size", 1);
  const before = Math.floor((size - 1) / 2);
  const padding = x.shape.map((_, axis): [number, number] => axis === 1 ? [before, size - 1 - before] : [0, 0]);
  const last = [...x.shape.keys()].filter((axis) => axis !== 1).concat(1);
  const squares = x.square().pad(padding).transpose(last)
    .apply("window", [], { size: [size], strides: [1], dilations: [1] }).sum({ axis: -1 })
    .transpose(last.map((_, axis) => last.indexOf(axis)));
  const scale = squares.mul(attributes.number("alpha", 1e-4) / size).add(attributes.number("bias", 1));
  return [x.div(scale.pow(attributes.number("beta", 0.75)))];
};

/** Operators by name. */
export const pooling: Operators = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  LpPool: powerPool,
  LRN: localResponse,
};

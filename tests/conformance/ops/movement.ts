/**
 * Operators that only move elements: shapes, order, joining, cutting.
 *
 * @module
 */

import { concatenate, gather, type Tensor } from "../../../core/mod.ts";
import { broadcastShapes, normalizeAxis, type Shape, sizeOf } from "../../../core/shape.ts";
import { type Inputs, integers, type Operator, type Operators } from "../operator.ts";
import { Unsupported } from "../unsupported.ts";
import { pairs } from "./geometry.ts";

/** Values that an early version of an operator has as an attribute, and a later one as an input. */
function given(
  inputs: Inputs,
  position: number,
  attribute: readonly number[] | undefined,
): readonly number[] | undefined {
  return attribute ?? inputs.values(position);
}

const reshape: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const wanted = given(inputs, 1, attributes.numbers("shape")) ?? [];
  const copied = attributes.flag("allowzero") ? wanted : wanted.map((extent, i) => extent === 0 ? x.shape[i] : extent);
  return [x.reshape(copied)];
};

const flatten: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const axis = attributes.number("axis", 1);
  const from = axis < 0 ? axis + x.shape.length : axis;
  return [x.reshape([sizeOf(x.shape.slice(0, from)), sizeOf(x.shape.slice(from))])];
};

const squeeze: Operator = (inputs, attributes) => [
  inputs.tensor(0).squeeze(given(inputs, 1, attributes.numbers("axes"))),
];

const unsqueeze: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const axes = given(inputs, 1, attributes.numbers("axes")) ?? [];
  const rank = x.shape.length + axes.length;
  const fresh = axes.map((axis) => normalizeAxis(axis, rank, "put axes in"));
  const rest = x.shape[Symbol.iterator]();
  return [x.reshape(Array.from({ length: rank }, (_, axis) => fresh.includes(axis) ? 1 : rest.next().value ?? 1))];
};

const expand: Operator = (inputs) => {
  const x = inputs.tensor(0);
  return [x.broadcastTo(broadcastShapes(x.shape, inputs.values(1) ?? [], "expand"))];
};

/** Every `step`-th element from `start` towards `end` along an axis; a negative step goes backwards. */
function sliceAlong(x: Tensor, axis: number, start: number, end: number, step: number): Tensor {
  const extent = x.shape[axis];
  const [least, most] = step > 0 ? [0, extent] : [-1, extent - 1];
  const [from, to] = [start, end].map((i) => Math.min(Math.max(i < 0 ? i + extent : i, least), most));
  const turned = step > 0 ? x : x.flip(axis);
  const [first, last] = step > 0 ? [from, to] : [extent - 1 - from, extent - 1 - to];
  const [starts, stops, steps] = [x.shape.map(() => 0), [...x.shape], x.shape.map(() => 1)];
  starts[axis] = first;
  stops[axis] = Math.max(first, last);
  steps[axis] = Math.abs(step);
  return turned.slice(starts, stops, steps);
}

const slice: Operator = (inputs, attributes) => {
  const starts = given(inputs, 1, attributes.numbers("starts")) ?? [];
  const ends = given(inputs, 2, attributes.numbers("ends")) ?? [];
  const axes = given(inputs, 3, attributes.numbers("axes")) ?? starts.map((_, i) => i);
  const steps = inputs.values(4) ?? starts.map(() => 1);
  const x = inputs.tensor(0);
  return [
    axes.reduce(
      (rest, axis, i) => sliceAlong(rest, normalizeAxis(axis, x.shape.length, "slice"), starts[i], ends[i], steps[i]),
      x,
    ),
  ];
};

type Reflection = (place: number, extent: number) => number;

/** From where the element at a position outside an axis is taken. */
const reflections: Readonly<Record<string, Reflection>> = {
  edge: (place, extent) => Math.min(Math.max(place, 0), extent - 1),
  wrap: (place, extent) => ((place % extent) + extent) % extent,
  reflect: (place, extent) => {
    const period = Math.max(1, 2 * (extent - 1));
    const within = ((place % period) + period) % period;
    return Math.min(within, period - within);
  },
};

function padConstant(x: Tensor, pads: readonly (readonly [number, number])[], value: number): Tensor {
  const start = pads.map(([low]) => Math.max(0, -low));
  const stop = pads.map(([, high], axis) => x.shape[axis] + Math.min(0, high));
  const cut = x.slice(start, stop.map((end, axis) => Math.max(end, start[axis])));
  return cut.pad(pads.map(([low, high]): [number, number] => [Math.max(0, low), Math.max(0, high)]), value);
}

const pad: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const counts = pairs(given(inputs, 1, attributes.numbers("pads") ?? attributes.numbers("paddings")) ?? []);
  const axes = inputs.values(3) ?? counts.map((_, i) => i);
  const pads = x.shape.map((): readonly [number, number] => [0, 0]);
  axes.forEach((axis, i) => pads[normalizeAxis(axis, x.shape.length, "pad")] = counts[i]);
  const mode = attributes.text("mode", "constant");
  if (mode === "constant") return [padConstant(x, pads, inputs.value(2) ?? attributes.number("value", 0))];
  if (!Object.hasOwn(reflections, mode)) throw new Unsupported(`padding by ${mode}`);
  return [pads.reduce((rest, [low, high], axis) => {
    const extent = x.shape[axis];
    const length = low + extent + high;
    if (low === 0 && high === 0) return rest;
    return gather(rest, integers(Array.from({ length }, (_, i) => reflections[mode](i - low, extent))), axis);
  }, x)];
};

const split: Operator = (inputs, attributes, { outputs }) => {
  const x = inputs.tensor(0);
  const axis = normalizeAxis(attributes.number("axis", 0), x.shape.length, "split");
  const count = attributes.number("num_outputs", outputs);
  const size = Math.ceil(x.shape[axis] / count);
  const sizes = given(inputs, 1, attributes.numbers("split")) ??
    Array.from({ length: count }, (_, i) => Math.min(size, x.shape[axis] - i * size));
  let start = 0;
  return sizes.map((extent) => sliceAlong(x, axis, start, start += extent, 1));
};

const tile: Operator = (inputs) => {
  const x = inputs.tensor(0);
  return [(inputs.values(1) ?? []).reduce((rest, count, axis) => {
    const { shape } = rest;
    const [before, after]: [Shape, Shape] = [shape.slice(0, axis), shape.slice(axis)];
    return rest.expandDims(axis).broadcastTo([...before, count, ...after]).reshape(
      shape.with(axis, shape[axis] * count),
    );
  }, x)];
};

/** Blocks of the space become channels, or the reverse. */
const depthToSpace: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const block = attributes.number("blocksize", 1);
  const [batch, channels, height, width] = x.shape;
  const depth = channels / (block * block);
  const [shape, order] = attributes.text("mode", "DCR") === "CRD"
    ? [[batch, depth, block, block, height, width], [0, 1, 4, 2, 5, 3]]
    : [[batch, block, block, depth, height, width], [0, 3, 4, 1, 5, 2]];
  return [x.reshape(shape).transpose(order).reshape([batch, depth, height * block, width * block])];
};

const spaceToDepth: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const block = attributes.number("blocksize", 1);
  const [batch, channels, height, width] = x.shape;
  return [
    x.reshape([batch, channels, height / block, block, width / block, block]).transpose([0, 3, 5, 1, 2, 4])
      .reshape([batch, channels * block * block, height / block, width / block]),
  ];
};

/** Operators by name. */
export const movements: Operators = {
  Identity: (inputs) => [inputs.tensor(0)],
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Expand: expand,
  Transpose: (inputs, attributes) => [inputs.tensor(0).transpose(attributes.numbers("perm"))],
  Concat: (inputs, attributes) => [concatenate(inputs.tensors(), attributes.number("axis", 1))],
  Slice: slice,
  Pad: pad,
  Split: split,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};

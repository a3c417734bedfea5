/**
 * Selecting elements by indices.
 *
 * @module
 */

import { gather, scatterAdd, type Tensor, type TensorLike, where } from "../../../core/mod.ts";
import { normalizeAxis, type Shape, sizeOf, stridesOf } from "../../../core/shape.ts";
import type { Attributes } from "../attributes.ts";
import { integers, type Operator, type Operators } from "../operator.ts";
import { Unsupported } from "../unsupported.ts";

/** Indices counted from the front. */
function fromFront(indices: Tensor, extent: TensorLike): Tensor {
  return where(indices.less(0), indices.add(extent), indices);
}

const gatherAlong: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const axis = normalizeAxis(attributes.number("axis", 0), x.shape.length, "gather");
  return [gather(x, fromFront(inputs.tensor(1), x.shape[axis]), axis)];
};

/** The position, among all elements of x, of the element that each index selects along an axis at its own position. */
function placesAlong(x: Tensor, indices: Tensor, axis: number): Tensor {
  const strides = stridesOf(x.shape);
  const along = fromFront(indices, x.shape[axis]).mul(strides[axis]);
  return strides.reduce((sum, by, i) => i === axis ? sum : sum.add(indices.indexAlong(i).mul(by)), along);
}

const gatherElements: Operator = (inputs, attributes) => {
  const [x, indices] = [inputs.tensor(0), inputs.tensor(1)];
  const axis = normalizeAxis(attributes.number("axis", 0), x.shape.length, "gather");
  return [gather(x.reshape([-1]), placesAlong(x, indices, axis))];
};

type Scatter = (flat: Tensor, places: Tensor, updates: Tensor) => Tensor;

/** The new elements at positions along the first axis. */
const scatters: Readonly<Record<string, Scatter>> = {
  add: scatterAdd,
  none: (flat, places, updates) => {
    const rows = integers([0]).broadcastTo([flat.shape[0]]);
    const hits = scatterAdd(rows, places, places.onesLike()).greater(0);
    const wide = hits.reshape([-1, ...flat.shape.slice(1).map(() => 1)]);
    return where(wide, scatterAdd(flat.zerosLike(), places, updates), flat);
  },
};

function scatterOf(attributes: Attributes): Scatter {
  const reduction = attributes.text("reduction", "none");
  if (!Object.hasOwn(scatters, reduction)) throw new Unsupported(`scattering by ${reduction}`);
  return scatters[reduction];
}

const scatterElements: Operator = (inputs, attributes) => {
  const [x, indices, updates] = inputs.tensors(0, 3);
  const axis = normalizeAxis(attributes.number("axis", 0), x.shape.length, "scatter");
  const places = placesAlong(x, indices, axis).reshape([-1]);
  return [scatterOf(attributes)(x.reshape([-1]), places, updates.reshape([-1])).reshape(x.shape)];
};

/** The rows that the last axis of the indices selects, by their positions along some axes. */
function rowsOf(indices: Tensor, extents: Shape): Tensor {
  return fromFront(indices, integers(extents)).mul(integers(stridesOf(extents))).sum({ axis: -1 });
}

/** The last axis of the indices is a position along the first axes after those of the batch. */
const gatherPlaces: Operator = (inputs, attributes) => {
  const [x, indices] = [inputs.tensor(0), inputs.tensor(1)];
  const batch = attributes.number("batch_dims", 0);
  const depth = indices.shape[indices.shape.length - 1];
  const extents = x.shape.slice(batch, batch + depth);
  const lead = sizeOf(x.shape.slice(0, batch));
  const flat = x.reshape([lead * sizeOf(extents), ...x.shape.slice(batch + depth)]);
  const rows = rowsOf(indices, extents);
  const perBatch = rows.reshape([lead, sizeOf(rows.shape) / lead]);
  const places = perBatch.add(perBatch.indexAlong(0).mul(sizeOf(extents))).reshape(rows.shape);
  return [gather(flat, places)];
};

const scatterPlaces: Operator = (inputs, attributes) => {
  const [x, indices, updates] = inputs.tensors(0, 3);
  const depth = indices.shape[indices.shape.length - 1];
  const [extents, rest] = [x.shape.slice(0, depth), x.shape.slice(depth)];
  const rows = rowsOf(indices, extents).reshape([-1]);
  const flat = x.reshape([sizeOf(extents), ...rest]);
  return [scatterOf(attributes)(flat, rows, updates.reshape([rows.shape[0], ...rest])).reshape(x.shape)];
};

/** Classes that do not exist give rows without a 1. */
const oneHotAlong: Operator = (inputs, attributes) => {
  const depth = inputs.value(1) ?? 0;
  const values = inputs.tensor(2);
  const classes = fromFront(inputs.tensor(0).cast("i32"), depth).expandDims(-1);
  const hot = classes.equal(classes.broadcastTo([...classes.shape.slice(0, -1), depth]).indexAlong(-1));
  const [off, on] = [values.slice([0], [1]).reshape([]), values.slice([1], [2]).reshape([])];
  const rank = hot.shape.length;
  const axis = normalizeAxis(attributes.number("axis", -1), rank, "put classes");
  return [where(hot, on, off).transpose(hot.shape.map((_, i) => i < axis ? i : i === axis ? rank - 1 : i - 1))];
};

/** The elements at positions where a condition, known in advance, is true. */
const compress: Operator = (inputs, attributes) => {
  const axis = attributes.number("axis", undefined);
  const x = axis === undefined ? inputs.tensor(0).reshape([-1]) : inputs.tensor(0);
  const kept = (inputs.values(1) ?? []).flatMap((holds, i) => holds ? [i] : []);
  return [gather(x, integers(kept), axis ?? 0)];
};

/** Reverses the beginning of each sequence, as long as the lengths say. */
const reverseSequence: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const [batch, time] = [attributes.number("batch_axis", 1), attributes.number("time_axis", 0)];
  const lengths = inputs.tensor(1).reshape(x.shape.map((_, axis) => axis === batch ? -1 : 1)).broadcastTo(x.shape);
  const at = x.indexAlong(time);
  const from = where(at.less(lengths), lengths.sub(at).sub(1), at);
  return [gather(x.reshape([-1]), placesAlong(x, from, time))];
};

/** The triangle above the k-th diagonal, or the one below it. */
const triangle: Operator = (inputs, attributes) => {
  const x = inputs.tensor(0);
  const offset = x.indexAlong(-1).sub(x.indexAlong(-2));
  const k = inputs.value(1) ?? 0;
  return [where(attributes.flag("upper", true) ? offset.greaterEqual(k) : offset.lessEqual(k), x, x.zerosLike())];
};

/** Operators by name. */
export const indexing: Operators = {
  Gather: gatherAlong,
  GatherElements: gatherElements,
  GatherND: gatherPlaces,
  ScatterElements: scatterElements,
  Scatter: scatterElements,
  ScatterND: scatterPlaces,
  OneHot: oneHotAlong,
  Compress: compress,
  ReverseSequence: reverseSequence,
  Trilu: triangle,
};

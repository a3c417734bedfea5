/**
 * Batches, gathered on the device.
 *
 * @module
 */

import { arange, tensor } from "../../core/creation.ts";
import { gatherNearest } from "../../core/functions/selection.ts";
import { MOST_ELEMENTS } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { mapTree } from "../../core/tree.ts";
import type { NamedTensors } from "../../data/tensor_set.ts";

/** Examples on the device, and their order: those of an epoch, or of some of its batches. */
export interface Chunk<P extends NamedTensors = NamedTensors> {
  /** The numbers of the examples within the parts, batch after batch, i32 [position]. */
  readonly order: Tensor;
  /** The examples, in consecutive parts. */
  readonly parts: readonly P[];
  /** The number of batches that it contains. */
  readonly batches: number;
}

/** A batch of an epoch. */
export interface BatchPlace {
  /** The number of the batch in the epoch, i32 scalar from 0. */
  readonly batch: Tensor;
  /** The number of examples in each of the batches before it. */
  readonly batchSize: number;
  /** The number of its examples (default: `batchSize`). */
  readonly size?: number;
}

/** A batch of the epoch, taken from the chunk that contains it. Positions beyond the last example give the last one. */
export function batchOf<P extends NamedTensors>(
  { order, parts, batches }: Chunk<P>,
  { batch, batchSize, size = batchSize }: BatchPlace,
): P {
  // A batch of more examples than an i32 can count is the only one, so its first position is 0.
  const first = batch.mod(batches).mul(Math.min(batchSize, MOST_ELEMENTS));
  const places = arange(size, undefined, 1, { dtype: "i32" }).add(first);
  const examples = gatherNearest(order, places);
  const [part, ...others] = parts;
  return mapTree((...tensors) => rowsAt(tensors, examples), part, ...others);
}

/**
 * The rows with these numbers, i32 [example], of consecutive tensors. Numbers beyond the last row give the last row.
 */
export function rowsAt(parts: readonly Tensor[], rows: Tensor): Tensor {
  const found = gatherAcross(parts, rows);
  return found.dtype === "u32" ? unpacked(found) : found;
}

/** Gray levels, four per word, as floats from 0 to 1: `[example, …, word]` to `[example, …, pixel]`. */
function unpacked(words: Tensor): Tensor {
  const bytes = words.expandDims(-1).binary("shr", tensor(Uint32Array.of(0, 8, 16, 24))); // [example, …, word, 4]
  return bytes.binary("and", 255).cast("f32").div(255).reshape([...words.shape.slice(0, -1), -1]);
}

function gatherAcross(parts: readonly Tensor[], rows: Tensor): Tensor {
  let start = 0;
  return parts.map((part) => {
    const found = { start, part: gatherNearest(part, rows.sub(start)) };
    start += part.shape[0];
    return found;
  }).reduce((before, here) => {
    const within = rows.less(here.start).reshape([-1, ...here.part.shape.slice(1).map(() => 1)]);
    return { start: here.start, part: within.where(before.part, here.part) };
  }).part;
}

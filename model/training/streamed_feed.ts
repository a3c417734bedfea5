/**
 * Sets that are streamed to the device, a few batches at a time.
 *
 * @module
 */

import type { Backend } from "../../core/backend.ts";
import { zeros } from "../../core/creation.ts";
import { currentBackend } from "../../core/device.ts";
import { dataNode } from "../../core/runtime.ts";
import { Storage } from "../../core/storage.ts";
import { Tensor } from "../../core/tensor.ts";
import { mapRows, type RowArray, rowArray, rowBytes, type Rows, rowsIn } from "../../data/rows.ts";
import type { NamedTensors, NamedTensorSet } from "../../data/tensor_set.ts";
import type { Chunk } from "./batch.ts";
import { bytesOfExample } from "./device_bytes.ts";
import type { Feed, FeedOptions } from "./feed.ts";
import { inOrder, range } from "./ranges.ts";
import { disposeTree } from "../weights.ts";

/**
 * The maximum bytes of a chunk. Larger chunks gain nothing: copying takes milliseconds, and the steps far longer. In
 * the host's memory, a chunk only needs to be long enough to hide the time that it takes to start.
 */
export function mostChunkBytes({ sharesHostMemory }: Backend): number {
  return (sharesHostMemory ? 1 : 64) * 2 ** 20;
}

/**
 * A few batches at a time are on the device, in the order of the epoch, which is read once. There are two chunks: while
 * the device works on one, the next is gathered on the host and queued before waiting for the device. (WebAssembly
 * computes on the CPU that gathers, so the two alternate.)
 */
export class StreamedFeed implements Feed {
  readonly set: NamedTensorSet;
  readonly batches: number;
  readonly form: Chunk;
  readonly #examples: number;
  readonly #arrays: readonly RowArray[];
  #parts: readonly NamedTensors[] = [];
  #order: Int32Array | undefined;
  #epoch: number | undefined;
  /** The first position of the chunk on the device. */
  #begin: number | undefined;

  constructor(readonly options: FeedOptions) {
    const { set, batches } = options;
    this.set = set;
    this.batches = batches;
    const chunkBatches = this.#chunkBatches();
    this.#examples = chunkBatches * options.batchSize;
    this.#arrays = rowsIn(set.rows).map((rows) => rowArray(rows, this.#examples));
    const parts = [mapRows(set.rows, (rows) => emptyRows(rows, this.#examples))];
    this.form = { order: inOrder(this.#examples), parts, batches: chunkBatches };
  }

  async chunk(epoch: number, batch: number): Promise<Chunk> {
    const { options: { order, batchSize }, form } = this;
    if (order && epoch !== this.#epoch) await this.#beginEpoch(epoch, order);
    const begin = (batch - batch % form.batches) * batchSize;
    if (begin !== this.#begin) await this.#load(begin);
    return { ...form, parts: this.#parts };
  }

  [Symbol.dispose](): void {
    this.form.order.dispose();
    this.#leave();
  }

  /** The number of batches per chunk: as many as `bytes` and one buffer of the device allow, but at least one. */
  #chunkBatches(): number {
    const { set, batchSize, bytes, batches } = this.options;
    const backend = currentBackend();
    const within = Math.min(bytes, mostChunkBytes(backend)) / bytesOfExample(set);
    const ofBuffer = backend.maxBufferBytes / Math.max(...rowsIn(set.rows).map(rowBytes));
    return Math.max(1, Math.min(batches, Math.floor(Math.min(within, ofBuffer) / batchSize)));
  }

  async #beginEpoch(epoch: number, order: (epoch: number) => Tensor): Promise<void> {
    this.#leave();
    using permutation = order(epoch);
    this.#order = await permutation.data() as Int32Array;
    this.#epoch = epoch;
  }

  async #load(begin: number): Promise<void> {
    const { set } = this.options;
    const end = Math.min(begin + this.#examples, set.length);
    const numbers = this.#order?.subarray(begin, end) ?? range(begin, end);
    const arrays = this.#arrays;
    currentBackend().submit?.(); // so that the device works on the last chunk meanwhile
    rowsIn(set.rows).forEach((rows, i) => rows.copy(numbers, arrays[i]));
    this.#leave();
    let part = 0;
    this.#parts = [mapRows(set.rows, (rows) => deviceRows(rows, arrays[part++], this.#examples))];
    this.#begin = begin;
    // Queued copies take memory too, so at most one chunk is queued.
    await currentBackend().finish();
  }

  /** Releases the memory of the chunk on the device; work that was queued before can still use it. */
  #leave(): void {
    this.#begin = undefined;
    disposeTree(this.#parts);
    this.#parts = [];
  }
}

/** The form of rows, without memory. */
function emptyRows({ dtype, shape }: Rows, count: number): Tensor {
  return zeros([count, ...shape.slice(1)], { dtype });
}

/** A copy of an array of rows on the device. */
function deviceRows({ dtype, shape }: Rows, values: RowArray, count: number): Tensor {
  const backend = currentBackend();
  const buffer = backend.allocate(values.byteLength);
  backend.write(buffer, values);
  const storage = Storage.fromDevice(dtype, values.length, { backend, buffer, owner: "streamed batches" });
  return new Tensor(dataNode({ shape: [count, ...shape.slice(1)], dtype }, storage));
}

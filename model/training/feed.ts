/**
 * Where steps take their batches from: a set that lies on the device, or one that is streamed there in chunks.
 *
 * @module
 */

import { currentBackend } from "../../core/device.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { TensorSet } from "../../data/tensor_set.ts";
import type { Chunk } from "./batch.ts";
import { deviceBytesOf } from "./device_bytes.ts";
import { inOrder } from "./numbers.ts";
import { mostChunkBytes, StreamedFeed } from "./streamed_feed.ts";

/** What a feed is of. */
export interface FeedOptions {
  readonly set: TensorSet;
  /** Examples a batch. */
  readonly batchSize: number;
  /** Batches an epoch. */
  readonly batches: number;
  /** The bytes that examples may take on the device. A set that needs more is streamed. */
  readonly bytes: number;
  /** The examples in the order of an epoch, i32 [example], which the feed owns; one after the other where not given. */
  readonly order?: ((epoch: number) => Tensor) | undefined;
}

/** The batches of all epochs. Any batch of any epoch may be asked for, next to that before it or not. */
export interface Feed extends Disposable {
  readonly set: TensorSet;
  /** Batches an epoch. */
  readonly batches: number;
  /** What all chunks look like, to compile for. */
  readonly form: Chunk;
  /** The chunk that holds a batch, counted from 0, of an epoch; only until the next call. */
  chunk(epoch: number, batch: number): Promise<Chunk>;
}

/**
 * The batches of a set. Whether they are streamed or not makes no difference to a bit of them, nor to the steps: a batch
 * has a place within the chunk that holds it, and where the whole set is resident that chunk is the epoch.
 */
export function makeFeed(options: FeedOptions): Feed {
  const backend = currentBackend();
  // Where the host's memory is the device's own, all that a second copy of the set does is to take time and room.
  const most = backend.sharesHostMemory ? Math.min(options.bytes, mostChunkBytes(backend)) : options.bytes;
  return deviceBytesOf(options.set) <= most ? new ResidentFeed(options) : new StreamedFeed(options);
}

/** All examples lie on the device, in one chunk. */
class ResidentFeed implements Feed {
  readonly set: TensorSet;
  readonly batches: number;
  readonly form: Chunk;
  #chunk: Chunk;
  #epoch: number | undefined;

  constructor(readonly options: FeedOptions) {
    this.set = options.set;
    this.batches = options.batches;
    const { set, batches } = this;
    this.form = { order: inOrder(set.length), parts: set.parts(currentBackend().maxBufferBytes), batches };
    this.#chunk = this.form;
  }

  chunk(epoch: number): Promise<Chunk> {
    const { order } = this.options;
    if (order && epoch !== this.#epoch) {
      this[Symbol.dispose]();
      this.#chunk = { ...this.form, order: order(epoch) };
      this.#epoch = epoch;
    }
    return Promise.resolve(this.#chunk);
  }

  /** Gives the memory of the order back; the examples stay for others. */
  [Symbol.dispose](): void {
    this.#chunk.order.dispose();
  }
}

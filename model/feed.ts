/**
 * Where steps take their batches from.
 *
 * @module
 */

import { currentBackend } from "../core/device.ts";
import { dataNode } from "../core/runtime.ts";
import { Storage } from "../core/storage.ts";
import { Tensor } from "../core/tensor.ts";
import type { TensorSet } from "../data/data.ts";
import type { Chunk } from "./batch.ts";

/** What a feed is of. */
export interface FeedOptions {
  readonly set: TensorSet;
  /** Examples a batch. */
  readonly batchSize: number;
  /** Batches an epoch. */
  readonly batches: number;
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

/** The batches of a set. */
export function makeFeed(options: FeedOptions): Feed {
  return new ResidentFeed(options);
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

/** The numbers from 0 up to `count`, i32, on the host until they are first used. */
function inOrder(count: number): Tensor {
  const numbers = Int32Array.from({ length: count }, (_, i) => i);
  return new Tensor(dataNode({ shape: [count], dtype: "i32" }, Storage.fromHost("i32", numbers)));
}

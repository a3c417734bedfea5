/**
 * Sets that are in device memory as a whole.
 *
 * @module
 */

import { currentBackend } from "../../core/device.ts";
import type { NamedTensorSet } from "../../data/tensor_set.ts";
import type { Chunk } from "./batch.ts";
import type { Feed, FeedOptions } from "./feed.ts";
import { inOrder } from "./ranges.ts";

/** All examples are on the device, in one chunk. */
export class ResidentFeed implements Feed {
  readonly set: NamedTensorSet;
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

  /** Releases the memory of the order; the examples stay for other feeds. */
  [Symbol.dispose](): void {
    this.#chunk.order.dispose();
  }
}

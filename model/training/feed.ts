/**
 * Feeds: the sources of batches.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { NamedTensorSet } from "../../data/tensor_set.ts";
import type { Chunk } from "./batch.ts";

/** The options of a feed. */
export interface FeedOptions {
  readonly set: NamedTensorSet;
  /** Examples per batch. */
  readonly batchSize: number;
  /** Batches per epoch. */
  readonly batches: number;
  /** The bytes that examples may use on the device. A set that needs more is streamed. */
  readonly bytes: number;
  /** The examples in the order of an epoch, i32 [example], which the feed owns (default: in the order of the set). */
  readonly order?: ((epoch: number) => Tensor) | undefined;
}

/** The batches of all epochs. Any batch of any epoch may be requested, in any order. */
export interface Feed extends Disposable {
  readonly set: NamedTensorSet;
  /** Batches per epoch. */
  readonly batches: number;
  /** The form of all chunks, for compilation. */
  readonly form: Chunk;
  /** The chunk that contains a batch, counted from 0, of an epoch; valid until the next call. */
  chunk(epoch: number, batch: number): Promise<Chunk>;
}

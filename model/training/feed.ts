/**
 * Where steps take their batches from.
 *
 * @module
 */

import type { Tensor } from "../../core/tensor.ts";
import type { TensorSet } from "../../data/tensor_set.ts";
import type { Chunk } from "./batch.ts";

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

/**
 * The feed of a set: resident on the device, or streamed there in chunks.
 *
 * @module
 */

import { currentBackend } from "../../core/device.ts";
import { deviceBytesOf } from "./device_bytes.ts";
import type { Feed, FeedOptions } from "./feed.ts";
import { ResidentFeed } from "./resident_feed.ts";
import { mostChunkBytes, StreamedFeed } from "./streamed_feed.ts";

/**
 * The batches of a set. They have the same bits whether they are streamed or not, and the steps are the same: a batch
 * has a position within the chunk that contains it, and if the whole set is resident, that chunk is the epoch.
 */
export function makeFeed(options: FeedOptions): Feed {
  const backend = currentBackend();
  // If the device uses the host's memory, a second copy of the set would only cost time and memory.
  const most = backend.sharesHostMemory ? Math.min(options.bytes, mostChunkBytes(backend)) : options.bytes;
  return deviceBytesOf(options.set) <= most ? new ResidentFeed(options) : new StreamedFeed(options);
}

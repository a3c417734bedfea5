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
 * The batches of a set. Whether they are streamed or not makes no difference to a bit of them, nor to the steps: a batch
 * has a place within the chunk that holds it, and where the whole set is resident that chunk is the epoch.
 */
export function makeFeed(options: FeedOptions): Feed {
  const backend = currentBackend();
  // Where the host's memory is the device's own, all that a second copy of the set does is to take time and room.
  const most = backend.sharesHostMemory ? Math.min(options.bytes, mostChunkBytes(backend)) : options.bytes;
  return deviceBytesOf(options.set) <= most ? new ResidentFeed(options) : new StreamedFeed(options);
}

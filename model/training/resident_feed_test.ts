import { assertEquals } from "@std/assert";
import { tensor } from "../../core/creation.ts";
import { data, samples } from "../../data/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { targetOf } from "../target_data.ts";
import { batchOf } from "./batch.ts";
import { deviceBytesOf } from "./device_bytes.ts";
import type { Feed } from "./feed.ts";
import { makeFeed } from "./make_feed.ts";
import { ResidentFeed } from "./resident_feed.ts";
import { StreamedFeed } from "./streamed_feed.ts";

const set = {
  x: samples(Array.from({ length: 7 }, (_, i) => [10 * i])),
  y: Int32Array.from({ length: 7 }, (_, i) => i),
};
const { training } = data([set, set]);

/** The classes of a batch of two, or of one at the end. */
async function classesOf(feed: ResidentFeed, epoch: number, batch: number): Promise<number[]> {
  const place = { batch: tensor(batch, [], { dtype: "i32" }), batchSize: 2, size: batch === 3 ? 1 : 2 };
  const { x, y } = batchOf(await feed.chunk(epoch), place);
  const classes = [...await targetOf(y, "").data()];
  assertEquals(
    [...await targetOf(x, "").data()],
    classes.map((number) => 10 * number),
    "inputs and classes of the same examples",
  );
  return classes;
}

const batches = [0, 1, 2, 3];

testOnEveryDevice("each epoch has its own order, which is asked for once", async () => {
  const asked: number[] = [];
  const order = (epoch: number) => {
    asked.push(epoch);
    return tensor(Array.from({ length: 7 }, (_, i) => (3 * i + epoch) % 7), [7], { dtype: "i32" });
  };
  using feed = new ResidentFeed({ set: training, batchSize: 2, batches: 4, bytes: 1000, order });
  for (const epoch of [1, 2, 5, 1]) {
    const classes: number[] = [];
    for (const batch of batches) classes.push(...await classesOf(feed, epoch, batch));
    assertEquals(classes, Array.from({ length: 7 }, (_, i) => (3 * i + epoch) % 7), `epoch ${epoch}`);
  }
  assertEquals(asked, [1, 2, 5, 1]);
});

testOnEveryDevice("without an order, examples come as they are in the set", async () => {
  using feed = new ResidentFeed({ set: training, batchSize: 2, batches: 4, bytes: 1000 });
  for (const epoch of [1, 2]) {
    const found = [];
    for (const batch of batches) found.push(await classesOf(feed, epoch, batch));
    assertEquals(found, [[0, 1], [2, 3], [4, 5], [6]]);
  }
});

testOnEveryDevice("a set that just fits into the memory for examples is resident, and a larger one is streamed", () => {
  const feedFor = (bytes: number): Feed => {
    using feed = makeFeed({ set: training, batchSize: 2, batches: 4, bytes });
    return feed;
  };
  const bytes = deviceBytesOf(training);
  assertEquals(feedFor(bytes) instanceof ResidentFeed, true);
  assertEquals(feedFor(bytes - 1) instanceof StreamedFeed, true);
});

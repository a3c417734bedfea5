import { assertEquals } from "@std/assert";
import {
  afterEpoch,
  afterReading,
  afterSeconds,
  afterStep,
  beginProgress,
  costIn,
  epochsOf,
  sumsFrom,
} from "./progress.ts";
import type { EpochRecord } from "./report.ts";

const record: EpochRecord = {
  epoch: 1,
  trainLoss: 0.5,
  trainError: 10,
  validationError: null,
  validationLoss: null,
  seconds: 1,
  samplesPerSecond: 100,
};

Deno.test("an epoch of three steps is counted, read and recorded", () => {
  const begun = beginProgress(100);
  assertEquals([begun.epoch, begun.batch, begun.iteration, epochsOf(begun)], [1, 0, 0, 0]);
  const stepped = [20, 20, 10].reduce(afterStep, begun);
  assertEquals([stepped.epoch, stepped.batch, stepped.iteration, stepped.unread], [1, 3, 3, 50]);
  assertEquals(epochsOf(stepped), 1);
  const read = afterReading(stepped, { cost: 25, error: 5, examples: 50 });
  assertEquals([read.unread, read.epochSums], [0, { cost: 25, error: 5, examples: 50 }]);
  const next = afterEpoch(read, record, 3);
  assertEquals([next.epoch, next.batch, next.iteration, next.history.records()], [2, 0, 3, [record]]);
  assertEquals([next.epochSums, next.epochSeconds], [{ cost: 0, error: 0, examples: 0 }, 0]);
  assertEquals(epochsOf(next), 1);
  assertEquals(begun, beginProgress(100));
});

Deno.test("sums that are read twice within an epoch add up", () => {
  const first = afterReading(beginProgress(1), { cost: 1, error: 2, examples: 3 });
  assertEquals(afterReading(first, { cost: 10, error: 20, examples: 30 }).epochSums, {
    cost: 11,
    error: 22,
    examples: 33,
  });
});

Deno.test("an interrupted epoch is recorded, and is still the one in progress", () => {
  const stepped = afterStep(beginProgress(1), 20);
  const stopped = afterEpoch(stepped, record, 3);
  assertEquals([stopped.epoch, stopped.batch, stopped.history.records()], [1, 1, [record]]);
  assertEquals(epochsOf(stopped), 1);
});

Deno.test("seconds are counted by phase; those of steps belong to the epoch too", () => {
  const trained = afterSeconds(afterSeconds(beginProgress(1), "train", 2), "train", 0.5);
  const validated = afterSeconds(trained, "validate", 4);
  assertEquals([validated.seconds.train, validated.seconds.validate, validated.epochSeconds], [2.5, 4, 2.5]);
});

Deno.test("sums of a step have weights only if it sums them", () => {
  const read = { examples: 5, outputs: [{ name: "output", weight: 1 }] };
  assertEquals(sumsFrom(Float32Array.of(3, 4), read), { cost: 3, error: 4, examples: 5 });
  const weighted = { cost: 3, error: 4, examples: 5, weights: { cost: 6, error: 7 } };
  assertEquals(sumsFrom(Float32Array.of(3, 4, 6, 7), read), weighted);
});

Deno.test("the sum of all costs is that of the only output, or of the whole and each of several", () => {
  assertEquals(costIn([5, 7, 9], ["y"]), 5);
  const values = [1, 2, 4, 8, 16, 32]; // cost, error, then cost and weight of each output
  assertEquals(costIn(values, ["a", "b"]), 1 + 4 + 16);
});

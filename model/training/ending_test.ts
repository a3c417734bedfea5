import { assertEquals } from "@std/assert";
import { isOutOfPatience, lastIteration } from "./ending.ts";

const progress = { patience: { patience: 50, bestError: 1, bestIteration: 12 } };
const programs = { batches: 10 };

Deno.test("a training ends after its patience in steps, or after epochs without a new best validation", () => {
  const inSteps = (iteration: number) => isOutOfPatience({ patienceEpochs: undefined, programs }, progress, iteration);
  assertEquals([49, 50, 51].map(inSteps), [false, true, true]);
  const inEpochs = (iteration: number) => isOutOfPatience({ patienceEpochs: 3, programs }, progress, iteration);
  assertEquals([41, 42, 43].map(inEpochs), [false, true, true]);
});

Deno.test("the last step is the one at which the patience ends, or the end of the last epoch", () => {
  const last = (nEpochs: number, patienceEpochs?: number, earlyStop = true) =>
    lastIteration({ earlyStop, nEpochs, patienceEpochs, programs }, progress);
  assertEquals([last(100), last(5), last(100, 3), last(4, 3)], [51, 50, 43, 40]);
  assertEquals([last(100, undefined, false), last(7, 3, false)], [1000, 70]);
});

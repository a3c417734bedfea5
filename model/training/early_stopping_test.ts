import { assertEquals } from "@std/assert";
import { afterValidation, beginPatience, isExhausted, isStalled, validationInterval } from "./early_stopping.ts";

Deno.test("a clear improvement doubles the iterations done so far", () => {
  const start = beginPatience(100);
  const first = afterValidation(start, 49, 10);
  assertEquals(first, { patience: 100, bestError: 10, bestIteration: 49 });
  const second = afterValidation(first, 99, 5);
  assertEquals(second, { patience: 198, bestError: 5, bestIteration: 99 });
  assertEquals([isExhausted(second, 197), isExhausted(second, 198)], [false, true]);
});

Deno.test("a small improvement is the new best without extending the patience; a worse error changes nothing", () => {
  const best = afterValidation(beginPatience(10), 99, 1);
  assertEquals(afterValidation(best, 199, 0.996), { ...best, bestError: 0.996, bestIteration: 199 });
  assertEquals(afterValidation(best, 199, 1), best);
  assertEquals(afterValidation(best, 199, NaN), best);
});

Deno.test("an improvement is clear if the error falls below 99.5 % of the best one", () => {
  const best = afterValidation(beginPatience(10), 99, 1);
  const patienceAt = (error: number): number => afterValidation(best, 199, error).patience;
  assertEquals([patienceAt(0.9951), patienceAt(0.995), patienceAt(0.9949)], [198, 198, 398]);
  // A patience that is longer already stays.
  assertEquals(afterValidation({ ...best, patience: 500 }, 199, 0.5).patience, 500);
});

Deno.test("the documented run: best at iteration 23300 with 100 per epoch stops in epoch 466", () => {
  const { patience } = afterValidation(beginPatience(10_000), 23_300 - 1, 1.26);
  assertEquals(Math.floor(patience / 100) + 1, 466);
});

Deno.test("validation takes place once per epoch, or twice within the patience", () => {
  assertEquals(validationInterval(100, 10_000), 100);
  assertEquals(validationInterval(5000, 100), 50);
  assertEquals([1, 2, 3, 4, 5].map((patience) => validationInterval(5, patience)), [1, 1, 1, 2, 2]);
  assertEquals([validationInterval(50, 100), validationInterval(51, 100), validationInterval(49, 100)], [50, 50, 49]);
});

Deno.test("below 0 an improvement is clear if the size of the value grows by 0.5 %", () => {
  const best = afterValidation(beginPatience(10), 99, -2);
  assertEquals(afterValidation(best, 199, -2.009), { ...best, bestError: -2.009, bestIteration: 199 });
  assertEquals(afterValidation(best, 199, -2.011).patience, 398);
  assertEquals(afterValidation(best, 199, -1.9), best);
});

Deno.test("a training is stalled if the best validation is as many steps ago as the patience", () => {
  const best = afterValidation(beginPatience(10), 19, 1);
  assertEquals([28, 29, 30].map((iteration) => isStalled(best, iteration, 10)), [false, true, true]);
  assertEquals([8, 9].map((iteration) => isStalled(beginPatience(10), iteration, 10)), [false, true]);
});

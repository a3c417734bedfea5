import { assertEquals } from "@std/assert";
import { afterValidation, beginPatience, isExhausted, validationInterval } from "./early_stopping.ts";

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

Deno.test("the documented run: best at iteration 23300 with 100 per epoch stops in epoch 466", () => {
  const { patience } = afterValidation(beginPatience(10_000), 23_300 - 1, 1.26);
  assertEquals(Math.floor(patience / 100) + 1, 466);
});

Deno.test("validation takes place once per epoch, or twice within the patience", () => {
  assertEquals(validationInterval(100, 10_000), 100);
  assertEquals(validationInterval(5000, 100), 50);
  assertEquals(validationInterval(5, 1), 1);
});

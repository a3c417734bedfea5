import { assertEquals, assertThrows } from "@std/assert";
import { tensor, zeros } from "../core/creation.ts";
import { clipByGlobalNorm, clipByValue, globalNorm } from "./clipping.ts";
import { sgd } from "./updates.ts";

Deno.test("clipping describes itself, and clips what the rule gets", async () => {
  const transform = clipByGlobalNorm(0.5);
  assertEquals([transform.name, transform.configuration], ["clipByGlobalNorm", ["clipByGlobalNorm", { limit: 0.5 }]]);
  assertEquals(clipByValue(Infinity).configuration, undefined);
  assertEquals(clipByValue(Infinity).description?.[0], "clipByValue");
  const rule = clipByValue(sgd({ learningRate: 1 }), 0.5);
  assertEquals([rule.name, rule.options, rule.configuration], ["clipByValue sgd", undefined, undefined]);
  assertEquals(rule.withLearningRate?.(() => zeros([])).name, "clipByValue sgd");
  const params = tensor([1, 1, 1]);
  const after = rule.update(tensor([-9, 0.25, 9]), rule.init(params), params);
  assertEquals(await after.params.toArray(), [1.5, 0.75, 0.5]);
});

Deno.test("the norm of a tree is that of all its numbers", async () => {
  assertEquals(await globalNorm({ W: tensor([[2, -4]]), b: tensor([4]), none: zeros([0]) }).item(), 6);
  assertEquals(await globalNorm([zeros([2]), zeros([0])]).item(), 0);
  assertEquals(await globalNorm(tensor([-3e30, 4e30])).item(), Math.fround(5e30));
  assertThrows(() => globalNorm({}), TypeError, "Cannot take the norm of a tree without tensors");
});

Deno.test("clipping takes a limit alone, or a rule and a limit", () => {
  const rule = sgd();
  for (const clip of [clipByValue, clipByGlobalNorm]) {
    const call = (...given: unknown[]) => Reflect.apply(clip, undefined, given);
    assertThrows(() => call(rule), TypeError, "limit");
    assertThrows(() => call(1, 1), TypeError, "a limit alone, or an update rule and a limit");
    assertThrows(() => call(rule, 0), RangeError, "above 0");
    assertThrows(() => call(rule, 1, 2), TypeError);
  }
});

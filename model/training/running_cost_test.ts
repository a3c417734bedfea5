import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RunningCost } from "./running_cost.ts";

Deno.test("the cost is read at most four times per second, and never twice at the same time", async () => {
  let now = 0;
  let reads = 0;
  const running = new RunningCost(() => now);
  const finish: ((mean: number) => void)[] = [];
  const read = (): Promise<number> => {
    reads++;
    return new Promise((resolve) => finish.push(resolve));
  };
  const at = (time: number) => {
    now = time;
    running.update(1, read);
    return reads;
  };
  assertEquals([at(0), at(249), at(250), at(251), at(900)], [0, 0, 1, 1, 1]);
  assertEquals(running.of(1), undefined);
  finish[0](0.5);
  await running.settle();
  assertEquals([running.of(1), running.of(2)], [0.5, undefined]);
  assertEquals(at(900), 2);
});

Deno.test("what a reading throws reaches the training", async () => {
  let now = 0;
  const running = new RunningCost(() => now);
  const fail = () => {
    now += 1000;
    running.update(1, () => Promise.reject(new RangeError("index 7")));
  };
  fail();
  await assertRejects(() => running.settle(), RangeError, "index 7");
  fail();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertThrows(fail, RangeError, "index 7");
  await running.settle();
});

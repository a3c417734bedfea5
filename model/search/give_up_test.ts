import { assertEquals } from "@std/assert";
import { isHopeless } from "./give_up.ts";

const others = [[50, 40, 30], [60, 20, 25], [70, 60]];

Deno.test("a combination is given up if its best error is above the median of the others after as many epochs", () => {
  const judge = (...curve: (number | null)[]) => isHopeless(curve, others, { epochs: 2 });
  // The medians of the best errors are 60, 40 and 30.
  assertEquals([judge(50, 41), judge(50, 40), judge(39, 90)], [true, false, false]);
  assertEquals([judge(90, 80, 31), judge(90, 80, 30)], [true, false]);
});

Deno.test("no combination is given up too early, without others to compare it with, or without errors", () => {
  assertEquals(isHopeless([99], others, { epochs: 2 }), false);
  assertEquals(isHopeless([99, 99], [], { epochs: 2 }), false);
  assertEquals(isHopeless([99, 99], [[], [null, null]], { epochs: 2 }), false);
  assertEquals(isHopeless([null, null], others, { epochs: 2 }), false);
});

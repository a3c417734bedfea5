import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CheckNumbers, noCheck, type NumberedCheck } from "./numbered_checks.ts";

const limitOf = (size: number) => ({ size, action: "look up token", table: "the table", entries: "rows" });

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Collects garbage, and lets the callbacks of the collector run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

Deno.test("a check that a graph holds stays known, with one number", async () => {
  const checks = new CheckNumbers(0);
  const held = checks.take(limitOf(3), [2]);
  assertEquals([held.number, held.size], [1, 3]);
  await settle();
  assertStrictEquals(checks.take(limitOf(3), [2]), held);
  assertEquals(checks.describe(1), { limit: limitOf(3), shape: [2] });
  const others = [checks.take(limitOf(3), [1, 2]), checks.take({ ...limitOf(3), firstRow: 1 }, [2])];
  assertEquals(others.map(({ number }) => number), [2, 3]);
  assertEquals([checks.describe(noCheck.number), checks.describe(4)], [undefined, undefined]);
});

Deno.test("of the checks that no graph has, the last ones stay known, and numbers are not used again", async () => {
  const checks = new CheckNumbers(10);
  const held = [1, 2].map((size) => checks.take(limitOf(size), []));
  for (let turn = 0; turn < 5; turn++) {
    for (let size = 0; size < 100; size++) checks.take(limitOf(size), [turn]);
    await settle();
    assertEquals(checks.size, 12, `after ${turn + 1} turns`);
  }
  assertEquals(held.map(({ number }) => checks.describe(number)?.limit.size), [1, 2]);
  const known = Array.from({ length: 502 }, (_, i) => checks.describe(i + 1)).filter((check) => check);
  assertEquals(known.length, 12);
  assertEquals(checks.take(limitOf(7), [9]).number, 503);
  checks.forgetUnused();
  await settle();
  checks.forgetUnused();
  assertEquals(checks.size, 2);
});

Deno.test("a check that is taken again before it is forgotten has its number again", async () => {
  const checks = new CheckNumbers(10);
  const taken = (): NumberedCheck => checks.take(limitOf(5), [5]);
  const { number } = taken();
  await settle();
  const again = taken();
  assertEquals(again.number, number);
  checks.forgetUnused();
  await settle();
  assert(checks.describe(number) && checks.size === 1);
  assertStrictEquals(taken(), again);
});

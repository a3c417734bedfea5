import { assert, assertEquals, assertThrows } from "@std/assert";
import { hyperparameters } from "../hyperparameters.ts";
import { gridOf, randomOf } from "./combinations.ts";
import { between, isDistribution, logBetween, wholeBetween } from "./distribution.ts";
import { isOfShard, parseShard } from "./shard.ts";

const space = hyperparameters({
  nEpochs: 5,
  rate: [0.1, [0.01, 0.1]],
  units: [5, [5, 10, 20]],
  alone: ["a", ["a"]],
});

Deno.test("a grid has every combination once, the last range changing fastest", () => {
  const grid = gridOf(space);
  assertEquals([grid.size, grid.searched, grid.draws], [6, ["rate", "units"], null]);
  const pairs = [...grid].map(({ rate, units }) => [rate, units]);
  assertEquals(pairs, [[0.01, 5], [0.01, 10], [0.01, 20], [0.1, 5], [0.1, 10], [0.1, 20]]);
  assert([...grid].every((one) => Object.isFrozen(one) && one.nEpochs === 5 && one.alone === "a"));
});

Deno.test("a grid without ranges is one combination", () => {
  const grid = gridOf(hyperparameters({ rate: 0.1 }));
  assertEquals([grid.size, grid.searched, [...grid]], [1, [], [{ rate: 0.1 }]]);
});

Deno.test("values of a range that look the same in a table are refused", () => {
  const message = "Cannot search over hyperparameter activation: expected values that differ, functions by their names";
  const twice = hyperparameters({ activation: [Math.tanh, [Math.tanh, Object.assign(() => 0, {}), Math.tanh]] });
  assertThrows(() => gridOf(twice), RangeError, message);
  assertThrows(() => randomOf(twice, { count: 1 }), RangeError, message);
});

Deno.test("draws depend only on the seed, differ from each other, and stay within their bounds", () => {
  const distributions = { rate: logBetween(0.001, 1), units: wholeBetween(3, 9), nEpochs: between(1, 2) };
  const drawn = (seed: number) => [...randomOf(space, { count: 50, seed, distributions })];
  const one = drawn(1);
  assertEquals(one, drawn(1));
  assert(JSON.stringify(one) !== JSON.stringify(drawn(2)));
  assertEquals(new Set(one.map((combination) => JSON.stringify(combination))).size, 50);
  assert(one.every(({ rate }) => rate >= 0.001 && rate < 1));
  assert(one.every(({ units }) => Number.isInteger(units) && units >= 3 && units <= 9));
  assert(one.some(({ rate }) => rate < 0.01) && one.some(({ rate }) => rate > 0.1));
  assertEquals(randomOf(space, { count: 50, distributions }).searched, ["nEpochs", "rate", "units"]);
});

Deno.test("draws from ranges use each combination at most once, and may use all", () => {
  const all = [...randomOf(space, { count: 6, seed: 3 })];
  const sorted = (list: Iterable<object>): string[] => [...list].map((one) => JSON.stringify(one)).sort();
  assertEquals(sorted(all), sorted(gridOf(space)));
});

Deno.test("impossible draws are refused", () => {
  const refuse = (draws: Parameters<typeof randomOf>[1], message: string) =>
    assertThrows(() => [...randomOf(space, draws)], RangeError, message);
  refuse({ count: 0 }, "Cannot draw combinations: expected count to be a whole number of at least 1, got 0");
  refuse({ count: 2, seed: 1.5 }, "Cannot draw combinations: expected seed to be a whole number, got 1.5");
  refuse({ count: 7 }, "Cannot draw 7 distinct combinations: the ranges have only 6");
  refuse({ count: 1, distributions: { unit: between(0, 1) } }, "Cannot draw hyperparameter unit: did you mean units?");
  refuse({ count: 99, distributions: { units: wholeBetween(1, 3) } }, "found only 6");
});

Deno.test("values that are no distributions are refused", () => {
  const space = hyperparameters({ nUnits: 3, rate: 0.1 });
  for (
    const odd of [3, [1, 2], null, {}, { distribution: "normal", low: 0, high: 1 }, { ...between(0, 1), low: "0" }]
  ) {
    const draws: object = { distributions: { nUnits: wholeBetween(1, 4), rate: odd } };
    const message = "expected distributions to be a record of distributions, such as";
    assertThrows(() => randomOf(space, { count: 2, ...draws }), TypeError, message);
  }
});

Deno.test("each combination is in exactly one shard", () => {
  const shards = ["0/4", "1/4", "2/4", "3/4"].map(parseShard);
  for (let number = 0; number < 10; number++) {
    assertEquals(shards.filter((shard) => isOfShard(shard, number)), [shards[number % 4]]);
  }
  for (const text of ["", "1", "-1/4", "1/0", "1/4 ", "a/b"]) assertThrows(() => parseShard(text), RangeError, "i/n");
});

Deno.test("the bounds of a distribution differ", () => {
  for (const draw of [between, logBetween, wholeBetween]) {
    assertThrows(() => draw(2, 2), RangeError, "Cannot draw numbers from 2 to 2: expected the lower bound first");
    assertEquals(isDistribution(draw(1, 2)), true);
    assertEquals(isDistribution({ ...draw(1, 2), high: 1 }), false);
  }
});

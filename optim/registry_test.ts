import { assertEquals, assertThrows } from "@std/assert";
import { sgd } from "./updates.ts";
import * as aliases from "./aliases.ts";
import { getObjective, getUpdate, shortNames } from "./registry.ts";
import { meanSquaredError } from "./objectives.ts";

/** A lookup as plain JavaScript may call it. */
type Lookup = (name: never) => unknown;

Deno.test("Objectives and update rules are found by their names", () => {
  assertEquals([getObjective("meanSquaredError"), getUpdate("sgd")], [meanSquaredError, sgd]);
  assertThrows(() => getObjective("meanSquareError"), RangeError, "did you mean meanSquaredError?");
});

Deno.test("Objectives are found by their short names, which are those of the functions", () => {
  assertEquals(Object.keys(shortNames).sort(), Object.keys(aliases).sort());
  for (const [short, objective] of Object.entries(aliases)) {
    assertEquals([getObjective(short), getObjective(shortNames[short])], [objective, objective], short);
  }
});

Deno.test("A name that is no string is refused, even if it turns into a known one", () => {
  const names = [Object.create(null), ["meanSquaredError"], new String("sgd"), undefined, 3] as never[];
  for (const [lookup, what] of [[getObjective, "objective"], [getUpdate, "update rule"]] as [Lookup, string][]) {
    for (const name of names) assertThrows(() => lookup(name), RangeError, `Cannot find ${what} `);
  }
});

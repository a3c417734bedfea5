import { assertEquals, assertThrows } from "@std/assert";
import { refuseOtherNames } from "./other_names.ts";
import { refuseSurplus } from "./surplus.ts";

Deno.test("more arguments than a function takes are refused, unless they are undefined or come from map", () => {
  const list = [{ by: 1 }, { by: 2 }];
  for (const given of [[], [1], [1, undefined], [list[1], 1, list], [1, undefined, undefined]]) {
    refuseSurplus("scale", given, 1);
  }
  refuseSurplus("add", [1, 2], 2);
  for (
    const given of [[1, 2], [1, undefined, 3], [list[0], 1, list], [list[1], "1", list], [list[1], 1, { 1: list[1] }]]
  ) {
    assertThrows(() => refuseSurplus("scale", given, 1), TypeError, "Cannot call scale: expected at most 1 argument, ");
  }
  assertThrows(
    () => refuseSurplus("add", [1, 2, 3], 2),
    TypeError,
    "Cannot call add: expected at most 2 arguments, got 3, the last of which is 3; pass all options in one record",
  );
  assertThrows(() => refuseSurplus("add", [list[1], 1, list], 2), TypeError, "Cannot call add: ");
});

Deno.test("entries of other names are refused in plain records, unless they are undefined", () => {
  const known = { what: "set 0", names: ["x", "weights"] };
  class Own {
    weight = 1;
  }
  for (const record of [{}, { x: 1, weights: 2 }, { y: undefined }, new Own()]) {
    refuseOtherNames("make data", record, known);
  }
  const bare: Record<string, number> = Object.create(null);
  bare.weight = 1;
  for (const record of [{ x: 1, weight: 2 }, bare]) {
    assertThrows(
      () => refuseOtherNames("make data", record, known),
      RangeError,
      'Cannot make data: expected set 0 to have only x, weights, got "weight"; did you mean weights?',
    );
  }
  const { message } = assertThrows(() => refuseOtherNames("make data", { elephant: 1 }, known), RangeError);
  assertEquals(message, 'Cannot make data: expected set 0 to have only x, weights, got "elephant"');
});

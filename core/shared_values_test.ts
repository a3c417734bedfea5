import { assertEquals, assertThrows } from "@std/assert";
import { SharedValues } from "./shared_values.ts";

Deno.test("a value is made for its first user and freed by its last one", () => {
  const freed: string[] = [];
  let made = 0;
  const values = new SharedValues<number>((value, key) => freed.push(`${key} ${value}`));
  const make = (): number => ++made;
  assertEquals([values.take("a", make), values.take("a", make), values.take("b", make)], [1, 1, 2]);
  values.drop("a");
  assertEquals([freed, values.size], [[], 2]);
  values.drop("a");
  values.drop("a");
  assertEquals([freed, values.size], [["a 1"], 1]);
  assertEquals(values.take("a", make), 3);
});

Deno.test("a value that could not be made has no users", () => {
  const values = new SharedValues<number>();
  const make = (): number => {
    throw new RangeError("Cannot make it");
  };
  assertThrows(() => values.take("a", make), RangeError);
  assertEquals([values.size, values.take("a", () => 7)], [0, 7]);
});

import { assertEquals, assertThrows } from "@std/assert";
import { count, positive } from "./numbers.ts";
import type { AnyOption, Option } from "./option.ts";
import { callable, either, flag, list, nullable, oneOf, text } from "./values.ts";

const refusalOf = (option: AnyOption, value: unknown): unknown[] => {
  assertEquals(option.accepts(value), false);
  const { problem, path, expected, got } = option.refuse(value);
  return [problem, path, expected, got];
};

Deno.test("flags, texts and functions take values of their type", () => {
  const values = [true, false, "", "a", "true", 1, 0, null, undefined, Math.abs, []];
  const taken = (option: AnyOption) => values.filter(option.accepts);
  assertEquals([taken(flag()), flag().expected], [[true, false], "true or false"]);
  assertEquals([taken(text()), text().expected], [["a", "true"], "a nonempty string"]);
  assertEquals([taken(callable()), callable().expected], [[Math.abs], "a function"]);
  assertEquals(["true", "false", "yes"].map(flag().parse), [true, false, undefined]);
  assertEquals([text().parse("a"), callable().parse("abs")], ["a", undefined]);
  assertEquals([refusalOf(text(), "")[0], refusalOf(text(), 1)[0], refusalOf(flag(), 1)[0]], [
    "bounds",
    "kind",
    "kind",
  ]);
});

Deno.test("a name is one of those known, and its case and hyphens do not matter in text", () => {
  const option = oneOf(["same", "valid", "halfValid"]);
  assertEquals(["same", "halfValid", "Same", "toString", 1].map(option.accepts), [true, true, false, false, false]);
  assertEquals(["SAME", "half-valid", "half_valid", "none"].map(option.parse), [
    "same",
    "halfValid",
    "halfValid",
    undefined,
  ]);
  assertEquals(refusalOf(option, "vald"), ["bounds", "", "one of same, valid, halfValid", '"vald"']);
  assertEquals([option.refuse("vald").nearest, option.refuse(3).nearest, option.names], [
    ...["valid", undefined, ["same", "valid", "halfValid"]],
  ]);
  assertEquals(refusalOf(option, 3)[0], "kind");
  assertEquals([oneOf(["same"]).expected, option.resembles("x"), option.resembles(1)], ['"same"', true, false]);
  const none: unknown = "same";
  assertThrows(() => oneOf(none as string[]), TypeError, "expected a list of names");
});

Deno.test("a list takes items of its kind, and says which one is wrong", () => {
  const [any, two] = [list(count()), list(count(), { length: 2 })];
  assertEquals([any.expected, two.expected], [
    "a list (each a whole number of at least 1)",
    "a list of 2 (each a whole number of at least 1)",
  ]);
  assertEquals([list(count(), { items: "sizes" }).expected, list(count(), { items: "sizes", length: 2 }).expected], [
    "a list of sizes",
    "a list of 2 sizes",
  ]);
  const values = [[], [1], [1, 2], [1, 0], [1, 2, 3], new Array(2), 1, "1"];
  assertEquals(values.map(any.accepts), [true, true, true, false, true, false, false, false]);
  assertEquals(values.map(two.accepts), [false, false, true, false, false, false, false, false]);
  assertEquals(refusalOf(any, [1, 0]), ["bounds", "[1]", "a whole number of at least 1", "0"]);
  assertEquals(refusalOf(any, ["1"]), ["kind", "[0]", "a whole number of at least 1", '"1"']);
  assertEquals(refusalOf(two, [1, 0, 2]), ["kind", "", two.expected, "[1, 0, 2]"]);
  assertEquals(refusalOf(any, 1), ["kind", "", any.expected, "1"]);
  assertEquals(refusalOf(list(any), [[1], [2, 0]]).slice(0, 2), ["bounds", "[1][1]"]);
  assertEquals(["1,2", "[1, 2]", "3"].map(any.parse), [[1, 2], [1, 2], [3]]);
  assertEquals(list(text()).parse("a, b ,c"), ["a", "b", "c"]);
  assertEquals(list(callable<typeof Math.abs>()).toJson([Math.abs]), [{ function: "abs" }]);
});

Deno.test("a nullable option takes null too, and is refused in words that say so", () => {
  const option = nullable(oneOf(["same", "valid"]));
  assertEquals([null, "same", "none", undefined].map(option.accepts), [true, true, false, false]);
  assertEquals(refusalOf(option, "none"), ["bounds", "", "one of same, valid, or null", '"none"']);
  assertEquals(refusalOf(nullable(list(count())), [0]), ["bounds", "[0]", "a whole number of at least 1", "0"]);
  assertEquals([option.parse("null"), option.parse("VALID"), option.names], [null, "valid", ["same", "valid"]]);
  assertEquals([option.resembles("none"), option.resembles(1)], [true, false]);
  const fn = nullable(callable<typeof Math.abs>());
  assertEquals([fn.toJson(null), fn.toJson(Math.abs)], [null, { function: "abs" }]);
});

Deno.test("either of several kinds takes the values of each, and the one that was meant refuses the others", () => {
  const option = either([oneOf(["full"]), positive(), callable<typeof Math.abs>()]);
  assertEquals(option.expected, '"full", or a number above 0, or a function');
  assertEquals(["full", 2, Math.abs, "half", 0, null].map(option.accepts), [true, true, true, false, false, false]);
  assertEquals(refusalOf(option, "half"), ["bounds", "", '"full"', '"half"']);
  assertEquals(refusalOf(option, 0), ["bounds", "", "a number above 0", "0"]);
  assertEquals(refusalOf(option, null), ["kind", "", option.expected, "null"]);
  const two = either([count({ least: 5 }), positive({ most: 2 })]);
  assertEquals(refusalOf(two, 3), ["bounds", "", two.expected, "3"]);
  assertEquals(["full", "2", "half"].map(option.parse), ["full", 2, undefined]);
  assertEquals([option.toJson(Math.abs), option.toJson("full"), option.toJson(2)], [{ function: "abs" }, "full", 2]);
  assertEquals([option.resembles("half"), option.resembles(null)], [true, false]);
  const [numbers, number]: unknown[] = [[3], 3];
  assertThrows(() => either(numbers as AnyOption[]), TypeError, "expected an option such as option.count(), got 3");
  assertThrows(() => either(number as AnyOption[]), TypeError, "expected a list of options, got 3");
  assertThrows(() => list(number as Option<number>), TypeError, "an option such as");
  assertThrows(() => nullable(number as Option<number>), TypeError, "an option such as");
});

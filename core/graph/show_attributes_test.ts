import { assertEquals, assertNotEquals } from "@std/assert";
import { showAttributes } from "./show_attributes.ts";

const number = (value: object): number => numbers.indexOf(value);
const numbers: object[] = [{ a: 1 }, { a: 1 }];

Deno.test("different attributes have different texts, also if JSON cannot tell them apart", () => {
  const all = [
    ...[0, -0, 1, NaN, Infinity, -Infinity, "1", "NaN", "", true, null, undefined].map((value) => ({ value })),
    ...[[], [1], [1, 2], [12], [[1], 2], ["1,2"], [-0], [0, -0]].map((value) => ({ value })),
    {},
    { other: 1 },
    { value: 1, other: 1 },
    ...numbers.map((value) => ({ value })),
  ];
  const texts = all.map((attributes) => showAttributes(attributes, number));
  assertEquals(new Set(texts).size, all.length, texts.join("\n"));
  assertEquals(all.map((attributes) => showAttributes({ ...attributes }, number)), texts);
});

Deno.test("texts of attributes with records depend on how the records are shown", () => {
  const attributes = { shape: [2, 3], body: numbers[0] };
  const [first, second] = [showAttributes(attributes, () => "one"), showAttributes(attributes, () => "two")];
  assertNotEquals(first, second);
});

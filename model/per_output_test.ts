import { assertEquals } from "@std/assert";
import { finite } from "../core/options/numbers.ts";
import { isPerOutput, mapOutputs, perOutput, valueFor } from "./per_output.ts";

Deno.test("a value without a name is that of all outputs, others are those of their outputs", () => {
  assertEquals([valueFor(3, "a"), valueFor({ a: 1, b: 2 }, "b"), valueFor({ a: 1 }, "b")], [3, 2, undefined]);
  assertEquals([valueFor(undefined, "a"), valueFor<unknown>({ a: 1 }, "toString")], [undefined, undefined]);
  assertEquals([3, "a", null, [1], { a: 1 }, {}].map(isPerOutput), [false, false, false, false, true, true]);
  assertEquals(mapOutputs(3, (one) => one * 2), 6);
  assertEquals(mapOutputs({ a: 1, b: 2 }, (one) => one * 2), { a: 2, b: 4 });
});

const option = perOutput(finite({ least: 0, help: "…" }));

Deno.test("an option for each output takes what the option takes, and records of one such value or more", () => {
  for (const value of [0, 3, { a: 1 }, { a: 1, b: 0 }]) {
    assertEquals([option.accepts(value), option.resembles(value)], [true, true], JSON.stringify(value));
  }
  for (const value of [-1, "3", {}, [1], { a: -1 }, { a: 1, b: "2" }, null]) {
    assertEquals(option.accepts(value), false, JSON.stringify(value));
  }
  assertEquals([{}, { a: "x" }, "x"].map((value) => option.resembles(value)), [false, true, false]);
  assertEquals([option.toJson(3), option.toJson({ a: 1, b: 2 })], [3, { a: 1, b: 2 }]);
});

Deno.test("a refusal names the output of the first value that is not accepted", () => {
  const { path, ...refusal } = option.refuse({ a: 1, b: -1, c: "x" });
  const { path: _, ...own } = finite({ least: 0, help: "…" }).refuse(-1);
  assertEquals([path, refusal], [".b", own]);
  assertEquals(option.refuse(-1).path, finite({ least: 0, help: "…" }).refuse(-1).path);
});

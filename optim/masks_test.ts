import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { clipByValue } from "./clipping.ts";
import { describeMask, describeOptions, functionConfiguration, isPartConfiguration } from "./description.ts";
import { masked, merge, parametersOf, pick, selection, selects } from "./masks.ts";
import { average } from "./parameter_transforms.ts";
import { sgd } from "./updates.ts";

const params = { "Conv 1": { W: tensor([1]), b: tensor([2]) }, "Dense 1": { W: tensor([3]) } };

Deno.test("patterns select layers by their names, and parameters by their paths", () => {
  const selected = (...patterns: string[]) => selection(parametersOf(...patterns), params);
  assertEquals(selected("Conv*"), [true, true, false]);
  assertEquals(selected("*/W"), [true, false, true]);
  assertEquals(selected("Conv 1/b", "Dense*"), [false, true, true]);
  assertEquals(parametersOf("a", "b/c").patterns, ["a", "b/c"]);
  // All other letters stand for themselves.
  for (const name of ["a.b", "a+", "(a)", "[a]", "a^$", "a|b", "{a}", "a\\d", "a?"]) {
    assertEquals([selects(parametersOf(name), `${name}/W`), selects(parametersOf(`${name}*`), "axb/W")], [true, false]);
  }
  assertEquals([selects(parametersOf("Conv 1"), "Conv 1/W"), selects(parametersOf("Conv"), "Conv 1/W")], [true, false]);
  assertThrows(() => selected("Conv*", "Dense 2"), RangeError, 'by "Dense 2": expected some of Conv 1/W, Conv 1/b, ');
  assertThrows(() => selected("Conv 1/c"), RangeError, "did you mean");
  assertThrows(() => selection(() => false, params), RangeError, "Cannot select parameters: expected some of Conv 1/W");
  assertThrows(() => selection(() => false, {}), RangeError, "expected some of no parameters, got none");
  assertThrows(() => parametersOf(1 as never), TypeError, "pattern 0");
});

Deno.test("parts of a tree are picked, and put back in their places", async () => {
  const part = pick(params, [true, false, true]);
  assertEquals([part["Conv 1"].b, Object.keys(part["Conv 1"])], [null, ["W", "b"]]);
  const after = merge(params, { a: tensor([10]), b: tensor([30]) }, [true, false, true]);
  const { "Conv 1": conv, "Dense 1": dense } = after;
  assertEquals(await Promise.all([conv.W, conv.b, dense.W].map((one) => one.item())), [10, 2, 30]);
});

Deno.test("a masked rule is described by its mask and its part, and changes what both change", () => {
  const rule = masked(parametersOf("Conv*"), sgd({ learningRate: 0.5 }));
  assertEquals([rule.name, rule.learningRate, rule.averaged], ["masked sgd", 0.5, undefined]);
  assertEquals(rule.configuration?.[0], "masked");
  assertEquals(masked(() => true, sgd()).configuration, undefined);
  const nested = masked(parametersOf("*/W"), rule);
  assertEquals(["Conv 1/W", "Conv 1/b", "Dense 1/W"].map((path) => nested.changes?.(path)), [true, false, false]);
  assertEquals(rule.withLearningRate?.(() => tensor(1)).name, "masked sgd");
  const transform = masked(parametersOf("Conv*"), clipByValue(1));
  assertEquals([transform.name, transform.averaged], ["masked clipByValue", undefined]);
  assertEquals(masked(parametersOf("Conv*"), average(0.5)).averaged === undefined, false);
  assertThrows(() => masked(parametersOf("a"), {} as never), TypeError, "expected an update rule or a transform");
  assertThrows(() => masked("a" as never, sgd()), TypeError, "mask");
});

Deno.test("options are plain data, with names for functions and texts for infinite numbers", () => {
  function own(): void {}
  const known = Object.assign(() => {}, { configuration: ["warmUp", { steps: 2 }] });
  assertEquals(describeOptions({ a: 1, b: Infinity, c: own, d: known, e: [1, 2] }), {
    ...{ a: 1, b: "Infinity", c: { function: "own" }, d: ["warmUp", { steps: 2 }], e: [1, 2] },
  });
  assertEquals([functionConfiguration(known), functionConfiguration(own)], [["warmUp", { steps: 2 }], undefined]);
  assertEquals([describeMask(parametersOf("a")), describeMask(own as never)], [["a"], { function: "own" }]);
  const wrong = [undefined, [], ["a"], ["a", {}, 1], [1, {}], ["a", null], ["a", 1], ["a", []], { 0: "a", 1: {} }];
  assertEquals(wrong.map(isPartConfiguration), wrong.map(() => false));
  assertEquals(isPartConfiguration(["a", {}]), true);
});

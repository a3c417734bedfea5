import { assertEquals, assertThrows } from "@std/assert";
import { tensor, zeros } from "../../core/creation.ts";
import { beginEntries, countEntries, entriesOf, perFeature, spread, weighed, weightOf } from "./entries.ts";

const bool = (...values: boolean[]) => tensor(values);
const weights = tensor([0.5, 2]);

Deno.test("a state has counts and weights only as far as they are needed", () => {
  assertEquals([Object.keys(beginEntries(true)), Object.keys(beginEntries(false))], [[], ["entries"]]);
  assertEquals(Object.keys(beginEntries(true, { weights })), ["entries", "weight"]);
  assertEquals(Object.keys(beginEntries(false, { weights: bool(true, false) })), ["entries"]);
});

Deno.test("entries are counted with their weights", async () => {
  const form = { name: "m", shape: [2, 3], weights };
  const weighted = countEntries(beginEntries(true, { weights }), form);
  assertEquals(await weightOf(weighted.state).item(), 7.5);
  assertEquals(await weighted.weights?.toArray(), [[0.5, 0.5, 0.5], [2, 2, 2]]);
  assertEquals([weighted.clock?.entries, await weighted.clock?.after.item()], [6, 6]);
  const twice = countEntries(weighted.state, { ...form, weights: undefined });
  assertEquals([await weightOf(twice.state).item(), twice.weights], [13.5, undefined]);
  const masked = countEntries(beginEntries(false), { ...form, weights: bool(true, false) });
  assertEquals([await weightOf(masked.state).item(), await masked.clock?.counted.item()], [3, 3]);
  const both = countEntries(beginEntries(true, { weights }), { ...form, weights: bool(true, false) });
  assertEquals(await weightOf(both.state).item(), 3);
  const plain = countEntries(beginEntries(true), { ...form, weights: bool(true, false) });
  assertEquals([plain.state, plain.clock, plain.weights?.shape], [{}, undefined, [2, 3]]);
  assertThrows(
    () => countEntries(beginEntries(false), form),
    TypeError,
    "Cannot compute m with weights in a state without: expected the state of init(prediction, target, { weights })",
  );
});

Deno.test("weights are spread over the axes behind theirs", async () => {
  assertEquals(await spread("m", weights, [2, 2]).toArray(), [[0.5, 0.5], [2, 2]]);
  assertEquals(await spread("m", tensor([[1, 2], [3, 4]]), [2, 2]).toArray(), [[1, 2], [3, 4]]);
  assertEquals(spread("m", tensor([1, 2], [2], { dtype: "i32" }), [2]).dtype, "f32");
  assertEquals(spread("m", bool(true, false), [2, 1]).dtype, "bool");
  const message = "Cannot compute m of [2, 3, 4] predictions with weights [3]: expected weights of [2] or [2, 3]";
  assertThrows(() => spread("m", zeros([3]), [2, 3, 4]), TypeError, message);
  assertThrows(
    () => spread("m", zeros([]), [2]),
    TypeError,
    "of [2] predictions with weights []: expected weights of [2]",
  );
  for (const shape of [[2, 4], [2, 3, 1]]) {
    assertThrows(() => spread("m", zeros(shape), [2, 3]), TypeError, "of [2] or");
  }
});

Deno.test("values with the weight 0 count as 0, even if they are NaN", async () => {
  const values = tensor([NaN, 3]);
  assertEquals(await weighed(values, tensor([0, 2])).toArray(), [0, 6]);
  assertEquals(await weighed(values, bool(false, true)).toArray(), [0, 3]);
  assertEquals(weighed(values, undefined) === values, true);
  assertEquals([weighed(bool(true, false), undefined).dtype, weighed(bool(true, false), weights).dtype], [
    "u32",
    "f32",
  ]);
  assertEquals(await weighed(bool(true, true), bool(false, true)).toArray(), [0, 1]);
});

Deno.test("entries of predictions are their rows, and weights those of their features", async () => {
  assertEquals([[2], [2, 3], [2, 3, 4]].map((shape) => entriesOf({ shape })), [[2], [2], [2, 3]]);
  assertEquals(await perFeature(weights, [2, 2])?.toArray(), [[0.5, 0.5], [2, 2]]);
  assertEquals(perFeature(weights, [2]) === weights && perFeature(undefined, [2, 2]) === undefined, true);
});

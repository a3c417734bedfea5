import { assert, assertEquals, assertThrows } from "@std/assert";
import { tensor, zeros } from "../core/creation.ts";
import type { Tensor } from "../core/tensor.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { metrics, objectives } from "./registry.ts";
import { areClasses } from "./targets.ts";

const all = Object.entries({ ...objectives, ...metrics });
const categorical = all.filter(([name]) => name.startsWith("categorical"));
const others = all.filter(([name]) => !name.startsWith("categorical"));

testOnEveryDevice("Targets [N] and predictions [N, 1] are taken as [N, 1], in both directions", async () => {
  const column = (values: readonly number[]): Tensor => tensor(values, [values.length, 1]);
  const [prediction, target] = [[0.25, 0.75, 0.5], [1, 0, 1]];
  for (const [name, objective] of others) {
    const expected = objective(column(prediction), column(target));
    assertEquals(expected.shape, [3], name);
    const pairs = [[column(prediction), tensor(target)], [tensor(prediction), column(target)]];
    for (const [p, t] of pairs) assertEquals(await objective(p, t).toArray(), await expected.toArray(), name);
  }
});

Deno.test("Every objective and metric refuses shapes that do not match, and names both", () => {
  const shapes = [[[4, 1], [3]], [[4, 3], [1, 3]], [[4, 3], [4, 1]], [[4, 3], [3]], [[4, 2, 3], [4, 3]], [[4, 1], []]];
  for (const [name, objective] of all) {
    for (const [p, t] of shapes) {
      const error = assertThrows(() => objective(zeros(p), zeros(t)), TypeError);
      assert(error.message.startsWith(`Cannot compute ${name} of predictions [${p.join(", ")}]`), error.message);
      assert(error.message.includes(`targets [${t.join(", ")}]`), error.message);
    }
  }
});

Deno.test("Class numbers have one axis less than predictions, and only categorical objectives take them", () => {
  for (const [name, objective] of categorical) assertEquals(objective(zeros([0, 3]), zeros([0])).shape, [0], name);
  for (const [, objective] of others) {
    assertThrows(() => objective(zeros([4, 3]), zeros([4])), TypeError, "rows made by oneHot");
  }
});

testOnEveryDevice("Predictions and targets that are both [N] are N examples of one number", async () => {
  const values = [[0.25, 0.75, 0.5], [1, 0, 1]];
  for (const [name, objective] of others) {
    const [p, t] = values.map((one) => tensor(one));
    const [columnP, columnT] = values.map((one) => tensor(one, [3, 1]));
    const result = objective(p, t);
    assertEquals(result.shape, [3], name);
    assertEquals(await result.toArray(), await objective(columnP, columnT).toArray(), name);
  }
});

testOnEveryDevice("Whole numbers are measured as floats", async () => {
  const { meanAbsoluteError, meanSquaredError } = objectives;
  const [one, two] = [tensor([[1]], undefined, { dtype: "u32" }), tensor([[2]], undefined, { dtype: "u32" })];
  assertEquals(await meanAbsoluteError(one, two).toArray(), [1]);
  const large = tensor([[50000]], undefined, { dtype: "i32" });
  assertEquals(await meanSquaredError(large, large.zerosLike()).toArray(), [2.5e9]);
  const values = [[[3, 1], [0, 2]], [[1, 0], [0, 1]]];
  for (const [name, objective] of all) {
    const [p, t] = values.map((one) => tensor(one));
    const expected = await objective(p, t).toArray();
    for (const dtype of ["i32", "u32"] as const) {
      const [wholeP, wholeT] = [p, t].map((one) => one.cast(dtype));
      for (const pair of [[wholeP, wholeT], [wholeP, t], [p, wholeT]]) {
        const result = objective(pair[0], pair[1]);
        assertEquals([result.dtype, await result.toArray()], ["f32", expected], `${name} of ${dtype}`);
      }
    }
  }
});

Deno.test("scalars are refused: they have no axis of examples", () => {
  assertEquals(areClasses(tensor(1), tensor(0)), false);
  for (const [name, compute] of others) {
    assertThrows(() => compute(tensor(1), tensor(0)), TypeError, `Cannot compute ${name} of two scalars`);
  }
  assertThrows(
    () => tensor(1).sum({ axis: 0 }),
    RangeError,
    "Cannot take the sum along axis 0: a tensor of rank 0 has no axes",
  );
});

import { assertEquals, assertRejects } from "@std/assert";
import { setDevice, tensor } from "../../core/mod.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { checkedAnswers, checkedRows } from "./checked_classes.ts";

testOnEveryDevice("examples of the weight 0 are not checked, however many targets each of them has", async () => {
  const weights = tensor([1, 0]);
  const answers = checkedAnswers(tensor([[1, -1, 0], [7, 1, 0]]), weights);
  assertEquals(await answers.toArray(), [[1, 0, 0], [0, 1, 0]]);
  const rows = tensor([[[0, 1], [1, 0]], [[3, 4], [0, 1]]]);
  const named = tensor(Int32Array.of(1, 0, 1, 1), [2, 2]);
  assertEquals(await checkedRows(rows, named, weights).toArray(), [[1, 0], [0, 0]]);
  const all = tensor([1, 1]);
  await assertRejects(() => checkedAnswers(tensor([[1, -1], [7, 1]]), all).toArray(), Error, "as class");
  await assertRejects(() => checkedRows(rows, named, all).toArray(), Error, "as class");
});

Deno.test("rows that are checked have one 1 among zeros, or among -1", async () => {
  await setDevice("wasm");
  const check = (row: readonly number[], named: number) =>
    checkedRows(tensor([row]), tensor(Int32Array.of(named), [1]), tensor([1])).toArray();
  assertEquals(await check([0, 0, 1], 2), [2]);
  assertEquals(await check([-1, 1, -1], 1), [1]);
  for (
    const row of [[0, 0, 0], [1, 1, 0], [1, 0, -1], [1, 1, -1], [-1, -1, -1], [1, 1, 1], [0.5, 0.5, 0], [2, 0, -1]]
  ) {
    await assertRejects(
      () => check(row, 0),
      RangeError,
      "a row of targets that names several classes, or none",
      `${row}`,
    );
  }
});

Deno.test("answers that are checked are 0, 1 and -1", async () => {
  await setDevice("wasm");
  assertEquals(await checkedAnswers(tensor([0, 1, -1]), tensor([1, 1, 1])).toArray(), [0, 1, 0]);
  for (const odd of [0.5, 2, -2]) {
    await assertRejects(
      () => checkedAnswers(tensor([odd]), tensor([1])).toArray(),
      RangeError,
      "a target other than 0 and 1, or -1 and 1",
    );
  }
});

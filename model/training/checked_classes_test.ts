import { assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../../core/mod.ts";
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

import { assertEquals } from "@std/assert";
import { tensor } from "../core/creation.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { firstGreatest } from "./first_greatest.ts";

testOnEveryDevice("the first greatest element of each row is found, and none where there is NaN", async () => {
  const rows = tensor([[1, 3, 2], [2, 2, 1], [-3, -1, -1], [0, NaN, 1], [-Infinity, -Infinity, -Infinity]]);
  const found = firstGreatest(rows, { ofNaN: 7 });
  assertEquals([found.dtype, await found.toArray()], ["i32", [1, 0, 1, 7, 0]]);
  const deep = tensor([[[1, 2], [2, 1]], [[0, 0], [NaN, 0]]]);
  assertEquals(await firstGreatest(deep, { ofNaN: 2 }).toArray(), [[1, 0], [0, 2]]);
});

import { assertEquals } from "@std/assert";
import { tensor } from "../../creation.ts";
import { testOnEveryDevice } from "../../../tests/on_every_device.ts";
import { productOfOthers } from "./product_of_others.ts";

testOnEveryDevice("the product of the other elements is that along the axes, and 1 along no axis", async () => {
  const x = tensor([[2, 3], [5, 7]]);
  assertEquals(await productOfOthers(x, [0]).toArray(), [[5, 7], [2, 3]]);
  assertEquals(await productOfOthers(x, [1]).toArray(), [[3, 2], [7, 5]]);
  assertEquals(await productOfOthers(x, [0, 1]).toArray(), [[105, 70], [42, 30]]);
  assertEquals(await productOfOthers(x, []).toArray(), [[1, 1], [1, 1]]);
});

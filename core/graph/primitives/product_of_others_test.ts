import { assert, assertEquals } from "@std/assert";
import { ones, tensor } from "../../creation.ts";
import { jit } from "../../jit.ts";
import type { Tensor } from "../../tensor.ts";
import { grad } from "../../gradients.ts";
import { testOnEveryDevice } from "../../../tests/on_every_device.ts";
import { productOfOthers } from "./product_of_others.ts";

testOnEveryDevice("the product of the other elements is that along the axes, and 1 along no axis", async () => {
  const x = tensor([[2, 3], [5, 7]]);
  assertEquals(await productOfOthers(x, [0]).toArray(), [[5, 7], [2, 3]]);
  assertEquals(await productOfOthers(x, [1]).toArray(), [[3, 2], [7, 5]]);
  assertEquals(await productOfOthers(x, [0, 1]).toArray(), [[105, 70], [42, 30]]);
  assertEquals(await productOfOthers(x, []).toArray(), [[1, 1], [1, 1]]);
});

testOnEveryDevice("the gradient of a product of many computed elements compiles", async () => {
  for (const [shape, axis] of [[[3, 100], 1]] as const) {
    const slope = jit(grad((x: Tensor) => x.sin().mul(0.01).add(1).prod({ axis }).sum()));
    const found = await slope(ones([...shape])).data();
    const wanted = 0.01 * Math.cos(1) * (1 + 0.01 * Math.sin(1)) ** (shape[axis] - 1);
    for (const one of found) {
      assert(Math.abs(one - wanted) < 1e-4 * wanted, `${one} instead of ${wanted} for [${shape}]`);
    }
  }
});

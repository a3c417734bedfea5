import { assertEquals, assertThrows } from "@std/assert";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import * as layers from "../../layers/mod.ts";
import { ones, zeros } from "../creation.ts";
import { jit } from "../jit.ts";
import type { Tensor } from "../tensor.ts";

testOnEveryDevice("an operand that would change the shape of the result is refused", () => {
  const x = ones([1, 2]);
  const images = ones([2, 1, 3, 3]);
  const units = { W: ones([2, 1]), b: ones([1, 1, 1]), b_prime: ones([3, 2]), b_hidden: ones([3, 2]) };
  const wrong: readonly (readonly [(x: Tensor) => Tensor, string])[] = [
    [(x) => layers.relu(x, { alpha: ones([3, 2]) }), "apply relu: expected alpha to broadcast to [1, 2], got [3, 2]"],
    [(x) => layers.relu(x, { alpha: ones([1, 1, 2]) }), "apply relu: expected alpha"],
    [(x) => layers.elu(x, { alpha: ones([3, 1]) }), "apply elu: expected alpha"],
    [(x) => layers.getActivation(["elu", { alpha: ones([3, 1]) }])(x), "apply elu: expected alpha"],
    [(x) => layers.layerNormalize({ gamma: ones([3, 2]) }, x), "normalize a layer: expected gamma"],
    [(x) => layers.layerNormalize({ gamma: ones([2]), beta: ones([3, 1]) }, x), "normalize a layer: expected beta"],
    [(x) => layers.dense(units, x), "apply a dense layer: expected b to broadcast to [1, 1], got [1, 1, 1]"],
    [() => layers.convolve({ W: ones([1, 1, 2, 2]), b: ones([4]) }, images), "convolve images: expected b"],
    [(x) => layers.hiddenProbabilities(units, x), "compute hidden units: expected b"],
    [() => layers.visibleLogits(units, ones([1, 1])), "compute visible units: expected b_hidden"],
    [(x) => layers.reconstruct({ ...units, b: ones([1]) }, x), "reconstruct: expected b_prime"],
  ];
  for (const [call, message] of wrong) {
    assertThrows(() => call(x), TypeError, `Cannot ${message}`);
    assertThrows(() => jit(call)(x), TypeError, `Cannot ${message}`);
  }
});

testOnEveryDevice("an operand that broadcasts to the shape of the result is not refused", async () => {
  const x = zeros([2, 2]).sub(1);
  for (const shape of [[], [1], [2], [1, 2], [2, 1], [2, 2]]) {
    assertEquals(await layers.relu(x, { alpha: ones(shape) }).toArray(), [[-1, -1], [-1, -1]]);
  }
});

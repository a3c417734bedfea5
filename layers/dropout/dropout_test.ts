import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { ones, tensor } from "../../core/creation.ts";
import { jit } from "../../core/jit.ts";
import { key } from "../../core/random/bits.ts";
import { normal } from "../../core/random/distributions.ts";
import type { Tensor } from "../../core/tensor.ts";
import { grad } from "../../core/gradients.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { alphaDropout } from "./alpha_dropout.ts";
import { dropconnect } from "./dropconnect.ts";
import { dropElements, dropout } from "./dropout.ts";
import { inputLayer } from "../input.ts";

const state = {};

testOnEveryDevice("Dropout keeps the mean, and drops the share that was asked for", async () => {
  const values = await dropElements(ones([40000]), key(1), 0.3).data();
  const kept = values.filter((value) => value !== 0);
  assert(kept.every((value) => Math.abs(value - 1 / 0.7) < 1e-6));
  assertAlmostEquals(kept.length / values.length, 0.7, 0.01);
});

testOnEveryDevice("The gradient passes through the elements that were kept, by the same mask", async () => {
  const both = jit((x: Tensor, key: Tensor) => {
    const f = (x: Tensor) => dropElements(x, key, 0.5).sum();
    return { output: dropElements(x, key, 0.5), gradient: grad(f)(x) };
  });
  const { output, gradient } = both(ones([100]), key(3));
  assertEquals(await gradient.data(), await output.data());
});

Deno.test("Dropout does nothing in prediction, and returns zeros if everything is dropped", async () => {
  const layer = dropout(inputLayer({ shape: [null, 2] }), { corruptionLevel: 1 });
  const x = tensor([[1, 2]]);
  assertEquals(await layer.apply({}, x, { train: false, state }).output.toArray(), [[1, 2]]);
  assertEquals(await layer.apply({}, x, { train: true, state, key: key(1) }).output.toArray(), [[0, 0]]);
});

testOnEveryDevice("Alpha dropout keeps mean 0 and variance 1 at any level", async () => {
  const x = normal(key(5), [200, 200]);
  for (const corruptionLevel of [0.05, 0.2, 0.5]) {
    const layer = alphaDropout(inputLayer({ shape: [null, 200] }), { corruptionLevel });
    const { output } = layer.apply({}, x, { train: true, state, key: key(6) });
    assertAlmostEquals(await output.mean().item(), 0, 0.03);
    assertAlmostEquals(await output.variance().item(), 1, 0.03);
  }
});

testOnEveryDevice("Dropconnect drops weights in training only, and never changes them", async () => {
  const layer = dropconnect(inputLayer({ shape: [null, 50] }), {
    nUnits: 40,
    corruptionLevel: 0.25,
    activation: "linear",
    W: ones([50, 40]),
  });
  const { params } = layer.init(key(1));
  const { output } = layer.apply(params, ones([2, 50]), { train: true, state, key: key(2) });
  const [first, second] = await output.toArray() as number[][];
  assertEquals(first, second, "one mask for all examples");
  assert(new Set(first).size > 3, "another mask for each unit");
  assertAlmostEquals(first.reduce((sum, value) => sum + value) / 40, 50, 3);
  const predicted = await layer.apply(params, ones([1, 50]), { train: false, state }).output.data();
  assert(predicted.every((value) => value === 50));
  assert((await params.W.data()).every((value) => value === 1));
});

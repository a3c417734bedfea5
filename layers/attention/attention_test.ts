import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { ones, tensor } from "../../core/creation.ts";
import { jit } from "../../core/jit.ts";
import { key } from "../../core/random/bits.ts";
import type { Tensor } from "../../core/tensor.ts";
import { grad } from "../../core/gradients.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { inputLayer } from "../input.ts";
import { attend } from "./attention.ts";
import { transformerBlock } from "./transformer_block.ts";

/** One sequence of single features. */
const sequence = (...values: number[]): Tensor => tensor(values.map((value) => [value]));

testOnEveryDevice("no position sees a later one, however low the scores of the others are", async () => {
  const v = sequence(1, 5, 9);
  const causal = (q: Tensor, k: Tensor) => attend(q, k, v, { causal: true });
  const slope = grad((q: Tensor, k: Tensor) => causal(q, k).sum());
  for (const size of [1e17, 1e19, 0]) {
    const [q, k] = [sequence(size, size, size), sequence(-size, -size, -size)];
    for (const fn of [causal, jit(causal)]) assertEquals(await fn(q, k).toArray(), [[1], [3], [5]], `${size}`);
    for (const fn of [slope, jit(slope)]) assert((await fn(q, k).data()).every(Number.isFinite), `${size}`);
  }
});

testOnEveryDevice("scores are divided by the root of the number of units", async () => {
  // Scores of ln 3 and 0 have the weights 3/4 and 1/4.
  const [q, k] = [tensor([[2, 7, 0, 0]]), tensor([[Math.log(3), 0, 5, 5], [0, 0, -5, 9]])];
  const [[found]] = await attend(q, k, sequence(4, 0)).toArray() as number[][];
  assertAlmostEquals(found, 3, 1e-5);
});

Deno.test("a transformer block that drops nothing needs no random key in training", () => {
  const incoming = inputLayer({ shape: [null, 3, 4] });
  const x = ones([2, 3, 4]);
  for (const [corruptionLevel, needsKey] of [[0, false], [0.5, true]] as const) {
    const layer = transformerBlock(incoming, { nHeads: 2, corruptionLevel });
    const { params, state } = layer.init(key(1));
    const train = () => layer.apply(params, x, { train: true, state });
    if (needsKey) assertThrows(train, Error, "random key");
    else assertEquals(train().output.shape, [2, 3, 4]);
  }
});

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../creation.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import * as activations from "./activations.ts";

testOnEveryDevice("The slope of a rectifier can be learned", async () => {
  const x = tensor([[-2, 3], [-4, -5]]);
  const slope = grad((alpha: Tensor) => activations.relu(x, { alpha }).sum())(tensor([0.1, 0.2]));
  assertEquals(await slope.toArray(), [-6, -5]);
});

testOnEveryDevice("Gradients at 0 and far from it are those of the formulas", async () => {
  const at = async (activation: activations.ActivationFunction, x: number) =>
    await grad((x: Tensor) => activation(x).sum())(tensor([x])).sum().item();
  assertEquals(await at(activations.relu, 0), 0);
  assertAlmostEquals(await at(activations.softplus, 0), 0.5, 1e-6);
  assertAlmostEquals(await at(activations.softplus, -30) / Math.exp(-30), 1, 1e-5);
  assertEquals(await at(activations.softplus, 500), 1);
  assertAlmostEquals(await at(activations.elu, 0), 1, 1e-6);
  assertEquals(await at(activations.elu, -500), 0);
  assertEquals(await at(activations.elu, 500), 1);
});

testOnEveryDevice("The gradient of elu is exp(x) below 0, as is the second one, and NaN at NaN", async () => {
  const xs = [-60, -20, -15, -5, -1, -1e-3, 0];
  const first = grad((x: Tensor) => activations.elu(x).sum());
  const second = grad((x: Tensor) => first(x).sum());
  for (const derivative of [first, second]) {
    const slopes = await derivative(tensor(xs)).data();
    xs.forEach((x, i) => assertAlmostEquals(slopes[i] / Math.exp(x), 1, 1e-5, `${x}`));
  }
  const scaled = await grad((x: Tensor) => activations.selu(x).sum())(tensor([-20, NaN, 2, Infinity, -Infinity]))
    .data();
  const { SELU_ALPHA, SELU_SCALE } = activations;
  assertAlmostEquals(scaled[0] / (SELU_ALPHA * SELU_SCALE * Math.exp(-20)), 1, 1e-5);
  assertEquals([...scaled].slice(1), [NaN, Math.fround(SELU_SCALE), Math.fround(SELU_SCALE), 0]);
  const values = await activations.elu(tensor([NaN, Infinity, -Infinity, 3])).data();
  assertEquals([...values], [NaN, Infinity, -1, 3]);
  assertEquals(await grad((x: Tensor) => activations.elu(x).sum())(tensor([NaN])).item(), NaN);
});

testOnEveryDevice("Small numbers keep all their digits", async () => {
  for (const x of [1e-3, 1e-5, 1e-7]) {
    const [elu] = await activations.elu(tensor([-x])).data();
    assertAlmostEquals(elu / Math.expm1(-x), 1, 1e-6);
  }
  const [tiny] = await activations.softplus(tensor([-40])).data();
  assertAlmostEquals(tiny / Math.exp(-40), 1, 1e-5);
});

Deno.test("A rectifier does not hide NaN", async () => {
  const [value] = await activations.relu(tensor([NaN])).data();
  assert(Number.isNaN(value));
});

testOnEveryDevice("The piecewise sigmoid is within 0.028 of the true one", async () => {
  const x = tensor(Array.from({ length: 201 }, (_, i) => (i - 100) / 8));
  const distance = activations.ultraFastSigmoid(x).sub(activations.sigmoid(x)).abs().max();
  assert(await distance.item() < 0.028);
});

testOnEveryDevice("The piecewise sigmoid keeps NaN, and is flat at infinity", async () => {
  const x = tensor([NaN, Infinity, -Infinity, 0]);
  const [hidden, high, low, half] = await activations.ultraFastSigmoid(x).data();
  assertEquals(hidden, NaN);
  [[high, 0.99752737688], [low, 0.00247262312], [half, 0.5]].forEach(([a, b]) => assertAlmostEquals(a, b, 1e-6));
  const slope = await grad((x: Tensor) => activations.ultraFastSigmoid(x).sum())(x.slice([1])).data();
  assertEquals([...slope].map((value) => value + 0), [0, 0, 0.375]);
});

testOnEveryDevice("The softplus of whole numbers without a sign is that of floats", async () => {
  const [whole, floats] = [tensor(Uint32Array.of(0, 1, 40)), tensor([0, 1, 40])];
  assertEquals(await activations.softplus(whole).toArray(), await activations.softplus(floats).toArray());
});

Deno.test("Activations without options refuse a record of them", () => {
  const { linear, sigmoid, ultraFastSigmoid, tanh, softplus, selu, gelu } = activations;
  const x = tensor([1]);
  for (const activation of [linear, sigmoid, ultraFastSigmoid, tanh, softplus, selu, gelu]) {
    const message = `Cannot call ${activation.name}: expected at most 1 argument, got 2`;
    assertThrows(() => Reflect.apply(activation, undefined, [x, { beta: 2 }]), TypeError, message);
    assertEquals([x, x].map(activation).length, 2);
    assertEquals(Reflect.apply(activation, undefined, [x, undefined]).shape, [1]);
  }
});

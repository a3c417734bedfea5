import { assert, assertEquals } from "@std/assert";
import { tensor } from "../../creation.ts";
import { grad, valueAndGrad } from "../../gradients.ts";
import { jit } from "../../jit.ts";
import type { Tensor } from "../../tensor.ts";
import {
  assertNear,
  type Computation,
  gradientOf,
  graphOf,
  interpretWith,
  numbers,
  weighted,
} from "../../../tests/oracle.ts";
import { testOnEveryDevice } from "../../../tests/on_every_device.ts";
import { isNode, topological } from "../node.ts";
import { simplify } from "./simplify.ts";

const x = numbers([3, 5, 2]);
const y = numbers([3, 5, 2], { seed: 2 });
const k = numbers([5, 1], { seed: 3 });
const along = { axis: [0, 2] };
const mean = (x: Tensor): Tensor => x.mean({ ...along, keepDims: true });
const axes = along.axis;

/** Σ x along `axes`, as gradient rules make it. */
const cotangents = (x: Tensor, axes: readonly number[]): Tensor => x.apply("sum", [], { axes, ofCotangents: true });

/** The number of sums that are left, after the results were compared with those of the graph as it was traced. */
function sumsLeft(fn: Computation, inputs = [x, y, k]): number {
  const graph = graphOf(fn, inputs);
  const simple = simplify(graph);
  const expected = interpretWith(graph, inputs);
  interpretWith(simple, inputs).forEach(({ values }, i) => {
    assertNear(values, expected[i].values, `result ${i}`, { tolerance: 1e-12 });
  });
  return topological(simple.results).filter((node) => isNode(node, "sum")).length;
}

/** The same for functions of `sum`, as gradient rules make it and as users write it. */
function bothLeft(fn: (sum: (x: Tensor) => Tensor) => Computation): [ofGradients: number, written: number] {
  return [sumsLeft(fn((x) => cotangents(x, axes))), sumsLeft(fn((x) => x.sum(along)))];
}

Deno.test("sums of negative, doubled and scaled cotangents follow from the sum of the cotangents", () => {
  assertEquals(bothLeft((sum) => (x) => [sum(x), sum(x.neg())]), [1, 2]);
  assertEquals(bothLeft((sum) => (x) => [sum(x), sum(x.add(x))]), [1, 2]);
  assertEquals(bothLeft((sum) => (x) => [sum(x.mul(3)), sum(x)]), [1, 2]);
  assertEquals(bothLeft((sum) => (x, _, k) => [sum(x), sum(x.mul(k))]), [1, 2]);
  assertEquals(bothLeft((sum) => (x, _, k) => [sum(k.neg().mul(x).mul(k).neg()), sum(x)]), [1, 2]);
  const all = [0, 1, 2];
  assertEquals(sumsLeft((x) => [cotangents(x, all), cotangents(x.neg().mul(0.5), all)]), 1);
});

Deno.test("other sums stay as they are", () => {
  const sum = (x: Tensor): Tensor => cotangents(x, axes);
  assertEquals(sumsLeft((x) => [cotangents(x, [0]), sum(x.neg())]), 2);
  assertEquals(sumsLeft((x, y) => [sum(x), sum(x.mul(y)), sum(x.add(y))]), 3);
  assertEquals(sumsLeft((x, _, k) => [cotangents(x, [1]), cotangents(x.mul(k), [1])]), 2);
  assertEquals(sumsLeft((x) => [sum(x.mul(3))]), 1);
});

Deno.test("no sum that a function adds itself follows from another, and none follows from it", () => {
  assertEquals(sumsLeft((x) => [x.sum(along), cotangents(x.neg(), axes)]), 2);
  assertEquals(sumsLeft((x) => [cotangents(x, axes), x.neg().sum(along)]), 2);
  // Equal sums are one, which counts as the function's own, in whatever order they are met.
  for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]]) {
    const all: Computation = (x) => {
      const negative = x.neg();
      const sums = [cotangents(x, axes), cotangents(negative, axes), x.sum(along), negative.sum(along)];
      return order.map((i) => sums[i]);
    };
    assertEquals(sumsLeft(all), 2);
    assertEquals(sumsLeft((...inputs) => [all(...inputs)].flat().slice(0, 3)), 2);
  }
});

Deno.test("the deviations from a mean are not added in gradients", () => {
  assertEquals(bothLeft((sum) => (x) => [sum(x.sub(mean(x)))]), [1, 2]);
  assertEquals(bothLeft((sum) => (x) => [sum(x.sub(x.mean(along).reshape([1, 5, 1])).neg().mul(2))]), [1, 2]);
  const square = numbers([4, 4]);
  // The means of the rows, subtracted from the columns.
  assertEquals(sumsLeft((x) => [cotangents(x.sub(x.mean({ axis: 1 }).reshape([1, 4])), [1])], [square]), 2);
  assertEquals(bothLeft((sum) => (x, y) => [sum(x.sub(mean(y)))]), [2, 2]);
  assertEquals(bothLeft((sum) => (x) => [sum(x.sub(x.sum({ ...along, keepDims: true }).div(5)))]), [2, 2]);
  assertEquals(bothLeft((sum) => (x) => [sum(x.sub(x.mean({ axis: 0, keepDims: true })))]), [2, 2]);
});

Deno.test("what sums follow from may itself follow from others", () => {
  const chain = (sum: (x: Tensor) => Tensor): Computation => (x, _, k) => {
    const scale = k.mul(sum(x.neg()).reshape([1, 5, 1]));
    return [sum(x), sum(x.mul(scale)), sum(x.mul(scale).neg())];
  };
  assertEquals(bothLeft(chain), [1, 4]);
});

const normalized = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor =>
  x.sub(mean(x)).mul(gamma.div(x.variance({ ...along, keepDims: true }).add(1e-5).sqrt())).add(beta);

Deno.test("the gradient of a normalization adds two products only", () => {
  const inputs = [x, k, numbers([5, 1], { seed: 4 })];
  const graph = simplify(graphOf(gradientOf(weighted(normalized)), inputs));
  // Those of x and of squared deviations, of the cotangents, and of their products with deviations.
  assertEquals(topological(graph.results).filter((node) => isNode(node, "sum")).length, 4);
});

Deno.test("second gradients of a normalization are those of the graph as it was traced", () => {
  const inputs = [x, k, numbers([5, 1], { seed: 4 })];
  const first = gradientOf(weighted(normalized));
  assertEquals(sumsLeft(gradientOf(weighted((...args) => first(...args))), inputs) > 0, true);
});

/**
 * 5000 numbers, repeated from `values`. A driver of WebGPU may take the factor out of a sum of a few, as limits.md says.
 */
const many = (...values: number[]): Tensor =>
  tensor(Float32Array.from({ length: 5000 }, (_, i) => values[i % values.length]));

const isNear = (value: number, expected: number): boolean => Math.abs(value / expected - 1) < 1e-5;

/** Compares the results of a function, operation by operation, with those of the compiled function. */
async function assertAsWritten(fn: (...args: Tensor[]) => Tensor[], args: readonly Tensor[]): Promise<number[]> {
  const [each, compiled] = [fn(...args), jit(fn)(...args)];
  const expected = await Promise.all(each.map((result) => result.item()));
  for (const [i, result] of compiled.entries()) {
    const value = await result.item();
    // Blocks of a sum may differ, and with them its last digits.
    if (!Number.isFinite(expected[i]) || expected[i] === 0) assertEquals(value, expected[i], `result ${i}`);
    else assert(isNear(value, expected[i]), `result ${i}: expected ${expected[i]}, got ${value}`);
  }
  return expected;
}

const scaledToo = (x: Tensor, c: Tensor): Tensor[] => [x.sum(), x.mul(c).sum(), x.add(x).mul(c.neg()).sum()];

testOnEveryDevice("a compiled function adds what it is written to add, also if another sum overflows", async () => {
  const large = many(1e37);
  const [all, scaled, doubled] = await assertAsWritten(scaledToo, [large, tensor(1e-30)]);
  assertEquals([all, isNear(scaled, 5e10), isNear(doubled, -1e11)], [Infinity, true, true]);
  assertEquals(await assertAsWritten((x, c) => [x.sum(), x.mul(c).sum()], [large, tensor(0)]), [Infinity, 0]);
  // Each of these sums is NaN: ∞ − ∞, or 0 · ∞.
  for (const values of [[2, -1], [1, 0]]) {
    assertEquals((await assertAsWritten(scaledToo, [many(...values), tensor(Infinity)])).slice(1), [NaN, NaN]);
  }
});

testOnEveryDevice("a compiled function adds the deviations that it is written to add", async () => {
  const deviations = (x: Tensor): Tensor[] => [x.sub(x.mean()).sum()];
  for (const x of [[1, 2, 4], [1, 2, 3, 4, 5, 6, 9.1], [1e30, 1, 3]].map((list) => tensor(list))) {
    assertEquals(await jit(deviations)(x)[0].item(), await deviations(x)[0].item());
  }
  assertEquals(await assertAsWritten(deviations, [tensor([1, Infinity])]), [NaN]);
  assertEquals(await grad((x: Tensor) => deviations(x)[0])(tensor([1, 2, 4])).toArray(), [0, 0, 0]);
});

testOnEveryDevice("sums of gradients that a function adds itself are added as they are written", async () => {
  const [large, c] = [many(1e37), tensor(1e-30)];
  const doubled = grad((x: Tensor): Tensor => x.square().sum());
  const [all, scaled] = await assertAsWritten((x, c) => [doubled(x).sum(), doubled(x).mul(c).sum()], [large, c]);
  assertEquals([all, isNear(scaled, 1e11)], [Infinity, true]);
  // The same, in a function whose gradient is taken again.
  const [[sums, value], gradient] = valueAndGrad((x: Tensor, c: Tensor): Tensor[] => [
    doubled(x).mul(c).sum(),
    doubled(x).sum(),
  ])(large, c);
  assertEquals([isNear(await sums.item(), 1e11), await value.item()], [true, Infinity]);
  assertEquals((await gradient.data()).every((one) => isNear(one, 2e-30)), true);
});

testOnEveryDevice("a value beside its gradient is the value alone, also if sums overflow", async () => {
  const scaled = (x: Tensor, c: Tensor): Tensor => scaledToo(x, c)[1].add(x.sum().less(0).where(1, 0));
  const args = [many(1e37), tensor(1e-30)] as const;
  const [value, gradient] = valueAndGrad(scaled)(...args);
  assertEquals(await value.item(), await scaled(...args).item());
  assertEquals(isNear(await value.item(), 5e10), true);
  assertEquals((await gradient.data()).every((one) => isNear(one, 1e-30)), true);
});

testOnEveryDevice(
  "in a gradient, a scaled sum of cotangents is not finite if their sum overflows, as limits.md says",
  async () => {
    const line = (a: Tensor, b: Tensor, { k, g }: { k: Tensor; g: Tensor }): Tensor =>
      a.broadcastTo(g.shape).mul(k).add(b).mul(g).sum();
    const slopes = (both: [Tensor, Tensor], given: { k: Tensor; g: Tensor }): Tensor => line(...both, given);
    const [a, b] = [tensor([1]), tensor([2])];
    const given = { k: tensor([1e-30]), g: many(1e37) };
    const [ofA, ofB] = grad(slopes)([a, b], given);
    assertEquals([await ofA.item(), await ofB.item()], [Infinity, Infinity]);
    // Without the other sum, it is added by itself.
    assert(isNear(await grad(line)(a, b, given).item(), 5e10));
  },
);

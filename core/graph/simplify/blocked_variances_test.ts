import { assert, assertEquals } from "@std/assert";
import { grad } from "../../gradients.ts";
import { jit } from "../../jit.ts";
import type { Tensor } from "../../tensor.ts";
import { graphOf, numbers, tensorOf } from "../../../tests/oracle.ts";
import { testOnEveryDevice } from "../../../tests/on_every_device.ts";
import { isNode, type Node, parameter, topological } from "../node.ts";
import { simplify } from "./simplify.ts";
import { withBlockedVariances } from "./blocked_variances.ts";

type Axis = number | number[];

const centered = (x: Tensor, axis: Axis): Tensor => x.sub(x.mean({ axis, keepDims: true }));
const statistics = (axis: Axis) => (x: Tensor): Tensor[] => [x.mean({ axis }), x.variance({ axis })];

/** The numbers of elements that the sums of a variance add, in the order of computation. */
function lengths(shape: number[], axis: Axis): number[] {
  const { results } = simplify(graphOf(statistics(axis), [{ shape, dtype: "f32" }]));
  const sums = topological(results).filter((node): node is Node<"sum"> => isNode(node, "sum"));
  return sums.map(({ inputs: [x], attributes: { axes } }) => axes.reduce((n, axis) => n * x.shape[axis], 1));
}

Deno.test("long variances are added in blocks of whole axes, or in parts of the last one", () => {
  assertEquals(lengths([64, 8, 32, 32], [0, 2, 3]), [1024, 64, 1024, 64]);
  assertEquals(lengths([300, 100, 8], [0, 1]), [100, 300, 100, 300]);
  assertEquals(lengths([100_000], 0), [4000, 25, 4000, 25]);
  assertEquals(lengths([7, 30_000, 5], [0, 1]), [3750, 56, 3750, 56]);
  assertEquals(lengths([9000, 512], 0), [3000, 3, 3000, 3]);
});

Deno.test("short variances, and those of which no blocks have a good length, stay as they are", () => {
  assertEquals(lengths([64, 10, 11, 11], [0, 2, 3]), [7744, 7744]);
  assertEquals(lengths([65_536], 0), [65_536, 65_536]);
  assertEquals(lengths([100_003], 0), [100_003, 100_003]);
  assertEquals(lengths([63, 9000, 2], 0), [63, 63]);
  assertEquals(lengths([1000, 3, 500, 7], [0, 3]), [7000, 7000]);
  assertEquals(lengths([0, 9000, 64], [0, 1]), []);
});

Deno.test("other sums of squares stay as they are", () => {
  const shape = [100_000];
  const blocked = (fn: (x: Tensor, y: Tensor) => Tensor): boolean => {
    const types = [{ shape, dtype: "f32" }, { shape, dtype: "f32" }] as const;
    const order = topological(simplify(graphOf(fn, types)).results);
    return order.some((node) => isNode(node, "sum") && node.inputs[0].shape.length > 1);
  };
  assertEquals(blocked((x) => centered(x, 0).square().sum()), true);
  assertEquals(blocked((x) => centered(x, 0).square().mean()), true);
  assertEquals(blocked((x) => x.square().sum()), false);
  assertEquals(blocked((x) => centered(x, 0).mul(x).sum()), false);
  assertEquals(blocked((x, y) => x.sub(y.mean({ keepDims: true })).square().sum()), false);
  assertEquals(blocked((x) => x.sub(x.sum({ keepDims: true })).square().sum()), false);
  assertEquals(blocked((x) => x.mean({ keepDims: true }).sub(x).square().sum()), false);
  assertEquals(withBlockedVariances([parameter(0, { shape, dtype: "f32" })]), undefined);
});

/** Mean and variance of numbers in double precision. */
function exactly(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
}

testOnEveryDevice("a variance in blocks is as exact as one that reads its elements twice", async () => {
  for (const offset of [0, 1, 1000]) {
    const x = numbers([40, 3, 16, 33], { low: offset - 1, high: offset + 1 });
    const [means, variances] = await Promise.all(
      jit(statistics([0, 2, 3]))(tensorOf(x)).map(async (tensor) => await tensor.data()),
    );
    for (let channel = 0; channel < 3; channel++) {
      const [mean, variance] = exactly([...x.values].filter((_, i) => Math.floor(i / (16 * 33)) % 3 === channel));
      assert(Math.abs(means[channel] - mean) <= 1e-6 * Math.max(1, offset), `mean around ${offset}`);
      assert(Math.abs(variances[channel] / variance - 1) <= 1e-6, `variance around ${offset}`);
    }
  }
});

testOnEveryDevice("an infinite element makes the variance NaN, and its own channel only", async () => {
  const x = numbers([200, 2, 400]);
  x.values[400] = Infinity;
  const [mean, variance] = jit(statistics([0, 2]))(tensorOf(x));
  const [[, infinite], [finite, nan]] = [await mean.data(), await variance.data()];
  assertEquals([infinite, Number.isFinite(finite), nan], [Infinity, true, NaN]);
});

testOnEveryDevice("the second gradient of a long variance is right", async () => {
  const x = numbers([100_000]);
  const first = grad((x: Tensor) => x.variance());
  const second = jit(grad((x: Tensor) => first(x).slice([7], [8]).sum()));
  const [before, at] = await second(tensorOf(x)).slice([6], [8]).data();
  assert(Math.abs(before + 2e-10) < 1e-12 && Math.abs(at - (2e-5 - 2e-10)) < 1e-10, `${before}, ${at}`);
});

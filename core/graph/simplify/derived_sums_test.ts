import { assertEquals } from "@std/assert";
import { tensor } from "../../creation.ts";
import { grad } from "../../gradients.ts";
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

Deno.test("sums of negative, doubled and scaled values follow from the sum of the values", () => {
  assertEquals(sumsLeft((x) => [x.sum(along), x.neg().sum(along)]), 1);
  assertEquals(sumsLeft((x) => [x.sum(along), x.add(x).sum(along)]), 1);
  assertEquals(sumsLeft((x) => [x.mul(3).sum(along), x.sum(along)]), 1);
  assertEquals(sumsLeft((x, _, k) => [x.sum(along), x.mul(k).sum(along)]), 1);
  assertEquals(sumsLeft((x, _, k) => [k.neg().mul(x).mul(k).neg().sum(along), x.sum(along)]), 1);
  assertEquals(sumsLeft((x) => [x.sum(), x.neg().mul(0.5).sum()]), 1);
});

Deno.test("other sums stay as they are", () => {
  assertEquals(sumsLeft((x) => [x.sum({ axis: 0 }), x.neg().sum(along)]), 2);
  assertEquals(sumsLeft((x, y) => [x.sum(along), x.mul(y).sum(along), x.add(y).sum(along)]), 3);
  assertEquals(sumsLeft((x, _, k) => [x.sum({ axis: 1 }), x.mul(k).sum({ axis: 1 })]), 2);
  assertEquals(sumsLeft((x) => [x.mul(3).sum(along)]), 1);
  assertEquals(sumsLeft((x) => [x.cast("i32").sum(along), x.cast("i32").neg().sum(along)]), 2);
});

Deno.test("the deviations from a mean are not added", () => {
  assertEquals(sumsLeft((x) => [x.sub(mean(x)).sum(along)]), 1);
  assertEquals(sumsLeft((x) => [x.sub(x.mean(along).reshape([1, 5, 1])).neg().mul(2).sum(along)]), 1);
  const square = numbers([4, 4]);
  // The means of the rows, subtracted from the columns.
  assertEquals(sumsLeft((x) => [x.sub(x.mean({ axis: 1 }).reshape([1, 4])).sum({ axis: 1 })], [square]), 2);
  assertEquals(sumsLeft((x, y) => [x.sub(mean(y)).sum(along)]), 2);
  assertEquals(sumsLeft((x) => [x.sub(x.sum({ ...along, keepDims: true }).div(5)).sum(along)]), 2);
  assertEquals(sumsLeft((x) => [x.sub(x.mean({ axis: 0, keepDims: true })).sum(along)]), 2);
});

Deno.test("what sums follow from may itself follow from others", () => {
  assertEquals(
    sumsLeft((x, _, k) => {
      const scale = k.mul(x.neg().sum({ ...along, keepDims: true }));
      return [x.sum(along), x.mul(scale).sum(along), x.mul(scale).neg().sum(along)];
    }),
    1,
  );
});

const normalized = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor =>
  x.sub(mean(x)).mul(gamma.div(x.variance({ ...along, keepDims: true }).add(1e-5).sqrt())).add(beta);

Deno.test("the gradient of a normalization adds two products only", () => {
  const inputs = [x, k, numbers([5, 1], { seed: 4 })];
  const graph = simplify(graphOf(gradientOf(weighted(normalized)), inputs));
  // Those of x and of squared deviations, of the cotangents, and of their products with deviations.
  assertEquals(topological(graph.results).filter((node) => isNode(node, "sum")).length, 4);
});

testOnEveryDevice("deviations of infinite numbers add up to NaN, and those of finite ones to 0", async () => {
  const deviations = jit((x: Tensor): Tensor => x.sub(x.mean()).sum());
  assertEquals(await deviations(tensor([1, 2, 4])).item(), 0);
  assertEquals(await deviations(tensor([1, Infinity])).item(), NaN);
  assertEquals(await deviations(tensor([1, NaN])).item(), NaN);
  assertEquals(await grad(deviations)(tensor([1, 2, 4])).toArray(), [0, 0, 0]);
});

testOnEveryDevice(
  "a scaled sum is not finite if the sum that it follows from overflows, as limits.md says",
  async () => {
    const scaled = (x: Tensor): Tensor => x.mul(1e-30).sum();
    const large = tensor([3e38, 3e38]);
    assertEquals(await scaled(large).item() > 5e8, true);
    assertEquals(await jit(scaled)(large).item() > 5e8, true);
    const [first, second] = jit((x: Tensor): Tensor[] => [scaled(x), x.sum()])(large);
    assertEquals([await first.item(), await second.item()], [Infinity, Infinity]);
  },
);

import { assert, assertEquals } from "@std/assert";
import { checkpoint } from "../gradients.ts";
import { scan } from "../scan.ts";
import { Tensor } from "../tensor.ts";
import { assertNear, graphOf, interpretWith, numbers } from "../../tests/oracle.ts";
import { pull } from "./grad.ts";
import { type Node, parameter, topological } from "./node.ts";

const variable = (index: number, shape: readonly number[] = [3], dtype: Node["dtype"] = "f32"): Tensor =>
  new Tensor(parameter(index, { shape, dtype }));

/** The elements of tensors that depend on parameters, for these values of the parameters. */
function valuesOf(results: readonly Tensor[], parameters: readonly Tensor[], values: readonly number[][]): number[][] {
  const graph = {
    parameters: parameters.map(({ node }) => node as Node<"parameter">),
    results: results.map(({ node }) => node),
  };
  const inputs = values.map((list, i) => ({ shape: parameters[i].shape, values: Float64Array.from(list) }));
  return interpretWith(graph, inputs).map(({ values }) => [...values]);
}

Deno.test("the gradients of all uses of a source are summed", () => {
  const x = variable(0);
  const [gradient] = pull([x.mul(x).add(x).add(x.mul(3))], [x.onesLike()], [x]);
  assertEquals(valuesOf([gradient!], [x], [[1, 2, -5]]), [[6, 8, -6]]);
});

Deno.test("the gradients of several targets are summed, each weighted by its cotangent", () => {
  const [x, u, v] = [variable(0), variable(1), variable(2)];
  const [gradient] = pull([x.square(), x.neg()], [u, v], [x]);
  assertEquals(valuesOf([gradient!], [x, u, v], [[1, 2, 3], [1, 1, 1], [10, 20, 30]]), [[-8, -16, -24]]);
});

Deno.test("a target without a cotangent is ignored", () => {
  const x = variable(0);
  const [gradient] = pull([x.square(), x.neg()], [null, x.onesLike()], [x]);
  assertEquals(valuesOf([gradient!], [x], [[1, 2, 3]]), [[-1, -1, -1]]);
  assertEquals(pull([x.square()], [], [x]), [null]);
});

Deno.test("the gradient with respect to the target itself is the cotangent", () => {
  const [x, u] = [variable(0), variable(1)];
  assert(pull([x], [u], [x])[0] === u);
});

Deno.test("there is no gradient if a target does not depend on the source, or only through integers or constants", () => {
  const [x, y, n] = [variable(0), variable(1), variable(2, [3], "i32")];
  const target = x.stopGradient().add(y.floor()).add(y.less(0).where(1, 2)).add(n.cast("f32"));
  const gradients = pull([target], [target.onesLike()], [x, y, n, variable(3)]);
  assertEquals(gradients.map((gradient) => gradient === null), [true, true, true, true]);
  assertEquals(pull([x.mul(2)], [x.onesLike()], [x, y]).map((gradient) => gradient === null), [false, true]);
});

Deno.test("intermediate values may be sources, and the nodes before them are not visited", () => {
  const x = variable(0);
  const y = x.exp();
  const [byY, byX] = pull([y.mul(3)], [x.onesLike()], [y, x]);
  assertEquals(valuesOf([byY!], [x], [[0, 1, 2]]), [[3, 3, 3]]);
  assertNear(valuesOf([byX!], [x], [[0, 1, 2]])[0], [3, 3 * Math.E, 3 * Math.E ** 2], "gradient by x");
  const [only] = pull([y.mul(3)], [x.onesLike()], [y]);
  assertEquals(topological([only!.node]).some(({ op }) => op === "exp"), false);
});

Deno.test("gradients are graphs, so they have gradients", () => {
  const x = variable(0);
  const slope = (y: Tensor): Tensor => pull([y], [y.onesLike()], [x])[0]!;
  const cube = x.mul(x).mul(x);
  const orders = [slope(cube), slope(slope(cube)), slope(slope(slope(cube)))];
  assertEquals(valuesOf(orders, [x], [[1, 2, 3]]), [[3, 12, 27], [6, 12, 18], [6, 6, 6]]);
});

Deno.test("only the requested results of a loop have cotangents", () => {
  const [start, xs] = [variable(0, []), variable(1, [3])];
  const [last, products] = scan(
    (c: Tensor, x: Tensor): [Tensor, Tensor] => [c.add(x), c.mul(x)],
    start,
    xs,
  );
  const byLast = pull([last], [last.onesLike()], [start, xs]).map((gradient) => gradient!);
  assertEquals(valuesOf(byLast, [start, xs], [[1], [2, 3, 4]]), [[1], [1, 1, 1]]);
  const byProducts = pull([products], [products.onesLike()], [start, xs]).map((gradient) => gradient!);
  // (c) x₀ + (c + x₀) x₁ + (c + x₀ + x₁) x₂
  assertEquals(valuesOf(byProducts, [start, xs], [[1], [2, 3, 4]]), [[9], [8, 7, 6]]);
});

Deno.test("a checkpoint has the gradient of its function", () => {
  const x = variable(0);
  const y = checkpoint((z: Tensor) => z.sin().mul(z))(x);
  const [gradient] = pull([y], [y.onesLike()], [x]);
  const expected = [0.1, 1, 2].map((z) => Math.sin(z) + z * Math.cos(z));
  assertNear(valuesOf([gradient!], [x], [[0.1, 1, 2]])[0], expected, "gradient of a checkpoint", { tolerance: 1e-12 });
});

Deno.test("a chain longer than the call stack is differentiated", () => {
  const { parameters: [node], results: [target] } = graphOf((x) => {
    let y = x;
    for (let i = 0; i < 20_000; i++) y = y.add(1);
    return y;
  }, [numbers([2])]);
  const x = new Tensor(node);
  const [gradient] = pull([new Tensor(target)], [x.onesLike()], [x]);
  assertEquals(valuesOf([gradient!], [x], [[5, 6]]), [[1, 1]]);
});

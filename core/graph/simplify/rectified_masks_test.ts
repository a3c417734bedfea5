import { assertEquals } from "@std/assert";
import { relu } from "../../functions/activations.ts";
import { valueAndGrad } from "../../gradients.ts";
import { jit } from "../../jit.ts";
import type { Tensor } from "../../tensor.ts";
import { tensor } from "../../creation.ts";
import { type Computation, graphOf, interpretWith, numbers } from "../../../tests/oracle.ts";
import { testOnEveryDevice } from "../../../tests/on_every_device.ts";
import { isNode, type Node, topological } from "../node.ts";
import { simplify } from "./simplify.ts";

const x = numbers([4, 3]);
const v = numbers([3, 5], { seed: 2 });
const w = numbers([5, 2], { seed: 3 });

const isRectified = (node: Node): boolean => isNode(node, "where") && isNode(node.inputs[0], "le");

/** The number of masks of rectified values, after the results were compared with those of the graph as it was traced. */
function masksOfResults(fn: Computation, inputs = [x, v, w]): number {
  const graph = graphOf(fn, inputs);
  const simple = simplify(graph);
  const expected = interpretWith(graph, inputs);
  interpretWith(simple, inputs).forEach(({ values }, i) => assertEquals(values, expected[i].values, `result ${i}`));
  return topological(simple.results).filter((node) => isNode(node, "le") && isRectified(node.inputs[0])).length;
}

const gradients = (fn: (...inputs: Tensor[]) => Tensor): Computation => (...inputs) => {
  const [, [ofX, ofV, ofW]] = valueAndGrad((given: Tensor[]) => fn(...given))(inputs);
  return [ofX, ofV, ofW];
};

Deno.test("a gradient takes the mask of rectified values from the result that a product reads", () => {
  assertEquals(masksOfResults(gradients((x, v, w) => relu(x.matmul(v)).matmul(w).sum())), 1);
  assertEquals(masksOfResults(gradients((x, v, w) => relu(x.matmul(v).add(0.1)).matmul(w).sum())), 1);
});

Deno.test("masks stay those of the operand if it is in memory anyway, or the result is not", () => {
  assertEquals(masksOfResults((x, v, w) => [relu(x.matmul(v)).matmul(w)]), 0, "no gradient");
  assertEquals(masksOfResults(gradients((x, v, w) => relu(x.matmul(v)).sum().add(w.sum()))), 0, "no product");
  const twice = (x: Tensor, v: Tensor, w: Tensor): Tensor => {
    const operand = x.matmul(v);
    return relu(operand).matmul(w).sum().add(operand.tanh().sum());
  };
  assertEquals(masksOfResults(gradients(twice)), 0, "another user");
  assertEquals(masksOfResults(gradients((x, v, w) => relu(x, { alpha: 0.1 }).matmul(v).matmul(w).sum())), 0);
});

Deno.test("a rectifier may follow a product by as many operations as a graph may have", () => {
  const long = (x: Tensor, v: Tensor, w: Tensor): Tensor => {
    let operand = x.matmul(v);
    for (let i = 0; i < 20_000; i++) operand = operand.mul(1.5).add(i + 1);
    return relu(operand).matmul(w).sum();
  };
  const results = simplify(graphOf(gradients(long), [x, v, w])).results;
  assertEquals(topological(results).filter((node) => isNode(node, "le") && isRectified(node.inputs[0])).length, 1);
});

testOnEveryDevice("gradients of rectified values that are NaN, infinite or zero stay as they were", async () => {
  const special = [NaN, Infinity, -Infinity, 0, -0, 2, -2, 1e-45];
  const given = tensor(special).reshape([8, 1]);
  const one = tensor([1]).reshape([1, 1]);
  const gradient = jit((x: Tensor) =>
    valueAndGrad((x: Tensor) => relu(x.matmul(one)).matmul(one).sum())(x)[1].reshape([8])
  );
  assertEquals(await gradient(given).toArray(), [1, 1, 0, 0, 0, 1, 0, 1]);
});

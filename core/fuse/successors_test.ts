import { assertEquals } from "@std/assert";
import { topological } from "../graph/node.ts";
import { simplify } from "../graph/simplify/simplify.ts";
import type { Tensor } from "../tensor.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { assertDevice, type Computation, graphOf, numbers } from "../../tests/oracle.ts";
import { chooseMaterialized } from "./materialize.ts";

const [x, w, b] = [numbers([6, 4]), numbers([4, 4]), numbers([4])];

/** The additions that are written to memory before the results. */
function additions(fn: Computation): number {
  const { results } = simplify(graphOf(fn, [x, w, b]));
  const order = topological(results);
  const chosen = chooseMaterialized(order, results);
  return order.filter((node) => node.op === "add" && chosen.has(node) && !results.includes(node)).length;
}

const spread = (y: Tensor): Tensor => y.sub(y.mean({ axis: 1, keepDims: true }));

/** Two residual additions, of which the second reads the first. */
const residual: Computation = (x, w, b) => {
  const first = x.add(spread(x).matmul(w).add(b));
  const second = first.add(spread(first).matmul(w).add(b));
  return [spread(second), second.exp()];
};

Deno.test("a residual sum is written instead of the product that it is computed from", () => {
  assertEquals(additions(residual), 2);
  assertEquals(additions((x, w) => shared(x.add(x.matmul(w)))), 1);
  assertEquals(additions((x, w) => shared(x.add(x.matmul(w).transpose().transpose().neg()))), 1);
  assertEquals(additions((x, _, b) => shared(b.add(x.sum({ axis: 0 })))), 1);
});

const shared = (y: Tensor): Tensor[] => [y.neg(), y.abs()];

Deno.test("a sum is not written if the product is needed by itself, or if nothing else is read", () => {
  const twice: Computation = (x, w) => {
    const product = x.matmul(w);
    return [product, ...shared(x.add(product))];
  };
  assertEquals(additions(twice), 0);
  assertEquals(additions((x, w) => [x.matmul(w).exp(), ...shared(x.add(x.matmul(w)))]), 0);
  assertEquals(additions((x, w, b) => shared(x.matmul(w).add(b))), 0);
  assertEquals(additions((x, w) => [x.add(x.matmul(w)).neg()]), 0);
  assertEquals(additions((x) => shared(x.add(x.neg()))), 0);
  assertEquals(additions((x) => shared(x.add(x.sum({ axis: 1, keepDims: true })))), 0);
});

Deno.test("a sum is not written if one of its users reads all that it is computed from anyway", () => {
  assertEquals(additions((x, w) => [x.add(x.matmul(w)).neg(), x.add(x.matmul(w)).mul(x)]), 0);
  assertEquals(additions((x, w) => [x.add(x.matmul(w)).neg(), x.add(x.matmul(w)).mul(x.sum())]), 1);
});

testOnEveryDevice("residual sums are computed correctly", async () => {
  await assertDevice(residual, [x, w, b], "two residual additions");
});

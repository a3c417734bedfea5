import { assert, assertEquals } from "@std/assert";
import { concatenate } from "../functions/movement.ts";
import { gather } from "../functions/selection.ts";
import { topological } from "../graph/node.ts";
import { bernoulli, key } from "../random/mod.ts";
import { scan } from "../scan.ts";
import type { Tensor } from "../tensor.ts";
import { type Argument, type Computation, graphOf, numbers } from "../../tests/oracle.ts";
import { chooseMaterialized } from "./materialize.ts";

const square = [numbers([4, 4])];

/**
 * The operations whose results are written to memory, in the order of computation. The function's results are among
 * them.
 */
function written(fn: Computation, inputs: readonly Argument[] = square): string[] {
  const { results } = graphOf(fn, inputs);
  const order = topological(results);
  const chosen = chooseMaterialized(order, results);
  return order.filter((node) => chosen.has(node)).map(({ op }) => op);
}

Deno.test("only the result of a chain of operations is written", () => {
  assertEquals(written((x) => x.mul(2).tanh().transpose().flip(0).add(1)), ["add"]);
});

Deno.test("results are written, except for those that are in memory already", () => {
  assertEquals(written((x) => [x, x.neg(), x.neg().abs()]), ["neg", "abs"]);
  assertEquals(written((x) => x), []);
});

Deno.test("reductions, products, scatters and loops are always written", () => {
  const anchors: Readonly<Record<string, Computation>> = {
    sum: (x) => x.sum({ axis: 0 }).add(1),
    maxOf: (x) => x.max({ axis: 0 }).add(1),
    argmin: (x) => x.argmin({ axis: 0 }).add(1),
    dot: (x) => x.matmul(x).add(1),
    scatterAdd: (x) =>
      x.apply("scatterAdd", [x.indexAlong(0).slice([0, 0], [4, 1]).reshape([4]), x], { axis: 0 }).add(1),
    scan: (x) => scan((c: Tensor, y: Tensor): [Tensor, null] => [c.add(y), null], x.sum({ axis: 0 }), x)[0].add(1),
  };
  for (const [op, fn] of Object.entries(anchors)) assert(written(fn).includes(op), op);
});

Deno.test("expensive values that are needed more than once are written, and cheap ones are computed again", () => {
  const shared = (compute: (x: Tensor) => Tensor): Computation => (x) => {
    const y = compute(x);
    return [y.add(1), y.mul(2)];
  };
  assertEquals(written(shared((x) => x.tanh())), ["tanh", "add", "mul"]);
  assertEquals(written(shared((x) => x.mul(3).add(1))), ["add", "mul"]);
  assertEquals(written(shared((x) => x.exp())), ["add", "mul"]);
  assertEquals(written(shared((x) => x.exp().exp())), ["exp", "add", "mul"]);
});

Deno.test("what long rows have in common costs them nothing", () => {
  const shared = (columns: number): Computation => (x) => {
    const y = x.add(x.slice([0, 0], [4, 1]).div(3).div(5).broadcastTo([4, columns])).abs();
    return [y.neg(), y.exp()];
  };
  assertEquals(written(shared(64), [numbers([4, 64])]), ["neg", "exp"]);
  assertEquals(written(shared(63), [numbers([4, 63])]), ["abs", "neg", "exp"]);
});

Deno.test("the price of a value in memory does not count again", () => {
  const fn: Computation = (x) => {
    const y = x.tanh();
    const z = y.add(1);
    return [z.neg(), z.abs(), y.mul(2)];
  };
  assertEquals(written(fn), ["tanh", "neg", "abs", "mul"]);
});

Deno.test("a repetition of a value in memory is cheap, however it is moved", () => {
  const fn: Computation = (x) => {
    const repeated = x.tanh().reshape([1, 16]).broadcastTo([4, 16]).add(1);
    return [repeated.neg(), repeated.abs()];
  };
  assertEquals(written(fn), ["tanh", "neg", "abs"]);
});

Deno.test("a random mask is computed in all kernels that need it", () => {
  const fn: Computation = (x) => {
    const mask = bernoulli(key(1), 0.5, x.shape);
    return [mask.where(x, 0), mask.where(x.neg(), 1)];
  };
  assertEquals(written(fn), ["where", "where"]);
});

Deno.test("expensive values are written if a movement repeats them or indices select from them", () => {
  const row: Computation = (x) => x.slice([0, 0], [1, 4]).tanh().broadcastTo([4, 4]).add(x);
  assertEquals(written(row), ["tanh", "add"]);
  assertEquals(written((x) => x.slice([0, 0], [1, 4]).neg().broadcastTo([4, 4]).add(x)), ["add"]);
  const windows = { size: [2], strides: [1], dilations: [1] };
  assertEquals(written((x) => x.tanh().transpose().apply("window", [], windows)), ["tanh", "window"]);
  assertEquals(written((x) => x.tanh().apply("window", [], { ...windows, strides: [2] })), ["window"]);
  assertEquals(written((x) => gather(x.tanh(), x.indexAlong(0).reshape([-1]))), ["tanh", "gather"]);
});

Deno.test("products read their operands from memory, through movements", () => {
  assertEquals(written((x) => x.neg().transpose().matmul(x.abs())).slice(0, 2), ["neg", "abs"]);
  assertEquals(written((x) => x.matmul(x.onesLike())).includes("constant"), false);
  assertEquals(written((x) => concatenate([x.neg(), x]).matmul(x)).includes("concat"), true);
});

Deno.test("loops read their inputs from memory, too", () => {
  const running = (c: Tensor, y: Tensor): [Tensor, Tensor] => [c.add(y), c];
  const loop: Computation = (x) => scan(running, x.sum({ axis: 0 }), x.neg().transpose())[1];
  assertEquals(written(loop).slice(0, 3), ["sum", "neg", "scan"]);
});

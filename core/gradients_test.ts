import { assert, assertEquals, assertThrows } from "@std/assert";
import { full, tensor } from "./creation.ts";
import { deviceStatistics } from "./device.ts";
import { clipGradient } from "./functions/clip_gradient.ts";
import { jit } from "./jit.ts";
import { topological } from "./graph/node.ts";
import { simplify } from "./graph/simplify/simplify.ts";
import type { Tensor } from "./tensor.ts";
import { checkpoint, grad, stopGradient, valueAndGrad, vjp } from "./gradients.ts";
import { scan } from "./scan.ts";
import { testComputation } from "../tests/computation.ts";
import { testOnEveryDevice } from "../tests/on_every_device.ts";
import { type Computation, gradientOf, graphOf, numbers, weighted } from "../tests/oracle.ts";

type Pair = [Tensor, Tensor];

const layers: Computation = (x, w) => x.matmul(w).tanh().matmul(w).tanh();
const matrices = [numbers([2, 3]), numbers([3, 3], { seed: 2 })];

testComputation("a checkpoint", (x, w) => checkpoint((y: Tensor) => layers(y, w))(x), matrices);

testComputation(
  "a checkpoint in a checkpoint",
  (x, w) => checkpoint((y: Tensor) => checkpoint((z: Tensor) => z.matmul(w).tanh())(y).exp())(x),
  matrices,
);

testComputation(
  "a checkpoint in a loop",
  (x, w) => {
    const step = (c: Tensor, u: Tensor): Pair => [checkpoint((z: Tensor) => z.matmul(w).tanh())(c).add(u), c];
    const [last, carries] = scan(step, x, x.expandDims(1));
    return [last, carries];
  },
  matrices,
);

testComputation(
  "a loop in a checkpoint, over integers too",
  (x, xs, places) => {
    const body = (c: Tensor, [u, i]: Pair): Pair => [c.mul(u).tanh().add(i.cast("f32")), c];
    return checkpoint((y: Tensor, z: Tensor, i: Tensor) => scan(body, y, [z, i] as Pair)[1])(x, xs, places);
  },
  [numbers([3]), numbers([4, 3]), numbers([4], { dtype: "i32" })],
);

testComputation(
  "jit inside of grad inside of jit",
  (x, w) => {
    const inner = jit((y: Tensor) => y.matmul(w).tanh());
    const outer = jit((y: Tensor) => grad((z: Tensor) => inner(z).square().sum())(y));
    return outer(x).add(inner(x).sum());
  },
  [numbers([3, 3]), numbers([3, 3], { seed: 2 })],
);

testComputation(
  "gradients of gradients with respect to closed-over tensors",
  (x) => grad((y: Tensor) => grad((z: Tensor) => z.mul(y).sin().sum())(y).mul(y).sum())(x),
  [numbers([5])],
);

testComputation(
  "cotangents of several results",
  (x) => {
    const [[y, z], back] = vjp((u: Tensor): Pair => [u.exp().mul(u), u.sum()], x);
    return [y, z, ...back([y, z])];
  },
  [numbers([5])],
);

/** How often a primitive occurs in the graph of a value with its gradients. */
function countOf(op: string, fn: Computation): number {
  const both: Computation = (...inputs) => [fn(...inputs), gradientOf(weighted(fn))(...inputs)].flat();
  const { results } = simplify(graphOf(both, matrices));
  return topological(results).filter((node) => node.op === op).length;
}

Deno.test("a checkpoint recomputes the values that the gradient needs", () => {
  const kept = countOf("tanh", layers);
  assertEquals(countOf("tanh", (x, w) => checkpoint((y: Tensor) => layers(y, w))(x)), 2 * kept);
});

/** A loop whose result is not linear in its inputs. */
const loop = (x: Tensor, c: Tensor): Tensor =>
  scan(
    (carry: Tensor, y: Tensor): Pair => {
      const next = carry.mul(y).tanh().add(y);
      return [next, next];
    },
    c,
    x,
  )[1];

const recomputed = (x: Tensor, c: Tensor): Tensor => checkpoint(loop)(x, c);

const sequence = [numbers([4, 3]), numbers([3], { seed: 2 })];

testComputation("a checkpoint around a scan, with a cost that is linear", (x, c) => [recomputed(x, c)], sequence);

testComputation(
  "a checkpoint around a scan, with a cost that is not linear",
  (x, c) => [recomputed(x, c).square()],
  sequence,
);

testComputation(
  "checkpoints around scans whose gradients depend on each other",
  (x, c) => [recomputed(x, c).mul(recomputed(x.mul(0.5), c))],
  sequence,
);

testComputation("a checkpoint around a scan, twice in a row", (x, c) => [recomputed(recomputed(x, c), c)], sequence);

testComputation(
  "a checkpoint around a checkpoint around a scan",
  (x, c) => [checkpoint((y: Tensor) => recomputed(y, c).exp())(x).square()],
  sequence,
);

testComputation(
  "a checkpoint around a scan, in a scan",
  (x, c) => [
    scan(
      (carry: Tensor, y: Tensor): Pair => {
        const next = recomputed(y.reshape([1, 3]), carry).square().reshape([3]);
        return [next, next];
      },
      c,
      x,
    )[1].square(),
  ],
  sequence,
);

testComputation(
  "the second derivative of a checkpoint around a scan",
  (x, c) => [grad((y: Tensor) => recomputed(y, c).square().sum())(x).square()],
  sequence,
);

Deno.test("a checkpoint runs a scan once more, and the gradient's longer scan still makes the plain one unnecessary", () => {
  const square = (run: typeof loop) => countOf("scan", (x, w) => run(x, w.slice([0], [1]).reshape([3])).square());
  // The value, the value with residuals, and the loop backward.
  assertEquals(square(loop), 3);
  assertEquals(square(recomputed), 4);
});

testOnEveryDevice("small constants need no kernel, large ones do, and both have the same elements", async () => {
  const { compilations } = deviceStatistics();
  assertEquals(await full([3], -0.5).data(), Float32Array.of(-0.5, -0.5, -0.5));
  assertEquals(await full([2], 1, { dtype: "bool" }).data(), Uint8Array.of(1, 1));
  assertEquals(deviceStatistics().compilations, compilations);
  const large = await full([70_001], 7, { dtype: "i32" }).data();
  assertEquals([large.length, ...new Set(large)], [70_001, 7]);
  assertEquals(deviceStatistics().compilations, compilations + 1);
});

testOnEveryDevice("stopGradient makes constants, of trees too", async () => {
  const [a, b] = [tensor([1, 2]), tensor([3, 4])];
  const product = (x: Tensor) => {
    const held = stopGradient({ x, b });
    return x.mul(held.x).mul(held.b).sum();
  };
  assertEquals(await grad(product)(a).toArray(), [3, 8]);
});

testOnEveryDevice("clipGradient bounds the gradient, and nothing else", async () => {
  const [y, back] = vjp((x: Tensor) => clipGradient(x.mul(2), 1.5), tensor([5, -5]));
  assertEquals(await y.toArray(), [10, -10]);
  assertEquals(await back(tensor([1, -9]))[0].toArray(), [2, -3]);
});

testOnEveryDevice("gradients of a result that does not depend on the argument are zeros of its form", async () => {
  const [value, gradient] = valueAndGrad((p: { a: Tensor; n: Tensor }, x: Tensor) => p.a.mul(0).add(x).sum())(
    { a: tensor([1, 2]), n: tensor(Int32Array.of(3)) },
    tensor([1, 5]),
  );
  assertEquals(await value.item(), 6);
  assertEquals(await gradient.a.toArray(), [0, 0]);
  assertEquals([gradient.n.dtype, await gradient.n.toArray()], ["i32", [0]]);
});

Deno.test("an argument of whole numbers or flags has no gradient", async () => {
  const square = (x: Tensor) => x.cast("f32").square().sum();
  for (const dtype of ["i32", "u32", "bool"] as const) {
    const x = tensor([1, 0], [2], { dtype });
    const message = `Cannot take the gradient of square with respect to argument 0: expected f32, got ${dtype}[2]; ` +
      'cast it with `.cast("f32")` first';
    assertThrows(() => grad(square)(x), TypeError, message);
    assertThrows(() => valueAndGrad(square)(x), TypeError, message);
    assertThrows(() => grad((xs: Tensor[]) => square(xs[0]))([x, x]), TypeError, `expected f32, got ${dtype}[2]`);
    assertThrows(() => jit(grad(square))(x), TypeError, message);
    assertEquals(await grad((_: Tensor, y: Tensor) => square(y), 1)(x, tensor([3])).toArray(), [6]);
    assertEquals(await grad(square)(x.cast("f32")).toArray(), [2, 0]);
  }
});

Deno.test("only scalars have gradients", () => {
  assertThrows(
    () => grad((x: Tensor) => x.mul(2))(tensor([1, 2])),
    TypeError,
    "expected a scalar f32 result, got f32[2]",
  );
  assertThrows(() => grad((x: Tensor) => x.argmax())(tensor([1, 2])), TypeError, "got i32[]");
});

testOnEveryDevice("calls without jit do not compile again for other numbers", async () => {
  const x = tensor([1, 2, 3]);
  await x.mul(1.25).data();
  const { compilations } = deviceStatistics();
  for (const factor of [1.5, 2.75, 3.125]) assertEquals((await x.mul(factor).data())[1], 2 * factor);
  assertEquals(deviceStatistics().compilations, compilations);
  assert(Object.is((await full([2], -0).data())[0], -0));
});

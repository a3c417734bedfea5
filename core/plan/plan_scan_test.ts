import { assert, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../creation.ts";
import { softmax } from "../functions/reduction.ts";
import { conv2d } from "../functions/convolution.ts";
import { gather, scatterAdd } from "../functions/selection.ts";
import type { ProgramStep } from "../nest/program.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { scan } from "../scan.ts";
import { testComputation } from "../../tests/computation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { assertPlan, type Computation, gradientOf, numbers, weighted } from "../../tests/oracle.ts";

type Pair = [Tensor, Tensor];

/** The last carry and the outputs as a list. */
const listed = ([carry, outputs]: readonly [Tensor, Tensor]): Tensor[] => [carry, outputs];

const recurrent = (reverse = false): Computation => (h, xs, w, b) =>
  listed(scan(
    (h: Tensor, x: Tensor): Pair => {
      const next = h.matmul(w).add(x).add(b).tanh();
      return [next, next.mul(h)];
    },
    h,
    xs,
    { reverse },
  ));

for (const reverse of [false, true]) {
  for (const length of [0, 1, 2, 5]) {
    testComputation(
      `a recurrent layer over ${length} steps${reverse ? ", backwards" : ""}`,
      recurrent(reverse),
      [numbers([2, 3]), numbers([length, 2, 3], { seed: 2 }), numbers([3, 3], { seed: 3 }), numbers([3])],
    );
  }
}

testComputation(
  "weights that a step uses twice get the sum of both gradients",
  (h, xs, w) => {
    const step = (h: Tensor, x: Tensor): Pair => [h.matmul(w).add(x.matmul(w)).tanh(), h.matmul(w).sum()];
    return listed(scan(step, h, xs));
  },
  [numbers([2, 3]), numbers([4, 2, 3]), numbers([3, 3])],
);

testComputation(
  "closed-over weights whose gradient is no sum of products",
  (h, xs, w) => listed(scan((h: Tensor, x: Tensor): Pair => [h.mul(w.exp()).add(x).tanh(), w.mul(x).sin()], h, xs)),
  [numbers([3]), numbers([4, 3]), numbers([3])],
);

testComputation(
  "a loop whose outputs are unused",
  (h, xs, w) => scan((h: Tensor, x: Tensor): Pair => [h.matmul(w).mul(x).tanh(), x.exp()], h, xs)[0],
  [numbers([2, 3]), numbers([4, 1, 3]), numbers([3, 3])],
);

testComputation(
  "a loop whose last carry is unused",
  (h, xs, w) => scan((h: Tensor, x: Tensor): Pair => [h.matmul(w).mul(x).tanh(), h.square()], h, xs)[1],
  [numbers([2, 3]), numbers([4, 1, 3]), numbers([3, 3])],
);

testComputation(
  "carries of integers count iterations",
  (start, xs) => {
    const [[count, product], ys] = scan(
      ([i, c]: Pair, x: Tensor): [Pair, Tensor] => [[i.add(1), c.mul(x).add(i.cast("f32"))], c.mul(i)],
      [start.fullLike(0, "i32"), start],
      xs,
    );
    return [count, product, ys];
  },
  [numbers([3]), numbers([5, 3])],
);

testComputation(
  "outputs that are carries, inputs, constants, or one another",
  (start, xs) => {
    const [last, ys] = scan(
      (c: Tensor, x: Tensor): [Tensor, Tensor[]] => {
        const next = c.mul(x);
        return [next, [c, c, x, next, next, c.fullLike(2), x.sum()]];
      },
      start,
      xs,
    );
    return [last, ...ys];
  },
  [numbers([3]), numbers([5, 3])],
);

testComputation(
  "carries that are exchanged, stay, or become equal",
  (a, b, c, xs) => {
    const [[d, e, f], ys] = scan(
      ([d, e, f]: Tensor[], x: Tensor): [Tensor[], Tensor] => [[e.add(x), d, f], d.mul(f)],
      [a, b, c],
      xs,
    );
    const [[g, h]] = scan(([g, h]: Pair, x: Tensor): [Pair, null] => [[g.add(h), g.add(h).mul(x)], null], [a, b], xs);
    return [d, e, f, ys, g, h];
  },
  [numbers([3]), numbers([3], { seed: 2 }), numbers([3], { seed: 3 }), numbers([5, 3])],
);

// The gradients of b and w are sums and products over time, of which only signs, shapes and places are left to change.
testComputation(
  "constants that are added before they are repeated along other axes",
  (start, xs, b) =>
    listed(scan((c: Tensor, x: Tensor): Pair => [c.mul(0.5).sub(b), c.add(b).mul(x).tanh()], start, xs)),
  [numbers([3]), numbers([4, 2, 3]), numbers([3], { seed: 2 })],
);

testComputation(
  "constants that are subtracted before a product, and before they are repeated along axes of several kinds",
  (start, xs, b, w) =>
    listed(scan(
      (c: Tensor, x: Tensor): Pair => [
        c.mul(0.5),
        c.sub(b).matmul(w).expandDims(1).mul(x).add(
          c.sub(b).expandDims(2).mul(x.sum({ axis: [1, 2], keepDims: true })),
        ),
      ],
      start,
      xs,
    )),
  [numbers([2, 3]), numbers([4, 2, 3, 3]), numbers([2, 3], { seed: 2 }), numbers([3, 3], { seed: 3 })],
);

testComputation(
  "a loop in a loop, with weights from outside of both",
  (start, xs, w) =>
    listed(scan(
      (c: Tensor, x: Tensor): Pair => {
        const inner = (d: Tensor, u: Tensor): Pair => [d.matmul(w).add(u).add(c).tanh(), d.mul(u)];
        const [last, ys] = scan(inner, c, x, { reverse: true });
        return [last, ys.sum({ axis: 0 })];
      },
      start,
      xs,
    )),
  [numbers([2, 3]), numbers([2, 2, 2, 3]), numbers([3, 3])],
);

testComputation(
  "a gradient inside of a loop",
  (start, xs) =>
    listed(scan(
      (c: Tensor, x: Tensor): Pair => {
        const slope = grad((z: Tensor) => z.mul(x).tanh().sum())(c);
        return [c.sub(slope.mul(0.1)), slope];
      },
      start,
      xs,
    )),
  [numbers([3]), numbers([4, 3])],
);

testComputation(
  "softmax, gather and scatter inside of a loop",
  (table, places, weights) =>
    listed(scan(
      (c: Tensor, i: Tensor): Pair => [
        scatterAdd(c, i, softmax(c.sum({ axis: 0 }))),
        gather(weights, i).mul(c.sum()),
      ],
      table,
      places,
    )),
  [numbers([4, 2]), numbers([5], { dtype: "i32", low: 0, high: 4 }), numbers([4, 2])],
);

testComputation(
  "a convolution inside of a loop",
  (image, frames, filter) =>
    listed(scan(
      (c: Tensor, x: Tensor): Pair => [conv2d(c, filter, { padding: "same" }).tanh().add(x), c.max({ axis: [2, 3] })],
      image,
      frames,
    )),
  [numbers([1, 2, 4, 4]), numbers([3, 1, 2, 4, 4]), numbers([2, 2, 3, 3])],
  { order: 1 },
);

testComputation(
  "many steps",
  (start, xs) => listed(scan((c: Tensor, x: Tensor): Pair => [c.mul(0.9).add(x), c.max()], start, xs)),
  [numbers([3]), numbers([500, 3])],
  { order: 1 },
);

/** All steps of a plan, those inside of loops once. */
const nestsOf = (steps: readonly ProgramStep[]): string[] =>
  steps.flatMap((step) => step.kind === "loop" ? nestsOf(step.steps) : [step.nest.name]);

Deno.test("the plan of a loop is as long for 3 steps as for 300", async () => {
  const lengths = await Promise.all([3, 300].map(async (length) => {
    const inputs = [numbers([2, 3]), numbers([length, 2, 3]), numbers([3, 3]), numbers([3])];
    const { program } = await assertPlan(gradientOf(weighted(recurrent())), inputs, "recurrent");
    return nestsOf(program.steps).length;
  }));
  assertEquals(lengths[0], lengths[1]);
});

Deno.test("the gradient of a weight is one product after the loop", async () => {
  const inputs = [numbers([2, 3]), numbers([9, 2, 3]), numbers([3, 3]), numbers([3])];
  const { program } = await assertPlan(gradientOf(weighted(recurrent())), inputs, "recurrent");
  const loops = program.steps.filter((step) => step.kind === "loop");
  const products = program.steps.filter((step) => step.kind === "nest" && step.nest.name.startsWith("dot"));
  assertEquals(loops.length, 2);
  assertEquals(products.length, 1);
  assert(nestsOf(loops).filter((name) => name.startsWith("dot")).length <= 2, nestsOf(loops).join(", "));
});

testOnEveryDevice("a loop runs without jit as well, over trees and with no inputs", async () => {
  const body = ({ a, b }: { a: Tensor; b: Tensor }): [{ a: Tensor; b: Tensor }, { sum: Tensor }] => [
    { a: b, b: a.add(b) },
    { sum: a.add(b) },
  ];
  const [{ b }, { sum }] = scan(body, { a: tensor(0), b: tensor(1) }, null, { length: 6 });
  assertEquals(await b.item(), 13);
  assertEquals(await sum.toArray(), [1, 2, 3, 5, 8, 13]);
});

Deno.test("a loop reports what does not fit", () => {
  const x = tensor([1, 2]);
  assertThrows(() => scan((c: Tensor, _: null): [Tensor, null] => [c, null], x, null), TypeError, "one length");
  assertThrows(() => scan((c: Tensor, y: Tensor): Pair => [c, y], x, x, { length: 3 }), TypeError, "lengths 2");
  assertThrows(
    () => scan((c: Tensor, y: Tensor): Pair => [c.sum(), y], x, x),
    TypeError,
    "the body's new carry 0 must be f32[2], got f32[]",
  );
  assertThrows(
    () => scan((c: Tensor[], y: Tensor): [Tensor[], Tensor] => [[...c, y], y], [x], x),
    TypeError,
    "a carry of the form",
  );
});

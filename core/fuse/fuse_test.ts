import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ProgramStep } from "../nest/program.ts";
import { showNest } from "../nest/show.ts";
import { simplify } from "../graph/simplify/simplify.ts";
import { concatenate } from "../functions/movement.ts";
import { oneHot } from "../functions/selection.ts";
import { logSoftmax, softmax } from "../functions/reduction.ts";
import { arange } from "../creation.ts";
import { deviceStatistics } from "../device.ts";
import { versionOf } from "../jit.ts";
import { bernoulli, key, uniform } from "../random/mod.ts";
import type { Tensor } from "../tensor.ts";
import { grad, valueAndGrad } from "../gradients.ts";
import { countOperations } from "../../tests/count_operations.ts";
import { lenetState, lenetStep } from "../../tests/lenet.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { type Argument, assertPlan, type Computation, graphOf, numbers, planOf } from "../../tests/oracle.ts";

function nestsOf(steps: readonly ProgramStep[]): string[] {
  return steps.flatMap((step) => step.kind === "loop" ? nestsOf(step.steps) : [showNest(step.nest)]);
}

/** The kernels of a function as text. The function's results are checked, too. */
async function kernelsOf(fn: Computation, inputs: readonly Argument[], donated: number[] = []): Promise<string[]> {
  const { program } = await assertPlan(fn, inputs, "fused", { donated, tolerance: 1e-6 });
  return nestsOf(program.steps);
}

const names = (kernels: readonly string[]): string[] => kernels.map((text) => text.slice(0, text.indexOf(" (")));

const dense: Computation = (x, w, b) => x.matmul(w).add(b).maximum(0);

const DENSE = `
dot+max (s0: read f32[12], s1: read f32[6], s2: read f32[2], s3: write f32[8])
 for i0 < 4, i1 < 2:
  for k0 < 3:
    r0 = sum (s0[3*i0 + k0] * s1[i1 + 2*k0])
  for once:
    s3[2*i0 + i1] = max((r0 + s2[i1]), 0)`;

const CHAIN = `
flip (s0: read f32[12], s1: read f32[12], s2: write f32[12])
 for i0 < 4, i1 < 3:
  for once:
    s2[3*i0 + i1] = tanh(((s0[3*i0 + -1*i1 + 2] * 2) + s1[i0 + -4*i1 + 8]))`;

Deno.test("a dense layer with bias and activation is one kernel", async () => {
  const kernels = await kernelsOf(dense, [numbers([4, 3]), numbers([3, 2]), numbers([2])]);
  assertEquals(kernels, [DENSE.trim()]);
});

Deno.test("a chain of elementwise operations and movements is one kernel without a division", async () => {
  const kernels = await kernelsOf((x, y) => x.mul(2).add(y.transpose()).tanh().flip(1), [
    numbers([4, 3]),
    numbers([3, 4]),
  ]);
  assertEquals(kernels, [CHAIN.trim()]);
});

Deno.test("softmax is one kernel", async () => {
  assertEquals(names(await kernelsOf((x) => softmax(x), [numbers([6, 10])])).length, 1);
});

const crossEntropy = (x: Tensor, labels: Tensor): Tensor =>
  logSoftmax(x).mul(oneHot(labels, 10)).sum({ axis: 1 }).mean().neg();

Deno.test("softmax with cross-entropy, forward and backward: one kernel for the rows, one for their mean", async () => {
  const kernels = await kernelsOf(
    (x, labels) => valueAndGrad((x: Tensor) => crossEntropy(x, labels))(x),
    [numbers([6, 10]), numbers([6], { dtype: "i32", low: 0, high: 10 })],
  );
  assertEquals(names(kernels).length, 2);
});

Deno.test("a dropout mask is computed in the kernels that use it, and never stored", async () => {
  const fn: Computation = (x, w) => {
    const dropped = (w: Tensor) => {
      const h = x.matmul(w);
      return bernoulli(key(1), 0.5, h.shape).where(h.mul(2), 0).square().sum();
    };
    return grad(dropped)(w);
  };
  const { program, temporaries } = await assertPlan(fn, [numbers([8, 4]), numbers([4, 16])], "dropout");
  const bytes = temporaries.reduce((sum, buffer) => sum + program.buffers[buffer].bytes, 0);
  assert(bytes <= 2 * 8 * 16 * 4, `${bytes} bytes of temporaries`);
  assertEquals(program.steps.length, 2);
});

Deno.test("temporaries with disjoint lifetimes share memory, whatever their size and order", async () => {
  const widths = [2, 230, 3, 64, 640, 64];
  const weights = widths.slice(1).map((width, i) => numbers([widths[i], width], { seed: i }));
  const fn: Computation = (x, ...[first, second, third, fourth, fifth]) => {
    const kept = x.matmul(first).matmul(second).matmul(third);
    return kept.matmul(fourth).matmul(fifth).add(kept);
  };
  const { program, temporaries } = await assertPlan(fn, [numbers([4, 2]), ...weights], "chain");
  // The one of 230 columns is in the buffer of the one of 640.
  assertEquals(temporaries.map((buffer) => program.buffers[buffer].bytes / 16).toSorted((a, b) => a - b), [3, 64, 640]);
});

Deno.test("an update with momentum overwrites its state in one kernel", async () => {
  const update: Computation = (w, v, g) => {
    const faster = v.mul(0.9).add(g);
    return [w.sub(faster.mul(0.1)), faster];
  };
  const inputs = [numbers([5, 3]), numbers([5, 3], { seed: 2 }), numbers([5, 3], { seed: 3 })];
  const plan = await assertPlan(update, inputs, "momentum", { donated: [0, 1] });
  assertEquals(plan.program.steps.length, 1);
  assertEquals(plan.results.map(({ kind }) => kind), ["overwritten", "overwritten"]);
  assertEquals(plan.temporaries, []);
});

Deno.test("a maximum over windows with its gradient gathers, and adds nothing atomically", async () => {
  const pool = (x: Tensor) =>
    x.apply("window", [], { size: [2, 2], strides: [2, 2], dilations: [1, 1] }).max({ axis: [-2, -1] });
  const kernels = await kernelsOf((x) => grad((x: Tensor) => pool(x).tanh().sum())(x), [numbers([2, 4, 4])]);
  assert(kernels.every((text) => !text.includes("+=")), kernels.join("\n"));
});

const batchOf = (size: number): [Tensor, Tensor] => [
  uniform(key(1), [size, 1, 28, 28]),
  oneHot(arange(size).mod(10), 10),
];

testOnEveryDevice("a step of LeNet-5 is at most 30 dispatches, and learns", async () => {
  const [x, y] = batchOf(20);
  const step = lenetStep();
  let [state, loss] = step(lenetState(1), x, y);
  const first = await loss.item();
  for (let i = 0; i < 4; i++) [state, loss] = step(state, x, y);
  assert(await loss.item() < first, `the loss went from ${first} to ${await loss.item()}`);
  const { dispatches } = versionOf(step).compiled.executable;
  assert(dispatches <= 30, `${dispatches} dispatches`);
});

testOnEveryDevice(
  "from the second step on nothing is compiled or allocated, and a step is at most one submission",
  async (kind) => {
    const [x, y] = batchOf(20);
    const step = lenetStep();
    let [state, loss] = step(lenetState(1), x, y);
    await loss.item();
    for (let i = 0; i < 2; i++) {
      loss.dispose();
      [state, loss] = step(state, x, y);
    }
    const before = deviceStatistics();
    for (let i = 0; i < 5; i++) {
      loss.dispose();
      [state, loss] = step(state, x, y);
    }
    const after = deviceStatistics();
    assertEquals(after.compilations, before.compilations);
    assertEquals(after.allocations, before.allocations);
    assertEquals(after.liveBytes, before.liveBytes);
    const submissions = after.submissions - before.submissions;
    // On WebGPU several steps may be submitted together; a software adapter is busy with one.
    assert(kind === "wasm" ? submissions === 5 : submissions <= 5, `${submissions} submissions`);
    assert(Number.isFinite(await loss.item()));
  },
);

/** The operations on collections that plan a recurrent layer unrolled for some steps, with its gradient. */
function planningOf(steps: number): number {
  const unrolled: Computation = (x, w) => {
    let h = x;
    for (let i = 0; i < steps; i++) h = h.matmul(w).add(x).tanh();
    return h;
  };
  return countOperations(() => {
    const graph = simplify(graphOf((x, w) => grad((w: Tensor) => (unrolled(x, w) as Tensor).sum())(w), [
      numbers([8, 16]),
      numbers([16, 16]),
    ]));
    planOf(graph, { name: "unrolled", maxSlots: 8 });
  });
}

Deno.test("planning a recurrent layer unrolled four times as long takes less than sixteen times as many operations", () => {
  const counts = [25, 100].map(planningOf);
  assert(counts[1] < 16 * counts[0], counts.join(" and "));
  assert(counts[1] < 5e6, `${counts[1]} operations`);
});

const SEGMENTS = `
concat (s0: read f32[32], s1: read f32[32], s2: write f32[64])
 for i0 < 2, i1 < 16:
  for once:
    s2[32*i0 + i1] = tanh(s0[16*i0 + i1])
    s2[32*i0 + i1 + 16] = exp(s1[16*i0 + i1])`;

Deno.test("a concatenation of equal parts computes one element of each part at a time", async () => {
  const inputs = [numbers([2, 16]), numbers([2, 16])];
  assertEquals(await kernelsOf((x, y) => concatenate([x.tanh(), y.exp()], 1), inputs), [SEGMENTS.trim()]);
  const [unequal] = await kernelsOf((x, y) => concatenate([x.tanh(), y.exp()], 1), [
    numbers([2, 16]),
    numbers([2, 17]),
  ]);
  assertStringIncludes(unequal, "i1 < 33");
});

Deno.test("parts are distinguished in reused memory, too", async () => {
  const halves: Computation = (x) => concatenate([x.slice([0, 0], [3, 20]).mul(2), x.slice([0, 20]).add(1)], 1);
  assertEquals((await kernelsOf(halves, [numbers([3, 40])], [0])).length, 1);
  const swapped: Computation = (x) => concatenate([x.slice([0, 20]).exp(), x.slice([0, 0], [3, 20]).add(1)], 1);
  assertEquals((await kernelsOf(swapped, [numbers([3, 40])], [0])).length, 1);
});

import { assert, assertEquals } from "@std/assert";
import { checksIndices } from "../nest/index_checks.ts";
import type { Nest } from "../nest/nest.ts";
import type { ProgramStep } from "../nest/program.ts";
import { tensor, zeros } from "../creation.ts";
import { explain } from "../explain.ts";
import { concatenate } from "../functions/movement.ts";
import { gather, scatterAdd } from "../functions/selection.ts";
import { jit } from "../jit.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../gradients.ts";
import { testComputation } from "../../tests/computation.ts";
import { testOnEveryDevice } from "../../tests/on_every_device.ts";
import { assertDevice, assertPlan, type Computation, numbers } from "../../tests/oracle.ts";

const many = Array.from({ length: 80 }, (_, i) => numbers([3], { seed: i }));

function mostSlots(steps: readonly ProgramStep[]): number {
  const buffersOf = (nest: Nest): number => nest.slots.length + Number(checksIndices(nest));
  return Math.max(...steps.map((step) => step.kind === "loop" ? mostSlots(step.steps) : buffersOf(step.nest)));
}

const wide: Readonly<Record<string, Computation>> = {
  "a sum of many tensors": (...all) => all.reduce((a, b) => a.add(b)),
  "many tensors joined": (...all) => concatenate(all),
  "many tensors joined in many ways": (...all) => [concatenate(all), concatenate(all.toReversed()).exp().sum()],
  "a product of many sums": (...all) => {
    const sum = all.reduce((a, b) => a.add(b));
    return sum.expandDims(1).matmul(sum.expandDims(0));
  },
  "a sum of many rows at indices that are checked": (...all) =>
    all.map((x) => gather(x, x.greater(0).cast("i32"))).reduce((a, b) => a.add(b)),
  "many sums at indices that are checked": (first, ...all) => {
    const indices = first.greater(0).cast("i32");
    return all.map((x) => scatterAdd(x, indices, x)).reduce((a, b) => a.add(gather(b, indices)));
  },
};

for (const [name, fn] of Object.entries(wide)) {
  testOnEveryDevice(
    `${name} is computed, however many buffers one kernel may read`,
    () => assertDevice(fn, many, name),
  );

  Deno.test(`${name} stays within the buffers of a kernel`, async () => {
    for (const maxSlots of [5, 8, 32]) {
      const { program } = await assertPlan(fn, many, name, { maxSlots });
      assert(mostSlots(program.steps) <= maxSlots, `${mostSlots(program.steps)} buffers of ${maxSlots}`);
    }
  });
}

const long: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "scaled and moved": (x) => x.mul(0.5).add(1),
  "used twice": (x) => x.mul(x).add(x).mul(0.25).tanh(),
  "centred": (x) => x.sub(x.mean()).mul(0.9).add(0.5),
  "turned": (x) => x.flip().mul(0.9).reshape([3, 1]).transpose().reshape([3]),
};

for (const [name, step] of Object.entries(long)) {
  const fn: Computation = (x) => {
    let y = x;
    for (let i = 0; i < 1000; i++) y = step(y);
    return y;
  };
  testOnEveryDevice(`a thousand operations in a row, ${name}`, () => assertDevice(fn, [numbers([3])], name));
  Deno.test(`a thousand operations in a row, ${name} [plan]`, async () => {
    await assertPlan(fn, [numbers([3])], name);
  });
}

/** Each element is the mean of its neighbors, so the last result depends on an element in 2³⁰ ways. */
const averaged: Computation = (x) => {
  let y = x;
  for (let i = 0; i < 30; i++) {
    const padded = y.pad([[1, 1]]);
    y = padded.slice([0], [7]).add(padded.slice([2], [9])).mul(0.7);
  }
  return y;
};

testOnEveryDevice("operations that movements repeat are computed in several kernels", async () => {
  await assertDevice(averaged, [numbers([7])], "means of neighbors");
  const compiled = jit((x: Tensor) => averaged(x));
  compiled(zeros([7]));
  const { length } = explain(compiled, { stage: "nests" });
  assert(length < 100_000, `${length} characters of nests`);
});

testOnEveryDevice("the gradient of a thousand operations in a row", async () => {
  const deep = (x: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < 1000; i++) y = y.sin().add(0.5);
    return y.sum();
  };
  const gradient = await jit(grad(deep))(tensor([1, 2])).data();
  assert(gradient.every(Number.isFinite));
});

const whole = { dtype: "i32" } as const;

testComputation(
  "remainders of negative positions, which are no index arithmetic",
  (x) => [
    x.indexAlong(0).sub(5).mod(3).add(x.indexAlong(1).sub(7).mod(4)).add(x),
    x.indexAlong(0).mul(3).add(x.indexAlong(1)).sub(5).mod(-3),
  ],
  [numbers([2, 3], whole)],
  { order: 0 },
);

testComputation(
  "products of positions that wrap around",
  (x) => [
    x.indexAlong(0).mul(2 ** 30).mul(2 ** 30),
    x.indexAlong(0).mul(1103515245).mul(1103515245).add(12345),
    x.mul(3000000000).cast("u32"),
    x.indexAlong(0).cast("u32").sub(1).less(-1),
  ],
  [numbers([7], whole)],
  { order: 0 },
);

testComputation(
  "numbers beyond the range of f32 are infinite, and functions reach their limits",
  (x) => {
    const huge = x.abs().add(1).mul(1e30).mul(1e30);
    return [huge, huge.neg(), huge.exp(), huge.neg().exp(), huge.tanh(), huge.neg().sigmoid(), huge.erf()];
  },
  [numbers([5])],
  { order: 0 },
);

testComputation(
  "powers at their special cases",
  (x) => {
    const zero = x.mul(0);
    return [
      zero.add(tensor([0, 0, 0, -2, -3])).pow(zero.add(tensor([0, 2, 3, 3, 2]))),
      x.abs().add(0.5).pow(tensor([2, 3, -1, 0, 0.5])),
    ];
  },
  [numbers([5])],
  { order: 0 },
);

testOnEveryDevice("more workgroups than one axis of a dispatch may have", async () => {
  const [rows, columns] = [70_001, 65];
  const values = Float32Array.from({ length: rows * columns }, (_, i) => (i % 1009) / 16 - 30);
  const x = tensor(values, [rows, columns]);
  const moved = await jit((x: Tensor) => x.mul(2).add(1))(x).data();
  assert(moved.every((value, i) => value === values[i] * 2 + 1));
  const sums = await jit((x: Tensor) => x.sum({ axis: 1 }))(x).data();
  const turned = await jit((x: Tensor) => x.transpose().add(0.5))(x).data();
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += values[row * columns + column];
      assertEquals(turned[column * rows + row], values[row * columns + column] + 0.5);
    }
    assert(Math.abs(sums[row] - sum) < 1e-3, `row ${row}: expected ${sum}, got ${sums[row]}`);
  }
});

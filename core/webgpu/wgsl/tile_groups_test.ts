import { assertEquals } from "@std/assert";
import { isTileable } from "../../nest/nest.ts";
import { schedulerFor } from "../schedule/choose.ts";
import type { Scheduler, TileSchedule } from "../schedule/schedule.ts";
import {
  convolution,
  convolutionInputGradient,
  convolutionKernelGradient,
  dense,
  product,
} from "../test_contractions.ts";
import type { Pattern } from "../test_patterns.ts";
import { assertSame, gpuTest, openIfAny, runOn } from "../test_support.ts";

type Shape = Omit<TileSchedule, "kind" | "unroll" | "vectors">;

/** Groups of threads on tiles of many shapes, with few and many depth points at a time. */
const shapes: readonly Shape[] = [
  { along: "columns", alongThreads: 8, alongEach: 4, acrossThreads: 4, acrossEach: 4, groups: 2, staged: 16 },
  { along: "rows", alongThreads: 4, alongEach: 4, acrossThreads: 5, acrossEach: 4, groups: 4, staged: 32 },
  { along: "columns", alongThreads: 4, alongEach: 4, acrossThreads: 2, acrossEach: 8, groups: 8, staged: 64 },
  { along: "rows", alongThreads: 4, alongEach: 4, acrossThreads: 1, acrossEach: 4, groups: 16, staged: 64 },
  { along: "columns", alongThreads: 2, alongEach: 8, acrossThreads: 3, acrossEach: 2, groups: 8, staged: 8 },
  { along: "rows", alongThreads: 2, alongEach: 4, acrossThreads: 16, acrossEach: 4, groups: 4, staged: 4 },
  { along: "columns", alongThreads: 5, alongEach: 3, acrossThreads: 3, acrossEach: 5, groups: 4, staged: 12 },
  { along: "rows", alongThreads: 8, alongEach: 4, acrossThreads: 4, acrossEach: 4, groups: 1, staged: 6 },
];

const inGroups = (shape: Shape): Scheduler => ({
  parts: () => 1,
  schedule: (nest) =>
    isTileable(nest) ? { kind: "tile", ...shape, unroll: 0, vectors: false } : schedulerFor("hardware").schedule(nest),
});

const small = { batch: 3, channels: 2, size: [9, 7], filters: 5, kernel: [3, 2] } as const;

/** Whole tiles and steps, slim products, sums in blocks, epilogues, and less depth than there are groups. */
const made: Readonly<Record<string, () => Pattern>> = {
  "a product of whole tiles and steps": () => product(64, 32, 128),
  "a product of prime sizes": () => product(13, 37, 29, "TN"),
  "a product of few rows": () => product(3, 150, 97),
  "a product of few columns": () => product(150, 3, 97, "NT"),
  "a product with less depth than groups": () => product(33, 17, 3),
  "a product with a depth of one": () => product(17, 33, 1),
  "a product without depth": () => product(5, 3, 0),
  "a product without rows": () => product(0, 5, 3),
  "a product with a depth of a step and one more": () => product(5, 19, 65),
  "a product with sums in blocks of each group": () => product(5, 3, 8003),
  "a batch of products": () => product(7, 9, 11, "NN", 5),
  "bias, activation and three outputs in the epilogue": () => dense(19, 21, 34),
  "vectors of columns": () => product(12, 20, 36),
  "vectors of rows": () => product(20, 12, 36, "TN"),
  "vectors of depth": () => product(12, 20, 36, "NT"),
  "a convolution": () => convolution(small),
  "a convolution of vectors of rows": () =>
    convolution({ batch: 2, channels: 4, size: [8, 12], filters: 6, kernel: [3, 5] }),
  "the gradient of a convolution's kernel": () => convolutionKernelGradient({ ...small, padding: 1 }),
  "the gradient of a convolution's kernel from vectors of depth": () =>
    convolutionKernelGradient({ batch: 3, channels: 2, size: [10, 10], filters: 5, kernel: [3, 3] }),
  "the gradient of a convolution's input, strided": () => convolutionInputGradient({ ...small, padding: 1, stride: 2 }),
};

for (const shape of shapes) {
  const backend = await openIfAny({ scheduler: inGroups(shape) });
  const { along, alongThreads, acrossThreads, groups, staged } = shape;
  const name = `${groups} groups of ${alongThreads} by ${acrossThreads} threads, ${along} along, ${staged} deep`;
  for (const [description, make] of Object.entries(made)) {
    gpuTest(`${name}, join their sums: ${description}`, async () => {
      const { program, cells } = make();
      await assertSame(backend!, program, cells);
    });
  }
  gpuTest(`${name}, pass on NaN and infinity to their own rows and columns only`, async () => {
    const { program, cells } = product(11, 23, 70);
    const [left, right] = cells.map((one) => Float32Array.from(one!));
    left[3 * 70 + 69] = NaN;
    right[41 * 23 + 5] = Infinity;
    left.fill(Math.abs(left[41]) + 1, 41, 42);
    await assertSame(backend!, program, [left, right]);
  });
  gpuTest(`${name}, give the same bits again`, async () => {
    const { program, cells } = convolution({ batch: 3, channels: 4, size: [8, 12], filters: 6, kernel: [3, 5] });
    const filled = program.buffers.map(({ bytes }, i) => cells[i] ?? new Float32Array(bytes / 4));
    const first = await runOn(backend!, program, filled);
    for (let turn = 0; turn < 3; turn++) assertEquals(await runOn(backend!, program, filled), first);
  });
}

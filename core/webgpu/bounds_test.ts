import { assertEquals } from "@std/assert";
import { isTileable, type Nest } from "../nest/nest.ts";
import { lowerNest } from "./lower.ts";
import { schedulerFor } from "./schedule/choose.ts";
import { isRowable, type KernelSchedule, type RowSchedule, type TileSchedule } from "./schedule/schedule.ts";
import { openAny, outsideOf } from "./test_bounds.ts";
import { convolution, convolutionKernelGradient, dense, product } from "./test_contractions.ts";
import { type Pattern, patterns, reducing } from "./test_patterns.ts";
import { gpuTest, hasAdapter } from "./test_support.ts";
import { kernelOf, type WgslKernel } from "./wgsl/kernel.ts";

const open = hasAdapter ? await openAny() : undefined;

function nestOf({ program: { steps: [step] } }: Pattern): Nest {
  if (step.kind !== "nest") throw new Error("Cannot test a loop: expected a nest");
  return step.nest;
}

const tile = { kind: "tile", unroll: 0, vectors: false } as const;

const tiles: readonly TileSchedule[] = [
  { ...tile, along: "columns", alongThreads: 8, alongEach: 4, acrossThreads: 2, acrossEach: 4, groups: 4, staged: 16 },
  { ...tile, along: "rows", alongThreads: 4, alongEach: 4, acrossThreads: 5, acrossEach: 4, groups: 1, staged: 6 },
  { ...tile, along: "rows", alongThreads: 2, alongEach: 4, acrossThreads: 16, acrossEach: 4, groups: 8, staged: 8 },
];

const rows: readonly RowSchedule[] = [
  { kind: "row", lanes: 64, columns: 16, strip: 8 },
  { kind: "row", lanes: 32, strip: 3 },
  { kind: "row", lanes: 64, columns: 8, strip: 2, threads: 144 },
];

const products: readonly Pattern[] = [
  product(13, 37, 29),
  product(20, 12, 36, "TN"),
  product(12, 20, 36, "NT", 2),
  dense(19, 21, 34),
  convolution({ batch: 3, channels: 2, size: [9, 7], filters: 5, kernel: [3, 2], padding: 1 }),
  convolutionKernelGradient({ batch: 3, channels: 2, size: [9, 7], filters: 5, kernel: [3, 2] }),
];

const reductions: readonly Pattern[] = [
  reducing("sum", [131, 37], "column"),
  reducing("argmax", [53, 5], "column"),
  reducing("sum", [19, 301], "row"),
  patterns["softmax of long rows"](),
  patterns["sums over several loops"](),
];

async function assertInside(nest: Nest, schedule: KernelSchedule): Promise<void> {
  const { kernels } = lowerNest(nest, { parts: () => 1, schedule: () => schedule }, 8);
  for (const { body } of kernels) {
    assertEquals(await outsideOf(open!, kernelOf(body)), 0, `${body.name}, ${body.schedule}`);
  }
}

for (const schedule of tiles) {
  gpuTest(`indices of products are inside of all arrays: ${JSON.stringify(schedule)}`, async () => {
    for (const pattern of products) await assertInside(nestOf(pattern), schedule);
  });
}

for (const schedule of rows) {
  gpuTest(`indices of reductions are inside of all arrays: ${JSON.stringify(schedule)}`, async () => {
    for (const pattern of reductions) {
      const nest = nestOf(pattern);
      if (isRowable(nest)) await assertInside(nest, schedule);
    }
  });
}

gpuTest("indices of the schedules for a GPU are inside of all arrays", async () => {
  for (const pattern of [...products, ...reductions]) {
    const { kernels } = lowerNest(nestOf(pattern), schedulerFor("hardware"), 8);
    for (const { body } of kernels) {
      assertEquals(await outsideOf(open!, kernelOf(body)), 0, `${body.name}, ${body.schedule}`);
    }
  }
});

gpuTest("an index outside of an array is counted", async () => {
  const nest = nestOf(reducing("sum", [19, 301], "row"));
  const { kernels: [{ body }] } = lowerNest(nest, { parts: () => 1, schedule: () => ({ kind: "row", lanes: 32 }) }, 8);
  const kernel = kernelOf(body);
  const wrong: WgslKernel = {
    ...kernel,
    slots: kernel.slots.map((slot) => ({ ...slot, elements: slot.elements - 1 })),
  };
  assertEquals(isTileable(nest), false);
  assertEquals(await outsideOf(open!, wrong), 2);
});

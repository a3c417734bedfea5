import { assert, assertEquals, assertThrows } from "@std/assert";
import { DeviceError } from "../../backend.ts";
import type { Nest } from "../../nest/nest.ts";
import { chooseParts, chooseSchedule, schedulerFor } from "./choose.ts";
import { lowerNest } from "../lower.ts";
import { threadsOf, type TileSchedule } from "./schedule.ts";
import { renderTile } from "../wgsl/tile.ts";
import { canShareReduction, shareReduction } from "./split.ts";
import { convolutionKernelGradient, product } from "../test_contractions.ts";
import { type Pattern, patterns, reducing } from "../test_patterns.ts";
import { graphOf, numbers, planOf } from "../../../tests/oracle.ts";
import type { Tensor } from "../../tensor.ts";

function nestOf({ program: { steps: [step] } }: Pattern): Nest {
  if (step.kind !== "nest") throw new Error("Cannot test a loop: expected a nest");
  return step.nest;
}

Deno.test("contractions get tiles, elementwise nests a thread for each point", () => {
  const elementwise = nestOf(patterns["an update in place"]());
  for (const device of ["hardware", "software"] as const) {
    assertEquals(chooseSchedule(nestOf(product(256, 256, 256)), device).kind, "tile");
    assertEquals(chooseSchedule(elementwise, device).kind, "map");
  }
});

Deno.test("a workgroup of a GPU shares a long row", () => {
  assertEquals(chooseSchedule(nestOf(patterns["softmax of long rows"]()), "hardware"), {
    kind: "row",
    lanes: 64,
    strip: 8,
  });
  assertEquals(chooseSchedule(nestOf(patterns["softmax of short rows"]()), "hardware").kind, "map");
});

Deno.test("a workgroup of a GPU shares neighboring columns, and is as large as the device allows", () => {
  const lanesOf = (rows: number, columns: number, mostLanes?: number) => {
    const schedule = chooseSchedule(nestOf(reducing("sum", [rows, columns], "column")), "hardware", mostLanes);
    return schedule.kind === "row" ? [schedule.lanes, schedule.columns] : schedule.kind;
  };
  assertEquals(lanesOf(500, 500), [256, 16]);
  assertEquals(lanesOf(500, 10), [256, 16]);
  assertEquals(lanesOf(500, 5), [256, 8]);
  assertEquals(lanesOf(20, 500), "map");
  assertEquals([undefined, 1024].map((most) => lanesOf(5000, 50, most)), [[256, 16], [1024, 16]]);
  assertEquals(chooseSchedule(nestOf(reducing("sum", [500, 500], "column")), "software").kind, "map");
});

Deno.test("sums that one kernel of a GPU computes soon have no second one", () => {
  const partsOf = (rows: number, columns: number, along: "row" | "column") =>
    chooseParts(nestOf(reducing("sum", [rows, columns], along)), "hardware", 1024);
  assertEquals(partsOf(500, 500, "column"), 1);
  assertEquals(partsOf(2, 72_000, "row"), 1);
  assertEquals(partsOf(1, 2 ** 18, "row"), 4);
  assertEquals(partsOf(2 ** 15, 10, "column"), 4);
});

Deno.test("groups of threads share the depth of products with few outputs, up to a depth that needs parts", () => {
  const choiceOf = (...[rows, columns, depth]: [number, number, number]) => {
    const nest = nestOf(product(rows, columns, depth));
    const schedule = chooseSchedule(nest, "hardware");
    return [chooseParts(nest, "hardware"), schedule.kind === "tile" && schedule.groups > 1] as const;
  };
  assertEquals(choiceOf(20, 500, 784), [1, true]);
  assertEquals(choiceOf(500, 10, 500), [1, true]);
  assertEquals(choiceOf(4096, 1024, 16), [1, false]);
  assert(choiceOf(3, 4, 100_000)[0] > 50);
});

Deno.test("the memory and threads of a tile are those that every device has", () => {
  for (const sizes of ["20 500 784", "500 10 500", "500 500 20", "3 5 7", "1 512 512"]) {
    const [rows, columns, depth] = sizes.split(" ").map(Number);
    const nest = nestOf(product(rows, columns, depth));
    const { memory, lanes } = renderTile(nest, tileOf(nest));
    const bytes = memory.reduce((sum, { lengths }) => sum + 16 * lengths.reduce((a, b) => a * b), 0);
    assert(bytes <= 16384 && lanes <= 256, `${sizes}: ${bytes} bytes, ${lanes} threads`);
  }
});

function tileOf(nest: Nest): TileSchedule {
  const schedule = chooseSchedule(nest, "hardware");
  if (schedule.kind !== "tile") throw new Error("Cannot test a row: expected a tile");
  return schedule;
}

Deno.test("only deep sums with few outputs are split into parts", () => {
  assertEquals(chooseParts(nestOf(product(1024, 1024, 1024)), "hardware"), 1);
  assert(chooseParts(nestOf(product(20, 25, 100_000)), "hardware") > 50);
  assert(chooseParts(nestOf(product(20, 25, 100_000)), "software") > 2);
});

Deno.test("a split nest has two kernels and scratch memory for its parts", () => {
  const { kernels, scratchBytes } = lowerNest(nestOf(product(5, 7, 1000)), {
    ...schedulerFor("software"),
    parts: () => 4,
  }, 8);
  assertEquals(kernels.map(({ body: { name } }) => name), ["dot NN, parts", "dot NN, joined"]);
  assertEquals(scratchBytes, 5 * 7 * 4 * 4);
});

Deno.test("a nest that uses all the buffers of a device is not split", () => {
  const nest = nestOf(product(5, 7, 1000));
  assertEquals(lowerNest(nest, { ...schedulerFor("software"), parts: () => 4 }, 3).kernels.length, 1);
});

Deno.test("reductions to positions are not split, because their parts could not be joined", () => {
  assert(!canShareReduction(nestOf(patterns["argmax finds the first of equal values"]())));
});

Deno.test("the longest of the inner loops is split", () => {
  const nest = nestOf(
    convolutionKernelGradient({ batch: 50, channels: 2, size: [9, 7], filters: 5, kernel: [3, 2] }),
  );
  const { parts: first } = shareReduction(nest, 5);
  assertEquals(first.phases[0].inner.map(({ extent }) => extent), [10, 7, 6]);
  assertEquals(first.contraction?.batch.map(({ extent }) => extent), [5]);
});

Deno.test("loops that a software driver cannot finish are refused", () => {
  const nest = nestOf(patterns["scatter adds in order"]());
  const long = {
    ...nest,
    phases: nest.phases.map((phase) => ({ ...phase, inner: [{ ...phase.inner[0], extent: 70_000 }] })),
  };
  assertThrows(() => chooseSchedule(long, "software"), DeviceError, "70000 iterations");
  assertEquals(chooseSchedule(long, "hardware").kind, "map");
});

Deno.test("code with branches is written a few times at most", () => {
  const scheduleOf = (sines: number) => {
    const fn = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < sines; i++) y = y.sin();
      return y.sum({ axis: 1 });
    };
    const { program: { steps: [step] } } = planOf(graphOf(fn, [numbers([512, 9])]), { name: "sines", maxSlots: 8 });
    if (step.kind !== "nest") throw new Error("Cannot test a loop: expected a nest");
    return chooseSchedule(step.nest, "software");
  };
  assertEquals([0, 1, 4, 5, 17].map(scheduleOf), [
    { kind: "map", lanes: 64, unroll: 8, vectors: true },
    { kind: "map", lanes: 64, unroll: 8, vectors: true },
    { kind: "map", lanes: 64, unroll: 4, vectors: true },
    { kind: "map", lanes: 64, unroll: 3, vectors: false },
    { kind: "map", lanes: 64, unroll: 0, vectors: false },
  ]);
});

Deno.test("tiles of a GPU get other numbers of threads with the sums in the same order, if a dispatch is worth it", () => {
  const { resize, schedule } = schedulerFor("hardware");
  const resized = (nest: Nest, threads: number) => resize?.(nest, schedule(nest), threads);
  for (const sizes of [[20, 500, 784], [500, 500, 20], [500, 10, 500], [3, 5, 7]]) {
    const nest = nestOf(product(sizes[0], sizes[1], sizes[2]));
    const own = schedule(nest);
    assert(own.kind === "tile");
    for (const threads of [64, 128, 160, 256]) {
      const other = resized(nest, threads);
      if (!other) continue;
      assert(other.kind === "tile");
      const { alongThreads, acrossThreads, ...rest } = other;
      assertEquals(alongThreads * acrossThreads * other.groups, threads);
      const { alongThreads: _along, acrossThreads: _across, ...before } = own;
      assertEquals(rest, before);
    }
    assertEquals(resized(nest, threadsOf(own)), own);
  }
  const small = nestOf(product(20, 500, 784));
  assertEquals([64, 128].map((threads) => resized(small, threads) !== undefined), [true, true]);
  assertEquals(resized(small, 256), undefined, "more workgroup memory than every device has");
  assertEquals(resized(small, 100), undefined, "threads that its groups cannot share");
  assertEquals(resized(nestOf(product(4096, 4096, 4096)), 96), undefined, "far slower");
  assertEquals(schedulerFor("software").resize, undefined);
});

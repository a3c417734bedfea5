import { assertEquals } from "@std/assert";
import { pretendGpu } from "../../../tests/pretended_gpu.ts";
import { noStatistics } from "../../backend.ts";
import type { WgslKernel } from "../wgsl/kernel.ts";
import { chooseAdapter, OpenDevice } from "./device.ts";
import { PipelineCache } from "./pipelines.ts";

/** A cache on a device that records what it is asked to make. */
async function cache() {
  using _ = pretendGpu("hardware");
  const open = await OpenDevice.open(await chooseAdapter());
  const { device } = open;
  const layouts: GPUBindGroupLayoutDescriptor[] = [];
  const pipelines: (string | undefined)[] = [];
  const groups: GPUBindGroupDescriptor[] = [];
  const writes: number[][] = [];
  const { createBindGroupLayout, createComputePipeline, createBindGroup } = device;
  device.createBindGroupLayout = (given) => (layouts.push(given), createBindGroupLayout.call(device, given));
  device.createComputePipeline = (given) => (pipelines.push(given.label), createComputePipeline.call(device, given));
  device.createBindGroup = (given) => (groups.push(given), createBindGroup.call(device, given));
  device.queue.writeBuffer = (_, offset, data) => {
    if (data instanceof Int32Array) writes.push([offset, ...data]);
  };
  const statistics = noStatistics();
  return { made: new PipelineCache(open, statistics), statistics, layouts, pipelines, groups, writes };
}

const kernel = (code: string, more: Partial<WgslKernel> = {}): WgslKernel => ({
  ...{ name: `kernel ${code}`, code, schedule: "map", workgroups: [1, 1, 1], counters: [], checksIndices: false },
  slots: [{ dtype: "f32", elements: 4, access: "read" }, { dtype: "f32", elements: 4, access: "readwrite" }],
  ...more,
});

const typesOf = ({ entries }: GPUBindGroupLayoutDescriptor): string[] =>
  [...entries].map(({ binding, visibility, buffer }) =>
    `${binding} ${visibility} ${buffer?.type}${buffer?.hasDynamicOffset ? " moving" : ""}`
  );

Deno.test("kernels with the same text are compiled once, and forgotten when the last program returns them", async () => {
  const { made, statistics, pipelines } = await cache();
  const first = made.take(kernel("a"));
  assertEquals([made.take(kernel("a")) === first, made.take(kernel("b")) === first], [true, false]);
  assertEquals([pipelines, statistics.compilations, statistics.modules], [["kernel a", "kernel b"], 2, 2]);
  made.drop(first);
  assertEquals([made.take(kernel("a")) === first, statistics.modules], [true, 2]);
  made.drop(first);
  made.drop(first);
  assertEquals([statistics.modules, made.take(kernel("a")) === first, statistics.compilations], [1, false, 3]);
  made.clear();
  assertEquals(statistics.modules, 0);
});

Deno.test("a kernel binds what it reads and writes, the record of indices last, and loop counters apart", async () => {
  const { made, layouts } = await cache();
  const { layout, code } = made.take(kernel("a"));
  assertEquals([code, layout !== undefined, layouts.map(typesOf)], ["a", true, [[
    "0 4 read-only-storage",
    "1 4 storage",
  ]]]);
  made.take(kernel("b", { checksIndices: true }));
  assertEquals(typesOf(layouts[1]), ["0 4 read-only-storage", "1 4 storage", "2 4 storage"]);
  const counters = [1, 2].map((extent) => ({ kind: "variable", dtype: "i32", name: "t", extent }) as const);
  layouts.length = 0;
  for (const code of ["c", "d"]) made.take(kernel(code, { counters: counters.map((one) => ({ ...one, id: 0 })) }));
  assertEquals(layouts.map(typesOf).slice(1), [["0 4 uniform moving", "1 4 uniform moving"], typesOf(layouts[0])]);
});

Deno.test("loop counters are in one buffer of a power of two, at least 64, which grows when it must", async () => {
  const { made, statistics, writes, groups } = await cache();
  assertEquals(made.stride, 32);
  made.reserveCounters(3);
  made.reserveCounters(64);
  assertEquals([writes.length, statistics.allocations, statistics.reservedBytes], [1, 1, 64 * 32]);
  const [[offset, ...values]] = writes;
  assertEquals([offset, values.length], [0, 64 * 8]);
  assertEquals(values.filter((_, i) => i % 8 === 0), Array.from({ length: 64 }, (_, i) => i));
  const group = made.counterGroup(2);
  assertEquals([made.counterGroup(2) === group, groups.length], [true, 1]);
  const entries = [...groups[0].entries].map(({ binding, resource }) => [binding, "size" in resource && resource.size]);
  assertEquals(entries, [[0, 16], [1, 16]]);
  made.counterGroup(1);
  assertEquals(groups.length, 2);
  made.reserveCounters(65);
  assertEquals([statistics.allocations, statistics.reservedBytes], [2, 128 * 32]);
  made.reserveCounters(128);
  assertEquals(writes.length, 2);
  assertEquals(made.counterGroup(2) === group, false);
});

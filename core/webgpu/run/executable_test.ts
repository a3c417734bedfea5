import { assertEquals, assertThrows } from "@std/assert";
import { graphOf, planOf } from "../../../tests/oracle.ts";
import { pretendGpu } from "../../../tests/pretended_gpu.ts";
import { DeviceError, noStatistics } from "../../backend.ts";
import { gather } from "../../functions/selection.ts";
import { launchesOfLoop, waitsOf } from "../../nest/launches.ts";
import type { Program } from "../../nest/program.ts";
import { scan } from "../../scan.ts";
import type { Tensor } from "../../tensor.ts";
import { type MergeRule, mergeRules } from "../merge/rules.ts";
import { schedulerFor } from "../schedule/choose.ts";
import { BufferPool } from "./buffers.ts";
import { chooseAdapter, OpenDevice } from "./device.ts";
import { WebGpuExecutable } from "./executable.ts";
import { IndexRecord } from "./index_record.ts";
import { PipelineCache } from "./pipelines.ts";
import { WorkQueue } from "./work_queue.ts";

type Groups = [group: number, offsets: number[]][];

/** What a device was asked to run: the bind groups of each dispatch, and its workgroups. */
interface Dispatch {
  readonly groups: Groups;
  readonly workgroups: readonly (number | undefined)[];
}

/** A program on a device that runs nothing and records its dispatches. */
async function load(program: Program, merging: MergeRule | "none" = mergeRules.hardware) {
  using _ = pretendGpu("hardware");
  const open = await OpenDevice.open(await chooseAdapter());
  const statistics = noStatistics();
  const { device } = open;
  const [dispatches, bound]: [Dispatch[], GPUBindGroupDescriptor[]] = [[], []];
  const numbers = new Map<GPUBindGroup, number>();
  const { createBindGroup, createCommandEncoder } = device;
  device.createBindGroup = (given) => {
    const group = createBindGroup.call(device, given);
    numbers.set(group, bound.push(given) - 1);
    return group;
  };
  device.createCommandEncoder = (given) => {
    const encoder = createCommandEncoder.call(device, given);
    const { beginComputePass } = encoder;
    encoder.beginComputePass = (descriptor) => {
      const pass = beginComputePass.call(encoder, descriptor);
      let groups: Groups = [];
      pass.setPipeline = () => void (groups = []);
      pass.setBindGroup = (_: number, group: GPUBindGroup | null, offsets?: Iterable<number>, ...range: number[]) => {
        const [first = 0, count = 0] = range;
        groups.push([numbers.get(group!)!, [...offsets ?? []].slice(first, first + count)]);
      };
      pass.dispatchWorkgroups = (...workgroups) => void dispatches.push({ groups, workgroups });
      return pass;
    };
    return encoder;
  };
  const queue = new WorkQueue(open, statistics);
  const pool = new BufferPool(queue, statistics, { maxBytes: 2 ** 27, memoryLimit: Infinity });
  const pipelines = new PipelineCache(open, statistics);
  const record = new IndexRecord(open, statistics);
  const lowering = {
    scheduler: schedulerFor("hardware"),
    ...(merging === "none" ? {} : { merging }),
    maxSlots: 10,
    maxMemory: 16384,
  };
  const context = { queue, pool, pipelines, statistics, record, lowering };
  const executable = new WebGpuExecutable(program, context);
  const buffers = program.buffers.map(({ bytes }) => pool.allocate(bytes));
  return { executable, buffers, dispatches, bound, statistics, pool, record, queue };
}

const planned = (fn: (x: Tensor) => Tensor | Tensor[], shape: number[]): Program =>
  planOf(graphOf(fn, [{ shape, dtype: "f32" }]), { name: "test", maxSlots: 10, donated: new Set() }).program;

Deno.test("each launch binds its buffers, once for each set of them", async () => {
  const { executable, buffers, dispatches, bound, statistics, pool, queue } = await load(
    planned((x) => x.exp(), [1000]),
  );
  assertEquals([executable.dispatches, statistics.programs, executable.time], [1, 1, undefined]);
  executable.run(buffers);
  executable.run(buffers);
  assertEquals([bound.length, dispatches.length], [1, 2]);
  assertEquals(dispatches[1], dispatches[0]);
  assertEquals([statistics.dispatches, statistics.submissions], [2, 0]);
  queue.submit();
  assertEquals([statistics.dispatches, statistics.submissions], [2, 1]);
  const entries = [...bound[0].entries].map(({ binding, resource }) => [binding, "size" in resource && resource.size]);
  assertEquals(entries, [[0, 4000], [1, 4000]]);
  const others = buffers.map(({ bytes }) => pool.allocate(bytes));
  executable.run(others);
  executable.run(buffers);
  assertEquals([bound.length, dispatches.map(({ groups: [[group]] }) => group)], [2, [0, 0, 1, 0]]);
  const title = executable.source.split("\n")[0];
  assertEquals(
    title.startsWith("// exp: ") && title.endsWith(`, ${dispatches[0].workgroups.join(" x ")} workgroups`),
    true,
  );
});

Deno.test("the bind groups of the last 32 sets of buffers are kept", async () => {
  const { executable, bound, pool, buffers } = await load(planned((x) => x.exp(), [64]));
  const sets = Array.from({ length: 33 }, () => buffers.map(({ bytes }) => pool.allocate(bytes)));
  for (const set of sets.slice(0, 32)) executable.run(set);
  executable.run(sets[0]);
  assertEquals(bound.length, 32);
  executable.run(sets[32]);
  executable.run(sets[1]);
  assertEquals(bound.length, 33);
  executable.run(sets[0]);
  assertEquals(bound.length, 34);
});

Deno.test("kernels in loops are launched for each turn, with the counters as offsets", async () => {
  // All elements of a carry are needed for each of the next one, and one workgroup would take long.
  const turns = (x: Tensor): Tensor =>
    scan((c: Tensor, row: Tensor): [Tensor, null] => [c.mul(row).sub(c.sum()).sin(), null], x.sum({ axis: 0 }), x)[0];
  const { executable, buffers, dispatches, statistics } = await load(planned(turns, [5, 4000]));
  executable.run(buffers);
  const offsets = dispatches.flatMap(({ groups }) => groups.slice(1).map(([, offsets]) => offsets.join()));
  assertEquals([...new Set(offsets)], ["0", "32", "64", "96", "128"]);
  assertEquals([executable.dispatches, statistics.dispatches], [dispatches.length, dispatches.length]);
  const nested = (x: Tensor): Tensor =>
    scan(
      (c: Tensor, row: Tensor): [Tensor, null] => [
        scan(
          (d: Tensor, other: Tensor): [Tensor, null] => [d.mul(other).add(row).sub(d.sum()).sin(), null],
          c,
          x,
        )[0],
        null,
      ],
      x.sum({ axis: 0 }),
      x,
    )[0];
  const two = await load(planned(nested, [2, 4000]));
  two.executable.run(two.buffers);
  const both = two.dispatches.flatMap(({ groups }) => groups.slice(1).map(([, offsets]) => offsets.join()));
  const inner = both.filter((one) => one.includes(","));
  assertEquals(new Set(inner).size, 4);
  assertEquals(two.executable.dispatches, two.dispatches.length);
});

Deno.test("a loop whose rows are independent is one launch, for each turn of a loop around it", async () => {
  const step = (c: Tensor, row: Tensor): [Tensor, Tensor] => [c.mul(row).sin(), c];
  const alone = (turns: number) => load(planned((x) => scan(step, x.sum({ axis: 0 }), x), [turns, 3]));
  const [few, many] = [await alone(5), await alone(50)];
  few.executable.run(few.buffers);
  many.executable.run(many.buffers);
  assertEquals(few.dispatches.flatMap(({ groups }) => groups.slice(1)), [], "the kernel itself counts the turns");
  assertEquals(few.dispatches.length, many.dispatches.length);
  assertEquals([few.executable.dispatches, few.statistics.dispatches], [few.dispatches.length, few.dispatches.length]);
  assertEquals(waitsOf(few.executable.launches), waitsOf(many.executable.launches));
  const [loop] = few.executable.program.steps.filter((step) => step.kind === "loop");
  assertEquals(launchesOfLoop(loop, few.executable.launches), undefined);
  const outer = (c: Tensor, row: Tensor): [Tensor, Tensor] => {
    const [last] = scan(step, c, row.expandDims(0).broadcastTo([4, 3]));
    return [last, last.sum()];
  };
  const nested = await load(planned((x) => scan(outer, x.sum({ axis: 0 }), x), [5, 3]));
  nested.executable.run(nested.buffers);
  assertEquals(nested.executable.dispatches, nested.dispatches.length);
  const titles = nested.executable.source.match(/^\/\/ .*persistent, 4 turns/gm);
  assertEquals(titles?.length, 1);
  const offsets = nested.dispatches.flatMap(({ groups }) => groups.slice(1).map(([, offsets]) => offsets.join()));
  assertEquals(new Set(offsets), new Set(["0", "32", "64", "96", "128"]));
});

Deno.test("the copy of a transposed matrix for a loop is in scratch memory", async () => {
  const layer = (x: Tensor): Tensor[] => {
    const u = x.slice([0], [1]).sum({ axis: 0 });
    const step = (h: Tensor, input: Tensor): [Tensor, null] => [input.add(h.matmul(u.transpose())), null];
    return [scan(step, u, x)[0]];
  };
  const { executable, buffers, bound, pool, statistics } = await load(planned((x) => layer(x), [5, 3, 3]));
  const { liveBytes } = statistics;
  executable.run(buffers);
  assertEquals(statistics.liveBytes, liveBytes);
  const own = new Set(buffers.map((buffer) => pool.own(buffer).gpu));
  const given = bound.flatMap(({ entries }) => [...entries]).map(({ resource }) =>
    "buffer" in resource && resource.buffer
  );
  assertEquals(given.filter((buffer) => buffer && !own.has(buffer)).length, 2, "both kernels bind it");
});

Deno.test("scratch memory is taken for a run and returned", async () => {
  const { executable, buffers, bound, pool, statistics } = await load(planned((x) => x.sum(), [2 ** 20]));
  const { liveBytes, buffers: pieces } = statistics;
  executable.run(buffers);
  assertEquals([statistics.liveBytes, statistics.buffers], [liveBytes, pieces]);
  assertEquals(executable.dispatches, 2);
  const own = new Set(buffers.map((buffer) => pool.own(buffer).gpu));
  const given = bound.flatMap(({ entries }) => [...entries]).map(({ resource }) =>
    "buffer" in resource && resource.buffer
  );
  assertEquals(given.filter((buffer) => buffer && !own.has(buffer)).length, 2, "both kernels bind the scratch memory");
});

Deno.test("launches have the scratch memory and the record of indices as buffers", async () => {
  // Each of the sums has two kernels, and the second sum needs the result of the first.
  const twice = await load(planned((x) => x.sub(x.sum()).square().sum(), [2 ** 20]), "none");
  assertEquals(waitsOf(twice.executable.launches), { barriers: 3, longestChain: 4 });
  // Both kernels may write to the record, which they have in common.
  const picks = (x: Tensor): Tensor[] => [gather(x, x.cast("i32")), gather(x, x.cast("i32").add(1)).sum({ axis: 0 })];
  const picked = await load(planned(picks, [4]));
  assertEquals(picked.executable.dispatches, 2);
  assertEquals(waitsOf(picked.executable.launches), { barriers: 1, longestChain: 2 });
  const unchecked = await load(planned((x) => [x.exp(), x.sum({ axis: 0 })], [4]), "none");
  assertEquals(unchecked.executable.dispatches, 2);
  assertEquals(waitsOf(unchecked.executable.launches), { barriers: 0, longestChain: 1 });
});

Deno.test("sums in two parts have scratch memory of their own, so they do not wait for each other", async () => {
  const several = (x: Tensor): Tensor[] => [2, 3, 4, 5].map((power) => x.slice([power]).sum());
  const { executable, buffers, bound } = await load(planned(several, [2 ** 20]), "none");
  assertEquals(executable.dispatches, 8);
  assertEquals(waitsOf(executable.launches), { barriers: 1, longestChain: 2 });
  executable.run(buffers);
  const groups = bound.length;
  executable.run(buffers);
  assertEquals(bound.length, groups, "the next run binds the same memory");
});

Deno.test("launches are in an order that needs few barriers", async () => {
  // The plan has one chain of products after the other. Both first products are needed until the end.
  const chains = (x: Tensor): Tensor[] => {
    const [first, second] = [x.matmul(x), x.transpose([1, 0]).matmul(x)];
    return [first.matmul(x), second.matmul(x), first.matmul(second)];
  };
  const { executable } = await load(planned(chains, [8, 8]), "none");
  assertEquals(executable.dispatches, 5);
  assertEquals(waitsOf(executable.launches), { barriers: 1, longestChain: 2 });
});

Deno.test("kernels that do not wait for each other are one dispatch, which binds what they share once", async () => {
  const both = (x: Tensor): Tensor[] => [x.exp(), x.sum({ axis: 0 })];
  const { executable, buffers, dispatches, bound, statistics } = await load(planned(both, [20, 3]));
  executable.run(buffers);
  assertEquals([executable.dispatches, statistics.modules, dispatches.length], [1, 1, 1]);
  assertEquals(waitsOf(executable.launches), { barriers: 0, longestChain: 1 });
  assertEquals([...bound[0].entries].length, 3);
  assertEquals(executable.source.match(/^\/\/ .* workgroups$/gm)?.length, 1);
  const [groups] = dispatches[0].workgroups;
  assertEquals(executable.source.includes(`overall < ${groups}u`), true);
});

Deno.test("a buffer is not bound twice to a kernel that writes it", async () => {
  const both = (x: Tensor, y: Tensor): Tensor[] => [x.exp(), y.sin()];
  const program = planOf(graphOf(both, [{ shape: [9], dtype: "f32" }, { shape: [9], dtype: "f32" }]), {
    ...{ name: "test", maxSlots: 10, donated: new Set([0]) },
  }).program;
  const { executable, buffers, statistics, queue } = await load(program);
  assertEquals(buffers.length, 3);
  executable.run(buffers);
  const message = "Cannot run test: expected different buffers, got buffer 1 for both 0 and 1, and exp | sin writes it";
  assertThrows(() => executable.run([buffers[0], buffers[0], buffers[2]]), TypeError, message);
  queue.submit();
  assertEquals([statistics.dispatches, statistics.submissions], [1, 1]);
});

Deno.test("a run is noted if its kernels check indices", async () => {
  for (const checks of [false, true]) {
    const program = planned((x) => checks ? gather(x, x.cast("i32")) : x.exp(), [4]);
    const { executable, buffers, record, bound } = await load(program);
    assertEquals(record.used, false);
    executable.run(buffers);
    assertEquals([record.used, [...bound[0].entries].length], [checks, checks ? 3 : 2]);
  }
});

Deno.test("a disposed program, and other numbers of buffers, are refused", async () => {
  const { executable, buffers, statistics } = await load(planned((x) => x.exp(), [64]));
  assertThrows(() => executable.run(buffers.slice(1)), TypeError, "Cannot run test: expected 2 buffers, got 1");
  assertThrows(() => executable.run([...buffers, buffers[0]]), TypeError, "expected 2 buffers, got 3");
  assertEquals([statistics.programs, statistics.modules], [1, 1]);
  executable.dispose();
  executable.dispose();
  assertEquals([statistics.programs, statistics.modules, statistics.submissions], [0, 0, 0]);
  assertThrows(() => executable.run(buffers), TypeError, "Cannot run test: it was disposed");
});

Deno.test("a program without work submits nothing", async () => {
  const { executable, buffers, statistics } = await load(planned((x) => x.exp(), [0, 3]));
  executable.run(buffers);
  assertEquals([executable.dispatches, statistics.submissions, executable.source], [0, 0, ""]);
});

Deno.test("if there is no memory for all scratch buffers of a run, those that it took are returned", async () => {
  const several = (x: Tensor): Tensor[] => [2, 3].map((power) => x.slice([power]).sum());
  const { executable, buffers, pool, statistics, queue } = await load(planned(several, [2 ** 20]));
  const { liveBytes } = statistics;
  const allocate = pool.allocate.bind(pool);
  let taken = 0;
  pool.allocate = (bytes) => {
    if (++taken === 2) throw new DeviceError("Cannot allocate");
    return allocate(bytes);
  };
  assertThrows(() => executable.run(buffers), DeviceError, "Cannot allocate");
  queue.submit();
  assertEquals([taken, statistics.liveBytes, statistics.submissions], [2, liveBytes, 0], "nothing was collected");
  executable.run(buffers);
  queue.submit();
  assertEquals([statistics.liveBytes, statistics.submissions], [liveBytes, 1]);
});

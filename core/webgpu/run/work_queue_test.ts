import { assertEquals, assertThrows } from "@std/assert";
import { holdTimers } from "../../../tests/held_timers.ts";
import { pretendGpu } from "../../../tests/pretended_gpu.ts";
import { DeviceError, noStatistics } from "../../backend.ts";
import type { Cost } from "../../nest/cost.ts";
import { chooseAdapter, OpenDevice } from "./device.ts";
import { limitsFor, type MarkedBuffer, type SubmissionLimits, WorkQueue } from "./work_queue.ts";

const nothing: Cost = { operations: 0, bytes: 0 };

/** A queue of a device that writes down what it is asked to do. */
async function queues(limits: Partial<SubmissionLimits> = {}) {
  using _ = pretendGpu("hardware");
  const open = await OpenDevice.open(await chooseAdapter());
  const { device } = open;
  const calls: string[] = [];
  const { createCommandEncoder } = device;
  const { submit } = device.queue;
  device.createCommandEncoder = () => {
    const encoder = createCommandEncoder.call(device);
    const { beginComputePass, finish } = encoder;
    encoder.beginComputePass = () => {
      calls.push("pass");
      const pass = beginComputePass.call(encoder);
      pass.end = () => void calls.push("end");
      return pass;
    };
    encoder.finish = () => finish.call(encoder);
    return encoder;
  };
  device.queue.submit = (commands) => {
    calls.push(`submit ${[...commands].length}`);
    submit.call(device.queue, commands);
  };
  const statistics = noStatistics();
  const queue = new WorkQueue(open, statistics, { commands: 100, operations: 100, bytes: 100, ...limits });
  const run = (name: string, { dispatches = 1, cost = nothing, buffers = [] as MarkedBuffer[] } = {}): void =>
    queue.run({ name, buffers, dispatches, cost, encode: () => void calls.push(name) });
  const copy = (name: string, bytes = 0): void =>
    queue.copy({ buffers: [], bytes, encode: () => void calls.push(name) });
  return { queue, open, device, calls, statistics, run, copy };
}

Deno.test("runs share a pass and a submission, and copies keep their place between them", async () => {
  using _ = holdTimers();
  const { queue, calls, statistics, run, copy } = await queues();
  run("a");
  run("b");
  copy("c");
  copy("d");
  run("e");
  assertEquals(statistics.submissions, 0);
  queue.submit();
  assertEquals(calls, ["pass", "a", "b", "end", "c", "d", "pass", "e", "end", "submit 1"]);
  queue.submit();
  assertEquals([calls.length, statistics.submissions], [10, 1], "nothing is left to submit");
});

Deno.test("work is submitted when there are enough commands, operations or bytes", async () => {
  using _ = holdTimers();
  const many = await queues({ commands: 5 });
  many.run("a", { dispatches: 3 });
  many.copy("b");
  await undefined;
  assertEquals(many.statistics.submissions, 0);
  many.run("c");
  await undefined;
  assertEquals(many.statistics.submissions, 1);
  many.run("d", { dispatches: 4 });
  await undefined;
  assertEquals(many.statistics.submissions, 1, "each submission counts anew");
  many.run("e", { dispatches: 400 });
  await undefined;
  assertEquals(many.statistics.submissions, 2);
  for (const one of ["operations", "bytes"] as const) {
    const { statistics, run, copy } = await queues();
    for (const amount of [50, 49]) run("f", { cost: { ...nothing, [one]: amount } });
    await undefined;
    assertEquals(statistics.submissions, 0);
    if (one === "bytes") copy("g", 1);
    else run("g", { cost: { ...nothing, operations: 1 } });
    await undefined;
    assertEquals(statistics.submissions, 1);
    run("h", { cost: { ...nothing, [one]: 99 } });
    await undefined;
    assertEquals(statistics.submissions, 1);
  }
});

Deno.test("work that is enough is submitted before more is collected, but together with a read", async () => {
  using _ = holdTimers();
  const { queue, calls, statistics, run, copy } = await queues({ commands: 2 });
  const x = { submission: 0 };
  for (const name of ["a", "b", "c", "d"]) run(name, { buffers: [x] });
  copy("e");
  assertEquals([statistics.submissions, queue.uses(x)], [2, false]);
  run("f", { buffers: [x] });
  queue.submitWith(() => void calls.push("read"));
  assertEquals(statistics.submissions, 3);
  const pass = ["pass", "a", "b", "end", "submit 1", "pass", "c", "d", "end", "submit 1"];
  assertEquals(calls, [...pass, "e", "pass", "f", "end", "read", "submit 1"]);
  await undefined;
  assertEquals(statistics.submissions, 3, "it is not submitted twice");
  for (const name of ["g", "h"]) run(name, { buffers: [x] });
  assertEquals(queue.uses(x), true);
  queue.begin();
  assertEquals([statistics.submissions, queue.uses(x)], [4, false]);
  run("i", { buffers: [x] });
  queue.begin();
  assertEquals([statistics.submissions, queue.uses(x)], [4, true]);
  await undefined;
  assertEquals(statistics.submissions, 4, "only what was enough");
});

Deno.test("work is submitted in the next turn of the event loop, if nothing else submits it", async () => {
  using timers = holdTimers();
  const { queue, statistics, run } = await queues();
  run("a");
  run("b");
  assertEquals([timers.waits, statistics.submissions], [[0], 0]);
  timers.end();
  assertEquals(statistics.submissions, 1);
  run("c");
  queue.submit();
  timers.end();
  assertEquals([timers.waits, statistics.submissions], [[0, 0], 2], "a submission ends its timer");
});

Deno.test("the buffers of collected work are known until it is submitted", async () => {
  using _ = holdTimers();
  const { queue, run } = await queues();
  const [x, y] = [{ submission: 0 }, { submission: 0 }];
  assertEquals([queue.uses(x), queue.uses(y)], [false, false]);
  run("a", { buffers: [x] });
  assertEquals([queue.uses(x), queue.uses(y)], [true, false]);
  queue.submit();
  assertEquals([queue.uses(x), queue.uses(y)], [false, false]);
  run("b", { buffers: [y] });
  assertEquals([queue.uses(x), queue.uses(y)], [false, true]);
  run("c", { buffers: [x], dispatches: 100 });
  assertEquals([queue.uses(x), queue.uses(y)], [true, true]);
  await undefined;
  assertEquals([queue.uses(x), queue.uses(y)], [false, false]);
});

Deno.test("before buffers are destroyed, what the host wrote is submitted, too", async () => {
  using _ = holdTimers();
  const { queue, calls, statistics, run } = await queues();
  queue.submitAll();
  run("a");
  queue.submitAll();
  assertEquals([calls, statistics.submissions], [["submit 0", "pass", "a", "end", "submit 1", "submit 0"], 1]);
});

Deno.test("if a run cannot be encoded, nothing of its submission is submitted, and the device fails", async () => {
  using timers = holdTimers();
  const { queue, open, calls, run } = await queues();
  run("a");
  const encode = (): never => {
    throw new TypeError("no such group");
  };
  assertThrows(
    () => queue.run({ name: "b", buffers: [], dispatches: 1, cost: nothing, encode }),
    TypeError,
    "no such group",
  );
  assertThrows(() => open.check(), DeviceError, "work could not be submitted: no such group");
  queue.submit();
  timers.end();
  assertEquals(calls, ["pass", "a"]);
});

Deno.test("if a submission fails, the device fails, also if nobody waits for it", async () => {
  for (const late of [false, true]) {
    using timers = holdTimers();
    const { queue, open, device, statistics, run } = await queues();
    device.queue.submit = () => {
      throw new TypeError("no such device");
    };
    run("a");
    if (late) timers.end();
    else assertThrows(() => queue.submit(), TypeError, "no such device");
    assertThrows(() => open.check(), DeviceError, "work could not be submitted: no such device");
    assertEquals(statistics.submissions, 0);
  }
});

Deno.test("the work of a device that failed is dropped", async () => {
  using timers = holdTimers();
  const { open, calls, statistics, run } = await queues();
  run("a");
  open.fail("Cannot use it");
  timers.end();
  assertEquals([calls, statistics.submissions], [["pass", "a"], 0]);
});

Deno.test("a slow device collects less work than a fast one", () => {
  const [hardware, software] = [limitsFor("hardware"), limitsFor("software")];
  assertEquals([hardware.operations > software.operations, hardware.bytes > software.bytes], [true, true]);
});

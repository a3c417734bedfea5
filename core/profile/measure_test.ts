import { assertAlmostEquals, assertEquals } from "@std/assert";
import { ones } from "../creation.ts";
import { jit, versionOf } from "../jit.ts";
import type { Program, ProgramStep } from "../nest/program.ts";
import { scan } from "../scan.ts";
import type { Tensor } from "../tensor.ts";
import { kernelOf, measureProfile, partsOf } from "./measure.ts";
import { peaksOf } from "./peaks.ts";
import "../wasm/default_device.ts";

const depthOf = ([step]: readonly ProgramStep[]): number => step.kind === "loop" ? 1 + depthOf(step.steps) : 0;

Deno.test("each nest becomes a program of its own, in its own loops, on the buffers of all", () => {
  using fn = jit((x: Tensor) => {
    const inner = (carry: Tensor, row: Tensor): [Tensor, null] => [carry.add(row).tanh(), null];
    const outer = (carry: Tensor, row: Tensor): [Tensor, null] => [scan(inner, carry, x)[0].mul(row), null];
    return scan(outer, x.sum({ axis: 0 }), x.slice([0, 0], [3, 2]))[0];
  });
  const { program } = versionOf(fn, ones([5, 2])).compiled.plan;
  const parts = partsOf(program);
  assertEquals(new Set(parts.map(({ program }) => program.buffers)), new Set([program.buffers]));
  assertEquals(parts.every(({ program: { steps } }) => steps.length === 1), true);
  const counted = parts.map(({ runs, program: { steps } }) => `${runs} runs in ${depthOf(steps)} loops`);
  assertEquals(new Set(counted), new Set(["1 runs in 0 loops", "3 runs in 1 loops", "15 runs in 2 loops"]));
});

const programOf = (fn: (x: Tensor) => Tensor, shape: number[]): Program => {
  using compiled = jit(fn, { name: "measured" });
  return versionOf(compiled, ones(shape)).compiled.plan.program;
};

Deno.test("a loop that never runs, and nests without elements, are no parts", () => {
  const body = (carry: Tensor, row: Tensor): [Tensor, null] => [carry.add(row).tanh(), null];
  const program = programOf((x) => scan(body, ones([2]).mul(x.sum()), x)[0], [0, 2]);
  assertEquals(partsOf(program).map(({ runs }) => runs), partsOf(program).map(() => 1));
  assertEquals(partsOf(programOf((x) => x.exp(), [0, 2])), []);
});

Deno.test("rates are work by time, and the share is that of the peak that is nearer", () => {
  const peaks = { gigaflops: 10, gigabytes: 40 };
  const [sum] = partsOf(programOf((x) => x.add(x), [1000]));
  // 1000 additions, and 8000 bytes in and out, in a microsecond.
  const fast = kernelOf({ ...sum, runs: 3 }, 0.001, peaks);
  assertEquals([fast.name, fast.kind, fast.loops, fast.runs, fast.milliseconds], [
    "add",
    "elementwise",
    "1000",
    3,
    0.001,
  ]);
  assertEquals([fast.operations, fast.bytes], [3000, 24_000]);
  assertAlmostEquals(fast.gigaflops, 3, 1e-12);
  assertAlmostEquals(fast.gigabytes, 24, 1e-12);
  assertAlmostEquals(fast.share, 0.6, 1e-12);
  assertEquals(fast.limit, "memory");
  const slow = kernelOf({ ...sum, runs: 3 }, 0.001, { gigaflops: 1, gigabytes: 40 });
  assertAlmostEquals(slow.share, 3, 1e-12);
  assertEquals(slow.limit, "arithmetic");
  const tied = kernelOf(sum, 0.001, { gigaflops: 1, gigabytes: 8 });
  assertEquals([tied.share, tied.limit], [1, "arithmetic"]);
  const unmeasured = kernelOf(sum, 0, peaks);
  assertEquals([unmeasured.gigaflops, unmeasured.gigabytes, unmeasured.share], [0, 0, 0]);
  const kinds = [(x: Tensor) => x.sum(), (x: Tensor) => x.reshape([25, 40]).matmul(x.reshape([40, 25]))].map((fn) =>
    kernelOf(partsOf(programOf(fn, [1000]))[0], 1, peaks).kind
  );
  assertEquals(kinds, ["reduction", "product"]);
});

Deno.test("each round runs the whole function once, after three that are not counted, on all buffers", async () => {
  using fn = jit((x: Tensor) => x.exp().sum().tanh(), { name: "measured" });
  const { compiled } = versionOf(fn, ones([8]));
  const { executable, plan: { program } } = compiled;
  const given: number[] = [];
  const run = executable.run.bind(executable);
  executable.run = (buffers) => {
    given.push(buffers.length);
    run(buffers);
  };
  const found = await measureProfile({ compiled, inputs: undefined, rounds: 4 });
  assertEquals(given, new Array(7).fill(program.buffers.length));
  assertEquals([found.rounds, found.name, found.clock], [4, "measured", "host"]);
  assertEquals(peaksOf(compiled.backend) === peaksOf(compiled.backend), true, "peaks are measured once");
  assertEquals(await peaksOf(compiled.backend), found.peaks);
  assertEquals(found.kernels.length, partsOf(program).length);
  assertEquals(found.kernels.map(({ number }) => number).toSorted(), partsOf(program).map((_, i) => i + 1));
  assertAlmostEquals(found.kernelMilliseconds, found.kernels.reduce((sum, one) => sum + one.milliseconds, 0), 1e-12);
  assertEquals(found.outsideMilliseconds, Math.max(0, found.milliseconds - found.kernelMilliseconds));
  assertEquals(found.operations, found.kernels.reduce((sum, { operations }) => sum + operations, 0));
});

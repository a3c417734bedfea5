import { assert, assertEquals } from "@std/assert";
import { graphOf, planOf } from "../../tests/oracle.ts";
import { gather } from "../functions/selection.ts";
import { countLaunches, waitsOf } from "../nest/launches.ts";
import type { Program, ProgramStep } from "../nest/program.ts";
import { scan } from "../scan.ts";
import type { Tensor } from "../tensor.ts";
import { type LoweredProgram, type LowerOptions, lowerProgram, type Step } from "./lower_program.ts";
import type { BoundKernel } from "./merge/merge.ts";
import { mergeRules } from "./merge/rules.ts";
import { schedulerFor } from "./schedule/choose.ts";

const planned = (fn: (x: Tensor) => Tensor | Tensor[], shape: number[]): Program =>
  planOf(graphOf(fn, [{ shape, dtype: "f32" }]), { name: "test", maxSlots: 10, donated: new Set() }).program;

const options = { scheduler: schedulerFor("hardware"), maxSlots: 10, maxMemory: 16384 };
const { hardware: merging } = mergeRules;
const apart = (program: Program, more: Partial<LowerOptions> = {}): LoweredProgram =>
  lowerProgram(program, { ...options, ...more });
const merged = (program: Program, more: Partial<LowerOptions> = {}): LoweredProgram =>
  lowerProgram(program, { ...options, merging, ...more });

const namesOf = (steps: readonly Step<BoundKernel>[]): string[] =>
  steps.flatMap((step) =>
    step.kind === "launch" ? [step.launch.kernel.name] : [`${step.counter.extent} times`, ...namesOf(step.steps)]
  );

Deno.test("a program has a kernel for each time that its kernels wait, and one more", () => {
  const chains = (x: Tensor): Tensor[] => {
    const [first, second] = [x.matmul(x), x.transpose([1, 0]).matmul(x)];
    return [first.matmul(x), second.matmul(x), first.matmul(second)];
  };
  const program = planned(chains, [8, 8]);
  assertEquals(countLaunches(apart(program).launches), 5);
  assertEquals(namesOf(merged(program).steps), ["dot | dot", new Array(3).fill("dot+reshape").join(" | ")]);
  assertEquals(waitsOf(merged(program).launches), waitsOf(apart(program).launches));
});

Deno.test("the parts of several sums are one kernel, and what joins them is another one", () => {
  const several = (x: Tensor): Tensor[] => [2, 3, 4, 5].map((power) => x.slice([power]).sum());
  const { steps, scratches, launches } = merged(planned(several, [2 ** 20]));
  assertEquals(namesOf(steps), [
    new Array(4).fill("sum, parts").join(" | "),
    new Array(4).fill("sum, joined").join(" | "),
  ]);
  assertEquals([scratches.length, waitsOf(launches).barriers], [4, 1]);
});

Deno.test("kernels inside of a loop are merged with each other, and read the counter once", () => {
  const turns = (x: Tensor): Tensor[] => {
    const body = (
      c: Tensor,
      row: Tensor,
    ): [Tensor, Tensor] => [c.mul(row).sin(), c.slice([0], [2]).sub(row.sum()).exp()];
    const [last, all] = scan(body, x.sum({ axis: 0 }), x);
    return [last, all, x.cos()];
  };
  const program = planned(turns, [5, 3]);
  // Otherwise the loop would be one kernel.
  const { loop: _, ...scheduler } = options.scheduler;
  const { steps, launches } = merged(program, { scheduler });
  const loop = steps.find((step) => step.kind === "loop");
  assert(loop?.kind === "loop");
  for (const step of loop.steps) assertEquals(step.kind === "launch" && step.launch.kernel.counters.length, 1);
  const { launches: before } = apart(program, { scheduler });
  assert(countLaunches(launches) < countLaunches(before));
  assertEquals(waitsOf(launches).barriers, waitsOf(before).barriers);
});

/** A program that does its work twice, on buffers of its own each time. */
function doubled({ name, buffers, steps }: Program): Program {
  const moved = (step: ProgramStep): ProgramStep =>
    step.kind === "loop"
      ? { ...step, steps: step.steps.map(moved) }
      : { ...step, buffers: step.buffers.map((buffer) => buffer + buffers.length) };
  return { name, buffers: [...buffers, ...buffers], steps: [...steps, ...steps.map(moved)] };
}

Deno.test("loops that are one kernel each are merged with each other", () => {
  const turns = (x: Tensor): Tensor =>
    scan((carry: Tensor, row: Tensor): [Tensor, null] => [carry.mul(row).sin(), null], x.sum({ axis: 0 }), x)[0];
  const { steps } = merged(doubled(planned(turns, [5, 3])));
  const loops = steps.map((step) => step.kind === "launch" && step.launch.kernel.schedule.match(/persistent/g)?.length);
  assertEquals(loops.filter((count) => count), [2]);
});

Deno.test("a kernel that checks indices is merged with others, but not with another one that does", () => {
  const picks = (
    x: Tensor,
  ): Tensor[] => [gather(x, x.cast("i32")), gather(x, x.cast("i32").add(1)).sum({ axis: 0 }), x.slice([1]).exp()];
  const { steps, launches } = merged(planned(picks, [4]));
  const checking = steps.map((step) => step.kind === "launch" && step.launch.kernel.checksIndices);
  assertEquals([steps.length, checking, waitsOf(launches).barriers], [2, [true, true], 1]);
  const records = steps.map((step) =>
    step.kind === "launch" && step.launch.kernel.code.match(/record_found\(\)/g)?.length
  );
  assertEquals(records, [2, 2], "the function, and one call");
});

Deno.test("nests without elements are not launched", () => {
  assertEquals(merged(planned((x) => [x.exp(), x.sin()], [0, 3])).steps, []);
});

Deno.test("a loop whose nests have no elements is not launched", () => {
  const turns = (x: Tensor): Tensor =>
    scan((carry: Tensor, row: Tensor): [Tensor, null] => [carry.mul(row).sin(), null], x.sum({ axis: 0 }), x)[0];
  assertEquals(countLaunches(merged(planned(turns, [5, 0])).launches), 0);
});

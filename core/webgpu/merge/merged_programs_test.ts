import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Program, ProgramStep } from "../../nest/program.ts";
import type { Scheduler } from "../schedule/schedule.ts";
import { schedulerFor } from "../schedule/choose.ts";
import { contractions, product } from "../test_contractions.ts";
import { type Pattern, patterns } from "../test_patterns.ts";
import { type Cells, gpuTest, openIfAny, runOn } from "../test_support.ts";
import type { MergeRule } from "./rules.ts";

/** Patterns as one program, whose parts share no buffers. */
function sideBySide(all: readonly Pattern[]): { readonly program: Program; readonly cells: readonly Cells[] } {
  const buffers: Program["buffers"][number][] = [];
  const cells: Cells[] = [];
  const steps = all.flatMap((pattern): ProgramStep[] => {
    const first = buffers.length;
    buffers.push(...pattern.program.buffers);
    pattern.program.buffers.forEach(({ bytes }, i) =>
      cells.push(pattern.cells[i] ?? new Array<number>(bytes / 4).fill(0))
    );
    const moved = (step: ProgramStep): ProgramStep =>
      step.kind === "loop"
        ? { ...step, steps: step.steps.map(moved) }
        : { ...step, buffers: step.buffers.map((buffer) => buffer + first) };
    return pattern.program.steps.map(moved);
  });
  return { program: { name: "side by side", buffers, steps }, cells };
}

/** Merges whatever the device allows. */
const everything: MergeRule = { mostText: Infinity, mostStreamed: Infinity, mostSkipped: Infinity };

const rows: Scheduler = {
  parts: () => 1,
  schedule: (nest) => {
    const chosen = schedulerFor("hardware").schedule(nest);
    return chosen.kind === "row" ? { kind: "row", lanes: 32 } : chosen;
  },
};

const schedulers: Readonly<Record<string, Scheduler>> = {
  "for a GPU": schedulerFor("hardware"),
  "for a software driver": schedulerFor("software"),
  "with short rows": rows,
};

const backends = await Promise.all(
  Object.entries(schedulers).map(async ([name, scheduler]) => ({
    name,
    merged: await openIfAny({ scheduler, merging: everything }),
    apart: await openIfAny({ scheduler, merging: "none" }),
  })),
);

const isLong = (description: string): boolean => /more (than|iterations)/.test(description);
const short = Object.entries(patterns).filter(([description]) => !isLong(description)).map(([_, make]) => make);
const tiles = Object.values(contractions).slice(0, 6);

/** Every fifth pattern, and two products whose own workgroups have different numbers of threads. */
const mixtures = [0, 1, 2, 3, 4].map((first) => [
  ...short.filter((_, i) => i % 5 === first),
  tiles[first],
  () => product(20, 41 + first, 300),
]);

for (const { name, merged, apart } of backends) {
  for (const [number, mixture] of mixtures.entries()) {
    gpuTest(`merged kernels ${name} give the same bits: mixture ${number}`, async () => {
      const { program, cells } = sideBySide(mixture.map((make) => make()));
      const [one, many] = [merged!.load(program).dispatches, apart!.load(program).dispatches];
      assert(one < many / 2, `${one} of ${many} dispatches`);
      const [got, wanted] = [await runOn(merged!, program, cells), await runOn(apart!, program, cells)];
      got.forEach((values, buffer) => assertEquals(values, wanted[buffer], `buffer ${buffer}`));
    });
  }
}

gpuTest("merged kernels with more than 65535 workgroups give the same bits", async () => {
  const [{ merged, apart }] = backends;
  const { program, cells } = sideBySide([
    patterns["more than 65535 workgroups"](),
    patterns["four neighbors at a time"](),
    product(5, 7, 30),
  ]);
  const loaded = merged!.load(program);
  assertStringIncludes(loaded.source, " x 2 x 1 workgroups");
  assertEquals(loaded.dispatches, 1);
  const [got, wanted] = [await runOn(merged!, program, cells), await runOn(apart!, program, cells)];
  // Comparing millions of numbers one by one would take most of the time.
  got.forEach((values, buffer) => {
    const differing = values.findIndex((value, i) => !Object.is(value, wanted[buffer][i]));
    assertEquals(differing, -1, `buffer ${buffer} at ${differing}`);
  });
});

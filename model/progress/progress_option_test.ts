import { assertEquals } from "@std/assert";
import type { TrainingEvent } from "../training/events.ts";
import { chooseProgress, type ProgressOption, type Surroundings } from "./progress_option.ts";
import { isTestModule, isTestRun } from "./runs_tests.ts";

const step: TrainingEvent = { event: "step", epoch: 1, batch: 1, batches: 2, iteration: 1 };
const epoch: TrainingEvent = {
  ...{ event: "epoch", epoch: 1, trainLoss: 0.5, trainError: 1, validationError: null, validationLoss: null },
  ...{ seconds: 1, samplesPerSecond: 100 },
};

/** What is written to the terminal, and to the console, for a step and an epoch. */
function shown(option: ProgressOption, columns: number | undefined, others: Partial<Surroundings> = {}): string {
  const { error, info } = console;
  let written = "";
  const output = { columns: () => columns, note: (text: string) => void (written += text.includes("\n") ? "L" : "B") };
  console.error = () => written += "e";
  console.info = () => written += "i";
  try {
    const surroundings = { output, hasLog: false, isTest: false, ...others };
    const { tell, isLive } = chooseProgress(option, surroundings);
    [step, epoch].forEach(tell);
    return `${written}${isLive ? " live" : ""}`;
  } finally {
    Object.assign(console, { error, info });
  }
}

Deno.test("by default there is a bar on a terminal, and lines elsewhere, except where they would be noise", () => {
  // B: a bar, or its removal; L: a line on the terminal; e, i: a line on the console, as an error or as information.
  assertEquals(shown(undefined, 80), "BBL live");
  assertEquals(shown(undefined, 80, { hasLog: true }), "BB live");
  assertEquals(shown(undefined, undefined), "e");
  assertEquals(shown(undefined, undefined, { hasLog: true }), "");
  assertEquals(shown(undefined, undefined, { isTest: true }), "");
  assertEquals(shown(undefined, undefined, { output: undefined }), "");
});

Deno.test("true shows progress wherever that is possible, false nowhere", () => {
  assertEquals(shown(true, 80, { isTest: true }), "BBL live");
  assertEquals(shown(true, undefined, { isTest: true }), "e");
  assertEquals(shown(true, undefined, { output: undefined }), "i");
  assertEquals([shown(false, 80), shown(false, undefined)], ["", ""]);
});

Deno.test("a function receives all events, and nothing is printed", () => {
  const events: string[] = [];
  assertEquals(shown(({ event }) => events.push(event), 80), " live");
  assertEquals(events, ["step", "epoch"]);
});

Deno.test("tests, benchmarks and examples in documentation are recognized by their names", () => {
  assertEquals(isTestRun(), true);
  const tests = ["file:///a/b_test.ts", "file:///a/b.test.tsx", "file:///a/test.js", "file:///a/b_bench.ts"];
  const examples = ["file:///a/README.md#12-30.ts", "file:///a/model.ts$7-9.ts"];
  assertEquals([...tests, ...examples].map(isTestModule), Array(6).fill(true));
  const programs = [
    "file:///a/latest.ts",
    "file:///tests/main.ts",
    "file:///a/test_data.ts",
    "file:///a/my%23test1.ts",
  ];
  assertEquals(programs.map(isTestModule), Array(4).fill(false));
});

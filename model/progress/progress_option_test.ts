import { assertEquals, assertThrows } from "@std/assert";
import type { TrainingEvent } from "../training/events.ts";
import { chooseProgress, type ProgressOption, type Surroundings } from "./progress_option.ts";
import { isTestModule, isTestRun } from "./runs_tests.ts";

const step: TrainingEvent = { event: "step", epoch: 1, batch: 1, batches: 2, iteration: 1 };
const epoch: TrainingEvent = {
  ...{ event: "epoch", epoch: 1, trainLoss: 0.5, trainError: 1, validationError: null, validationLoss: null },
  ...{ seconds: 1, samplesPerSecond: 100 },
};

/** What is written to the terminal, and to the console, for a step and an epoch. */
async function shown(
  option: ProgressOption,
  columns: number | undefined,
  others: Partial<Surroundings> = {},
): Promise<string> {
  const { error, info } = console;
  let written = "";
  const output = { columns: () => columns, note: (text: string) => void (written += text.includes("\n") ? "L" : "B") };
  console.error = () => written += "e";
  console.info = () => written += "i";
  try {
    const surroundings = { output, hasLog: false, isTest: false, ...others };
    const { tell, isLive } = await chooseProgress(option, surroundings);
    [step, epoch].forEach(tell);
    return `${written}${isLive ? " live" : ""}`;
  } finally {
    Object.assign(console, { error, info });
  }
}

Deno.test("by default there is a bar on a terminal, and lines elsewhere, except where they would be noise", async () => {
  // B: a bar, or its removal; L: a line on the terminal; e, i: a line on the console, as an error or as information.
  assertEquals(await shown(undefined, 80), "BBL live");
  assertEquals(await shown(undefined, 80, { hasLog: true }), "BB live");
  assertEquals(await shown(undefined, undefined), "e");
  assertEquals(await shown(undefined, undefined, { hasLog: true }), "");
  assertEquals(await shown(undefined, undefined, { isTest: true }), "");
  assertEquals(await shown(undefined, undefined, { output: undefined }), "");
});

Deno.test("true shows progress wherever that is possible, false nowhere", async () => {
  assertEquals(await shown(true, 80, { isTest: true }), "BBL live");
  assertEquals(await shown(true, undefined, { isTest: true }), "e");
  assertEquals(await shown(true, undefined, { output: undefined }), "i");
  assertEquals([await shown(false, 80), await shown(false, undefined)], ["", ""]);
});

Deno.test("lines that cannot be written are left out, and errors of one's own function are passed on", async () => {
  const { error, info } = console;
  const full = (): never => {
    throw new Error("No space left on device (os error 28)");
  };
  Object.assign(console, { error: full, info: full });
  try {
    const output = { columns: () => undefined, note: () => {} };
    for (const surroundings of [{ output }, { output: undefined }]) {
      const { tell, clear } = await chooseProgress(true, { ...surroundings, hasLog: false, isTest: false });
      [step, epoch].forEach(tell);
      clear();
    }
    const { tell } = await chooseProgress(full, { output, hasLog: false, isTest: false });
    assertThrows(() => tell(epoch), Error, "No space left on device");
  } finally {
    Object.assign(console, { error, info });
  }
});

Deno.test("a function receives all events, and nothing is printed", async () => {
  const events: string[] = [];
  assertEquals(await shown(({ event }) => events.push(event), 80), " live");
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

import { assertEquals } from "@std/assert";
import type { StartEvent, StepEvent, TrainingEvent } from "../../model/mod.ts";
import type { Output } from "../output.ts";
import { watchProgress } from "./progress.ts";

const start: StartEvent = {
  event: "start",
  model: "m",
  network: "n",
  data: "d",
  seed: 1,
  device: { kind: "wasm", name: "w", software: false },
  epochs: 2,
  batches: 10,
  examples: 1000,
};
const step = (iteration: number): StepEvent => ({
  event: "step",
  epoch: 1,
  batch: iteration,
  batches: 10,
  iteration,
});
const validation: TrainingEvent = {
  event: "validation",
  epoch: 1,
  batch: 10,
  batches: 10,
  iteration: 10,
  validationError: 2.5,
  validationLoss: 0.5,
  trainLoss: 0.25,
  errorUnit: "%",
};
const epoch: TrainingEvent = {
  event: "epoch",
  epoch: 1,
  trainLoss: 0.25,
  trainError: 3,
  validationLoss: null,
  validationError: 2.5,
  seconds: 1,
  samplesPerSecond: 1000,
};

/** The output for events at these times in milliseconds. */
function written(columns: number | undefined, events: readonly (readonly [number, TrainingEvent])[]): string[] {
  const notes: string[] = [];
  const output: Output = { result: () => {}, note: (text) => notes.push(text), columns: () => columns };
  let now = 0;
  const watch = watchProgress(output, () => now);
  for (const [time, event] of events) {
    now = time;
    watch(event);
  }
  return notes;
}

Deno.test("without a terminal there is one line per epoch, in the documented form", () => {
  assertEquals(written(undefined, [[0, start], [100, step(1)], [900, step(10)], [950, validation], [1000, epoch]]), [
    "epoch 1, minibatch 10/10, validation error 2.500 %, loss 0.2500, 1,000 samples/s\n",
  ]);
});

Deno.test("on a terminal there is a bar, which is updated at most ten times per second", () => {
  const notes = written(200, [[0, start], [100, step(1)], [150, step(2)], [199, step(3)], [200, step(4)], [
    250,
    step(5),
  ]]);
  assertEquals(notes, [
    "\repoch 1/2 [##..................] 1/10\x1b[K",
    "\repoch 1/2 [########............] 4/10  3,000 samples/s  1 s left\x1b[K",
  ]);
});

Deno.test("the progress line fits any terminal, and keeps the most important parts", () => {
  const last = { ...step(11), epoch: 2, batch: 1 };
  const events = [[0, start], [50, validation], [50, step(10)], [250, last]] as const;
  const at = (columns: number): string => written(columns, events)[1].slice(1, -"\x1b[K".length);
  for (let columns = 8; columns < 140; columns++) {
    const line = at(columns);
    if (line.length >= columns) throw new Error(`${line.length} characters in ${columns} columns: ${line}`);
  }
  assertEquals(at(130).includes("samples/s"), true);
  assertEquals(at(80), "epoch 2/2 [#.........] 1/10  500 samples/s  2 s left  validation error 2.500 %");
  assertEquals(at(60), "epoch 2/2 [#.........]  2 s left  validation error 2.500 %");
  assertEquals(at(40), "epoch 2/2  validation error 2.500 %");
  assertEquals(at(20), "epoch 2/2  2 s left");
  assertEquals(at(8), "epoch 2");
});

Deno.test("the bar is cleared before a line is printed", () => {
  const notes = written(20, [[0, start], [100, step(1)], [150, validation], [200, epoch]]);
  assertEquals(notes.slice(1), [
    "\r\x1b[K",
    "epoch 1, minibatch 10/10, validation error 2.500 %, loss 0.2500, 1,000 samples/s\n",
  ]);
});

/** The speed and the remaining time on the bar of a training of 10 epochs, after two steps within a second. */
function measured(first: StepEvent, second: StepEvent): string[] | undefined {
  // Compiling before the first step takes five seconds.
  const notes = written(200, [[0, { ...start, epochs: 10 }], [5000, first], [6000, second]]);
  return /(?<speed>[\d,]+) samples\/s {2}(?<left>(?:at least )?[\d ms]+) left/.exec(notes[1])?.slice(1);
}

Deno.test("speed and time are measured from the end of the first step, also if training resumes", () => {
  assertEquals(measured(step(1), step(2)), ["100", "01 m 38 s"]);
  assertEquals(measured({ ...step(50), epoch: 5, batch: 10 }, { ...step(51), epoch: 6, batch: 1 }), ["100", "49 s"]);
});

Deno.test("the time left is that of all epochs only if early stopping cannot end training before", () => {
  const second = (lastIteration: number): StepEvent => ({ ...step(2), lastIteration });
  assertEquals(measured(step(1), second(100)), ["100", "01 m 38 s"]);
  assertEquals(measured(step(1), second(31)), ["100", "at least 29 s"]);
});

import { assertEquals } from "@std/assert";
import type { PretrainingStepEvent, StartEvent, StepEvent, TrainingEvent } from "../training/events.ts";
import { FileError } from "../files/errors.ts";
import type { Report } from "../training/report.ts";
import { type ProgressLines, watchTraining } from "./watch_training.ts";

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
  objective: "categoricalCrossentropyError",
  metric: "categoricalError",
  errorUnit: "%",
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
  validationLoss: 0.5,
  validationError: 2.5,
  seconds: 1,
  samplesPerSecond: 1000,
};

/** The output for events at these times in milliseconds. */
function written(
  columns: number | undefined,
  events: readonly (readonly [number, TrainingEvent])[],
  lines?: ProgressLines,
): string[] {
  const notes: string[] = [];
  const output = { note: (text: string) => void notes.push(text), columns: () => columns };
  let now = 0;
  const watch = watchTraining(output, lines, () => now);
  for (const [time, event] of events) {
    now = time;
    watch.tell(event);
  }
  return notes;
}

const wholeLine = "epoch 1/2: training loss 0.2500; validation loss 0.5000, categorical error 2.500 %; " +
  "1.00 s, 1,000 samples/s\n";
const shortLine = "epoch 1/2: loss 0.2500; validation loss 0.5000, error 2.500 %; 1.00 s\n";

Deno.test("without a terminal there is one line per epoch, with losses, metric, time and speed", () => {
  assertEquals(written(undefined, [[0, start], [100, step(1)], [900, step(10)], [950, validation], [1000, epoch]]), [
    wholeLine,
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
  const at = (columns: number): string => written(columns, events).at(-1)!.slice(1, -"\x1b[K".length);
  for (let columns = 8; columns < 140; columns++) {
    const line = at(columns);
    if (line.length >= columns) throw new Error(`${line.length} characters in ${columns} columns: ${line}`);
  }
  assertEquals(
    at(139),
    "epoch 2/2 [##..................] 1/10  500 samples/s  2 s left  loss 0.2500  " +
      "validation loss 0.5000, categorical error 2.500 %",
  );
  assertEquals(at(90), "epoch 2/2 [#.........] 1/10  500 samples/s  2 s left  loss 0.2500  error 2.500 %");
  assertEquals(at(80), "epoch 2/2 [#.........] 1/10  2 s left  loss 0.2500  error 2.500 %");
  assertEquals(at(60), "epoch 2/2  2 s left  loss 0.2500  error 2.500 %");
  assertEquals(at(40), "epoch 2/2  loss 0.2500  error 2.500 %");
  assertEquals(at(30), "epoch 2/2  loss 0.2500");
  assertEquals(at(20), "epoch 2/2  2 s left");
  assertEquals(at(8), "epoch 2");
});

Deno.test("the bar is cleared before a line is printed, which is shorter on a narrow terminal", () => {
  const of = (columns: number) =>
    written(columns, [[0, start], [100, step(10)], [150, validation], [200, epoch]]).slice(1);
  assertEquals(of(120), ["\r\x1b[K", wholeLine]);
  assertEquals(of(80), ["\r\x1b[K", shortLine]);
  assertEquals(of(20), ["\r\x1b[K", shortLine]);
  const { length } = wholeLine.trimEnd();
  assertEquals([of(length + 1)[1], of(length)[1]], [wholeLine, shortLine]);
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

Deno.test("after the first step no speed is shown, also if the step is repeated", () => {
  const bar = `\repoch 1/10 [${"#".repeat(4)}${".".repeat(16)}] 2/10\x1b[K`;
  const begin: [number, TrainingEvent] = [0, { ...start, epochs: 10 }];
  assertEquals(written(200, [begin, [5000, step(2)]]).at(-1), bar);
  assertEquals(written(200, [begin, [5000, step(2)], [6000, step(2)]]).at(-1), bar);
});

Deno.test("a time left that rounds to 0 is not shown", () => {
  const lineOf = (epochs: number, last: StepEvent): string =>
    written(200, [[0, { ...start, epochs }], [100, step(1)], [1000, last]]).at(-1)!;
  const full = "#".repeat(20);
  assertEquals(lineOf(1, step(10)), `\repoch 1/1 [${full}] 10/10  1,000 samples/s\x1b[K`);
  assertEquals(lineOf(2, { ...step(10), lastIteration: 11 }), `\repoch 1/2 [${full}] 10/10  1,000 samples/s\x1b[K`);
});

/** The bar after a step, without its escape sequences. */
function barAfter(columns: number, ...events: readonly TrainingEvent[]): string {
  const notes = written(columns, events.map((event, i) => [i * 1000, event] as const));
  return notes.at(-1)!.slice(1, -"\x1b[K".length);
}

Deno.test("the bar shows the loss of the epoch so far, and before it is known that of the last validation", () => {
  assertEquals(barAfter(70, start, { ...step(3), trainLoss: 0.00012344 }).endsWith("  loss 0.0001234"), true);
  assertEquals(barAfter(139, start, validation, step(3)).includes("  loss 0.2500  validation loss 0.5000,"), true);
  const next = barAfter(139, start, validation, { ...step(3), trainLoss: NaN });
  assertEquals(next.includes("  loss NaN  validation loss"), true);
});

Deno.test("a regression and an accuracy are shown by their names, with enough digits", () => {
  const of = (measures: Partial<StartEvent>, values: Partial<typeof epoch>) => {
    const event = { ...epoch, ...values } as TrainingEvent;
    return written(undefined, [[0, { ...start, ...measures }], [1000, event]])[0];
  };
  assertEquals(
    of({ objective: "meanSquaredError", metric: null, errorUnit: "" }, {
      ...{ trainLoss: 0.00012344, validationLoss: 1.03e-7, validationError: null, seconds: 0.0123 },
    }),
    "epoch 1/2: training loss 0.0001234; validation loss 1.03e-7 (mean squared error); 0.0123 s, 1,000 samples/s\n",
  );
  assertEquals(
    of({ metric: "meanAbsoluteError", errorUnit: "" }, { validationError: 0.00025 }),
    "epoch 1/2: training loss 0.2500; validation loss 0.5000, mean absolute error 0.0002500; 1.00 s, 1,000 samples/s\n",
  );
  assertEquals(
    of({ metric: "categoricalAccuracy" }, { validationError: 2.5 }),
    "epoch 1/2: training loss 0.2500; validation loss 0.5000, categorical accuracy 97.50 %; 1.00 s, 1,000 samples/s\n",
  );
  assertEquals(
    of({}, { validationError: null, validationLoss: null }),
    "epoch 1/2: training loss 0.2500; 1.00 s, 1,000 samples/s\n",
  );
});

Deno.test("pre-training shows its layer, epoch, cost, and the time left for the layer", () => {
  const at = (batch: number, cost?: number): PretrainingStepEvent => ({
    ...{ event: "pretrainingStep", layer: "RBM 1", epoch: 2, epochs: 3, batch, batches: 10 },
    ...cost !== undefined && { cost },
  });
  assertEquals(
    barAfter(120, at(1), at(2), at(3, 80.5)),
    "pre-training RBM 1  epoch 2/3 [######..............] 3/10  17 s left for this layer  cost 80.50",
  );
  assertEquals(barAfter(40, at(1), at(2, 80.5)), "pre-training RBM 1  epoch 2/3");
  assertEquals(barAfter(44, at(1), at(2, 80.5)), "pre-training RBM 1  epoch 2/3  cost 80.50");
  const done = { event: "pretraining", layer: "RBM 1", epoch: 1, epochs: 3, cost: 0.00005, seconds: 61 } as const;
  assertEquals(written(undefined, [[0, done]]), ["pre-training RBM 1, epoch 1/3: cost 5e-5; 01 m 01 s\n"]);
});

Deno.test("of very many epochs only few have lines, and the last one", () => {
  const epochs = Array.from({ length: 400 }, (_, i) => [10 * i, { ...epoch, epoch: i + 1 } as TrainingEvent] as const);
  const begun = [0, { ...start, epochs: 400 }] as const;
  const numbers = (lines: ProgressLines) =>
    written(undefined, [begun, ...epochs], lines).map((line) => Number(/^epoch (\d+)/.exec(line)?.[1]));
  const first = Array.from({ length: 50 }, (_, i) => i + 1);
  assertEquals(numbers({ epochs: "few", frame: false }), [...first, 150, 250, 350, 400]);
  assertEquals(numbers({ epochs: "all", frame: false }).length, 400);
  assertEquals(numbers({ epochs: "none", frame: false }), []);
});

const report: Report = {
  ...{ model: "m", network: "n", parameters: 1, data: "d", dataHash: "", seed: 1, updates: "sgd", hyperparameters: {} },
  ...{
    device: start.device,
    versions: { yadll: "0.1.0" },
    epochs: 2,
    iterations: 20,
    batches: 10,
    stop: "epochs",
    errorUnit: "%",
  },
  ...{ validationError: 2.5, validationLoss: 0.5, bestIteration: 20, testError: 3, testLoss: 0.625 },
  seconds: { total: 98, compile: 0, pretrain: 0, train: 90, validate: 8, save: 0 },
  ...{ samplesPerSecond: 1, history: [] },
};

Deno.test("the end says what was kept, and after an interruption how to resume", () => {
  const lines = { epochs: "all", frame: true } as const;
  const of = (changes: Partial<Report>, ...before: TrainingEvent[]) =>
    written(
      undefined,
      [start, ...before, { event: "end", report: { ...report, ...changes } } as const].map((event) => [0, event]),
      lines,
    );
  const kept = "Weights that were kept: validation loss 0.5000, categorical error 2.500 %; " +
    "test loss 0.6250, categorical error 3.000 %\n";
  const begun = "Training m on d: up to 2 epochs of 10 steps; w\n";
  assertEquals(of({}), [begun, "Training completed: 2 epochs, 01 m 38 s\n", kept]);
  assertEquals(
    of({ stop: "patience" })[1],
    "Training stopped early in epoch 2, because validation stopped improving, 01 m 38 s\n",
  );
  const save: TrainingEvent = { event: "save", file: "a.ym", epoch: 2, batch: 3, batches: 10, iteration: 13 };
  assertEquals(of({}, save)[3], "Saved in a.ym\n");
  assertEquals(of({ stop: "aborted", testError: null, testLoss: null }, save), [
    begun,
    "Training interrupted in epoch 2, 01 m 38 s\n",
    "Weights that were kept: validation loss 0.5000, categorical error 2.500 %\n",
    "Saved in a.ym: all steps so far, and the best weights\n",
    'To resume: train({ …, file: "a.ym", resume: true })\n',
  ]);
  const none = { validationError: null, validationLoss: null, testError: null, testLoss: null, bestIteration: null };
  assertEquals(of({ ...none, stop: "aborted", epochs: 0 }), [
    begun,
    "Training interrupted before the first epoch, 01 m 38 s\n",
    "Nothing was saved; a training with a file is saved when it is interrupted: train({ file, … })\n",
  ]);
});

Deno.test("an epoch that early stopping ends says how many of its steps were done", () => {
  const last = { ...step(3), lastIteration: 3 };
  assertEquals(
    written(undefined, [[0, start], [100, last], [200, epoch]])[0].startsWith(
      "epoch 1/2, 3 of 10 steps: training loss",
    ),
    true,
  );
});

Deno.test("without a terminal a training of less than two seconds has one line, unless all lines are wanted", () => {
  const few = { epochs: "few", frame: true } as const;
  const begun = "Training m on d: up to 2 epochs of 10 steps; w\n";
  const end = (changes: Partial<Report> = {}): TrainingEvent => ({ event: "end", report: { ...report, ...changes } });
  const save: TrainingEvent = { event: "save", file: "a.ym", epoch: 2, batch: 3, batches: 10, iteration: 13 };
  const results = "validation loss 0.5000, categorical error 2.500 %; test loss 0.6250, categorical error 3.000 %";
  const short = [[0, start], [100, step(1)], [1000, epoch], [1999, end()]] as const;
  const line = `Training m on d completed: 2 epochs, 01 m 38 s; ${results}\n`;
  assertEquals(written(undefined, short, few), [line]);
  // A loop of trainings.
  assertEquals(written(undefined, [...short, ...short], few), [line, line]);
  assertEquals(written(undefined, [[0, start], [1, save], [2, end({ stop: "patience" })]], few), [
    `Training m on d stopped early in epoch 2, because validation stopped improving, 01 m 38 s; ${results}; ` +
    "saved in a.ym\n",
  ]);
  // A longer one has all lines as soon as that is known.
  const long = written(undefined, [[0, start], [1000, epoch], [2000, step(11)]], few);
  assertEquals(long, [begun, wholeLine]);
  const whole = written(undefined, [[0, start], [1000, epoch], [2000, step(11)], [2100, end()]], few);
  assertEquals(whole.length, 4);
  // One that is interrupted says how to resume, and one that fails what was trained.
  assertEquals(written(undefined, [[0, start], [10, end({ stop: "aborted" })]], few)[0], begun);
  const notes: string[] = [];
  const failing = watchTraining({ note: (text) => void notes.push(text), columns: () => undefined }, few, () => 0);
  failing.tell(start);
  failing.clear();
  assertEquals(notes, [begun]);
  assertEquals(written(undefined, short, { epochs: "all", frame: true }).length, 4);
});

Deno.test("a save that fails again and again for the same reason is shown once, and again after one that succeeds", () => {
  const failed = (reason: string): TrainingEvent => ({
    ...{ event: "saveFailed", epoch: 1, batch: 10, batches: 10, iteration: 10 },
    error: new FileError("write", "a.ym", reason),
  });
  const saved: TrainingEvent = { event: "save", file: "a.ym", epoch: 1, batch: 10, batches: 10, iteration: 10 };
  const events = [start, failed("full"), failed("full"), failed("gone"), failed("gone"), saved, failed("gone")];
  const lines = written(undefined, events.map((event, i) => [i, event] as const)).join("").trimEnd().split("\n");
  assertEquals(lines, ["full", "gone", "gone"].map((reason) => `Cannot write a.ym: ${reason}`));
});

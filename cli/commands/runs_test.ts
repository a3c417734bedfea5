import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { type Finished, run } from "../testing.ts";

/** The events of a run of two epochs, or as many as there are errors. */
function eventsOf(start: Record<string, unknown>, errors: readonly number[], ...more: Record<string, unknown>[]) {
  const epochs = errors.map((validationError, i) => ({
    ...{ event: "epoch", epoch: i + 1, trainLoss: 0.5 / (i + 1), trainError: 12.5, validationError },
    ...{ validationLoss: i === 0 ? null : 0.43215, seconds: 2, samplesPerSecond: 1234.5 },
  }));
  const first = {
    ...{ event: "start", network: "mlp", device: { name: "WebAssembly" }, data: "digits", seed: 1, updates: "sgd" },
    ...{ hyperparameters: { nUnits: 50, learningRate: 0.1 }, time: "2026-03-04T05:06:07.890Z" },
    ...start,
  };
  return [first, ...epochs, ...more].map((event) => `${JSON.stringify({ version: 1, ...event })}\n`).join("");
}

const end = { event: "end", epochs: 2, stop: "epochs", validationError: 7.5, testError: 8.25, seconds: 3661 };

const texts: Readonly<Record<string, string>> = {
  best: eventsOf({}, [9, 7.5], end),
  worse: eventsOf({ hyperparameters: { nUnits: 50, learningRate: 0.2, momentum: 0.9 } }, [10], {
    ...{ event: "error", message: "The disk is full" },
  }),
  "deep/mean": eventsOf({ errorUnit: "", network: "line" }, [0.25]),
};

/** Runs a command line in a folder with runs that are written by hand. */
async function withRuns(work: (call: (...args: string[]) => Promise<Finished>) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const before = Deno.cwd();
    for (const [name, text] of Object.entries(texts)) {
      Deno.mkdirSync(join(folder, "runs", name), { recursive: true });
      Deno.writeTextFileSync(join(folder, "runs", name, "events.jsonl"), text);
    }
    try {
      Deno.chdir(folder);
      await work(run);
    } finally {
      Deno.chdir(before);
    }
  });
}

const table = (...rows: string[]): string => rows.join("\n");

Deno.test("runs are listed with their results, times and states", async () => {
  await withRuns(async (call) => {
    const listed = await call("runs");
    assertEquals(
      listed.out,
      table(
        "run             network  data    epochs  validation     test  time            state       started",
        "runs/best       mlp      digits       2     7.500 %  8.250 %  01 h 01 m 01 s  finished    2026-03-04 05:06",
        "runs/deep/mean  line     digits       1       0.250                           unfinished  2026-03-04 05:06",
        "runs/worse      mlp      digits       1    10.000 %                           failed      2026-03-04 05:06",
      ),
    );
    assertEquals([listed.code, listed.err], [0, ""]);
    const lines = (await call("runs", "list", "runs", "--json")).out.split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.map(({ path, validationError, seconds }) => [path, validationError, seconds]), [
      ["runs/best", 7.5, 3661],
      ["runs/deep/mean", 0.25, null],
      ["runs/worse", 10, null],
    ]);
  });
});

Deno.test("a run is shown with its settings, each epoch, and why it failed", async () => {
  await withRuns(async (call) => {
    const epochs = "epoch    loss   error  validation loss  validation error  samples/s";
    assertEquals(
      (await call("runs", "show", "best")).out,
      table(
        "runs/best: mlp on digits, finished",
        "Started 2026-03-04T05:06:07.890Z on WebAssembly; seed 1",
        "sgd; nUnits 50, learningRate 0.1",
        "",
        epochs,
        "    1  0.5000  12.500                              9.000       1235",
        "    2  0.2500  12.500           0.4321             7.500       1235",
      ),
    );
    assertEquals(
      (await call("runs", "show", "worse")).out.split("\n").slice(2),
      [
        "sgd; nUnits 50, learningRate 0.2, momentum 0.9",
        "The disk is full",
        "",
        epochs,
        "    1  0.5000  12.500                             10.000       1235",
      ],
    );
    Deno.writeTextFileSync("runs/worse/events.jsonl", eventsOf({}, []) + "torn\n");
    const { out, err } = await call("runs", "show", "worse");
    assertEquals(out.split("\n").slice(3), ["", "No epoch was completed"]);
    assertEquals(
      err,
      "Cannot read line 2 of runs/worse/events.jsonl: expected a JSON object, got torn; the rest is shown\n",
    );
  });
});

Deno.test("compared runs have a column for each setting that differs, and the best one is first", async () => {
  await withRuns(async (call) => {
    const compared = (...names: string[]) => call("runs", "compare", ...names).then(({ out }) => out);
    assertEquals(
      await compared("worse", "deep/mean", "best"),
      table(
        "run             network  learningRate  momentum  epochs  validation     test  time",
        "runs/best       mlp               0.1                 2     7.500 %  8.250 %  01 h 01 m 01 s",
        "runs/worse      mlp               0.2       0.9       1    10.000 %",
        "runs/deep/mean  line              0.1                 1       0.250",
      ),
    );
    const losses = eventsOf({ monitor: "validationLoss", seed: 2 }, [], {
      ...{
        event: "end",
        epochs: 1,
        stop: "aborted",
        validationError: 1,
        validationLoss: 0.125,
        testLoss: 0.5,
        seconds: 5,
      },
    });
    Deno.writeTextFileSync("runs/worse/events.jsonl", losses);
    assertEquals(
      await compared("worse", "best"),
      table(
        "run         seed  epochs  validation  test        time",
        "runs/best      1       2  7.500 %     8.250 %     01 h 01 m 01 s",
        "runs/worse     2       0  loss 0.125  loss 0.500  5.000 s",
      ),
    );
    assertEquals((await compared("worse", "worse")).split("\n")[1].split(/ {2,}/), [
      "runs/worse",
      "0",
      "0.125",
      "0.500",
      "5.000 s",
    ]);
  });
});

Deno.test("a name is that of a run in the folder runs, and a path that of a folder, before the other", async () => {
  await withRuns(async (call) => {
    const found = async (name: string): Promise<string> => (await call("runs", "show", name)).out.split(":")[0];
    for (const name of ["best", "deep/mean"]) {
      Deno.mkdirSync(name, { recursive: true });
      Deno.writeTextFileSync(join(name, "events.jsonl"), texts.worse);
    }
    assertEquals([await found("best"), await found("deep/mean")], ["runs/best", "deep/mean"]);
    assertEquals([await found("./best"), await found("runs/best")], ["./best", "runs/best"]);
  });
});

Deno.test("wrong calls of runs are refused with the exit code 2 and what was expected", async () => {
  await withRuns(async (call) => {
    const refused = {
      "show bets": "there is no run bets: did you mean best?",
      "show deep/meen": "there is no run deep/meen: did you mean deep/mean?",
      "show": "expected one run, got 0",
      "show best worse": "expected one run, got 2",
      "compare best": "expected two runs or more, got 1",
      "plot": "expected one run or more, got 0",
      "plot best --json": "option --json has no effect on plot: runs compare and runs show print runs as JSON",
      "plot best --csv a.csv": "option --csv needs one run: runs show RUN --csv FILE",
      "list --csv a.csv": "option --csv needs one run: runs show RUN --csv FILE",
      "list --svg a.svg": "option --svg needs the runs to draw: runs compare RUN RUN… --svg FILE",
      "list runs more": "unexpected argument more: expected one folder",
      "list nowhere": "there is no folder nowhere: list those of another folder with runs list FOLDER, or create one " +
        "with train … --out DIR",
      "runs": "runs needs a command before the folder runs, such as runs list runs",
    };
    for (const [words, message] of Object.entries(refused)) {
      const { code, out, err } = await call("runs", ...words.split(" "));
      assertEquals([code, err.split("\n")[0]], [2, `error: ${message}`], words);
      assertEquals(out === "", !words.includes("--json"), words);
    }
    Deno.mkdirSync("none");
    const { code, err } = await call("runs", "list", "none");
    assertEquals([code, err], [0, "There are no runs in none; train … --out DIR creates one\n"]);
    Deno.writeTextFileSync("runs/worse/events.jsonl", eventsOf({}, []));
    assertStringIncludes(
      (await call("runs", "plot", "best", "worse")).err,
      "runs/worse has no curve: no epoch was completed",
    );
  });
});

Deno.test("curves of several runs are named, those of one are not", async () => {
  await withRuns(async (call) => {
    const plotted = async (...names: string[]) => (await call("runs", "plot", ...names, "--no-color")).out.split("\n");
    const one = await plotted("best");
    const [first, ...rest] = await plotted("best", "deep/mean");
    assertEquals([one.includes("runs/best"), one.at(-1) === "", first], [false, false, "runs/best"]);
    assertEquals(rest.slice(0, one.length), one);
    assertEquals(rest.slice(one.length, one.length + 2), ["", "runs/deep/mean"]);
  });
});

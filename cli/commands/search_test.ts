import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { run, runInterrupted } from "../testing.ts";

const small = ["--data", "digits", "--train-size", "40", "--device", "wasm", "--epochs", "1"];
const search = (...args: string[]) => run("search", "logistic_regression", ...small, ...args);
const warning = "BUILT-IN SYNTHETIC DIGITS, NOT MNIST: errors cannot be compared with those on MNIST";
const error = "87.500 %"; // of 8 examples, which an epoch on 40 does not change

Deno.test("a search notes the device, the data and each row, and prints the table", async () => {
  const { code, out, err } = await search("--set", "learningRate=0.01,0.1");
  assertEquals([code, out.split("\n")], [0, [
    "| number | learningRate | validation error | test error | epochs | outcome | failure |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    `| 0 | 0.01 | ${error} | ${error} | 1 | trained |  |`,
    `| 1 | 0.1 | ${error} | ${error} | 1 | trained |  |`,
  ]]);
  assertEquals(err.split("\n").map((line) => line.replace(/^(Device): .*/, "$1")), [
    warning,
    "Device",
    "Data: digits; 40 training, 8 validation and 8 test examples",
    `1/2, combination 0: trained, validation error ${error}`,
    `2/2, combination 1: trained, validation error ${error}`,
    "",
  ]);
});

Deno.test("a quiet search prints only warnings, the table, and the best combination that is trained again", async () => {
  const { code, out, err } = await search("--set", "learningRate=0.01,0.1", "--random", "1", "--refit", "--quiet");
  assertEquals([code, err], [0, `${warning}\n`]);
  const [head, , row, ...summary] = out.split("\n");
  assertEquals(head.split(" | ").slice(0, 3), ["| number", "learningRate", "validation error"]);
  assertEquals(row.includes(`${error} | ${error} | 1 | trained`), true);
  assertEquals(summary.slice(0, 2), [
    "Optimization completed.",
    `Validation score of ${error} obtained at iteration 1, with test performance ${error}`,
  ]);
});

Deno.test("options that a search, a merge or a network does not have are refused", async () => {
  const refused = {
    "merge": "nothing to merge: expected the journals of shards",
    "merge a.jsonl --seed 3": "merge has no option --seed: expected --into or --table",
    "merge a.jsonl --journal b": "merge has no option --journal: expected --into or --table",
    "mlp --into a": "option --into needs merge: search merge JOURNAL… --into FILE",
    "mlp --retry-failed": "option --retry-failed needs --journal: without one, no combination has failed before",
    "mlp --save a.ym": "option --save needs --refit: a search keeps no weights",
    "mlp --pretraining-epochs 3":
      "option --pretraining-epochs cannot be 3: this network has no hyperparameter pretrainingEpochs",
    "mlp --journal tests/formats/run_1/events.jsonl":
      "cannot write to tests/formats/run_1/events.jsonl, a file of the run in tests/formats/run_1: choose another name",
    "mlp --table a.cvs": "cannot write a table to a.cvs: did you mean csv?",
  };
  for (const [words, message] of Object.entries(refused)) {
    const { code, out, err } = await run("search", ...words.split(" "));
    assertEquals([code, out, err.split("\n")[0]], [2, "", `error: ${message}`]);
  }
});

Deno.test("a search whose only combination failed ends with exit code 6", async () => {
  const tiny = ["mlp", ...small.with(-1, "2"), "--set", "nUnits=5", "--set", "learningRate=1e30", "--quiet"];
  const { code, err } = await run("search", ...tiny);
  const last = err.split("\n").at(-2) ?? "";
  const failed = "error: Cannot find the best hyperparameters: the only combination failed; number 0: ";
  assertEquals([code, last.slice(0, failed.length)], [6, failed], err);
});

Deno.test("an interrupted search says how it can be resumed", async () => {
  await inFolder(async (folder) => {
    for (const journal of [[], ["--journal", join(folder, "a.jsonl")]]) {
      const args = ["search", "logistic_regression", ...small, "--set", "learningRate=0.01,0.1", ...journal];
      const { code, err } = await runInterrupted("1/2", args);
      const hint = journal.length > 0
        ? "Interrupted: run the same command again to resume"
        : "Interrupted; with --journal FILE, a search can be resumed";
      assertEquals([code, err.split("\n").slice(-2)], [130, [hint, ""]]);
    }
  });
});

Deno.test("a row has the epochs and the seconds of its training, which ends early by default", async () => {
  const patient = ["--set", "patience=1", "--set", "learningRate=1e-9", "--json", "--quiet"];
  for (const [more, epochs] of [[[], 2], [["--no-early-stopping"], 6]] as const) {
    const start = performance.now();
    const { out } = await run("search", "logistic_regression", ...small.with(-1, "6"), ...patient, ...more);
    const elapsed = (performance.now() - start) / 1000;
    const row = JSON.parse(out.split("\n")[0]);
    assertEquals([row.epochs, row.seconds > 0 && row.seconds < elapsed], [epochs, true]);
  }
});

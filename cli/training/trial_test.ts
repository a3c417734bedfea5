import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";

const base = ["logistic_regression", "--data", "digits", "--train-size", "60", "--batch-size", "20"];

/** Runs a command line in an empty folder, and returns what it left there. */
async function left(...args: string[]) {
  let names: string[] = [];
  let finished = { code: -1, out: "", err: "" };
  const before = Deno.cwd();
  await inFolder(async (folder) => {
    Deno.chdir(folder);
    try {
      finished = await run(...args);
      names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    } finally {
      Deno.chdir(before);
    }
  });
  return { ...finished, names };
}

Deno.test("--dry-run tries one step, says what would be written, and writes nothing", async () => {
  const files = ["--out", "runs/long", "--tensorboard", "board", "--save-mode", "epoch", "--report"];
  const { code, out, err, names } = await left(...base, "--epochs", "9", "--dry-run", "--metrics", "f1", ...files);
  assertEquals([code, names], [0, []], err);
  assertStringIncludes(out, "Dry run, nothing was written: a step of 20 examples, validation of ");
  assertStringIncludes(out, "up to 9 epochs of 3 steps, and it would be saved in runs/long/model.ym (");
  assertStringIncludes(
    err,
    "Would be written, too: runs/long/events.jsonl, runs/long/report.json, runs/long/report.html",
  );
  assertStringIncludes(err, "Would be written, too: event files in board");
  assertStringIncludes(out, "Test metrics: f1");
  const plain = await left(...base, "--dry-run", "--json");
  assertEquals([plain.code, plain.names], [0, []]);
  const { event, dryRun, iterations } = JSON.parse(plain.out.split("\n").at(-1)!);
  assertEquals([event, dryRun.file, iterations], ["end", null, 1]);
});

Deno.test("--overfit learns a few examples by heart; if it fails, the exit code is 7 and the reasons are printed", async () => {
  const good = await left(...base, "--overfit", "20", "--update", "adam", "--learning-rate", "0.01");
  assertEquals([good.code, good.names], [0, []], good.err);
  assertStringIncludes(good.out, "Overfitting 20 examples succeeded: the loss fell from 2.303 to 0.0");
  const bad = await left(...base, "--overfit", "5", "--learning-rate", "1e-9", "--json");
  assertEquals([bad.code, bad.names], [7, []]);
  assertStringIncludes(
    bad.err,
    "Warning: overfitting 5 examples failed: the loss went from 2.303 to 2.302, not to 0.02303",
  );
  const { overfit } = JSON.parse(bad.out.split("\n").at(-1)!);
  assert(overfit.reached === false && overfit.lookAt[0].startsWith("the learning rate 1e-9"));
  const refused = await left(...base, "--overfit", "30");
  assertEquals([refused.code, refused.names], [3, []]);
  assertStringIncludes(refused.err, "expected overfit to be at most 20, the batchSize, or a multiple of it, got 30");
});

Deno.test("options that have no effect on a training that only tries something are refused", async () => {
  for (
    const [args, text] of [
      [["--overfit", "5", "--save", "a.ym"], "option --save has no effect with --overfit, which saves nothing"],
      [["--overfit", "5", "--out", "runs"], "option --out has no effect with --overfit"],
      [["--overfit", "5", "--dry-run"], "option --dry-run has no effect with --overfit"],
      [["--overfit", "5", "--early-stopping"], "option --early-stopping has no effect with --overfit"],
      [["--overfit", "5", "--label-smoothing", "0.1"], "option --label-smoothing has no effect with --overfit"],
      [["--overfit", "5", "--monitor", "error"], "option --monitor has no effect with --overfit"],
      [["--range-test", "--epochs", "3"], "option --epochs has no effect with --range-test"],
      [["--range-test", "--save", "a.ym"], "option --save has no effect with --range-test"],
      [["--profile", "--epochs", "3"], "option --epochs has no effect with --profile"],
      [["--profile", "--range-test"], "option --range-test has no effect with --profile"],
      [["--profile=a.txt"], "cannot write a profile to a.txt"],
      [["--range-test=a.png"], "cannot write a picture to a.png"],
      [["--overfit", "5", "--out", "runs", "--resume"], "option --resume has no effect with --overfit"],
      [["--range-test", "--out", "runs", "--resume"], "option --resume has no effect with --range-test"],
      [["--dry-run", "--save", "a.ym", "--resume"], "option --resume has no effect with --dry-run"],
      [["--overfit", "0"], "expected a whole number of at least 1"],
    ] as const
  ) {
    const { code, err, names } = await left(...base, ...args);
    assertEquals([code, names], [2, []], err);
    assertStringIncludes(err, text);
  }
  // What cannot be written is found.
  const held = await left(...base, "--dry-run", "--save", "no/such/a.ym");
  assertEquals([held.code, held.names], [3, []]);
});

Deno.test("--range-test suggests a learning rate, as text, as JSON, or with a picture", async () => {
  const { code, out, names, err } = await left(...base, "--range-test");
  assertEquals([code, names], [0, []], err);
  assertStringIncludes(out, "smoothed loss, suggestion ");
  const [, rate] = /To train with it: --learning-rate ([\d.e-]+)$/.exec(out)!;
  assert(Number(rate) > 0.001 && Number(rate) < 10, rate);
  assertMatch(
    out,
    /^Suggested learning rate: [\d.]+, the lower one of [\d.]+, at which the loss falls most steeply, and a tenth of /m,
  );
  const drawn = await left(...base, "--range-test=rates.svg", "--json", "--update", "adam");
  assertEquals([drawn.code, drawn.names], [0, ["rates.svg"]], drawn.err);
  assertStringIncludes(drawn.err, "\nData: digits; 60 training, ");
  assertStringIncludes(drawn.err, "\nPicture written to rates.svg\n");
  const { event, points, suggestion, stop } = JSON.parse(drawn.out);
  assertEquals([event, stop, points[0].rate, points.length], ["rates", "steps", 1e-7, 100]);
  assert(suggestion > 1e-5 && suggestion < 1);
});

Deno.test("--profile measures the kernels of a step, as text, as JSON, or in a file", async () => {
  const { code, out, names, err } = await left(...base, "--profile");
  assertEquals([code, names], [0, []], err);
  for (const text of ["kernel", "GFLOP/s", "of the peak", "ms outside of them"]) assertStringIncludes(out, text);
  const written = await left(...base, "--profile=step.json", "--json");
  assertEquals([written.code, written.names], [0, ["step.json"]], written.err);
  assertStringIncludes(written.err, "\nData: digits; 60 training, ");
  assertStringIncludes(written.err, "\nProfile written to step.json\n");
  const { event, network, kernels, milliseconds } = JSON.parse(written.out);
  assertEquals([event, network], ["profile", "logistic_regression"]);
  assert(kernels.length > 1 && milliseconds > 0);
});

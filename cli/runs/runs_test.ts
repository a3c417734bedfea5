import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { FileError, FileFormatError, historyCsv } from "../../model/mod.ts";
import { UsageError } from "../errors.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";
import { RunFolder } from "./folder.ts";
import { dataOfRun, readRun, type RunData, runFoldersIn } from "./read.ts";

const small = ["--data", "digits", "--train-size", "100", "--epochs", "2", "--device", "wasm", "--quiet"];

Deno.test("a run is saved, shown, listed and compared", async () => {
  await inFolder(async (folder) => {
    const [a, b] = [join(folder, "a"), join(folder, "deep", "b")];
    assertEquals((await run("logistic_regression", ...small, "--out", a)).code, 0);
    assertEquals((await run("logistic_regression", ...small, "--learning-rate", "0.5", "--out", b)).code, 0);
    const { state, network, history, report, validationError, hyperparameters } = readRun(a);
    assertEquals([state, network, history.length, report?.epochs], ["finished", "logistic_regression", 2, 2]);
    assertEquals([validationError, hyperparameters.nEpochs], [report?.validationError, 2]);
    const listed = (await run("runs", "list", folder)).out.split("\n");
    assertEquals(listed.slice(1).map((line) => line.split(/ {2,}/)[0]), [a, b]);
    assertStringIncludes((await run("runs", "show", a)).out, "Optimization completed.");
    // The epochs as a table.
    const csv = join(folder, "epochs.csv");
    assertEquals((await run("runs", "show", a, "--csv", csv)).code, 0);
    assertEquals(await Deno.readTextFile(csv), historyCsv(report!));
    const several = await run("runs", "compare", a, b, "--csv", csv);
    assertEquals(several.code, 2);
    assertStringIncludes(several.err, "option --csv needs one run: runs show RUN --csv FILE");
    assertEquals((await run("runs", "show", a, "--csv", join(folder, "no", "epochs.csv"))).code, 3);
    const compared = (await run("runs", "compare", a, b)).out.split("\n");
    assertEquals(compared[0].split(/ +/).slice(0, 3), ["run", "learningRate", "epochs"]);
    const svg = join(folder, "curves.svg");
    for (const [words, shown] of [[["compare", a, b], "training loss"], [["plot", a], "best"]] as const) {
      assertEquals((await run("runs", ...words, "--svg", svg)).code, 0);
      assertStringIncludes(await Deno.readTextFile(svg), shown);
      await Deno.remove(svg);
    }
    // Only the report knows that the loss was monitored, so that the best one is marked.
    const c = join(folder, "c");
    assertEquals((await run("logistic_regression", ...small, "--monitor", "loss", "--out", c)).code, 0);
    assertEquals((await run("runs", "plot", c, "--svg", svg)).code, 0);
    assertMatch(await Deno.readTextFile(svg), /best: [\d.]+ in epoch/);
    await Deno.remove(svg);
    assertEquals((await run("evaluate", a, "--on", "test", "--confusion", svg, "--device", "wasm")).code, 0);
    assertStringIncludes(await Deno.readTextFile(svg), "examples misclassified");
    const refused = await run("runs", "compare", a, b, "--svg", join(folder, "curves.png"));
    assertEquals([refused.code, refused.out], [2, ""]);
    const { code, err } = await run("logistic_regression", ...small, "--out", a);
    assertEquals(code, 2);
    assertStringIncludes(err, `folder ${a} already contains a run`);
    assertEquals(JSON.parse((await run("runs", "show", a, "--json")).out).network, "logistic_regression");
  });
});

Deno.test("a killed run is shown as far as it got, without an incomplete last line", async () => {
  await inFolder(async (folder) => {
    await run("logistic_regression", ...small, "--out", join(folder, "a"));
    const file = join(folder, "a", "events.jsonl");
    const lines = (await Deno.readTextFile(file)).split("\n");
    const firstEpoch = lines.findIndex((line) => line.includes('"event":"epoch"'));
    await Deno.writeTextFile(file, `${lines.slice(0, firstEpoch + 1).join("\n")}\n{"event":"ep`);
    await Deno.remove(join(folder, "a", "report.json")); // a killed run has none
    const { state, history, report, testError } = readRun(join(folder, "a"));
    assertEquals([state, history.length, report, testError], ["unfinished", 1, undefined, null]);
  });
});

Deno.test("a report is that of a run only if it is newer than the events of another training", async () => {
  await inFolder(async (folder) => {
    await run("logistic_regression", ...small, "--out", folder);
    const [events, report] = ["events.jsonl", "report.json"].map((name) => join(folder, name));
    const [start] = (await Deno.readTextFile(events)).split("\n");
    await Deno.writeTextFile(events, `${JSON.stringify({ ...JSON.parse(start), seed: 99 })}\n`);
    const isKept = (seconds: number): boolean => {
      Deno.utimeSync(events, 1e9, 1e9);
      Deno.utimeSync(report, 1e9 + seconds, 1e9 + seconds);
      return readRun(folder).report !== undefined;
    };
    assertEquals([-1, 0, 1].map(isKept), [false, false, true]);
  });
});

Deno.test("a run that fails says why", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a");
    assertEquals((await run("mlp", ...small, "--learning-rate", "1e30", "--out", path)).code, 5);
    const { state, failure } = readRun(path);
    assertEquals(state, "failed");
    assertStringIncludes(failure ?? "", "a smaller learning rate may help");
  });
});

Deno.test("folders that cannot contain a run are refused before anything is done", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    assertThrows(() => RunFolder.check(file, { resume: false }), FileError, "it is not a folder");
    assertThrows(() => RunFolder.check(join(file, "a"), { resume: false }), FileError);
    RunFolder.check(join(folder, "new", "run"), { resume: false });
    assertEquals(runFoldersIn(folder), []);
    const inner = (...files: string[]): string[] => {
      const path = join(folder, files[0]);
      Deno.mkdirSync(path);
      for (const name of files.slice(1)) Deno.writeTextFileSync(join(path, name), "");
      const found = runFoldersIn(folder);
      Deno.removeSync(path, { recursive: true });
      return found;
    };
    assertEquals(inner("a", "events.jsonl"), [join(folder, "a")]);
    assertEquals(inner("a", "report.json", "model.ym"), [join(folder, "a")]);
    for (const files of [["a", "report.json"], ["a", "model.ym"], [".a", "events.jsonl"]]) {
      assertEquals(inner(...files), [], String(files));
    }
    await Deno.writeTextFile(join(folder, "events.jsonl"), "");
    RunFolder.check(folder, { resume: false });
    await Deno.writeTextFile(join(folder, "model.ym"), "");
    assertThrows(() => RunFolder.check(folder, { resume: false }), UsageError, "already contains a run (model.ym)");
    RunFolder.check(folder, { resume: true });
    assertThrows(() => readRun(folder), FileFormatError, "no line that starts one");
    await Deno.writeTextFile(join(folder, "events.jsonl"), "hello\n");
    assertThrows(() => readRun(folder), FileFormatError, "expected a JSON object, got hello");
    const listed = await run("runs", "list", folder);
    assertEquals([listed.code, listed.out], [0, ""]);
    assertStringIncludes(listed.err, "expected a JSON object, got hello");
  });
});

Deno.test("unknown runs are refused with the nearest name", async () => {
  const { code, err } = await run("runs", "show", "nowhere");
  assertEquals(code, 2);
  assertStringIncludes(err, "there is no run nowhere; train … --out DIR creates one");
  assertStringIncludes((await run("runs", "lst")).err, "unknown command runs lst: did you mean list?");
  assertStringIncludes((await run("runs", "compare", "a")).err, "expected two runs or more, got 1");
});

Deno.test("runs are shown as text, as pictures, as an HTML report, and in TensorBoard", async () => {
  await inFolder(async (folder) => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    const views = ["--plot", "--report", "--tensorboard", join(folder, "board")];
    const trained = await run("logistic_regression", ...small, "--out", a, ...views);
    assertEquals(trained.code, 0, trained.err);
    assertStringIncludes(trained.out, "validation error (%), best:");
    assertStringIncludes(await Deno.readTextFile(join(a, "report.html")), "NOT MNIST");
    const [board] = [...Deno.readDirSync(join(folder, "board"))];
    assertStringIncludes(board.name, "events.out.tfevents.");
    const once = await run("logistic_regression", ...small.with(5, "1"), "--seed", "2", "--out", b, "--plot");
    assertEquals([once.code, once.out.includes("validation error (%), best:")], [0, false]);
    assertStringIncludes((await run("runs", "plot", a)).out, "training loss");
    for (const [verb, ...names] of [["plot", a, b], ["compare", a, b], ["show", b]]) {
      const { code, err } = await run("runs", verb, ...names, "--svg", join(folder, `${verb}.svg`));
      assertEquals(code, 0, err);
      assertStringIncludes(await Deno.readTextFile(join(folder, `${verb}.svg`)), "<svg");
    }
    assertStringIncludes((await run("mlp", "--report")).err, "option --report needs a run folder: --out DIR");
  });
});

Deno.test({
  name: "without the permission to read a run, its data are not known",
  permissions: { read: false },
  fn() {
    assertEquals(dataOfRun("some/run"), {});
  },
});

Deno.test("the number of training images is that of the events, otherwise that of the arguments", async () => {
  await inFolder(async (folder) => {
    const dataFor = async (start: Record<string, unknown>): Promise<RunData> => {
      const event = { event: "start", date: "2026-01-01T00:00:00.000Z", format: 1, ...start };
      await Deno.writeTextFile(join(folder, "events.jsonl"), `${JSON.stringify(event)}\n`);
      return dataOfRun(folder);
    };
    const sizeFor = async (start: Record<string, unknown>) => (await dataFor(start)).trainSize;
    assertEquals(await sizeFor({ trainSize: 70 }), 70);
    assertEquals(await sizeFor({ arguments: ["mlp", "--train-size", "60", "--epochs", "2"] }), 60);
    assertEquals(await sizeFor({ arguments: ["mlp", "--train-size=50"] }), 50);
    assertEquals(await sizeFor({ arguments: ["mlp", "--trainsize=50"] }), undefined);
    assertEquals(await sizeFor({ trainSize: 70, arguments: ["mlp", "--train-size=50"] }), 70);
    assertEquals(await sizeFor({}), undefined);
    assertEquals(await dataFor({ data: "digits" }), { data: "digits", trainSize: undefined });
    assertEquals((await dataFor({ data: 5, trainSize: 70 })).data, undefined);
  });
});

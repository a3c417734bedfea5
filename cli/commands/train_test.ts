import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { run, runInterrupted } from "../testing.ts";

const both = ["--early-stopping", "--no-early-stopping"]; // refused last, so a call with them trains nothing
const exclusive = "options --early-stopping and --no-early-stopping are mutually exclusive";

/** The first line of the message of a call that is refused. */
async function refused(...args: string[]): Promise<string> {
  const { code, out, err } = await run("train", ...args);
  assertEquals([code, out], [2, ""], err);
  return err.split("\n")[0].replace(/^error: /, "");
}

Deno.test("a configuration of layers names the network, which no other word may do", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "a.yc");
    assertEquals((await run("export", join("tests", "formats", "run_1"), file)).code, 0);
    assertEquals(await refused("--config", file, "mlp"), `unexpected argument mlp: ${file} already names the network`);
    assertEquals(await refused("--config", file, ...both), exclusive);
    assertEquals(
      await refused("--config", file, "--full", ...both),
      "option --full needs the name of a network, as in train lenet5 --full --resume FILE",
    );
    assertEquals(
      await refused("--config", file, "--pretraining-epochs", "3"),
      "option --pretraining-epochs cannot be 3: this network has no hyperparameter pretrainingEpochs",
    );
  });
});

Deno.test("a network is named on the command line or in a configuration, otherwise it is that of the resumed run", async () => {
  await inFolder(async (folder) => {
    const [file, saved] = [join(folder, "a.json"), join("tests", "formats", "model_1.ym")];
    Deno.writeTextFileSync(file, '{ "network": "mlp" }');
    const resumed = ["--resume", saved, "--save", join(folder, "b.ym"), "--full", ...both];
    assertEquals(await refused("mlp", ...resumed), exclusive);
    assertEquals(await refused("--config", file, ...resumed), exclusive);
    Deno.writeTextFileSync(file, '{ "seed": 1 }');
    assertEquals((await refused("--config", file, ...resumed)).startsWith("option --full needs the name"), true);
  });
});

Deno.test("an output that is not possible is refused", async () => {
  const report = "option --report needs a run folder: --out DIR";
  assertEquals(await refused("mlp", "--report"), report);
  assertEquals(await refused("mlp", "--report", "--save", "a.ym"), report);
  await inFolder(async (folder) => {
    // A run that is resumed has a folder for the report.
    for (const name of ["events.jsonl", "model.ym", "report.json"]) {
      Deno.copyFileSync(join("tests", "formats", "run_1", name), join(folder, name));
    }
    assertEquals(await refused("--resume", folder, "--report", ...both), exclusive);
  });
  const { err } = await run("train", "mlp", "--plot", "--json", "--quiet");
  assertEquals(err.split("\n")[0], "error: option --plot has no effect with --json and --quiet");
});

Deno.test("a quiet training prints its summary: how it ended, the results, the time, the speed and the warning", async () => {
  await inFolder(async (folder) => {
    const size = ["--data", "digits", "--train-size", "40", "--batch-size", "20", "--epochs", "1"];
    const saving = ["--save", join(folder, "a.ym")];
    const { code, out, err } = await run("logistic_regression", ...size, ...saving, "--device", "wasm", "--quiet");
    const lines = out.split("\n").map((line) => line.replace(/[\d,.]+ s(?=$|amples)/, "# s").replace(/ on .*;/, ";"));
    assertEquals([code, lines], [0, [
      "Optimization completed.",
      "Validation score of 87.500 % obtained at iteration 2, with test performance 87.500 %",
      "Training logistic_regression took # s",
      "# samples/s; seed 1",
      "BUILT-IN SYNTHETIC DIGITS, NOT MNIST: errors cannot be compared with those on MNIST",
    ]], err);
  });
});

Deno.test("a path after --resume that is also that of --out is its value, before or after the network", async () => {
  const out = join("no", "such", "run");
  for (const words of [[out, "mlp"], ["mlp", out]]) {
    assertEquals(await refused("--out", out, "--resume", ...words, ...both), exclusive);
  }
});

Deno.test("a training ends early by default and with --early-stopping, and else after all epochs", async () => {
  const size = ["--data", "digits", "--train-size", "40", "--device", "wasm", "--epochs", "6", "--batch-size", "40"];
  const slow = ["--set", "patience=1", "--learning-rate", "1e-9", "--json", "--quiet"];
  const epochsWith = async (...args: string[]): Promise<number> => {
    const { out } = await run("logistic_regression", ...size, ...slow, ...args);
    return JSON.parse(out.split("\n").at(-1)!).epochs;
  };
  const found = [await epochsWith(), await epochsWith("--early-stopping"), await epochsWith("--no-early-stopping")];
  assertEquals(found, [2, 2, 6]);
});

Deno.test("a training notes its data, its length, its epochs and where the model is saved", async () => {
  await inFolder(async (folder) => {
    const [file, size] = [join(folder, "a.ym"), ["--data", "digits", "--train-size", "40", "--epochs", "1"]];
    const { code, err } = await run(
      "logistic_regression",
      ...size,
      "--batch-size",
      "60",
      "--save",
      file,
      "--device",
      "wasm",
    );
    assertEquals([code, err.split("\n").map((line) => line.replace(/^(Device|epoch 1\/1): .*/, "$1"))], [0, [
      "BUILT-IN SYNTHETIC DIGITS, NOT MNIST: errors cannot be compared with those on MNIST",
      "Device",
      "Data: digits; 40 training, 8 validation and 8 test examples",
      "Batch size 60 is more than the 40 training examples: each step takes all of them",
      "epoch 1/1",
      `Model saved in ${file}`,
      "",
    ]]);
  });
});

Deno.test("a training that is interrupted before its first step has no speed, and says how to resume", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "a.ym");
    const args = ["logistic_regression", "--data", "digits", "--train-size", "40", "--device", "wasm", "--save", file];
    const { code, out, err } = await runInterrupted("Data:", args);
    assertEquals([code, out.split("\n").at(-2)?.replace(/^WebAssembly.*; /, "")], [130, "seed 1"]);
    assertEquals(err.split("\n").slice(-2), [`  yadll ${args.join(" ")} --resume=${file}`, ""]);
  });
});

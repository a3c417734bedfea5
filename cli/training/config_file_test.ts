import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { FileError, FileFormatError, loadModel } from "../../model/mod.ts";
import { valuesOf } from "../../model/training/settings.ts";
import { adamw } from "../../optim/mod.ts";
import { readConfig } from "./config_file.ts";
import { main } from "../mod.ts";
import { switchOption, valued } from "../options/option.ts";
import { count } from "../../core/options/numbers.ts";

const table = { epochs: valued("N", count()), quiet: switchOption("…"), config: switchOption("…") };

async function withConfig(text: string, work: (file: string) => Promise<void> | void): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, text);
    await work(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("a configuration names a network, options and hyperparameters", async () => {
  await withConfig('{ "network": "mlp", "epochs": 5, "quiet": true, "nUnits": 100, "activation": "tanh" }', (file) => {
    assertEquals(readConfig(file, table), {
      network: "mlp",
      args: ["--epochs=5", "--quiet", "--set=nUnits=100", "--set=activation=tanh"],
    });
  });
});

Deno.test("invalid configurations are refused", async () => {
  const refuse = (text: string, message: string) =>
    withConfig(text, (file) => void assertThrows(() => readConfig(file, table), FileFormatError, message));
  await refuse("{", "expected JSON");
  await refuse("[]", "expected an object");
  await refuse('{ "network": 5 }', "expected the name of a network, got 5");
  await refuse('{ "nUnits": [1, 2] }', "expected a number, a text, true or false as nUnits, got [1,2]");
  await refuse('{ "quiet": 1 }', "expected true or false as quiet, got 1");
  await refuse('{ "config": true }', "expected options of a training, got config");
  assertThrows(() => readConfig("nowhere.json", table), FileError, "there is no such file; check the path");
});

Deno.test("the command line takes precedence over the configuration", async () => {
  const text = '{ "network": "logistic_regression", "epochs": 2, "seed": 3, "data": "digits", "trainSize": 60 }';
  await withConfig(text, async (file) => {
    const lines: string[] = [];
    const output = { result: (line: string) => lines.push(line), note: () => {}, columns: () => undefined };
    const args = ["train", "--config", file, "--epochs", "1", "--device", "wasm", "--json"];
    assertEquals(await main(args, { output }), 0);
    const { network, seed, epochs, examples } = JSON.parse(lines[0]);
    assertEquals([network, seed, epochs, examples], ["logistic_regression", 3, 1, 60]);
  });
  await withConfig('{ "network": "mlp", "nUnts": 2 }', async (file) => {
    const notes: string[] = [];
    const output = { result: () => {}, note: (text: string) => notes.push(text), columns: () => undefined };
    assertEquals(await main(["train", "--config", file], { output }), 2);
    assertStringIncludes(notes.join(""), "mlp has no hyperparameter nUnts: did you mean nUnits?");
  });
  await withConfig('{ "network": "mlp", "update": "adamw", "weightDecay": -1 }', async (file) => {
    const notes: string[] = [];
    const output = { result: () => {}, note: (text: string) => notes.push(text), columns: () => undefined };
    assertEquals(await main(["train", "--config", file], { output }), 2);
    assertStringIncludes(notes.join(""), "hyperparameter weightDecay cannot be -1: expected a number of at least 0");
  });
});

Deno.test("options of update rules may come from a configuration, and are saved with the model", async () => {
  const folder = await Deno.makeTempDir();
  const fields = { network: "logistic_regression", update: "adamw", weightDecay: 0.25, epochs: 1, data: "digits" };
  await withConfig(JSON.stringify({ ...fields, trainSize: 60 }), async (file) => {
    const output = { result: () => {}, note: () => {}, columns: () => undefined };
    const args = ["train", "--config", file, "--device", "wasm", "--quiet", "--save", `${folder}/model.ym`];
    assertEquals(await main(args, { output }), 0);
    const { parts } = loadModel(`${folder}/model.ym`);
    assertEquals(parts.updates, adamw);
    assertEquals(valuesOf(parts.hyperparameters ?? {}).weightDecay, 0.25);
  });
  await Deno.remove(folder, { recursive: true });
});

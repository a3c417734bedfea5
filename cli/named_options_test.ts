import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadModel } from "../model/mod.ts";
import { inFolder } from "../tests/in_folder.ts";
import { augmentationNames } from "./options/augment.ts";
import { run } from "./testing.ts";

const small = ["--data", "digits", "--train-size", "1500", "--device", "wasm"];

Deno.test("metrics of a training and of an evaluation are named on the command line", async () => {
  await inFolder(async (folder) => {
    const given = [...small, "--epochs", "3", "--metrics", "f1, auc", "--monitor", "f1", "--out", `${folder}/run`];
    const { code, out, err } = await run("train", "logistic_regression", ...given);
    assertEquals(code, 0, err);
    assertMatch(err, /epoch 1\/3: .*categorical error [\d.]+ %, f1 0\.\d+, auc 0\.\d+; /);
    assertMatch(out, /\nValidation metrics: f1 0\.\d+, auc 0\.\d+\nTest metrics: f1 0\.\d+, auc 0\.\d+\n/);
    const { report } = loadModel(`${folder}/run/model.ym`);
    assertEquals(report?.monitoredMetric, "f1");
    const lines = (await Deno.readTextFile(`${folder}/run/events.jsonl`)).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    const epochs = lines.filter(({ event }) => event === "epoch");
    assertEquals(epochs.map(({ metrics }) => metrics), report?.history.map(({ metrics }) => metrics));
    assertEquals(lines[0].monitoredMetric, "f1");
    assertEquals(lines.at(-1).metrics, report?.metrics);
    const evaluated = await run("evaluate", `${folder}/run`, ...small, "--metrics", "f1,auc", "--json");
    assertEquals(JSON.parse(evaluated.out).sets.test.metrics, report?.metrics?.test);
    const text = await run("evaluate", `${folder}/run`, ...small, "--metrics", "accuracy", "--on", "test");
    assertMatch(text.out, /^test error [\d.]+ %, loss [\d.]+, accuracy 0\.\d+, 300 examples$/);
    const resumed = await run("train", "--resume", `${folder}/run`, ...small, "--epochs", "4");
    assertEquals(resumed.code, 0, resumed.err);
    assertEquals(loadModel(`${folder}/run/model.ym`).report?.history[3].metrics?.validation?.f1 !== undefined, true);
    assertEquals((await run("runs", "show", `${folder}/run`)).code, 0);
  });
});

Deno.test("augmentations of a training are named on the command line, and resumed with it", async () => {
  await inFolder(async (folder) => {
    const given = [...small, "--augment", "crop, rotation,mixup", "--out", `${folder}/run`];
    assertEquals((await run("mlp", ...given, "--epochs", "2", "--seed", "3")).code, 0);
    const { report } = loadModel(`${folder}/run/model.ym`);
    assertEquals(report?.augment, ["randomCrop", "randomRotation", "mixup"]);
    assertEquals((await run("train", "--resume", `${folder}/run`, "--epochs", "3")).code, 0);
    const resumed = loadModel(`${folder}/run/model.ym`).report;
    assertEquals([resumed?.epochs, resumed?.augment], [3, report?.augment]);
    const refused = await run("mlp", ...small, "--augment", "flop", "--out", `${folder}/other`);
    assertEquals(refused.code, 2);
    assertMatch(refused.err, /unknown augmentation flop: did you mean flip\?/);
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["run"]);
  });
  for (const name of augmentationNames) {
    assertEquals((await run("logistic_regression", ...small, "--augment", name, "--epochs", "1")).code, 0, name);
  }
});

Deno.test("unknown metrics and monitors are refused before anything is written", async () => {
  await inFolder(async (folder) => {
    const save = ["--save", `${folder}/m.ym`];
    const refused = async (message: string, ...given: string[]): Promise<void> => {
      const { code, err } = await run("train", "logistic_regression", ...small, ...save, ...given);
      assert(code !== 0 && err.includes(message), err);
      assertEquals([...Deno.readDirSync(folder)].length, 0);
    };
    await refused("unknown metric acuracy: did you mean accuracy?", "--metrics", "f1,acuracy");
    await refused("expected one of loss, error, f1, auc", "--metrics", "f1,auc", "--monitor", "recall");
    await refused("expected targets of the shape of the predictions", "--metrics", "r2");
  });
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";
import { readRun } from "./read.ts";

const program = fromFileUrl(new URL("../mod.ts", import.meta.url));
const small = ["--data", "digits", "--train-size", "100", "--device", "wasm", "--quiet"];

/** Starts a training in another process, and kills it after some epochs, by default after the first one, before it has saved anything. */
async function killed(out: string, { saveMode = "end", after = 1 } = {}): Promise<void> {
  const endless = ["--epochs", "1000000", "--no-early-stopping", "--save-mode", saveMode, "--json", "--out", out];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program, "logistic_regression", ...small, ...endless],
    ...{ stdout: "piped", stderr: "null" },
  }).spawn();
  const text = new TextDecoder();
  let told = "";
  for await (const bytes of child.stdout) {
    told += text.decode(bytes, { stream: true });
    if (told.split('"event":"epoch"').length > after) break;
  }
  child.kill("SIGKILL");
  await child.status;
}

Deno.test("a run that was killed before its first save is started again by --resume", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "a");
    await killed(out);
    assertEquals(readRun(out).state, "unfinished");
    const again = await run("train", `--resume=${out}`, "--epochs", "2");
    assertEquals(again.code, 0, again.err);
    const { state, history, network } = readRun(out);
    assertEquals([state, history.length, network], ["finished", 2, "logistic_regression"]);
    // The arguments of the first start still count.
    const more = await run("train", "--resume", out, "--epochs", "3");
    assertEquals(more.code, 0, more.err);
    assertEquals(readRun(out).history.length, 3);
  });
});

Deno.test("a run that was killed after a save is evaluated, and predicts, with its own data", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "a");
    await killed(out, { saveMode: "epoch", after: 3 });
    for (const path of [out, join(out, "model.ym")]) {
      const { code, out: line, err } = await run("evaluate", path, "--device", "wasm", "--json", "--quiet");
      assertEquals(code, 0, err);
      const { data, sets } = JSON.parse(line);
      assertEquals([data, sets.validation.examples, sets.test.examples], ["digits", 20, 20]);
    }
    const predicted = await run("predict", out, "--examples", "20", "--device", "wasm", "--json", "--quiet");
    assertEquals([predicted.code, predicted.out.split("\n").length], [0, 20], predicted.err);
  });
});

Deno.test("a folder whose run was killed before its first save can be used again", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "a");
    await killed(out);
    const job = ["mlp", ...small, "--set", "nUnits=10", "--out", out];
    assertEquals((await run(...job, "--epochs", "1")).code, 0);
    const { network, history } = readRun(out);
    assertEquals([network, history.length], ["mlp", 1]);
    const refused = await run(...job, "--epochs", "2");
    assertEquals(refused.code, 2);
    assertStringIncludes(refused.err, "already contains a run (model.ym)");
    const continued = await run(...job, "--epochs", "2", "--resume");
    assertEquals(continued.code, 0, continued.err);
    assertEquals(readRun(out).history.length, 2);
  });
});

Deno.test("epochs that are done again after a restart replace the earlier ones", async () => {
  await inFolder((folder) => {
    const start = { event: "start", version: 1, network: "mlp" };
    const epochs = (...numbers: number[]) => numbers.map((epoch) => ({ event: "epoch", version: 1, epoch }));
    const events = [start, ...epochs(1, 2, 3, 4, 5), start, ...epochs(1, 2), start, ...epochs(2, 3)];
    Deno.writeTextFileSync(join(folder, "events.jsonl"), events.map((one) => `${JSON.stringify(one)}\n`).join(""));
    assertEquals(readRun(folder).history.map(({ epoch }) => epoch), [1, 2, 3]);
    assert(readRun(folder).report === undefined);
  });
});

Deno.test("the model of a run folder stands for the run", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "a run");
    const file = join(out, "model.ym");
    assertEquals((await run("logistic_regression", ...small, "--epochs", "1", "--out", out)).code, 0);
    const again = await run("train", "--resume", file, "--epochs", "2");
    assertEquals(again.code, 0, again.err);
    const called = await run("train", "--out", out, `--resume=${file}`, "--epochs", "3");
    assertEquals(called.code, 0, called.err);
    const { history, state } = readRun(out);
    assertEquals([history.length, state], [3, "finished"]);
    // Saved elsewhere, it is a training of its own.
    const other = join(folder, "other.ym");
    const elsewhere = await run("train", `--resume=${file}`, "--save", other, ...small.slice(0, 4), "--epochs", "4");
    assertEquals(elsewhere.code, 0, elsewhere.err);
    assertEquals(readRun(out).history.length, 3);
  });
});

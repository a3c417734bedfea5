import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { FileError } from "../../model/files/errors.ts";
import { untrained, values } from "../../model/training/test_resuming.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";

const program = fromFileUrl(new URL("../mod.ts", import.meta.url));
const small = ["--data", "digits", "--train-size", "100", "--device", "wasm", "--quiet"];
const endless = ["--epochs", "1000000", "--no-early-stopping", "--json"];

/** A training in another process, after its first epoch. */
async function training(...args: string[]): Promise<AsyncDisposable> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program, "logistic_regression", ...small, ...endless, ...args],
    ...{ stdout: "piped", stderr: "null" },
  }).spawn();
  const reader = child.stdout.getReader();
  for (let told = ""; !told.includes('"event":"epoch"');) {
    const { value, done } = await reader.read();
    assert(!done, told);
    told += new TextDecoder().decode(value);
  }
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
    },
  };
}

Deno.test("a second training into the same folder or file is refused until the first one ends, even if it is killed", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await inFolder(async (folder) => {
    const [out, file] = [join(folder, "run"), join(folder, "mlp.ym")];
    const job = ["logistic_regression", ...small, "--epochs", "1"];
    {
      await using _first = await training("--out", out, "--save", file, "--save-mode", "end");
      for (const args of [["--out", out], ["--save", file], ["--out", out, "--resume"], ["--resume", "--save", file]]) {
        const { code, err } = await run(...job, ...args);
        assertEquals(code, 3, err);
        assertStringIncludes(err, "another training (process ");
      }
    }
    for (const args of [["--out", out], ["--save", file]]) {
      const { code, err } = await run(...job, ...args);
      assertEquals(code, 0, err);
    }
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), ["mlp.ym", "run"]);
    assertEquals(Array.from(Deno.readDirSync(out), ({ name }) => name).sort(), [
      "events.jsonl",
      "model.ym",
      "report.json",
    ]);
  });
});

Deno.test(
  "the command line and programs refuse each other's files",
  { ignore: Deno.build.os === "windows" },
  async () => {
    await inFolder(async (folder) => {
      const [out, file] = [join(folder, "run"), join(folder, "mlp.ym")];
      const refused = (path: string) =>
        assertRejects(() => untrained.train({ file: path }), FileError, "another training (process ");
      {
        await using _first = await training("--out", out, "--save", file, "--save-mode", "end");
        await refused(file);
      }
      {
        await using _first = await training("--out", join(folder, "b"), "--save-mode", "end");
        await refused(join(folder, "b", "model.ym"));
      }
      Deno.mkdirSync(join(folder, "c"));
      for (
        const [path, args] of [[file, ["--save", file]], [join(folder, "c", "model.ym"), [
          "--out",
          join(folder, "c"),
        ]]] as const
      ) {
        await using events = untrained.with({ hyperparameters: { ...values, nEpochs: 1 } }).events({ file: path });
        await events.next();
        const { code, err } = await run("logistic_regression", ...small, "--epochs", "1", ...args);
        assertEquals(code, 3, err);
        assertStringIncludes(err, `another training (process ${Deno.pid} `);
      }
      assertEquals(Array.from(Deno.readDirSync(join(folder, "c")), ({ name }) => name), []);
    });
  },
);

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { FileError } from "../../model/files/errors.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";
import { isLeased, takeLease } from "./lease.ts";

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

Deno.test("only one process holds the lease of a folder or a file, and the error names it", async () => {
  await inFolder((folder) => {
    for (const path of [folder, join(folder, "mlp.ym")]) {
      assertEquals(isLeased(path), false);
      {
        using _lease = takeLease(path);
        assertEquals(isLeased(path), true);
        const { message } = assertThrows(() => takeLease(path), FileError);
        assertStringIncludes(message, `Cannot write ${path}: another training (process ${Deno.pid} on `);
        assertStringIncludes(message, "is writing to it; nothing was started; wait for it, or choose another place");
      }
      assertEquals(isLeased(path), false);
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("a lease that a dead process left is taken", async () => {
  await inFolder((folder) => {
    for (const left of ["", '{"host":', '{"host":"elsewhere","pid":1,"started":"2026-01-01T00:00:00Z"}\n']) {
      Deno.writeTextFileSync(join(folder, ".lease"), left);
      {
        using _lease = takeLease(folder);
        assertEquals(JSON.parse(Deno.readTextFileSync(join(folder, ".lease"))).pid, Deno.pid);
      }
      assertEquals([...Deno.readDirSync(folder)], []);
    }
  });
});

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

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { FileError } from "../../model/files/errors.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";
import { RunFolder } from "./folder.ts";
import { readRun } from "./read.ts";

const small = ["--data", "digits", "--train-size", "100", "--device", "wasm", "--quiet"];

/** Every write to this device fails because the disk is full. */
const FULL = "/dev/full";
const ignore = Deno.build.os !== "linux";

Deno.test("a full disk costs a run its events, but not the run", { ignore }, async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "a");
    assertEquals((await run("logistic_regression", ...small, "--epochs", "1", "--out", out)).code, 0);
    const events = join(out, "events.jsonl");
    Deno.removeSync(events);
    Deno.symlinkSync(FULL, events);
    const args = ["logistic_regression", ...small, "--epochs", "3", "--resume", "--out", out];
    const { code, out: result, err } = await run(...args, "--tensorboard", join(folder, "board"));
    assertEquals(code, 0, err);
    assertStringIncludes(result, "Optimization completed.");
    assertEquals(err.split("events are missing from this file").length, 2, err);
    assertEquals(JSON.parse(Deno.readTextFileSync(join(out, "report.json"))).epochs, 3);
  });
});

Deno.test("a line that a full disk cut off is removed, and the next one is complete", async () => {
  await inFolder((folder) => {
    const file = join(folder, "events.jsonl");
    Deno.writeTextFileSync(file, '{"event":"start","version":1}\n{"event":"ep');
    const opened = RunFolder.open(folder);
    assertEquals(Deno.readTextFileSync(file), '{"event":"start","version":1}\n');
    Deno.writeTextFileSync(file, '{"event":"ep', { append: true });
    opened.append('{"event":"end","version":1,"stop":"aborted"}');
    assertEquals(Deno.readTextFileSync(file).split("\n").length, 4);
    assertEquals(readRun(folder).state, "interrupted");
  });
});

Deno.test("a long line that was cut off is removed, and no whole line with it", async () => {
  await inFolder((folder) => {
    const file = join(folder, "events.jsonl");
    const lines = '{"event":"start","version":1}\n{"event":"epoch"}\n';
    // Among these lengths are those at which a file is read in parts.
    for (const length of [1, 2 ** 16 - 1, 2 ** 16, 2 ** 16 + 1, 2 ** 17 - 1]) {
      Deno.writeTextFileSync(file, lines + "x".repeat(length));
      RunFolder.open(folder);
      assertEquals(Deno.readTextFileSync(file), lines, `${length}`);
      Deno.writeTextFileSync(file, "x".repeat(length));
      RunFolder.open(folder);
      assertEquals(Deno.readTextFileSync(file), "", `${length}`);
    }
  });
});

Deno.test("lines that were written behind a torn one, or are zeros after a power failure, are read", async () => {
  await inFolder((folder) => {
    const file = join(folder, "events.jsonl");
    const start = '{"event":"start","version":1,"network":"mlp"}\n';
    const end = '{"event":"end","version":1,"stop":"aborted"}\n';
    for (
      const torn of ['{"event":"ep', '{"eve\n', "{\n", "\0\0\0\0", "\0\0\n", "\n", '{"event":"epoch","version":1,"ep']
    ) {
      Deno.writeTextFileSync(file, start + torn + end);
      const { network, state } = readRun(folder);
      assertEquals([network, state], ["mlp", "interrupted"], torn);
    }
    Deno.writeTextFileSync(file, "\n" + start + end);
    assertEquals(readRun(folder).state, "interrupted");
  });
});

Deno.test("an event that cannot be written is reported once", { ignore }, async () => {
  await inFolder((folder) => {
    Deno.symlinkSync(FULL, join(folder, "events.jsonl"));
    const failures: FileError[] = [];
    const opened = RunFolder.open(folder, (error) => failures.push(error));
    opened.append("{}");
    opened.append("{}");
    assertEquals(failures.length, 1);
    assertStringIncludes(failures[0].message, `Cannot write ${join(folder, "events.jsonl")}`);
  });
});

Deno.test("a run that cannot be read does not hide the others", async () => {
  await inFolder(async (folder) => {
    for (const name of ["a", "b", "c", "d"]) Deno.mkdirSync(join(folder, name));
    Deno.writeTextFileSync(join(folder, "a", "events.jsonl"), "hello\n");
    Deno.writeTextFileSync(join(folder, "b", "events.jsonl"), '{"event":"start","version":1,"network":"mlp"}\n');
    Deno.writeTextFileSync(join(folder, "c", "events.jsonl"), "");
    Deno.mkdirSync(join(folder, "d", "events.jsonl"));
    const { code, out, err } = await run("runs", "list", folder);
    assertEquals(code, 0, err);
    assertEquals(out.split("\n").slice(1).map((line) => line.split(/ {2,}/)[0]), [join(folder, "b")]);
    for (const name of ["a", "c", "d"]) assert(err.includes(join(folder, name)), err);
  });
});

Deno.test("a run of any number of epochs is read", async () => {
  await inFolder((folder) => {
    const start = '{"event":"start","version":1,"network":"mlp"}';
    const epochs = Array.from(
      { length: 200_000 },
      (_, i) => `{"event":"epoch","version":1,"epoch":${i + 1},"validationError":${200_000 - i}}`,
    );
    Deno.writeTextFileSync(join(folder, "events.jsonl"), [start, ...epochs, ""].join("\n"));
    const { history, validationError } = readRun(folder);
    assertEquals([history.length, validationError], [200_000, 1]);
  });
});

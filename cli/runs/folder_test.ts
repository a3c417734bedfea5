import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { UsageError } from "../errors.ts";
import { refuseRunFile, runFiles, RunFolder } from "./folder.ts";

Deno.test("opening a run folder does not change events whose last line is complete, nor their time", async () => {
  await inFolder((folder) => {
    const file = join(folder, runFiles.events);
    const text = '{"event":"start","version":1}\n';
    Deno.writeTextFileSync(file, text);
    // A report that is newer than the events counts more than they do.
    const time = new Date(1e12);
    Deno.utimeSync(file, time, time);
    RunFolder.open(folder);
    assertEquals([Deno.readTextFileSync(file), Deno.statSync(file).mtime], [text, time]);
  });
});

Deno.test("an incomplete last line is removed, however long it and the lines before it are", async () => {
  await inFolder((folder) => {
    const file = join(folder, runFiles.events);
    const opened = (text: string): string => {
      Deno.writeTextFileSync(file, text);
      RunFolder.open(folder);
      return Deno.readTextFileSync(file);
    };
    for (const whole of ["", "a\n", "a\nbb\n", `${"x".repeat(2 ** 16 - 1)}\n`, `${"x".repeat(2 ** 16)}\n`]) {
      for (const torn of ["", "c", "y".repeat(2 ** 16 - 1), "y".repeat(2 ** 16), "y".repeat(200_000)]) {
        assert(opened(whole + torn) === whole, `${whole.length}, ${torn.length}`);
      }
    }
  });
});

Deno.test("lines are added behind whole ones, and an error only to a run that has begun", async () => {
  await inFolder((folder) => {
    const run = RunFolder.open(join(folder, "run"));
    assertEquals(run.file("report"), join(folder, "run", "report.json"));
    const file = run.file("events");
    const exists = (): boolean => [...Deno.readDirSync(run.path)].some(({ name }) => name === runFiles.events);
    run.clear();
    run.fail("error");
    assertEquals(exists(), false);
    run.append("a");
    Deno.writeTextFileSync(file, "torn", { append: true });
    run.append("b");
    run.fail("error");
    assertEquals(Deno.readTextFileSync(file), "a\ntorn\nb\nerror\n");
    run.clear();
    assertEquals(exists(), false);
  });
});

Deno.test("events that cannot be written are reported once", async () => {
  await inFolder((folder) => {
    const failures: string[] = [];
    const run = RunFolder.open(folder, ({ message }) => failures.push(message));
    Deno.mkdirSync(run.file("events"));
    run.append("a");
    run.append("b");
    assertEquals(failures.length, 1);
    assert(failures[0].includes(run.file("events")), failures[0]);
  });
});

Deno.test("a folder with a run is used again only to resume it", async () => {
  await inFolder((folder) => {
    const path = join(folder, "run");
    RunFolder.check(path, { resume: false });
    Deno.mkdirSync(path);
    Deno.writeTextFileSync(join(path, runFiles.events), "{}\n");
    RunFolder.check(path, { resume: false });
    Deno.writeTextFileSync(join(path, runFiles.report), "{}");
    RunFolder.check(path, { resume: true });
    const refuse = (message: string) =>
      assertThrows(() => RunFolder.check(path, { resume: false }), UsageError, message);
    refuse("already contains a run (report.json): choose another folder, or remove report.json to train again");
    Deno.writeTextFileSync(join(path, runFiles.model), "");
    refuse("already contains a run (model.ym): choose another folder, or resume the run with --resume");
    Deno.removeSync(join(path, runFiles.model));
    Deno.removeSync(join(path, runFiles.report));
    Deno.mkdirSync(join(path, runFiles.report));
    assertThrows(() => RunFolder.check(path, { resume: true }), Error, runFiles.report);
  });
});

Deno.test("nothing else is written to the events and the report of a run", async () => {
  await inFolder((folder) => {
    const files = Object.values(runFiles).map((name) => join(folder, name));
    files.forEach(refuseRunFile);
    RunFolder.open(folder).append('{"event":"start"}');
    const refused = files.filter((file) => {
      try {
        refuseRunFile(file);
        return false;
      } catch (error) {
        assert(error instanceof UsageError && error.message.includes(`cannot write to ${file}, a file of the run in`));
        return true;
      }
    });
    assertEquals(refused, [join(folder, runFiles.events), join(folder, runFiles.report)]);
    refuseRunFile("events.jsonl");
  });
});

Deno.test("events that are a pipe are not written, as nobody may read it", async () => {
  await inFolder(async (folder) => {
    const failures: string[] = [];
    const run = RunFolder.open(folder, ({ message }) => failures.push(message));
    const { success } = await new Deno.Command("mkfifo", { args: [run.file("events")] }).output();
    assert(success);
    run.append("a");
    assertEquals(failures.length, 1);
    assertStringIncludes(failures[0], "it is a pipe");
  });
});

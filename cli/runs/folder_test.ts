import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../tests/in_folder.ts";
import { runFiles, RunFolder } from "./folder.ts";

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

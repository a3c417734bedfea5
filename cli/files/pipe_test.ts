import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { openNpy, readCsv, readNpy } from "../../data/mod.ts";
import { DataError } from "../../data/errors.ts";
import { FileError } from "../../model/files/errors.ts";
import { readWhole } from "../../model/files/atomic.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";

const ignore = Deno.build.os === "windows";

async function makePipe(path: string): Promise<void> {
  assertEquals((await new Deno.Command("mkfifo", { args: [path] }).output()).success, true);
}

Deno.test(
  "a pipe is refused where a file is needed, because reading it would block for ever",
  { ignore },
  async () => {
    await inFolder(async (folder) => {
      const pipe = join(folder, "pipe.ym");
      await makePipe(pipe);
      for (
        const args of [
          ["evaluate", pipe],
          ["export", pipe, join(folder, "hub")],
          ["predict", pipe, "--examples", "1"],
          ["train", "--resume", pipe],
          ["train", "--config", pipe],
          ["train", "mlp", "--data", "digits", "--save", pipe],
        ]
      ) {
        const { code, err } = await run(...args);
        assertEquals(code, 3, err);
        assertStringIncludes(err, "it is a pipe or a device");
      }
      assertThrows(() => readWhole(pipe), FileError, "write its content to a file, and give the path of the file");
      assertThrows(() => readWhole("/dev/zero"), FileError, "it is a pipe or a device");
      assertThrows(() => openNpy(pipe), DataError, "it is a pipe or a device");
      await assertRejects(() => readCsv(pipe), DataError, "it is a pipe or a device");
      await assertRejects(() => readNpy(pipe), DataError, "it is a pipe or a device");
    });
  },
);

Deno.test("a pipe among the files of a data set is refused", { ignore }, async () => {
  await inFolder(async (folder) => {
    await makePipe(join(folder, "train-images-idx3-ubyte"));
    const { code, err } = await run("mlp", "--data", folder, "--device", "wasm", "--quiet");
    assertEquals(code, 3, err);
    assertStringIncludes(err, "it is a pipe or a device");
  });
});

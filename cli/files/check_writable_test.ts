import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "../../model/files/errors.ts";
import { inFolder } from "../../tests/in_folder.ts";
import { run } from "../testing.ts";
import { checkFolder, checkFolderToBe, checkTarget, makeFolder, tryStat } from "./check_writable.ts";

const ignore = Deno.build.os === "windows";

function refuse(check: () => void, message: string): void {
  assertThrows(check, FileError, message);
}

Deno.test("a writable folder passes, and nothing is left in it", async () => {
  await inFolder((folder) => {
    checkFolder(folder);
    const before = Deno.cwd();
    Deno.chdir(folder); // the tests may run where nothing can be written
    checkFolder("");
    Deno.chdir(before);
    checkTarget(join(folder, "model.ym"));
    checkFolderToBe(join(folder, "a", "b", "c"));
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("probes of processes that were killed are removed by a later check, and nothing else is", async () => {
  await inFolder((folder) => {
    const probeOf = (): string => Deno.makeTempFileSync({ dir: folder, prefix: ".yadll-" });
    const old = new Date(Date.now() - 120_000);
    const stale = probeOf();
    Deno.utimeSync(stale, old, old);
    const young = probeOf(); // perhaps that of a process that is running
    const full = probeOf();
    Deno.writeTextFileSync(full, "mine");
    const named = [".yadll-notes", ".yadll-", "yadll-0123abcd", ".yadll-0123abcd.txt"].map((name) =>
      join(folder, name)
    );
    named.forEach((path) => Deno.writeTextFileSync(path, ""));
    const below = join(folder, ".yadll-abc");
    Deno.mkdirSync(below);
    for (const path of [full, ...named, below]) Deno.utimeSync(path, old, old);
    checkFolder(folder);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name)).sort();
    assertEquals(left, [young, full, ...named, below].sort());
  });
});

Deno.test("a path that is not in a folder is refused before anything is started", async () => {
  await inFolder((folder) => {
    const file = join(folder, "file");
    Deno.writeTextFileSync(file, "");
    refuse(
      () => checkFolder(file),
      `Cannot write ${file}: it is not a folder; nothing was started; choose another folder`,
    );
    refuse(() => checkFolder(join(folder, "missing")), "nothing was started");
    refuse(() => checkTarget(folder), "it is a folder; nothing was started; name a file");
    refuse(() => checkTarget(join(folder, "missing", "model.ym")), "nothing was started");
    refuse(() => checkFolderToBe(join(file, "below")), "it is not a folder");
    refuse(() => makeFolder(join(file, "below")), "the folder cannot be created");
  });
});

Deno.test("a folder is created with its parents, and may exist already", async () => {
  await inFolder((folder) => {
    const path = join(folder, "a", "b");
    makeFolder(path);
    makeFolder(path);
    assert(tryStat(path)?.isDirectory);
  });
});

Deno.test("tryStat returns undefined for a missing path, and for a path below a file", async () => {
  await inFolder((folder) => {
    const file = join(folder, "file");
    Deno.writeTextFileSync(file, "abc");
    assertEquals(tryStat(file)?.size, 3);
    assertEquals(tryStat(join(folder, "missing")), undefined);
    assertEquals(tryStat(join(file, "below")), undefined);
  });
});

Deno.test("a link that leads nowhere is named, for every kind of output", { ignore }, async () => {
  await inFolder(async (folder) => {
    const link = join(folder, "link");
    Deno.symlinkSync(join(folder, "missing"), link);
    const small = [
      "logistic_regression",
      "--data",
      "digits",
      "--train-size",
      "50",
      "--device",
      "wasm",
      "--epochs",
      "1",
    ];
    const outputs = [["save", link], ["out", link], ["out", join(link, "below")], ["tensorboard", link]] as const;
    for (const [option, path] of outputs) {
      const { code, err } = await run(...small, `--${option}`, path, "--quiet");
      assertEquals(code, 3, err);
      assertStringIncludes(err, `Cannot write ${link}: it is a link that leads nowhere; remove it, or create what`);
      assertStringIncludes(err, "nothing was started");
    }
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  });
});

/**
 * Real processes that are killed, or whose disk fails, at every system call of a save. These tests need Linux and
 * strace; elsewhere, the disk in memory of `test_crash_file_system.ts` replaces them.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readModel, writeModel } from "./container.ts";
import { machineFiles } from "./file_system.ts";
import { markedModel, TENSORS } from "./test_saving_child.ts";
import { at, callsOfSave, child, saveTraced, straceWorks } from "./test_tracing.ts";

const ignore = Deno.build.os !== "linux" || !(await straceWorks());

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name);
}

async function withOldModel(test: (folder: string, path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "saved" });
  try {
    writeModel(`${folder}/m.ym`, markedModel(1));
    await test(folder, `${folder}/m.ym`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test(
  "a process that is killed at any call of a save leaves the complete old or new model",
  { ignore },
  async () => {
    const killed = await Promise.all([0, 1].map((half) => killAtCalls((i) => i % 2 === half)));
    const [count] = killed;
    assertEquals(killed, [count, count]);
    assert(count >= TENSORS + 4, `expected a call for each tensor and 4 more, got ${count}`);
  },
);

/** Kills saves at some of their calls, which are numbered. Returns how many calls a save has. */
async function killAtCalls(isMeant: (number: number) => boolean): Promise<number> {
  let count = 0;
  await withOldModel(async (folder, path) => {
    const { calls, paths } = await callsOfSave(folder);
    count = calls.length;
    for (const call of calls.filter((_, i) => isMeant(i))) {
      writeModel(path, markedModel(1));
      const { signal, errors } = await saveTraced(folder, { strace: at(call, "signal=SIGKILL", paths) });
      assertEquals(signal, "SIGKILL", `${call.kind} ${call.when}: ${errors}`);
      const model = readModel(path);
      assertEquals(model, markedModel(model.state.epoch === 1 ? 1 : 2));
      writeModel(path, markedModel(3));
      assertEquals(namesIn(folder), ["m.ym"]);
    }
  });
  return count;
}

const failures: readonly (readonly [string, string, string])[] = [
  ["write", "ENOSPC", "the disk is full"],
  ["write", "EIO", "the disk reports an error"],
  ["fsync", "EIO", "the disk reports an error"],
  ["fsync", "EDQUOT", "Disk quota exceeded"],
  ["rename", "EROFS", "the disk is read-only"],
];

Deno.test("a disk that fails in any call of a save gives a FileError and keeps the old model", { ignore }, async () => {
  await withOldModel(async (folder, path) => {
    const { calls, paths } = await callsOfSave(folder);
    for (const [kind, code, message] of failures) {
      writeModel(path, markedModel(1));
      const ofKind = calls.filter((call) => call.kind === kind);
      const run = await saveTraced(folder, { strace: at(ofKind[(ofKind.length - 1) >> 1], `error=${code}`, paths) });
      assertEquals(run.code, 1, run.errors);
      assertStringIncludes(run.errors, "FileError");
      assertStringIncludes(run.errors, message);
      assertEquals(readModel(path), markedModel(1));
      assertEquals(namesIn(folder), ["m.ym"]);
    }
  });
});

Deno.test("a disk that fails in any read of a load gives a FileError and keeps the model", { ignore }, async () => {
  await withOldModel(async (folder, path) => {
    for (const calls of ["openat", "read,pread64,readv"]) {
      const { code, stderr } = await new Deno.Command("strace", {
        args: ["-f", "-P", path, "-e", `trace=${calls}`, "-e", `inject=${calls}:error=EIO`, "-o", "/dev/null"]
          .concat(Deno.execPath(), "run", "--quiet", `--allow-read=${folder}`, child, path),
      }).output();
      const errors = new TextDecoder().decode(stderr);
      assertEquals(code, 1, errors);
      assertStringIncludes(errors, `FileError: Cannot read ${path}: the disk reports an error`);
      assertEquals(readModel(path), markedModel(1));
    }
  });
});

Deno.test("processes that save the same file at once wait for each other, and one of their models stays", async () => {
  await withOldModel(async (folder, path) => {
    const saves = [1, 2, 3, 4].map((mark) =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", `--allow-read=${folder}`, `--allow-write=${folder}`, child, path, String(mark)],
      }).output()
    );
    for (const { success, stderr } of await Promise.all(saves)) assert(success, new TextDecoder().decode(stderr));
    const model = readModel(path);
    assertEquals(model, markedModel(Number(model.state.epoch)));
    assertEquals(namesIn(folder), ["m.ym"]);
  });
});

Deno.test("a save waits for another one in the same folder, whose temporary file stays", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await withOldModel(async (folder, path) => {
    const other = `${folder}/.m.ym.${crypto.randomUUID()}.part`;
    Deno.writeTextFileSync(other, "the other save");
    const lock = machineFiles.openFolderSync(folder);
    lock.lockSync(true);
    const waiting = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", `--allow-read=${folder}`, `--allow-write=${folder}`, child, path, "2"],
    }).output();
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 700, "still waiting"))]);
    assertEquals(first, "still waiting");
    assertEquals(namesIn(folder).length, 2);
    assertEquals(readModel(path), markedModel(1));
    lock[Symbol.dispose]();
    assert((await waiting).success);
    assertEquals(readModel(path), markedModel(2));
  });
});

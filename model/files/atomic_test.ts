import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { checkWritable, readWhole, writeAtomically } from "./atomic.ts";
import { CrashFileSystem, type Fault, type PowerCut } from "./test_crash_file_system.ts";
import { FileError } from "./errors.ts";
import { machineFiles } from "./file_system.ts";
import { inFolder } from "../../tests/in_folder.ts";

const ignore = Deno.build.os === "windows";
const target = "/models/mnist.ym";
const oldContent = Uint8Array.from({ length: 300 }, (_, i) => i % 7);
const newContent = Uint8Array.from({ length: 900 }, (_, i) => i % 11);

/** A disk with the old content, which is synced. */
function diskWithOld(): CrashFileSystem {
  const disk = new CrashFileSystem();
  writeAtomically(target, [oldContent], disk);
  disk.setFault(undefined);
  return disk;
}

function save(disk: CrashFileSystem, fault?: Fault): unknown {
  disk.setFault(fault);
  try {
    writeAtomically(target, [newContent.subarray(0, 500), newContent.subarray(500)], disk);
    return undefined;
  } catch (error) {
    return error;
  }
}

function assertWhole(content: Uint8Array): void {
  assertEquals(content, content.length === oldContent.length ? oldContent : newContent);
}

Deno.test("a save survives a crash at every operation, whatever the disk loses, and the next one cleans up", () => {
  const disk = diskWithOld();
  assertEquals(save(disk), undefined);
  const { operations } = disk;
  assert(operations > 60, `expected more than 60 operations, got ${operations}`);
  for (const kept of ["nothing", "names", "everything"] satisfies PowerCut[]) {
    for (let at = 1; at <= operations; at++) {
      const disk = diskWithOld();
      assert(save(disk, { at }) instanceof Error);
      disk.restart(kept);
      assertWhole(disk.readSync(target));
      assertEquals(save(disk), undefined);
      assertEquals(disk.readSync(target), newContent);
      assertEquals(disk.names, [target]);
    }
  }
});

Deno.test("a finished save survives a power failure that loses everything unsynced", () => {
  const disk = diskWithOld();
  save(disk);
  disk.restart("nothing");
  assertEquals(disk.readSync(target), newContent);
});

Deno.test("the crash test finds a save that does not sync its file", () => {
  const disk = diskWithOld();
  const file = disk.createSync("/models/careless");
  file.writeSync(newContent);
  disk.renameSync("/models/careless", target);
  disk.restart("names");
  assertThrows(() => assertWhole(disk.readSync(target)));
});

Deno.test("a full disk at any operation is a FileError that leaves the old file, or the new one, and nothing else", () => {
  const full = Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
  const disk = diskWithOld();
  save(disk);
  let refused = 0;
  for (let at = 1; at <= disk.operations; at++) {
    const disk = diskWithOld();
    const error = save(disk, { at, error: full });
    // A folder that cannot be opened is not locked.
    if (error === undefined) continue;
    refused++;
    assert(error instanceof FileError);
    assertStringIncludes(error.message, `Cannot write ${target}: the disk is full; free some space, or save elsewhere`);
    disk.setFault(undefined);
    const replaced = error.message.includes("the new file is in place");
    assertEquals(disk.readSync(target), replaced ? newContent : oldContent);
    assertEquals(disk.names, [target]);
  }
  assert(refused > 60);
});

Deno.test("the machine's own full device is a FileError", { ignore: Deno.build.os !== "linux" }, async () => {
  await inFolder((folder) => {
    const path = `${folder}/model.ym`;
    writeAtomically(path, [oldContent]);
    const full = { ...machineFiles, createSync: () => Deno.openSync("/dev/full", { write: true }) };
    const error = assertThrows(() => writeAtomically(path, [newContent], full), FileError, "the disk is full");
    assertEquals([error.action, error.path], ["write", path]);
    assertEquals(Deno.readFileSync(path), oldContent);
  });
});

Deno.test("a read error of the disk is a FileError that keeps its cause", () => {
  const broken = Object.assign(new Error("Input/output error (os error 5)"), { code: "EIO" });
  const disk = diskWithOld();
  disk.setFault({ at: 1, error: broken });
  const error = assertThrows(() => readWhole(target, disk), FileError, "the disk reports an error");
  assertEquals(error.cause, broken);
});

Deno.test("files of any size are written and replaced, and nothing else is left in the folder", async () => {
  await inFolder((folder) => {
    const path = `${folder}/model.ym`;
    for (const size of [0, 1, 4095, 3_000_001]) {
      const content = new Uint8Array(size).fill(size % 251);
      writeAtomically(path, [content.subarray(0, size >> 1), content.subarray(size >> 1)]);
      assertEquals(readWhole(path), content);
      assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["model.ym"]);
    }
  });
});

Deno.test("files left behind by a save are removed, similar files of the user stay", async () => {
  await inFolder((folder) => {
    const leftover = `.model.ym.${crypto.randomUUID()}.part`;
    const others = [
      `.other.ym.${crypto.randomUUID()}.part`,
      ".model.ym.part",
      ".model.ym.backup.part",
      "model.ym.part",
    ];
    for (const name of [leftover, ...others]) Deno.writeTextFileSync(`${folder}/${name}`, "x");
    writeAtomically(`${folder}/model.ym`, [newContent]);
    const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assertEquals(names.sort(), [...others, "model.ym"].sort());
  });
});

Deno.test("if the folder cannot be locked, a recent temporary file may belong to another save and stays", async () => {
  await inFolder((folder) => {
    const unlockable = {
      ...machineFiles,
      openFolderSync: () => {
        throw new Deno.errors.PermissionDenied("Access is denied");
      },
    };
    const [young, old] = [0, 1].map(() => `${folder}/.model.ym.${crypto.randomUUID()}.part`);
    for (const path of [young, old]) Deno.writeTextFileSync(path, "x");
    const yesterday = new Date(Date.now() - 86_400_000);
    Deno.utimeSync(old, yesterday, yesterday);
    writeAtomically(`${folder}/model.ym`, [newContent], unlockable);
    assert(machineFiles.factsSync(young) !== undefined);
    assertEquals(machineFiles.factsSync(old), undefined);
  });
});

Deno.test("a link stays a link, and a file keeps its mode", { ignore: Deno.build.os === "windows" }, async () => {
  await inFolder((folder) => {
    const [real, link] = [`${folder}/run-7.ym`, `${folder}/latest.ym`];
    Deno.writeFileSync(real, oldContent, { mode: 0o600 });
    Deno.symlinkSync(real, link);
    writeAtomically(link, [newContent]);
    assert(Deno.lstatSync(link).isSymlink);
    assertEquals(Deno.readFileSync(real), newContent);
    assertEquals(Deno.statSync(real).mode! & 0o777, 0o600);
  });
});

Deno.test("a pipe is never replaced by a file, and neither is one that a link leads to", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await inFolder(async (folder) => {
    const [pipe, link] = [`${folder}/pipe.ym`, `${folder}/latest.ym`];
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    Deno.symlinkSync(pipe, link);
    for (const path of [pipe, link]) {
      assertThrows(() => writeAtomically(path, [newContent]), FileError, "it is a pipe or a device");
      assertThrows(() => checkWritable(path), FileError, "it is a pipe or a device");
    }
    assert(Deno.statSync(link).isFifo);
    assertEquals([...Deno.readDirSync(folder)].length, 2);
  });
});

Deno.test("a missing folder, and a folder instead of a file, are FileErrors that say how to fix it", async () => {
  await inFolder((folder) => {
    const missing = `${folder}/runs/model.ym`;
    assertThrows(() => writeAtomically(missing, []), FileError, `create the folder ${folder}/runs`);
    Deno.mkdirSync(`${folder}/taken.ym`);
    assertThrows(() => writeAtomically(`${folder}/taken.ym`, [newContent]), FileError, "it is a folder");
    assertThrows(() => readWhole(`${folder}/none.ym`), FileError, "there is no such file");
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["taken.ym"]);
  });
});

Deno.test(
  "a link that leads nowhere is named, and so is only a missing file if its folder exists",
  { ignore },
  async () => {
    await inFolder((folder) => {
      const link = `${folder}/latest.ym`;
      Deno.symlinkSync(`${folder}/none.ym`, link);
      const nowhere = `${link}: it is a link that leads nowhere; remove it, or create what it leads to`;
      assertThrows(() => writeAtomically(link, [newContent]), FileError, `Cannot write ${nowhere}`);
      assertThrows(() => checkWritable(link), FileError, `Cannot write ${nowhere}`);
      assertThrows(() => readWhole(link), FileError, `Cannot read ${nowhere}`);
      for (const missing of [`${folder}/none.ym`, "/none.ym"]) {
        assertThrows(
          () => readWhole(missing),
          FileError,
          `Cannot read ${missing}: there is no such file; check the path`,
        );
      }
    });
  },
);

Deno.test(
  "without permission the error names the flags that are missing",
  { permissions: { read: true, write: false } },
  () => {
    const error = assertThrows(
      () => writeAtomically("runs.ym", [newContent]),
      FileError,
      "--allow-read=. --allow-write=.",
    );
    assertStringIncludes(error.message, "nothing was saved");
  },
);

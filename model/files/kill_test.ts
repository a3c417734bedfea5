/**
 * Real processes that are killed, or whose disk fails, at every system call of a save. These tests need Linux and
 * strace; elsewhere, the disk in memory of `test_crash_file_system.ts` replaces them.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readModel, writeModel } from "./container.ts";
import { machineFiles } from "./file_system.ts";
import { markedModel, TENSORS } from "./test_saving_child.ts";

const CALLS = "write,fsync,rename,openat,unlink";
const child = fromFileUrl(import.meta.resolve("./test_saving_child.ts"));

/**
 * The seed of the processes that save. It fixes the name of the temporary file, so that `strace -P` can count only the
 * calls on the files of the save; the number of Deno's other calls differs from run to run.
 */
const SEED = "--seed=1";

/** A system call of a save; calls of each kind are counted from 1. */
interface Call {
  readonly kind: string;
  readonly when: number;
}

/** The calls of a save, and the paths in them. */
interface Save {
  readonly calls: readonly Call[];
  readonly paths: readonly string[];
}

async function straceWorks(): Promise<boolean> {
  try {
    return (await new Deno.Command("strace", { args: ["-o", "/dev/null", "true"] }).output()).success;
  } catch {
    return false;
  }
}

const ignore = Deno.build.os !== "linux" || !(await straceWorks());

interface Run {
  readonly signal: Deno.Signal | null;
  readonly code: number;
  readonly errors: string;
  /** The calls of the main thread, in strace's notation. */
  readonly calls: string[];
}

/** The text of strace, which writes the bytes of other letters than those of ASCII as octal numbers. */
function unescaped(text: string): string {
  return text.replace(/(?:\\[2-3][0-7]{2})+/g, (octal) => {
    const numbers = octal.slice(1).split("\\").map((digits) => Number.parseInt(digits, 8));
    return new TextDecoder().decode(Uint8Array.from(numbers));
  });
}

/** Saves in a separate process that has only the permissions it needs. */
async function saveTraced(folder: string, options: readonly string[] = []): Promise<Run> {
  const log = await Deno.makeTempFile();
  try {
    const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
    const script = ["run", "--quiet", SEED, ...permissions, child, `${folder}/m.ym`, "2"];
    const { signal, code, stderr } = await new Deno.Command("strace", {
      args: ["-f", "-y", "-o", log, "-e", `trace=${CALLS}`, ...options, Deno.execPath(), ...script],
    }).output();
    const lines = unescaped(await Deno.readTextFile(log)).split("\n");
    const main = lines[0].split(" ")[0];
    const calls = lines.filter((line) => line.startsWith(`${main} `)).map((line) => line.slice(main.length).trim());
    return { signal, code, errors: new TextDecoder().decode(stderr), calls };
  } finally {
    await Deno.remove(log);
  }
}

/** The calls of a save: those that name its folder or a file in it. */
async function callsOfSave(folder: string): Promise<Save> {
  const { code, errors, calls } = await saveTraced(folder);
  assertEquals(code, 0, errors);
  const texts = calls.filter((text) => text.includes(folder));
  const temporary = texts.map((text) => /[^"<]*\.part/.exec(text)?.[0]).find((path) => path !== undefined);
  assert(temporary, "expected a save to write a temporary file");
  const counts = new Map<string, number>();
  const save = texts.map((text) => {
    const kind = text.slice(0, text.indexOf("("));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return { kind, when: counts.get(kind)! };
  });
  return { calls: save, paths: [folder, `${folder}/m.ym`, temporary] };
}

/** Options of strace that make something happen at one call of a save. */
function at({ kind, when }: Call, what: string, paths: readonly string[]): string[] {
  return [...paths.flatMap((path) => ["-P", path]), "-e", `inject=${kind}:${what}:when=${when}`];
}

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
    await withOldModel(async (folder, path) => {
      const { calls, paths } = await callsOfSave(folder);
      assert(calls.length >= TENSORS + 4, `expected a call for each tensor and 4 more, got ${calls.length}`);
      for (const call of calls) {
        writeModel(path, markedModel(1));
        const { signal, errors } = await saveTraced(folder, at(call, "signal=SIGKILL", paths));
        assertEquals(signal, "SIGKILL", `${call.kind} ${call.when}: ${errors}`);
        const model = readModel(path);
        assertEquals(model, markedModel(model.state.epoch === 1 ? 1 : 2));
        writeModel(path, markedModel(3));
        assertEquals(namesIn(folder), ["m.ym"]);
      }
    });
  },
);

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
      const run = await saveTraced(folder, at(ofKind[(ofKind.length - 1) >> 1], `error=${code}`, paths));
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

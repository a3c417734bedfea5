/**
 * Saves in separate processes under strace, which kills them, or lets a system call fail, at any call of a save.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { TENSORS } from "./test_saving_child.ts";

const CALLS = "write,fsync,rename,openat,unlink";
/** The program that saves. */
export const child: string = fromFileUrl(import.meta.resolve("./test_saving_child.ts"));

/** How a process saves. */
interface TraceOptions {
  /** Further options of strace. */
  readonly strace?: readonly string[];
  /**
   * The seed of the process (default: 1). It fixes the name of the temporary file, so that `strace -P` can count only the
   * calls on the files of the save; the number of Deno's other calls differs from run to run.
   */
  readonly seed?: number;
  /** The number of tensors of the model. */
  readonly tensors?: number;
}

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

/** Whether there is strace, and it may trace processes. */
export async function straceWorks(): Promise<boolean> {
  try {
    return (await new Deno.Command("strace", { args: ["-o", "/dev/null", "true"] }).output()).success;
  } catch {
    return false;
  }
}

/** A process that saved, or was killed. */
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
export async function saveTraced(
  folder: string,
  { strace = [], seed = 1, tensors = TENSORS }: TraceOptions = {},
): Promise<Run> {
  const log = await Deno.makeTempFile();
  try {
    const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
    const script = ["run", "--quiet", `--seed=${seed}`, ...permissions, child, `${folder}/m.ym`, "2", `${tensors}`];
    const { signal, code, stderr } = await new Deno.Command("strace", {
      args: ["-f", "-y", "-o", log, "-e", `trace=${CALLS}`, ...strace, Deno.execPath(), ...script],
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
export async function callsOfSave(folder: string, options: Omit<TraceOptions, "strace"> = {}): Promise<Save> {
  const { code, errors, calls } = await saveTraced(folder, options);
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
export function at({ kind, when }: Call, what: string, paths: readonly string[]): string[] {
  return [...paths.flatMap((path) => ["-P", path]), "-e", `inject=${kind}:${what}:when=${when}`];
}

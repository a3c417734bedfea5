/**
 * Reads data files, whose readers and paths it gets line by line, and prints what became of each, how long it took, and
 * the memory that it took at most.
 *
 * @module
 */

import process from "node:process";
import { readGrey } from "../../cli/images/grey.ts";
import { readCsv, readIdx, readImages, readNpy, readNpz, readParquet, readTable } from "../../data/mod.ts";
import type { Reader } from "./valid.ts";

/** What became of a file. */
export interface Outcome {
  /** The kind of the error; undefined if there was none. */
  readonly error?: string;
  /** Its message, otherwise what was read. */
  readonly message: string;
  /** Milliseconds of the processor. */
  readonly milliseconds: number;
  /** Bytes beyond those before; undefined on systems that do not report them. */
  readonly bytes: number | undefined;
}

const reading: Readonly<Record<Reader, (path: string) => Promise<unknown>>> = {
  idx: (path) => readIdx(path),
  npy: (path) => readNpy(path),
  npz: (path) => readNpz(path),
  csv: (path) => readCsv(path),
  png: (path) => readGrey(path),
  table: (path) => readTable(path),
  image: (path) => readImages(path, { size: [64, 64] }),
  jpg: (path) => readImages(path, { size: [64, 64] }),
  parquet: (path) => readParquet(path),
};

const isLinux = Deno.build.os === "linux";

function memory(field: "VmRSS" | "VmHWM"): number {
  const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+)`).exec(Deno.readTextFileSync("/proc/self/status"))!;
  return Number(kilobytes) * 1024;
}

async function outcomeOf(reader: Reader, path: string): Promise<Outcome> {
  // The peak starts again at the memory that is used now.
  if (isLinux) Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  const before = isLinux ? memory("VmRSS") : 0;
  const begin = process.cpuUsage();
  let result: Pick<Outcome, "error" | "message">;
  try {
    result = { message: Object.prototype.toString.call(await reading[reader](path)) };
  } catch (error) {
    result = error instanceof Error
      ? { error: error.name, message: error.message }
      : { error: "?", message: String(error) };
  }
  const { user, system } = process.cpuUsage(begin);
  const bytes = isLinux ? memory("VmHWM") - before : undefined;
  return { ...result, milliseconds: (user + system) / 1000, bytes };
}

const decoder = new TextDecoder();
let rest = "";
for await (const bytes of Deno.stdin.readable) {
  const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
  rest = lines.pop()!;
  for (const line of lines) {
    const { reader, path } = JSON.parse(line);
    console.log(JSON.stringify(await outcomeOf(reader, path)));
    Reflect.get(globalThis, "gc")?.();
  }
}

/**
 * The program of a process that loads crafted `.ym` or `.yc` files one after another, and prints what became of them, and
 * the time and the memory that one of them took at most, as a line of JSON.
 *
 * @module
 */

import process from "node:process";
import { type Outcome, runModels } from "../../hostile_models/run_models.ts";

/** Which files are loaded. */
export interface ModelsOrder {
  readonly suffix: ".ym" | ".yc";
  readonly first: number;
  readonly count: number;
}

/** What became of them. */
export interface ModelsFigures extends Outcome {
  /** The most milliseconds of the processor that a file took, and the most bytes. */
  readonly milliseconds: number;
  readonly bytes: number;
}

/** The most milliseconds of the processor that a file may take, and the most bytes: all of these files are small. */
const [MOST_MILLISECONDS, MOST_BYTES] = [5000, 2 ** 26 + 2 ** 20];

/** The peak of the memory, in bytes; 0 on systems that do not report it. */
function memory(field: "VmRSS" | "VmHWM"): number {
  if (Deno.build.os !== "linux") return 0;
  const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+)`).exec(Deno.readTextFileSync("/proc/self/status"))!;
  return 1024 * Number(kilobytes);
}

/** Loads one file, and returns what it took. */
async function measured(seed: number, suffix: ModelsOrder["suffix"]): Promise<{ milliseconds: number; bytes: number }> {
  Reflect.get(globalThis, "gc")?.();
  // The peak starts again at the memory that is used now.
  if (Deno.build.os === "linux") Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  const [before, begin] = [memory("VmRSS"), process.cpuUsage()];
  await runModels([seed], suffix, false);
  const { user, system } = process.cpuUsage(begin);
  return { milliseconds: (user + system) / 1000, bytes: memory("VmHWM") - before };
}

if (import.meta.main) {
  const { suffix, first, count }: ModelsOrder = JSON.parse(Deno.args[0]);
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  const { loaded, refused, faults: wrong } = await runModels(seeds, suffix);
  const faults = [...wrong];
  const taken = { milliseconds: 0, bytes: 0 };
  for (const seed of seeds) {
    const { milliseconds, bytes } = await measured(seed, suffix);
    if (milliseconds > MOST_MILLISECONDS || bytes > MOST_BYTES) {
      faults.push(`${suffix} ${seed}: it took ${Math.round(milliseconds)} ms and ${bytes} bytes`);
    }
    taken.milliseconds = Math.max(taken.milliseconds, milliseconds);
    taken.bytes = Math.max(taken.bytes, bytes);
  }
  console.log(JSON.stringify({ loaded, refused, faults, ...taken } satisfies ModelsFigures));
  Deno.exit(0);
}

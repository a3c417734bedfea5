/**
 * Long runs in processes of their own, and what may remain of them.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import type { DeviceStatistics } from "../core/backend.ts";
import type { DeviceKind } from "../core/device_table.ts";

/** What a device has in memory, and how many checks of indices are known. */
export interface InMemory extends Pick<DeviceStatistics, "liveBytes" | "buffers" | "programs" | "modules" | "threads"> {
  readonly checks: number;
}

/** The options of a long run. */
export interface LongRunOptions {
  readonly device: DeviceKind;
  /** The number of models that are trained a step. */
  readonly models: number;
  /** The number of models in a row that have the same shape. */
  readonly modelsPerShape: number;
  /** The number of functions that are compiled. */
  readonly functions: number;
  /** The number of tables, each of a size of its own, in which a device looks up rows. */
  readonly tables: number;
  /** The number of models, functions and tables before the first measurement. */
  readonly warmUp: number;
  /** The number of models, functions or tables from one measurement of the resident memory to the next. */
  readonly sampleEvery: number;
}

/** What remained after many models, functions or tables. */
export interface LongRun {
  readonly name: string;
  readonly count: number;
  readonly before: InMemory;
  readonly after: InMemory;
  /** Pairs of the number done and the resident memory in MB. */
  readonly resident: readonly (readonly [done: number, megabytes: number])[];
  /** The seconds since the first measurement. */
  readonly seconds: number;
}

/** V8 enlarges the memory of young objects as a program runs, which is no leak; here it has its full size from the start. */
export const v8Flags = ["--expose-gc", "--min-semi-space-size=16", "--max-semi-space-size=16"];

/** Makes models, functions and tables in a process of its own, and returns what remained of them. */
export async function runLong(options: LongRunOptions): Promise<LongRun[]> {
  const file = fromFileUrl(new URL("./long_run.ts", import.meta.url));
  const config = fromFileUrl(new URL("../deno.json", import.meta.url));
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", `--v8-flags=${v8Flags.join()}`, `--config=${config}`, file],
      JSON.stringify(options),
    ],
    stderr: "inherit",
  });
  const { stdout, success } = await command.output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`Cannot run ${file}: it failed with output ${JSON.stringify(text)}`);
  return JSON.parse(text.trim().split("\n").at(-1)!);
}

/**
 * The growth of the resident memory after the first `from` models or functions in MB per 1000: the slope of the line
 * with the least squared distances.
 */
export function growthOf({ resident }: Pick<LongRun, "resident">, from: number): number {
  const points = resident.filter(([done]) => done > from);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([done]) => done)), mean(points.map(([, megabytes]) => megabytes))];
  const products = points.map(([done, megabytes]) => (done - x) * (megabytes - y));
  return 1000 * mean(products) / mean(points.map(([done]) => (done - x) ** 2));
}

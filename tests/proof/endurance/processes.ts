/**
 * The processes in which the package is used for a long time.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { v8Flags } from "../../endurance.ts";
import type { Device, MemorySample } from "./resources.ts";

/** What a process does. */
export interface EnduranceOptions {
  /** Random use, training steps of which every hundredth throws, or random use of programs that are compiled before. */
  readonly kind: "use" | "steps" | "reuse";
  /** The device of the first call; random use also changes it. */
  readonly device: Device;
  /** The devices of this machine. */
  readonly devices: readonly Device[];
  readonly seed: number;
  /** The number of calls (default: as many as the seconds allow). */
  readonly calls?: number;
  /** The seconds after which random use ends (default: until all calls are done). */
  readonly seconds?: number;
}

/** What became of it. */
export interface Endured {
  readonly calls: number;
  readonly seconds: number;
  /** The memory from time to time. */
  readonly memory: readonly MemorySample[];
  /** Wrong results and errors, unhandled rejections, and what the process holds that it did not hold before. */
  readonly faults: readonly string[];
  /** Kernels and modules that were compiled in the meantime. */
  readonly compilations: number;
}

/** Uses the package in a process of its own, whose temporary files are in a folder of its own. */
export async function endure(options: EnduranceOptions): Promise<Endured> {
  const program = fromFileUrl(import.meta.resolve("./endurance_child.ts"));
  const folder = await Deno.makeTempDir();
  try {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `--v8-flags=${v8Flags.join()}`, program, JSON.stringify(options)],
      cwd: folder,
      env: { TMPDIR: folder },
    }).output();
    const text = new TextDecoder();
    if (!success) throw new Error(`Cannot use ${options.device} for long: ${text.decode(stderr)}`);
    return JSON.parse(text.decode(stdout).trim().split("\n").at(-1)!);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

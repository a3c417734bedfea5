/**
 * What a process holds: memory of devices, open files, threads. It must be the same before and after a long use.
 *
 * @module
 */

import { currentBackend, deviceStatistics, setDevice } from "../../../core/device.ts";
import { checkNumbers } from "../../../core/nest/numbered_checks.ts";
import { freeKept } from "../../../core/programs/kept_programs.ts";

/** A kind of device. */
export type Device = "wasm" | "webgpu";

/** What is held, by name: buffers of each device, descriptors, files, … */
export type Resources = Readonly<Record<string, number>>;

/** What is measured: the devices, and the folder in which the process has its files. */
export interface Measured {
  readonly devices: readonly Device[];
  readonly folder: string;
}

/**
 * How often at least, and at most, the collector runs before something counts as held. Programs are freed in several
 * turns: their functions first, then what these used. Time would say nothing on a busy machine.
 */
const [LEAST_TURNS, MOST_TURNS] = [6, 100];

function collectGarbage(): void {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") throw new Error("Cannot collect garbage: pass --v8-flags=--expose-gc");
  collect();
}

/** Collects garbage, and lets the callbacks of the collector run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The resident memory in MB. */
export function residentMegabytes(): number {
  return Deno.memoryUsage().rss / 2 ** 20;
}

function entriesOf(folder: string): number {
  return Array.from(Deno.readDirSync(folder)).length;
}

/** Threads with these names belong to Deno, which starts and ends them as it has files to read. */
const namesOfDeno = ["deno", "tokio-runtime-w", "V8 DefaultWorke"];

const OF_DENO = "threads of Deno";

/** The most threads of Deno by which a process may grow. */
const MOST_OF_DENO = 8;

/** The names of the threads of this process; none where Linux does not say them. */
function threadNames(): string[] {
  if (Deno.build.os !== "linux") return [];
  return Array.from(Deno.readDirSync("/proc/self/task"), ({ name }) => {
    try {
      return Deno.readTextFileSync(`/proc/self/task/${name}/comm`).trim();
    } catch {
      return "a thread that just ended";
    }
  });
}

async function resourcesNow({ devices, folder }: Measured): Promise<Resources> {
  const held: Record<string, number> = {};
  for (const device of devices) {
    await setDevice(device);
    freeKept(currentBackend());
    await settle();
    const { liveBytes, buffers, programs, modules, threads } = deviceStatistics();
    const ofDevice = { liveBytes, buffers, programs, modules, threads };
    for (const [name, count] of Object.entries(ofDevice)) held[`${name} (${device})`] = count;
  }
  checkNumbers.forgetUnused();
  const names = threadNames();
  const ofDeno = names.filter((name) => namesOfDeno.includes(name));
  return {
    ...held,
    checks: checkNumbers.size,
    descriptors: Deno.build.os === "linux" ? entriesOf("/proc/self/fd") : 0,
    [OF_DENO]: ofDeno.length,
    "other threads": names.length - ofDeno.length,
    files: entriesOf(folder),
  };
}

/** The kernels and modules that were compiled so far. */
export async function compilationsOn(devices: readonly Device[]): Promise<number> {
  let sum = 0;
  for (const device of devices) {
    await setDevice(device);
    sum += deviceStatistics().compilations;
  }
  return sum;
}

/** What differs between two measurements: `buffers (wasm): 3 before, 4 after`. */
export function differences(before: Resources, after: Resources): string[] {
  const differs = (name: string): boolean =>
    name === OF_DENO ? after[name] > before[name] + MOST_OF_DENO : after[name] !== before[name];
  return Object.keys(before).filter(differs).map((name) => `${name}: ${before[name]} before, ${after[name]} after`);
}

/** What is held when nothing is in use and nothing is kept to be used again; waits until it is what is expected. */
export async function leftOver(measured: Measured, expected?: Resources): Promise<Resources> {
  let held = await resourcesNow(measured);
  let same = 0;
  // Sleeping threads drop their modules when they have woken up.
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    if (turn >= LEAST_TURNS && (expected ? differences(expected, held).length === 0 : same >= LEAST_TURNS)) break;
    await new Promise((resolve) => setTimeout(resolve, turn < LEAST_TURNS ? 5 : 100));
    const now = await resourcesNow(measured);
    same = differences(held, now).length === 0 ? same + 1 : 0;
    held = now;
  }
  return held;
}
